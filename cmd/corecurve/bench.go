package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/capture/setup"
)

// benchOptions are the flags of "bench": those of "run" that go with benchmarks, and two of its own.
type benchOptions struct {
	runOptions
	pattern   string        // which benchmarks, as go test takes it
	benchTime time.Duration // of a run at the base, for the calibration
}

// benchHelp is what "corecurve help bench" says before the flags.
const benchHelp = `Bench measures the benchmarks of any Go package, unchanged, over a sweep of
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

With --against REV|DIR the benchmarks are also built as they were at that
revision of git, or as they are in that other checkout, and both are measured in
the same blocks with the same number of iterations, calibrated on the base. A
benchmark that one side lacks is left out, and said.

Before the first run it says how long the study takes, by the calibration;
beyond ten minutes it asks on a terminal, and elsewhere wants --yes or a
--budget.

With --min-speedup, --min-efficiency or --max-share every benchmark is held
against gates in the end: the exit status is 3 if one does not hold. A study
file (-f) has a key for every flag that says what is measured, and packages, as
that of corecurve run has it; --dry-run --yaml prints the one that stands for a
command line.

The report's folder holds results.txt for benchstat: one line for every timed
run.`

func newBench() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench [PACKAGE]...",
		Short: "Measure the benchmarks of Go packages over a sweep of counts, unchanged",
		Long:  benchHelp,
		Example: `  corecurve bench sync --bench Mutex
  corecurve bench ./... --workers 1,2,4 --runs 5
  corecurve bench ./cache --against HEAD~1
  corecurve bench ../other/module/pkg --bench 'Parse/large' --mode procs
  corecurve bench -f bench.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.name(cmd, args); err != nil {
				return err
			}
			return benchStudy(cmd, o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	o.fileFlags(f, c.Name())
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
	o.gate.gateFlags(f)
	o.draw.measure = string(curve.Work)
	return c
}

// name finds out what is measured, by the command line and a study file, and sets the flags that the file sets.
func (o *benchOptions) name(cmd *cobra.Command, args []string) error {
	o.subject = subjectOf(cmd, args)
	if o.subject.command {
		return usagef("bench measures packages: a command is of corecurve run")
	}
	if o.file != "" {
		if err := o.subject.fill(cmd, o.file); err != nil {
			return err
		}
	}
	if len(o.subject.names) == 0 {
		o.subject.names = []string{"."}
	}
	return nil
}

func benchStudy(cmd *cobra.Command, o benchOptions) (err error) {
	defer func() { err = o.subject.placed(err) }()
	gates, wrong := o.gate.gates()
	if err := errors.Join(o.check(cmd), o.reports(), wrong, o.comparable(nil)); err != nil {
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
	return create(cmd, o.runOptions, func(s *setup.Study) error {
		if err := o.fill(cmd, s); err != nil {
			return err
		}
		return planned(gates, &s.Header)
	})
}

// fill adds the benchmarks of the packages that are named.
func (o *benchOptions) fill(cmd *cobra.Command, s *setup.Study) error {
	tell := func(format string, args ...any) {
		if isTerminal(cmd.ErrOrStderr()) {
			fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...)
		}
	}
	packages, err := setup.Packages(cmd.Context(), o.subject.names)
	if err != nil {
		name, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "package "), ":")
		return o.subject.of(keyPackages, name, err)
	}
	for _, pkg := range packages {
		tell("building and calibrating the benchmarks of %s", pkg.ImportPath)
		if err := s.AddBenchmarks(cmd.Context(), pkg, o.pattern, o.benchTime); err != nil {
			return err
		}
	}
	if err := s.Comparable(); err != nil {
		return err
	}
	if len(s.Header.Workloads) == 0 {
		return usagef("--bench %s: no benchmark of that name gives a time", o.pattern)
	}
	return nil
}
