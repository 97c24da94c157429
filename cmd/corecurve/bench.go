package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// benchOptions are the flags of "bench": those of "run" that go with benchmarks, and two of its own.
type benchOptions struct {
	runOptions
	pattern   string        // which benchmarks, as go test takes it
	benchTime time.Duration // of a run at the base, for the calibration
}

func newBench() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench [PACKAGE]...",
		Short: "Measure the benchmarks of Go packages over a sweep of counts, unchanged",
		Long: `Bench measures the benchmarks of any Go package, unchanged, over a sweep of
counts, and writes a speedup report with a curve for each. Each sub-benchmark is
a benchmark of its own.

A PACKAGE is an import path or pattern as the go command takes it here (sync,
strings, ./...), or the folder of a package of any module (../other/module/pkg).
Without one, bench measures the package in this folder.

The test binary is built once. Each benchmark is first run alone for a moment,
to find how many iterations take --benchtime at the smallest count. It then
makes the same number of iterations at every count (-test.benchtime=Nx), with
-test.cpu set to the workers. Several processes (--mode procs) share the
iterations. Times are those of the benchmark's own timer. If each iteration is
long and there are few, they cannot be shared evenly: the curve then shows
steps.

The report's folder holds results.txt for benchstat: one line for every timed
run.`,
		Example: `  corecurve bench sync --bench Mutex
  corecurve bench ./... --workers 1,2,4 --runs 5
  corecurve bench ../other/module/pkg --bench 'Parse/large' --mode procs`,
		RunE: func(cmd *cobra.Command, args []string) error { return benchStudy(cmd, args, o) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.pattern, "bench", ".", "regular expression that selects benchmarks, as for go test -bench")
	f.DurationVar(&o.benchTime, "benchtime", 400*time.Millisecond, "how long a run should take at the smallest count")
	o.flags(f, 0, flagWords{
		workers: "values of -test.cpu, as a list (default 1, 2, 4 … twice the CPUs)",
		size:    "iterations, in total or per worker under weak scaling, instead of the calibrated number",
		scaling: "strong (same iterations in total, the default) or weak (same iterations per worker)",
		runs:    "minimum number of runs of every point; without --max-runs also the maximum",
		maxRuns: "maximum number of runs of every point, while intervals are too wide (default --runs)",
		warmup:  "unrecorded runs of each benchmark's first point before the first block",
		out:     "study directory, new or empty (default corecurve-bench-PACKAGE-TIME)",
	})
	o.draw.otherFlags(f)
	o.draw.measure = string(curve.Work)
	return c
}

func benchStudy(cmd *cobra.Command, args []string, o benchOptions) error {
	if !cmd.Flags().Changed("max-runs") {
		o.maxRuns = o.runs
	}
	if err := errors.Join(o.check(cmd), o.draw.check()); err != nil {
		return err
	}
	if o.benchTime <= 0 {
		return usagef("--benchtime %v: must be positive", o.benchTime)
	}
	for part := range strings.SplitSeq(o.pattern, "/") {
		if _, err := regexp.Compile(part); err != nil {
			return usagef("--bench %q: %w", o.pattern, err)
		}
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	return conduct(cmd, o.runOptions, func(p *plan) error {
		err := o.prepare(cmd, p, args)
		if err != nil && cmd.Context().Err() != nil { // the go command and the benchmarks were ended for it
			return &statusError{exitInterrupted, errors.New("interrupted: nothing was measured yet")}
		}
		return err
	})
}

// prepare plans the study.
func (o *benchOptions) prepare(cmd *cobra.Command, p *plan, args []string) error {
	packages, err := goPackages(cmd.Context(), args)
	if err != nil {
		return err
	}
	if o.out == "" {
		o.out = fmt.Sprintf("corecurve-bench-%s-%s", path.Base(packages[0].ImportPath), time.Now().UTC().Format("20060102T150405Z"))
	}
	return p.found(o.runOptions, func(capture.Program) error { return p.addBenchmarks(cmd, packages, *o) })
}

// goPackages finds the packages that the arguments name. A folder may be of any module: the go command is called inside it.
func goPackages(ctx context.Context, args []string) ([]capture.GoPackage, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	var out []capture.GoPackage
	for _, arg := range args {
		folder, query := here, arg
		if strings.HasPrefix(arg, ".") || filepath.IsAbs(arg) {
			all := strings.HasSuffix(arg, "/...")
			folder, query = filepath.Join(here, strings.TrimSuffix(arg, "/...")), "."
			if filepath.IsAbs(arg) {
				folder = filepath.Clean(strings.TrimSuffix(arg, "/..."))
			}
			if all {
				query = "./..."
			}
			if st, err := os.Stat(folder); err != nil || !st.IsDir() {
				return nil, usagef("%s: not the folder of a Go package", arg)
			}
		}
		found, err := capture.GoPackages(ctx, folder, query)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !slices.ContainsFunc(out, func(q capture.GoPackage) bool { return q.ImportPath == p.ImportPath }) {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return nil, usagef("%s: no tests, and so no benchmarks", strings.Join(args, " "))
	}
	return out, nil
}

// addBenchmarks builds the tests of the packages, calibrates their benchmarks, and puts these into the plan.
func (p *plan) addBenchmarks(cmd *cobra.Command, packages []capture.GoPackage, o benchOptions) error {
	tell := func(format string, args ...any) {
		if isTerminal(cmd.ErrOrStderr()) {
			fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...)
		}
	}
	for _, pkg := range packages {
		tell("building and calibrating the benchmarks of %s", pkg.ImportPath)
		exe, err := p.buildTests(cmd.Context(), pkg)
		if err != nil {
			return err
		}
		base, procs, err := o.baseWorkers(len(p.header.Host.CPUs))
		if err != nil {
			return err
		}
		trials, warnings, err := pkg.TryBenchmarks(cmd.Context(), exe, o.pattern, calibration(o.benchTime), base)
		if err != nil {
			return err
		}
		p.header.Warnings = append(p.header.Warnings, warnings...)
		for _, t := range trials {
			size := iterations(t.PerOp, o.benchTime, procs)
			program, err := pkg.BenchmarkProgram(exe, p.benchmarkName(pkg, t.Name), t.Name, size)
			if err != nil {
				return err
			}
			if err := p.add(program, program.Workloads[0], "", o.runOptions); err != nil {
				return err
			}
		}
	}
	if len(p.header.Workloads) == 0 {
		return usagef("--bench %s: no benchmark of that name gives a time", o.pattern)
	}
	p.warnOfPs()
	points := len(sweep.Points(p.header.Sweeps))
	tell("%d benchmarks, %d points: each block of runs takes about %v, and %d are made at least",
		len(p.header.Workloads), points, (time.Duration(points) * o.benchTime).Round(time.Second), o.runs)
	return nil
}

// warnOfPs says that there are more Ps than the cores of a run, if so: a benchmark has as many Ps as workers.
func (p *plan) warnOfPs() {
	for _, pt := range sweep.Points(p.header.Sweeps) {
		if pt.Workers > pt.Cores {
			p.header.Warnings = append(p.header.Warnings,
				"at points with more workers than cores a benchmark has GOMAXPROCS = workers, as with go test -cpu: its Ps take turns on the cores")
			return
		}
	}
}

// buildTests builds the tests of pkg, once.
func (p *plan) buildTests(ctx context.Context, pkg capture.GoPackage) (string, error) {
	if exe, ok := p.tests[pkg.ImportPath]; ok {
		return exe, nil
	}
	dir, err := os.MkdirTemp(p.temp, "")
	if err != nil {
		return "", err
	}
	exe, err := pkg.BuildTests(ctx, dir)
	if err == nil {
		p.tests[pkg.ImportPath] = exe
	}
	return exe, err
}

// baseWorkers are the workers of the smallest point, and the most processes of any.
func (o *benchOptions) baseWorkers(cpus int) (workers, procs int, err error) {
	axes := o.axes
	axes.Sizes, axes.Scaling = []int64{1}, sweep.Scaling(o.scaling)
	sweeps, err := axes.Sweeps("base", cpus)
	if err != nil {
		return 0, 0, usagef("%w", err)
	}
	points := sweep.Points(sweeps)
	workers = points[0].Workers
	for _, pt := range points {
		workers, procs = min(workers, pt.Workers), max(procs, pt.Procs)
	}
	return workers, procs, nil
}

// calibration is how long the trial of a benchmark takes: a quarter of a run is enough to know how many iterations a run is.
func calibration(benchTime time.Duration) time.Duration { return max(benchTime/4, time.Millisecond) }

// iterations is how often to run an operation of perOp nanoseconds for about d: a number of two digits and zeros, and such that every one of
// so many processes has the same.
func iterations(perOp float64, d time.Duration, procs int) int64 {
	n := max(1, min(float64(d)/perOp, 1e15))
	unit := math.Pow(10, max(0, math.Floor(math.Log10(n))-1))
	rounded := int64(math.Round(n/unit) * unit)
	each := int64(procs)
	return (rounded + each - 1) / each * each
}

// maxName is how long the name of a workload may be.
const maxName = 64

// benchmarkName makes a name for the workload from package and benchmark, one that no other has: sync.mutex-uncontended.
func (p *plan) benchmarkName(pkg capture.GoPackage, benchmark string) string {
	name := strings.ToLower(path.Base(pkg.ImportPath)) + "." + kebab(strings.TrimPrefix(benchmark, "Benchmark"))
	name = strings.Trim(notInName.ReplaceAllString(name, "-"), "._-")
	if _, taken := p.programs[name]; taken || len(name) > maxName || name == "" {
		sum := sha256.Sum256([]byte(pkg.ImportPath + " " + benchmark))
		const digits = 8
		name = strings.TrimRight(name[:min(len(name), maxName-digits-1)], "._-") + "-" + hex.EncodeToString(sum[:digits/2])
		name = strings.TrimLeft(name, "-")
	}
	return name
}

// kebab parts the words of a Go name by hyphens, and the levels of sub-benchmarks by points: MutexSlack/size=1 is mutex-slack.size-1.
func kebab(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		begins := unicode.IsUpper(r) && i > 0 &&
			(unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		switch {
		case r == '/':
			b.WriteByte('.')
			continue
		case r == '_': // a space in the name of a sub-benchmark
			b.WriteByte('-')
			continue
		case begins:
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// rebuildBenchmark finds the benchmark of a study again.
func (p *plan) rebuildBenchmark(ctx context.Context, w sweep.Program) (capture.Program, error) {
	b := w.Command.Benchmark
	pkg := capture.GoPackage{ImportPath: b.Package, Dir: untilde(w.Command.WorkDir), Folder: untilde(b.Folder)}
	exe, err := p.buildTests(ctx, pkg)
	if err != nil {
		return capture.Program{}, err
	}
	return pkg.BenchmarkProgram(exe, w.Name, b.Name, 1)
}
