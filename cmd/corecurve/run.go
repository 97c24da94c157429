package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/latency"
	"github.com/corecurve/corecurve/trace/capture/setup"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// runOptions are the flags of a study: what is measured, and how.
type runOptions struct {
	setup.Request
	command  commandOptions
	subject  subject // what is measured
	file     string  // study file; empty: none
	yaml     bool    // with dryRun: print the study file that stands for the command line
	out      string  // study directory; empty: a new one, named for workload and time
	resume   string  // study to go on with
	force    bool    // go on although host or program differ
	trust    bool    // run what a study says that is not known to be the user's
	yes      bool    // measure however long it takes
	dryRun   bool    // print the plan, make no run
	noReport bool
	// uncompared says of what is named again that it was not looked at; empty: nothing is.
	uncompared string
	draw       drawOptions
	gate       gateOptions // that the study is held against in the end
}

// halfWidth is the relative half-width of the interval at which a point has been measured well enough.
const halfWidth = 0.05

// runHelp is what "corecurve help run" says before the flags.
const runHelp = `Run measures workloads over worker (goroutine) and process counts: timed runs in
randomised complete blocks, then traced runs that explain them. It keeps
everything in a study directory; the report is in its folder "report".

A WORKLOAD is one that "corecurve list" names. A PACKAGE is the folder of a Go
main package that calls workload.Main; ./PACKAGE:NAME takes one of its
workloads. Without either, run measures pi (CPU-bound) and fetch (I/O-bound) on
threads and on processes, in under a minute.

A COMMAND in any language follows --. In its words {workers} {procs} {cores}
{size} {rank} stand for the counts of the point; it also gets them in its
environment (CORECURVE_WORKERS …, GOMAXPROCS, OMP_NUM_THREADS). Without {procs},
or with {rank}, that many copies are started together, each with its share of
{size}. Each sweep has its own scaling: a command that is told a count shares
its work (strong); copies that are told neither {size} nor {procs} each do as
much as one alone (weak). --scaling procs=strong corrects that for a program
that reads its part from the environment.

With --against REV|DIR each package is also built as it was at that revision of
its git repository, or as it is in that other checkout: base. Base and new, the
working tree, are measured in the same blocks, with the sizes and defaults of
new, so that a drift of the machine falls on both alike. The revision is built
from a temporary git worktree, which leaves the repository as it is. --variant
NAME='COMMAND ARG...', given twice or more, compares commands so, the first of
which is the base; no shell is run. All variants must be told the same counts.

With --min-speedup, --min-efficiency or --max-share the study is held against
gates in the end, as corecurve check does it: the exit status is 3 if one does
not hold. A gate that names a count which is not planned is refused before the
first run.

A study file (-f) is YAML with a key for every flag that says what is measured, by
its name, and with workloads, command and variants (a mapping of names to commands,
for --variant). A value may be a list where the flag
may be repeated or takes one, and a command line the list of its words. Paths in
it are those of the folder in which corecurve is called. What is given on the
command line wins; a workload or a command there stands for all that the file
names. --dry-run --yaml prints the file that stands for a command line.

What looks like a password, a token or a key in the command line is stored as
***: --keep-secrets keeps it. To go on with such a study, give --resume the
command again. What a program prints itself is stored as it is.

A study is data: --resume runs what is yours. That is the tool's own workloads,
a package that you name again, a command of which you name everything again
(behind --, with its --env, --prepare, --cleanup, --cwd and --stdin, in the
folder where the study was made), and all of a study that you made, which its
seal says: it is made with a key in your $XDG_STATE_HOME/corecurve
(~/.local/state). Whatever else the study would build or run, and with --force
everything, is shown and asked for on a terminal; elsewhere it wants --trust,
and ends with status 2 without. Agreed to, by --trust or by an answer, a study
is yours: it is sealed, and not asked about again. A package may lie elsewhere
now, and a command whose folder is gone runs where you name it again.

Several sizes are an axis of their own: from which size more workers pay, from
which one mode overtakes another, and which size a count needs for an efficiency
of 75 %. Of more than three, three are traced.

A study continues until every point's interval is within 5 % on either side,
after at least --runs and at most --max-runs runs of every point. With --runs
alone it makes exactly that many, with a smaller --max-runs alone as well.

Where a count is swept, a loop in registers is measured between the runs: the
ceiling, what the machine gives at each number of cores. It takes at most a
fifth of the time, so that a short study has it seldom or not at all.

Before the first run it says how many points and runs there will be, and after
the warm-up how long they take. Beyond ten minutes it asks on a terminal;
elsewhere it wants --yes or a --budget, and ends with status 2 without. A study
of which nothing works in the first runs ends there.`

func newRun() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run [WORKLOAD | ./PACKAGE[:NAME]]... | run -- COMMAND ARG...",
		Short: "Measure workloads over a sweep of counts and write a speedup report",
		Long:  runHelp,
		Example: `  corecurve run
  corecurve run fib --workers 1,2,5 --runs 5
  corecurve run pi --mode both --workers 1,4 --size 1e4..1e8
  corecurve run ./my/workload --mode grid --workers 1,2 --procs 1,2
  corecurve run -- xz -T{workers} -k -c big.tar
  corecurve run ./my/workload --against main
  corecurve run --variant old='xz -T{workers} -kc big.tar' --variant new='zstd -T{workers} -c big.tar'
  corecurve run -f study.yaml
  corecurve run pi --workers 1,2 --min-speedup 1.8@2
  corecurve run --resume corecurve-pi-20260102T150405Z
  corecurve run --resume from-a-colleague ./my/workload`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.resume == "" {
				if err := o.name(cmd, args); err != nil {
					return err
				}
			}
			return runStudy(cmd, args, o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	o.fileFlags(f, c.Name())
	o.flags(f, 30, flagWords{
		workers: "goroutines per process: 1,2,6 or a range: 1-4 (all), 1..16 (doubling), 1..27*3 (by another factor)\n" +
			"(default 1, 2, 4 … twice the CPUs)",
		size: "total work, per worker under weak scaling: 1e3,2.5M,64Mi or a range: 1e3..1e8\n" +
			"(by decades), 1e3..1e6*2 (doubling)",
		scaling: "strong (same total work) or weak (same work per worker), or one for each mode,\n" +
			"as in threads=strong,procs=weak; default: the workload's",
		runs:    "minimum number of runs of every point; if given without --max-runs, also the maximum",
		maxRuns: "maximum number of runs of every point; given alone, the minimum is no larger",
		warmup:  "unrecorded runs of each workload's first point before the first block",
		out:     "study directory, new or empty (default corecurve-WORKLOAD-TIME)",
	})
	f.IntVar(&o.Settings.Chunk, "chunk", 0, "consecutive tasks that a worker takes at a time (default: the workload's)")
	f.BoolVar(&o.Settings.Static, "static", false, "split the tasks evenly beforehand instead of handing out chunks")
	o.command.flags(f)
	f.StringVar(&o.resume, "resume", "", "continue this study: make only the runs that it lacks")
	f.BoolVar(&o.force, "force", false, "resume although the host or the program has changed, and mark the study")
	f.BoolVar(&o.trust, "trust", false, "resume without asking a study that is not known to be yours, or by --force; it is yours then")
	o.draw.flags(f)
	o.gate.gateFlags(f)
	return c
}

// name finds out what is measured, by the command line and a study file, and sets the flags that the file or nobody
// sets.
func (o *runOptions) name(cmd *cobra.Command, args []string) error {
	o.subject = subjectOf(cmd, args)
	if o.file != "" {
		if err := o.subject.fill(cmd, o.file); err != nil {
			return err
		}
	}
	if len(o.subject.names) > 0 || o.subject.command || len(o.command.variants) > 0 {
		return nil
	}
	if o.Against != "" {
		return usagef("--against %s: name the package that is compared, as in ./cmd/server", o.Against)
	}
	var err error
	o.subject.names, err = defaults(cmd.Flags())
	return err
}

func runStudy(cmd *cobra.Command, args []string, o runOptions) (err error) {
	defer func() { err = o.subject.placed(err) }()
	if o.resume != "" {
		_, err := o.gate.gates()
		if err := errors.Join(o.reports(), err); err != nil {
			return err
		}
		again, err := o.again(cmd, args)
		if err != nil {
			return err
		}
		return conduct(cmd, o, func(c setup.Catalog) (*setup.Study, error) {
			return setup.Resume(cmd.Context(), c, o.resume, setup.Continuation{
				Force: o.force, State: stateDir(), Tool: version(), Again: again, Agree: trust(cmd, o.trust), Converged: o.converged,
			})
		})
	}
	command, err := o.command.take(cmd, &o.subject)
	compared, odd := o.command.compared(&o.subject)
	gates, wrong := o.gate.gates()
	if err := errors.Join(o.reports(), o.check(cmd), err, odd, wrong, o.comparable(command)); err != nil {
		return err
	}
	return create(cmd, o, func(s *setup.Study) error {
		for _, name := range o.subject.names {
			if err := s.AddNamed(cmd.Context(), name); err != nil {
				return o.subject.of(keyWorkloads, name, err)
			}
		}
		if command != nil {
			if err := s.AddCommand(o.command.name, *command); err != nil {
				return o.subject.of(keyCommand, "", err)
			}
		}
		if compared != nil {
			if err := s.AddVariants(o.command.name, compared); err != nil {
				return o.subject.of(keyVariants, "", err)
			}
		}
		return planned(gates, &s.Header)
	})
}

// reports refuses flags of a report that make no sense.
func (o *runOptions) reports() error {
	if o.noReport && o.draw.summary != "" {
		return usagef("--summary is of a report, and --no-report wants none")
	}
	if o.noReport && o.draw.failOn != "" {
		return usagef("--fail-on is of a report, and --no-report wants none")
	}
	return o.draw.check()
}

// again returns what is named again of a study that is continued. It refuses what does not go with --resume.
func (o *runOptions) again(cmd *cobra.Command, args []string) (again setup.Again, err error) {
	var wrong []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(append([]string{
			"resume", "force", "trust", "yes", "no-report", "measure", "json", "color", "summary",
			"env", "prepare", "cleanup", "cwd", "stdin", flagVariant, flagFailOn, flagMinEffect,
		}, gateFlagNames()...), f.Name) {
			wrong = append(wrong, "--"+f.Name)
		}
	})
	if len(wrong) > 0 {
		return again, usagef("--resume: the study says how to run: %s cannot be given", strings.Join(wrong, ", "))
	}
	if dash := cmd.ArgsLenAtDash(); dash >= 0 {
		args, o.command.Argv = args[:dash], args[dash:]
	}
	for _, arg := range args {
		if !strings.ContainsAny(arg, `/\`) && !strings.HasPrefix(arg, ".") {
			return again, usagef("--resume: the study says what to run, not %q: only the folder of its package (./FOLDER) "+
				"and its command (behind --, with its --env, --prepare, --cleanup, --cwd and --stdin) can be named again", arg)
		}
	}
	err = o.command.complete()
	again = setup.Again{Folders: args, Command: o.command.Command}
	for _, text := range o.command.variants {
		name, argv, wrong := variantOf(text)
		if again.Variants == nil {
			again.Variants = map[string][]string{}
		}
		again.Variants[name], err = argv, errors.Join(err, wrong)
	}
	if again.Any() {
		o.uncompared = " (what is named again was not compared with it)"
	}
	return again, err
}

// create makes a new study of the workloads that fill adds.
func create(cmd *cobra.Command, o runOptions, fill func(*setup.Study) error) error {
	if o.yaml && (!o.dryRun || o.draw.json) {
		return usagef("--yaml goes with --dry-run, and not with --json")
	}
	o.State = stateDir()
	o.Rule.HalfWidth, o.Tool, o.Argv = halfWidth, version(), append([]string{"corecurve"}, os.Args[1:]...)
	if o.dryRun {
		return rehearse(cmd, o, fill)
	}
	return conduct(cmd, o, func(c setup.Catalog) (*setup.Study, error) {
		s, err := setup.New(c, o.Request)
		if err != nil {
			return nil, err
		}
		if err = errors.Join(fill(s), s.Comparable()); err == nil {
			enough(cmd, &s.Header)
			err = s.Try(cmd.Context())
		}
		if err == nil {
			if o.Settings.Traced > 0 { // what is predicted from a traced run rests on it
				s.Header.Scheduler = latency.Measure(cmd.Context())
			}
			err = s.Create(o.out)
		}
		if err == nil {
			tellVariants(cmd, &s.Header)
			say(cmd, study.HiddenWords(&s.Header))
		}
		return s, err
	})
}

// conduct measures the study that prepare returns, and reports it.
func conduct(cmd *cobra.Command, o runOptions, prepare func(setup.Catalog) (*setup.Study, error)) error {
	s, ending, err := complete(cmd, o, prepare)
	if err != nil {
		return err
	}
	dir := relative(s.Journal.Dir)
	keep(cmd.Context(), "its runs are kept. Report them with: "+shell.Quote("corecurve", "report", dir))
	if ending.Failed {
		return hopeless(&s.Header, &ending, dir)
	}
	if o.noReport {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d runs in %s (%s)\n", len(ending.Results), dir, ending.Why)
	} else {
		err = reportStudy(cmd, dir, o.draw)
	}
	held := error(nil)
	if gate, is := errors.AsType[*statusError](err); is && gate.status == exitGate { // which others may stand beside
		held, err = err, nil
	}
	if o.noReport || o.draw.json || err != nil { // or it is in the report
		say(cmd, study.OutputLost(ending.Results))
	}
	if err != nil {
		return err
	}
	return errors.Join(held, o.hold(cmd, dir), sweep.Failures(ending.Results))
}

// say tells who sits at the terminal what a study warns of.
func say(cmd *cobra.Command, warnings []warning.Warning) {
	for _, text := range words.Warnings(warnings) {
		fmt.Fprintln(cmd.ErrOrStderr(), text)
	}
}

// complete measures the study that prepare returns, and closes it.
func complete(
	cmd *cobra.Command, o runOptions, prepare func(setup.Catalog) (*setup.Study, error),
) (s *setup.Study, ending capture.Ending, err error) {
	ctx := cmd.Context()
	defer hold(ctx)()
	if n := capture.EndOrphans(); n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s of runs whose corecurve was killed: ended\n", words.Plural(n, "process", "processes"))
	}
	c, err := catalog()
	if err != nil {
		return nil, ending, err
	}
	if s, err = prepare(c); s != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	if err != nil && stopOf(ctx) != nil { // what was being built was ended for it
		err = fmt.Errorf("%w: no run was made", stopOf(ctx))
	}
	if err != nil {
		return s, ending, err
	}
	dir := relative(s.Journal.Dir)
	if why := s.Unsealed(); why != nil && !s.Asked() { // or it was said there
		fmt.Fprintf(cmd.ErrOrStderr(), "the study bears no seal of yours, and going on with it later wants --trust: %v\n", why)
	}
	keep(ctx, "finished runs are kept. Go on with: "+s.GoOn(dir))
	ending, wanted, err := measure(cmd, o, s)
	if s.Over() && !ending.Failed {
		fmt.Fprintf(cmd.ErrOrStderr(), "nothing is left to do in %s: it has all its runs%s\n", dir, o.uncompared)
	}
	kept := fmt.Sprintf("%s kept. %s",
		words.Plural(len(ending.Results), "finished run is", "finished runs are"), goOn(err, s.GoOn(dir, wanted...)))
	switch {
	case wanted != nil && len(ending.Results) == 0 && o.resume == "":
		if err = errors.Join(err, s.Discard()); stopOf(ctx) != nil {
			err = fmt.Errorf("%w: nothing was measured", stopOf(ctx))
		}
	case err != nil && stopOf(ctx) != nil:
		if a, ok := errors.AsType[*capture.AsideError](err); ok { // a cleanup that took too long
			kept += "\n  " + a.Error()
		}
		err = fmt.Errorf("%w: %s", stopOf(ctx), kept)
	case wanted != nil || own(err):
		fmt.Fprintln(cmd.ErrOrStderr(), kept)
	}
	return s, ending, err
}

// measure makes the runs of s, telling what it does. wanted are the flags without which the study does not go on.
func measure(cmd *cobra.Command, o runOptions, s *setup.Study) (ending capture.Ending, wanted []string, err error) {
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.end()
	c := &consent{
		ctx: cmd.Context(), in: cmd.InOrStdin(), out: cmd.ErrOrStderr(), bar: bar,
		warmsUp: s.Header.Settings.Warmup > 0,
		given:   o.yes || s.Header.Rule.Budget > 0,
	}
	defer c.end()
	ending, err = s.Measure(cmd.Context(), setup.Hooks{
		Converged: func(results []sweep.Result) (bool, string) { return o.converged(&s.Header, results) },
		Progress:  bar.show, Outlook: c.look,
	})
	if c.wanted {
		wanted = []string{"--yes"}
	}
	return ending, wanted, err
}

// converged reports whether the results of a study are good enough, and says why.
func (o *runOptions) converged(h *sweep.Header, results []sweep.Result) (bool, string) {
	m := study.MeasureOf(*h, curve.Measure(o.draw.measure))
	p := curve.Converged(h.Sweeps, results, h.Rule, m)
	return p.Done, words.Plain(words.Progress(&p))
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
