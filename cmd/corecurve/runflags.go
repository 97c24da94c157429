package main

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// flagWords describe the flags of a study that do not mean the same to every command.
type flagWords struct{ workers, size, scaling, runs, maxRuns, warmup, out string }

// flags are those that every command has that makes a study.
func (o *runOptions) flags(f *pflag.FlagSet, maxRuns int, w flagWords) {
	f.Var(countsFlag(&o.Axes.Workers), "workers", w.workers)
	f.Var(countsFlag(&o.Axes.Procs), "procs", "processes, as --workers")
	f.Var(countsFlag(&o.Axes.Cores), "cores",
		"cores to confine runs to; a list on its own is the sweep, with --mode grid one more axis")
	f.Var(sizesFlag(&o.Axes.Sizes), "size", w.size)
	f.StringVar(&o.Axes.Mode, "mode", "",
		"threads, procs, both, cores or grid (default: what the lists imply, else threads)")
	f.StringVar(&o.Axes.Scaling, "scaling", "", w.scaling)
	f.IntVar(&o.Rule.MinRuns, "runs", 10, w.runs)
	f.IntVar(&o.Rule.MaxRuns, "max-runs", maxRuns, w.maxRuns)
	f.DurationVar((*time.Duration)(&o.Rule.Budget), "budget", 0,
		"do not begin a block of runs that would end later than this (default: no limit)")
	f.DurationVar((*time.Duration)(&o.Settings.Timeout), "timeout", 10*time.Minute, "kill a run that takes longer")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the order of runs and of the resampling")
	f.IntVar(&o.Settings.Warmup, "warmup", 1, w.warmup)
	f.IntVar(&o.Settings.Traced, "traced", 3,
		"traced runs of every point, of more than 3 sizes at 3 of them; fewer under a --budget, and unless given at most --runs")
	f.BoolVar((*bool)(&o.Library), "sync-events", false,
		"build Go packages so that their traces tell what they do with locks and channels")
	f.StringVar(&o.Against, "against", "",
		"compare the packages with what they were at this revision of git, or are in this other folder")
	f.StringVar(&o.Revision, "revision", "",
		"what you call the state of what is measured, for the report and corecurve history (default: its git commit)")
	f.BoolVar(&o.Hostname, "hostname", false, "record the name of this host")
	f.StringVar(&o.out, "out", "", w.out)
	f.BoolVar(&o.dryRun, "dry-run", false, "print the plan (points, runs, order, time if known) and make no run")
	f.BoolVar(&o.yes, "yes", false, "measure without asking, however long it takes")
	f.BoolVar(&o.KeepSecrets, "keep-secrets", false,
		"store the command line as it is, instead of *** for what looks like a password, a token or a key")
	f.BoolVar(&o.noReport, "no-report", false, "measure without writing a report")
}

// settle gives flags that are not given what others imply.
func (o *runOptions) settle(flags *pflag.FlagSet) {
	switch least, most := flags.Changed("runs"), flags.Changed("max-runs"); {
	case !most && (least || o.Rule.MaxRuns == 0):
		o.Rule.MaxRuns = o.Rule.MinRuns
	case most && !least:
		o.Rule.MinRuns = min(o.Rule.MinRuns, max(o.Rule.MaxRuns, 1))
	}
	if !flags.Changed("traced") {
		o.Settings.Traced = min(o.Settings.Traced, o.Rule.MinRuns)
	}
}

// check refuses flags that make no sense, before anything is done, and says all that is wrong with them.
func (o *runOptions) check(cmd *cobra.Command) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, usagef(format, args...)) }
	o.settle(cmd.Flags())
	for _, f := range []struct {
		name string
		v    int
		most int64
	}{
		{"runs", o.Rule.MinRuns, limits.Reps},
		{"max-runs", o.Rule.MaxRuns, limits.Reps},
		{"warmup", o.Settings.Warmup, limits.Reps},
		{"traced", o.Settings.Traced, limits.Reps},
		{"chunk", o.Settings.Chunk, limits.Tasks},
	} {
		if int64(f.v) > f.most {
			wrong("--%s %d: at most %d", f.name, f.v, f.most)
		}
	}
	for _, f := range []struct {
		name string
		v    sweep.Seconds
	}{{"budget", o.Rule.Budget}, {"timeout", o.Settings.Timeout}} {
		if most := time.Duration(limits.Time).Truncate(time.Hour); f.v > limits.Time {
			wrong("--%s %v: at most %v", f.name, f.v.Duration(), most)
		}
	}
	switch {
	case o.Rule.MinRuns < 1:
		wrong("--runs %d: must be at least 1", o.Rule.MinRuns)
	case o.Rule.MaxRuns < 1:
		wrong("--max-runs %d: must be at least 1", o.Rule.MaxRuns)
	case o.Rule.MaxRuns < o.Rule.MinRuns:
		wrong("--max-runs %d: must be at least --runs (%d)", o.Rule.MaxRuns, o.Rule.MinRuns)
	}
	if o.Rule.Budget < 0 {
		wrong("--budget %v: must not be negative", o.Rule.Budget.Duration())
	}
	if o.Settings.Timeout <= 0 {
		wrong("--timeout %v: must be positive", o.Settings.Timeout.Duration())
	}
	if len(o.Revision) > limits.SubjectChars {
		wrong("--revision %s: longer than %d bytes", limits.Quote(o.Revision), limits.SubjectChars)
	}
	if o.force {
		wrong("--force goes with --resume")
	}
	if o.trust {
		wrong("--trust goes with --resume")
	}
	for _, name := range []string{"chunk", "warmup", "traced"} {
		if f := cmd.Flags().Lookup(name); f != nil && strings.HasPrefix(f.Value.String(), "-") {
			wrong("--%s %s: must not be negative", name, f.Value)
		}
	}
	for _, name := range []string{"workers", "procs", "cores", "size"} {
		if f := cmd.Flags().Lookup(name); f.Changed && strings.Trim(f.Value.String(), "[]") == "" {
			wrong("--%s: give at least one count", name)
		}
	}
	if err := o.Axes.Check(); err != nil {
		wrong("%w", err)
	}
	return errors.Join(errs...)
}

// defaults gives the flags that are not given the values of the study that "run" without arguments makes, and names its
// workloads.
func defaults(flags *pflag.FlagSet) ([]string, error) {
	given := func(name string) bool { return flags.Changed(name) }
	set := map[string]string{}
	if !given("mode") && !given("procs") && !given("cores") {
		set["mode"] = "both"
		if !given("workers") {
			set["workers"] = "1,2,4"
		}
	}
	if !given("runs") && !given("max-runs") {
		set["runs"] = flags.Lookup("runs").DefValue // and no more
	}
	if !given("budget") {
		set["budget"] = "40s"
	}
	for name, value := range set {
		if err := flags.Set(name, value); err != nil {
			return nil, err
		}
	}
	return []string{"pi", "fetch"}, nil
}
