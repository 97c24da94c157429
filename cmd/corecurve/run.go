package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/sweep"
)

// runOptions are the flags of "run" that decide what is measured.
type runOptions struct {
	axes     sweep.Axes
	scaling  string        // strong or weak; empty: the workload's own
	runs     int           // least runs of every point
	maxRuns  int           // most runs of every point
	budget   time.Duration // 0: none
	timeout  time.Duration // per run
	seed     uint64
	warmup   int // unrecorded runs of each workload's first point
	chunk    int // 0: the workload's own
	static   bool
	traced   int // traced runs of every point
	hostname bool
	command  commandOptions
	out      string // study directory; empty: a new one, named for workload and time
	resume   string // study to go on with
	force    bool   // go on although host or program differ
	noReport bool
	draw     drawOptions
}

// halfWidth is the relative half-width of the interval at which a point has been measured well enough.
const halfWidth = 0.05

func newRun() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run [WORKLOAD | ./PACKAGE[:NAME]]... | run -- COMMAND ARG...",
		Short: "Measure workloads over a sweep of counts and write a speedup report",
		Long: `Run measures workloads over worker (goroutine) and process counts: timed runs in
randomised complete blocks, then traced runs that explain them. It keeps
everything in a study directory; the report is in its folder "report".

A WORKLOAD is one that "corecurve list" names. A PACKAGE is the folder of a Go
main package that calls workload.Main; ./PACKAGE:NAME takes one of its
workloads. Without either, run measures pi (CPU-bound) and fetch (I/O-bound) on
threads and on processes, in under a minute.

A COMMAND in any language follows --. In its words {workers} {procs} {cores}
{size} {rank} stand for the counts of the point; it also gets them in its
environment (CORECURVE_WORKERS …, GOMAXPROCS, OMP_NUM_THREADS). Without {procs},
that many copies are started together, each with its share of {size}; without
{size} too, each does the same work (weak scaling).

A study continues until every point's interval is within 5 % on either side,
after at least --runs and at most --max-runs runs of every point. With --runs
alone it makes exactly that many.`,
		Example: `  corecurve run
  corecurve run fib --workers 1,2,5 --runs 5
  corecurve run pi --mode both --size 1000
  corecurve run ./my/workload --mode grid --workers 1,2 --procs 1,2
  corecurve run -- xz -T{workers} -k -c big.tar
  corecurve run --resume corecurve-pi-20260102T150405Z`,
		RunE: func(cmd *cobra.Command, args []string) error { return runStudy(cmd, args, o) },
	}
	f := c.Flags()
	f.SortFlags = false
	o.flags(f, 30, flagWords{
		workers: "goroutines per process, as a list (default 1, 2, 4 … twice the CPUs)",
		size:    "total work in the workload's unit, per worker under weak scaling; one curve each",
		scaling: "strong (same total work) or weak (same work per worker); default: the workload's",
		runs:    "minimum number of runs of every point; if given without --max-runs, also the maximum",
		maxRuns: "maximum number of runs of every point",
		warmup:  "unrecorded runs of each workload's first point before the first block",
		out:     "study directory, new or empty (default corecurve-WORKLOAD-TIME)",
	})
	f.IntVar(&o.chunk, "chunk", 0, "consecutive tasks that a worker takes at a time (default: the workload's)")
	f.BoolVar(&o.static, "static", false, "split the tasks evenly beforehand instead of handing out chunks")
	o.command.flags(f)
	f.StringVar(&o.resume, "resume", "", "continue this study: make only the runs that it lacks")
	f.BoolVar(&o.force, "force", false, "resume although the host or the program has changed, and mark the study")
	o.draw.flags(f)
	return c
}

// flagWords describe the flags of a study that do not mean the same to every command.
type flagWords struct{ workers, size, scaling, runs, maxRuns, warmup, out string }

// flags are those that every command has that makes a study.
func (o *runOptions) flags(f *pflag.FlagSet, maxRuns int, w flagWords) {
	f.IntSliceVar(&o.axes.Workers, "workers", nil, w.workers)
	f.IntSliceVar(&o.axes.Procs, "procs", nil, "processes, as a list")
	f.IntSliceVar(&o.axes.Cores, "cores", nil, "cores to confine runs to; a list on its own is the sweep")
	f.Int64SliceVar(&o.axes.Sizes, "size", nil, w.size)
	f.StringVar(&o.axes.Mode, "mode", "", "threads, procs, both, cores or grid (default: what the lists imply, else threads)")
	f.StringVar(&o.scaling, "scaling", "", w.scaling)
	f.IntVar(&o.runs, "runs", 10, w.runs)
	f.IntVar(&o.maxRuns, "max-runs", maxRuns, w.maxRuns)
	f.DurationVar(&o.budget, "budget", 0, "do not begin a block of runs that would end later than this (default: no limit)")
	f.DurationVar(&o.timeout, "timeout", 10*time.Minute, "kill a run that takes longer")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the order of runs and of the resampling")
	f.IntVar(&o.warmup, "warmup", 1, w.warmup)
	f.IntVar(&o.traced, "traced", 1, "traced runs of every point")
	f.BoolVar(&o.hostname, "hostname", false, "record the name of this host")
	f.StringVar(&o.out, "out", "", w.out)
	f.BoolVar(&o.noReport, "no-report", false, "measure without writing a report")
}

func runStudy(cmd *cobra.Command, args []string, o runOptions) error {
	if err := o.draw.check(); err != nil {
		return err
	}
	return conduct(cmd, o, func(p *plan) error {
		if o.resume != "" {
			return p.resume(cmd, args, o)
		}
		return p.create(cmd, args, o)
	})
}

// conduct plans a study, makes it, and reports it.
func conduct(cmd *cobra.Command, o runOptions, prepare func(*plan) error) (err error) {
	temp, err := os.MkdirTemp("", "corecurve-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	p := &plan{temp: temp, built: map[string]capture.Program{}, tests: map[string]string{}}
	if err := prepare(p); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.journal.Close()) }()
	ending, err := p.measure(cmd, study.MeasureOf(p.header, curve.Measure(o.draw.measure)))
	dir := relative(p.journal.Dir)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d finished runs are kept. Go on with: corecurve run --resume %s\n", len(ending.Results), dir)
		return &statusError{exitInterrupted, errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	if !o.noReport {
		if err := reportStudy(cmd, dir, o.draw); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d runs in %s (%s)\n", len(ending.Results), dir, ending.Why)
	}
	if n := failures(ending.Results); n > 0 {
		return &statusError{exitFailed, fmt.Errorf("%d of %d runs failed: %s", n, len(ending.Results), firstFailure(ending.Results))}
	}
	return nil
}

func failures(results []sweep.Result) (n int) {
	for i := range results {
		if results[i].Status != sweep.OK {
			n++
		}
	}
	return n
}

func firstFailure(results []sweep.Result) string {
	for i := range results {
		if r := &results[i]; r.Status != sweep.OK {
			return fmt.Sprintf("%s: %s: %s", r.Dir(), r.Status, r.Error)
		}
	}
	return ""
}

// relative is dir as a user would type it here.
func relative(dir string) string {
	wd, err := os.Getwd()
	if err != nil {
		return dir
	}
	rel, err := filepath.Rel(wd, dir)
	if err != nil || strings.HasPrefix(rel, "..") {
		return dir
	}
	return rel
}

// check refuses flags that make no sense, before anything is done.
func (o *runOptions) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("runs") && !cmd.Flags().Changed("max-runs") {
		o.maxRuns = o.runs
	}
	switch {
	case o.runs < 1:
		return usagef("--runs %d: must be at least 1", o.runs)
	case o.maxRuns < o.runs:
		return usagef("--max-runs %d: must be at least --runs (%d)", o.maxRuns, o.runs)
	case o.budget < 0:
		return usagef("--budget %v: must not be negative", o.budget)
	case o.timeout <= 0:
		return usagef("--timeout %v: must be positive", o.timeout)
	case o.chunk < 0:
		return usagef("--chunk %d: must not be negative", o.chunk)
	case o.warmup < 0:
		return usagef("--warmup %d: must not be negative", o.warmup)
	case o.traced < 0:
		return usagef("--traced %d: must not be negative", o.traced)
	case o.force:
		return usagef("--force goes with --resume")
	}
	for _, name := range []string{"workers", "procs", "cores", "size"} {
		if f := cmd.Flags().Lookup(name); f.Changed && strings.Trim(f.Value.String(), "[]") == "" {
			return usagef("--%s: give at least one count", name)
		}
	}
	return nil
}

// defaults turns the flags that are not given into those of the study that "run" without arguments makes.
func (o *runOptions) defaults(cmd *cobra.Command) []string {
	given := cmd.Flags().Changed
	if !given("mode") && !given("procs") && !given("cores") {
		o.axes.Mode = "both"
		if !given("workers") {
			o.axes.Workers = []int{1, 2, 4}
		}
	}
	if !given("runs") && !given("max-runs") {
		o.maxRuns = o.runs
	}
	if !given("budget") {
		o.budget = 40 * time.Second
	}
	return []string{"pi", "fetch"}
}

// measure makes the runs, until the times of measure m are known well enough, and notes in the header how the study ended.
func (p *plan) measure(cmd *cobra.Command, m curve.Measure) (capture.Ending, error) {
	ctx := cmd.Context()
	runner, err := capture.New(p.journal, p.header.Host, p.header.Settings, p.programs)
	if err != nil {
		return capture.Ending{Results: p.done}, err
	}
	bar := newProgress(cmd.ErrOrStderr())
	ending, err := runner.Measure(ctx, capture.Task{
		Sweeps: p.header.Sweeps, Seed: p.header.Seed, Rule: p.header.Rule,
		Warmup: p.header.Settings.Warmup, Traced: p.header.Settings.Traced,
		Converged: func(results []sweep.Result) (bool, string) {
			c := curve.Converged(p.header.Sweeps, results, p.header.Rule, m)
			return c.Done, words.Plain(words.Progress(&c))
		},
		Progress: bar.show,
	}, p.done)
	bar.end()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	p.header.Warnings = append(p.header.Warnings, runner.Close(closing)...)
	if err == nil {
		p.header.Stopped = ending.Why
	}
	return ending, errors.Join(err, p.journal.WriteHeader(p.header))
}
