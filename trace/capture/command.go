package capture

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// command completes the spec of a command's supervisor.
func (l *launch) command(s *wire.Spec, c *sweep.Command) {
	l.isCommand = true
	s.Argv, s.Copies, s.Cores = c.Argv, supervise.Copies(c.Argv, l.run.Point), l.run.Point.Cores
	s.Env, s.WorkDir, s.Stdin, s.OKExit, s.SameOutput = c.Env, c.WorkDir, c.Stdin, c.OKExit, c.SameOutput
	s.CPUs, s.Beside = host.CPUSet(l.r.host, l.run.Point.Cores), host.Beside(l.r.host, l.run.Point.Cores)
	s.Again = l.run.Kind == sweep.Timed
	if l.run.Kind == sweep.Traced {
		s.Argv = slices.Clone(c.Argv)
		for _, a := range c.TracedArgs {
			s.Argv = append(s.Argv, strings.ReplaceAll(a, "{dir}", l.r.journal.Folder.Path(l.dir)))
		}
	}
	if l.isBenchmark = c.Benchmark != nil; l.isBenchmark {
		s.Mark = resultMark
	}
}

// commandOutcome puts the measurement of a command into the result: its time is from the start of its first copy to the
// end of its last, and its resources are the sum over its copies. The supervisor's own start is not part of it.
func (l *launch) commandOutcome(o *wire.Outcome) {
	res := &l.res
	l.begin = o.Released
	l.outcome(o, o.Finished)
	res.Start = sweep.Seconds(o.Released)
	res.TreeRSS, res.MaxThreads = o.TreeRSS, o.Threads
	if cores := l.run.Point.Cores; o.CPUs > cores {
		l.warn("it was confined to %d cores and has widened its own affinity to %d CPUs", cores, o.CPUs)
	}
	l.used = resources{}
	for _, p := range o.Processes {
		l.used.user += time.Duration(p.User)
		l.used.sys += time.Duration(p.Sys)
		l.used.voluntary += p.Switches[0]
		l.used.involuntary += p.Switches[1]
	}
	if l.isBenchmark {
		l.benchmark(o)
	}
}

// aside runs a command that belongs to a run but not to its measurement, in dir, on any core. What it leaves behind may
// be of use to the run, and ends with it.
func (l *launch) aside(ctx context.Context, what, dir string, argv []string) error {
	if len(argv) == 0 {
		return nil
	}
	argv = supervise.Expand(argv, l.run.Point, 1, 0)
	limit := l.r.settings.Timeout
	ctx, cancel := context.WithTimeoutCause(ctx, limit.Duration(), fmt.Errorf("not ended within %s (--timeout)", limit))
	defer cancel()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), supervise.Environ(l.run.Point, 1, 0)...)
	cmd.Stdout, cmd.Stderr = l.stderr.w, l.stderr.w
	l.note(l.r.stance.stepBack(l.r.forker))
	l.r.glance = glance{} // what it uses is not of the next run
	a, err := supervise.Start(cmd)
	if err == nil {
		l.asides = append(l.asides, a)
		err = a.Wait(ctx)
	}
	if err != nil {
		return &AsideError{what, argv, err}
	}
	return nil
}

// An AsideError says that a command beside a run did not end well.
type AsideError struct {
	What string // prepare or cleanup
	Argv []string
	Err  error
}

func (e *AsideError) Error() string {
	return fmt.Sprintf("%s command %s: %v", e.What, shell.Quote(e.Argv...), e.Err)
}

// Unwrap returns how it ended.
func (e *AsideError) Unwrap() error { return e.Err }

// endAsides ends what the commands beside the run left behind, and returns how many processes that were.
func (l *launch) endAsides() (left int) {
	for _, a := range l.asides {
		left += a.End()
	}
	return left
}
