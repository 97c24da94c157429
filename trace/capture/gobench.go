package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/pattern"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A GoPackage is a package with tests, as the go command finds it.
type GoPackage struct {
	ImportPath string
	Dir        string // its folder, where its tests run
	Folder     string // where the go command finds it
}

// GoPackages asks the go command, in folder, for the packages that query names: an import path or a pattern. It leaves
// out packages without test files, which have no benchmarks.
func GoPackages(ctx context.Context, folder, query string) ([]GoPackage, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles", "--", query)
	cmd.Dir = folder
	out, err := goOutput(ctx, cmd)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", query, err)
	}
	var found []GoPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir           string
			TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("package %s: the output of go list cannot be read: %w", query, err)
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
			found = append(found, GoPackage{ImportPath: p.ImportPath, Dir: p.Dir, Folder: folder})
		}
	}
}

// goOutput runs a go command; its error includes what the command printed.
func goOutput(ctx context.Context, cmd *exec.Cmd) ([]byte, error) {
	stdout, stderr := limits.Buffer{Most: limits.ListBytes}, limits.Tail{}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	switch err := supervise.Run(ctx, cmd); {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("the go command is not on the PATH")
	case stdout.Err() != nil:
		return nil, fmt.Errorf("it printed %w", stdout.Err())
	case err != nil:
		return nil, fmt.Errorf("%w\n%s", err, tail(stderr.String()+string(stdout.Bytes())))
	}
	return stdout.Bytes(), nil
}

// tempIn is the environment of a go command that keeps its temporary files in dir, unless the user has a place for
// them: if it is killed, they go with dir.
func tempIn(dir string) []string {
	if os.Getenv("GOTMPDIR") != "" {
		return nil
	}
	return append(os.Environ(), "GOTMPDIR="+dir)
}

// A TestBinary is a program of the tests of a package.
type TestBinary struct {
	Path    string
	Sources string // as those of a Program
	Library GoLibrary
}

// BuildTests compiles the tests of p into dir. more are flags of the go command.
func (l GoLibrary) BuildTests(ctx context.Context, p GoPackage, dir string, more ...string) (b TestBinary, err error) {
	if strings.HasPrefix(p.ImportPath, "-") { // the go command would take it for a flag, and some of those run programs
		return b, fmt.Errorf("%q is not the import path of a package", p.ImportPath)
	}
	flags, key, err := l.flags(ctx, p.Folder, dir)
	if err != nil {
		return b, err
	}
	b.Path, b.Library = filepath.Join(dir, filepath.Base(p.ImportPath)+".test"), l
	// The version control state would make binaries of the same source differ.
	cmd := exec.Command("go", slices.Concat(
		[]string{"test", "-c", "-buildvcs=false", "-o", b.Path}, flags, more, []string{p.ImportPath})...)
	cmd.Dir, cmd.Env = p.Folder, tempIn(dir)
	if _, err := goOutput(ctx, cmd); err != nil {
		return b, fmt.Errorf("building the tests of %s: %w", p.ImportPath, err)
	}
	b.Sources, err = sources(ctx, b.Path, built{folder: p.Folder, query: p.ImportPath, tests: true, library: key})
	return b, err
}

// A BenchmarkTrial is the result of a first run of a benchmark.
type BenchmarkTrial struct {
	Name       string // with its sub-benchmark, without the number of Ps
	Iterations int64
	PerOp      float64 // nanoseconds
}

// TryBenchmarks runs the benchmarks of a test binary that match pattern for about d each, with ps Ps, and returns
// those that gave a time. Each sub-benchmark is one of its own, since only running them shows which there are. Warnings
// name benchmarks that failed.
func (p GoPackage) TryBenchmarks(
	ctx context.Context, b TestBinary, pattern string, d time.Duration, ps int,
) ([]BenchmarkTrial, []string, error) {
	cmd := exec.Command(b.Path, "-test.run=^$", "-test.bench="+pattern,
		"-test.cpu="+strconv.Itoa(ps), "-test.benchtime="+d.String())
	cmd.Dir = p.Dir
	stdout, stderr := limits.Buffer{Most: limits.TrialBytes}, limits.Tail{}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := supervise.Run(ctx, cmd)
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case stdout.Err() != nil:
		return nil, nil, fmt.Errorf("benchmarks of %s: they printed %w", p.ImportPath, stdout.Err())
	}
	trials, failed := readTrials(string(stdout.Bytes()), ps)
	_, exited := errors.AsType[*supervise.FailedError](err)
	switch {
	case err != nil && !exited:
		return nil, nil, fmt.Errorf("benchmarks of %s: %w", p.ImportPath, err)
	case err != nil && len(failed) == 0: // it crashed: benchmarks after that are unknown
		return nil, nil, fmt.Errorf("benchmarks of %s: %w\n%s", p.ImportPath, err,
			tail(stderr.String()+string(stdout.Bytes())))
	}
	var warnings []string
	for _, name := range failed {
		warnings = append(warnings, fmt.Sprintf("%s of %s fails and is left out", name, p.ImportPath))
	}
	return trials, warnings, nil
}

// readTrials returns the results in the output of a test binary. A benchmark that prints something separates its name
// from its result, so a result belongs to the last name before it.
func readTrials(output string, ps int) (trials []BenchmarkTrial, failed []string) {
	name := ""
	for line := range strings.Lines(output) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); ok {
			first, _, _ := strings.Cut(rest, " ")
			failed = append(failed, trimPs(first, ps))
			continue
		}
		if f := strings.Fields(line); len(f) > 0 && strings.HasPrefix(f[0], "Benchmark") {
			name = trimPs(f[0], ps)
		}
		r, err := readResult(line)
		if err != nil || name == "" {
			continue
		}
		perOp := r.values["ns/op"]
		trials = append(trials, BenchmarkTrial{Name: name, Iterations: r.iterations, PerOp: perOp})
		name = ""
	}
	return trials, failed
}

// trimPs removes the number of Ps from a benchmark's name. go test leaves it out if it is one.
func trimPs(name string, ps int) string {
	if ps == 1 {
		return name
	}
	return strings.TrimSuffix(name, "-"+strconv.Itoa(ps))
}

// BenchmarkProgram returns one benchmark of a test binary as a workload of that name. The size is in iterations, in
// total or per worker.
func (p GoPackage) BenchmarkProgram(b TestBinary, name, benchmark string, size int64) (Program, error) {
	levels := strings.Split(benchmark, "/") // the flag's pattern is matched level by level
	for i, l := range levels {
		levels[i] = "^" + regexp.QuoteMeta(l) + "$"
	}
	program, err := External(name, sweep.Command{
		Argv: []string{
			b.Path, "-test.run=^$", "-test.bench=" + strings.Join(levels, "/"), "-test.cpu={workers}",
			"-test.benchtime={size}x", "-test.benchmem",
		},
		TracedArgs: []string{"-test.trace={dir}/p{rank}.trace", "-test.cpuprofile={dir}/p{rank}.cpu.pb.gz"},
		WorkDir:    p.Dir,
		Benchmark:  &sweep.Benchmark{Name: benchmark, Package: p.ImportPath, Folder: p.Folder},
	})
	if err != nil {
		return program, err
	}
	program.Sources, program.Library = b.Sources, b.Library
	program.Workloads = []Info{{
		Name: name, Doc: benchmark + " of " + p.ImportPath, Size: size, PerWorker: size, Unit: "iterations",
	}}
	return program, nil
}

// resultMark occurs in the line of a benchmark's result.
const resultMark = " ns/op"

// A benchResult is the result that one process printed.
type benchResult struct {
	iterations int64
	values     map[string]float64 // by unit, as printed
}

// work returns the time that the benchmark's timer ran.
func (r benchResult) work() sweep.Seconds {
	return sweep.Seconds(r.values["ns/op"]*float64(r.iterations) + 0.5)
}

var resultRE = pattern.Of(`(?:^|\s)(\d+\s+[0-9][0-9.e+-]*` + resultMark + `.*)$`)

// readResult parses the line of a result. It ignores what the benchmark printed before it on the line.
func readResult(line string) (benchResult, error) {
	m := resultRE().FindStringSubmatch(strings.TrimRight(line, "\r\n"))
	if m == nil {
		return benchResult{}, fmt.Errorf("%.200q is not the result of a benchmark", line)
	}
	r := benchfmt.NewReader(strings.NewReader("BenchmarkX "+m[1]+"\n"), "result")
	for r.Scan() {
		rec, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		out := benchResult{iterations: int64(rec.Iters), values: map[string]float64{}}
		for _, v := range rec.Values {
			if v.OrigUnit != "" {
				v.Value, v.Unit = v.OrigValue, v.OrigUnit
			}
			out.values[v.Unit] = v.Value
		}
		total := float64(out.iterations) * out.values["ns/op"]
		if out.iterations > 0 && total > 0 && total < math.MaxInt64/2 {
			return out, nil
		}
	}
	return benchResult{}, fmt.Errorf("%.200q is not the result of a benchmark with a time", line)
}

// benchmark sets the times of the run from what the benchmark printed: work is what its timer counted in the slowest
// copy. A test binary first runs every benchmark with one iteration, and flushes its captures afterwards, so the work
// ended when the result was printed, and the rest is start-up and teardown.
func (l *launch) benchmark(o *wire.Outcome) {
	var results []benchResult
	res := &l.res
	slowest, total := 0, int64(0)
	for i, p := range o.Processes {
		if p.Marked == nil {
			l.fail(sweep.Failed, fmt.Sprintf("copy %d printed no result with ns/op: it was skipped, or hides its time",
				p.Rank))
			return
		}
		r, err := readResult(p.Marked.Text)
		if err != nil {
			l.fail(sweep.Failed, fmt.Sprintf("copy %d: %v", p.Rank, err))
			return
		}
		results = append(results, r)
		total += r.iterations
		if r.work() > results[slowest].work() {
			slowest = i
		}
	}
	if total != l.run.Point.Size {
		l.fail(sweep.Failed,
			fmt.Sprintf("it ran %d iterations instead of %d: the work would not be equal", total, l.run.Point.Size))
		return
	}
	res.Metrics = combine(results)
	res.Work = results[slowest].work()
	end := min(sweep.Seconds(o.Processes[slowest].Marked.At-l.begin), res.Total)
	res.Startup = max(0, end-res.Work)
	res.Teardown = res.Total - res.Startup - res.Work
}

// combine returns what the copies of a benchmark give together: rates (units per s) add up, ns/op is the time of the
// slowest copy over all iterations, ops/s is its inverse, and everything else is a mean over the iterations.
func combine(results []benchResult) map[string]float64 {
	var iterations float64
	var slowest sweep.Seconds
	sums := map[string]float64{}
	for _, r := range results {
		iterations += float64(r.iterations)
		slowest = max(slowest, r.work())
	}
	for _, r := range results {
		for _, unit := range slices.Sorted(maps.Keys(r.values)) {
			share := float64(r.iterations) / iterations
			if strings.HasSuffix(unit, "/s") || strings.HasSuffix(unit, "/sec") {
				share = 1
			}
			sums[unit] += r.values[unit] * share
		}
	}
	sums["ns/op"] = float64(slowest) / iterations
	sums["ops/s"] = iterations / slowest.Float()
	return sums
}
