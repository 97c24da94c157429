package setup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/pattern"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// AddCommand adds a command of any language as a workload. Without name, its program gives the name.
func (s *Study) AddCommand(name string, c sweep.Command) error {
	if name == "" {
		name = nameOf(c.Argv)
	}
	f, err := s.command(name, c)
	if err != nil {
		return err
	}
	return s.add(f)
}

// A VariantCommand is one of the commands that a study compares.
type VariantCommand struct {
	Variant string // its name
	sweep.Command
}

// AddVariants adds commands as the variants of a workload, the first of which is the base. Without name, their programs
// give the name. All must be told the same counts, for they do the same work at every point.
func (s *Study) AddVariants(name string, commands []VariantCommand) error {
	if len(commands) < 2 {
		return requestf("--variant: there is one, and it takes two to compare: --variant NAME='COMMAND ARG...' twice or more")
	}
	if name == "" {
		var names []string
		for _, c := range commands {
			if n := nameOf(c.Argv); !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		if name = strings.Join(names, "-"); len(name) > maxName {
			name = names[0]
		}
	}
	var all []found
	first := toldOf(&commands[0].Command)
	for i, c := range commands {
		if err := sweep.CheckVariantName(c.Variant); err != nil {
			return requestf("--variant %s: %w", limits.Quote(c.Variant), err)
		}
		if slices.ContainsFunc(commands[:i], func(o VariantCommand) bool { return o.Variant == c.Variant }) {
			return requestf("--variant %s: the name stands for two commands", c.Variant)
		}
		if t := toldOf(&c.Command); t != first {
			return requestf("--variant %s: its words have %s, and those of %s %s: all variants must be told the same counts",
				c.Variant, t.words(), commands[0].Variant, first.words())
		}
		f, err := s.command(name, c.Command)
		if err != nil {
			return err
		}
		f.variant = c.Variant
		all = append(all, f)
		s.Header.Variants = append(s.Header.Variants, sweep.Variant{Name: c.Variant, Kind: sweep.OfCommand})
	}
	return s.add(all...)
}

// command returns a command as a workload of that name.
func (s *Study) command(name string, c sweep.Command) (f found, err error) {
	for _, kv := range c.Env {
		if strings.Index(kv, "=") < 1 {
			var h secret.Hider // what one mistypes may be a secret
			return f, requestf("--env %q: want KEY=VALUE", h.Variables([]string{kv})[0])
		}
	}
	if s.builder.library == capture.SyncEvents {
		return f, requestf("a command is run as it is: for sync events build its program with corecurve build")
	}
	program, err := capture.External(name, c)
	if err != nil {
		return f, err
	}
	if here, err := os.Getwd(); err == nil { // without it, a study is continued from wherever that is asked for
		s.Header.Folder = host.Tilde(here)
	}
	return found{program: program, info: program.Workloads[0]}, nil
}

// nameOf returns the name that the program of a command gives its workload.
func nameOf(argv []string) string {
	return strings.TrimLeft(notInName().ReplaceAllString(strings.ToLower(filepath.Base(argv[0])), "-"), "._-")
}

// hideSecrets hides what looks like a secret in the words of c, and returns the secrets.
func hideSecrets(c *sweep.Command) *secret.Hider {
	h := &secret.Hider{}
	c.Argv, c.Prepare, c.Cleanup = h.Words(c.Argv), h.Words(c.Prepare), h.Words(c.Cleanup)
	c.Env = h.Variables(c.Env)
	c.Hidden = h.Places
	return h
}

var notInName = pattern.Of(`[^a-z0-9._-]+`)

// told is what a command learns of its point by its words, those of its environment that the user gave included.
//
// A count that a command is told changes how it does its work, and not how much there is: strong scaling. Where copies
// are started, each does as much as one alone unless a word tells it its part, so that the work grows with the
// processes: weak scaling, and the speedup is one of throughput. The two can stand beside each other in one study: a
// command that is told its workers only is under strong scaling on threads and under weak scaling on processes.
//
// A part is told by {size}, which is divided among the copies, or by {procs}: a copy that is told its {rank} alone does
// not know how many there are, and uses it to name its output, or to choose work that is its own.
//
// What a program reads from its environment without a word about it nobody can know, so it counts as not told; a user
// who knows better asks for the scaling.
type told struct {
	workers, procs, rank bool
	part                 bool // a copy is told which part of the work is its
	copies               bool // are started, as many as the point has processes
}

// toldOf finds the placeholders in the words of c, and the variables that words for a shell may have in their place.
func toldOf(c *sweep.Command) told {
	words := slices.Concat(c.Argv[1:], c.Env)
	uses := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return supervise.Uses(words, n) })
	}
	t := told{
		workers: uses("{workers}", "CORECURVE_WORKERS", "$GOMAXPROCS", "${GOMAXPROCS", "$OMP_NUM_THREADS",
			"${OMP_NUM_THREADS"),
		procs:  uses("{procs}", "CORECURVE_PROCS"),
		rank:   uses("{rank}", "CORECURVE_RANK"),
		copies: supervise.Copied(c.Argv),
	}
	t.part = t.procs || uses("{size}", "CORECURVE_SIZE")
	return t
}

// words names the placeholders that a command is told its counts by.
func (t told) words() string {
	var out []string
	for _, w := range []struct {
		told bool
		name string
	}{{t.workers, "{workers}"}, {t.procs, "{procs}"}, {t.rank, "{rank}"}, {t.part && !t.procs, "{size}"}} {
		if w.told {
			out = append(out, w.name)
		}
	}
	if len(out) == 0 {
		return "no count"
	}
	return strings.Join(out, " and ")
}

// axes completes what the user left open: a command that is told its processes and not its workers is swept over
// processes.
func (t told) axes(a sweep.Axes) sweep.Axes {
	free := a.Mode == "" && len(a.Workers) == 0 && len(a.Procs) == 0 && len(a.Cores) == 0
	if free && t.procs && !t.workers {
		a.Mode = string(sweep.Procs)
	}
	return a
}

// scale returns the scaling of a sweep of mode m, by what the count that varies there does to the work.
func (t told) scale(m sweep.Mode) (sweep.Scaling, sweep.Basis) {
	switch {
	case m == sweep.Cores:
		return sweep.Strong, sweep.Told
	case m != sweep.Threads && t.copies && !t.part:
		return sweep.Weak, sweep.Copies
	case m != sweep.Procs && !t.workers:
		return sweep.Strong, sweep.Environment
	case m != sweep.Threads && t.copies:
		return sweep.Strong, sweep.Shares
	default:
		return sweep.Strong, sweep.Told
	}
}

// warn says what of the sweeps rests on what the command is not told.
func (t told) warn(sweeps []sweep.Sweep) (out []string) {
	of := func(b sweep.Basis) (s sweep.Sweep, ok bool) {
		i := slices.IndexFunc(sweeps, func(s sweep.Sweep) bool { return s.Basis == b && len(s.Points) > 1 })
		if i < 0 {
			return s, false
		}
		return sweeps[i], true
	}
	if s, ok := of(sweep.Environment); ok {
		out = append(out, s.Workload+": no word of the command depends on the number of workers: it can learn it only from "+
			"its environment (CORECURVE_WORKERS, GOMAXPROCS, OMP_NUM_THREADS)")
	}
	if s, ok := of(sweep.Copies); ok && t.rank {
		out = append(out, s.Workload+": a copy is told its rank, and not of how many: it is taken to do as much as one "+
			"alone; if it does a part, --scaling "+string(s.Mode)+"=strong says so")
	}
	return out
}
