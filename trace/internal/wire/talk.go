package wire

import (
	"errors"
	"fmt"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
)

// messageNames are the keys of a [Message], one of which each begins with.
var messageNames = [...]string{"serving", "done", "failure", "spans", "end"}

// check returns an error unless exactly one field of m is set.
func (m *Message) check() error {
	set := 0
	for _, is := range []bool{m.Serving != nil, m.Done != nil, m.Failure != nil, m.Spans != nil, m.End != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return fmt.Errorf("message has %d fields set, want 1", set)
	}
	if e := m.End; e != nil {
		return errors.Join(
			limits.Value("spans_started", int64(e.SpansStarted), 0, limits.Tasks),
			limits.Value("spans_ended", int64(e.SpansEnded), 0, int64(e.SpansStarted)),
			limits.Value("left", int64(e.Left), 0, limits.ID),
			limits.Value("used", e.Used, 0, limits.Time),
			limits.Count("", "errors", int64(len(e.Errors)), limits.Notes))
	}
	return nil
}

// A Talk is what a process has said so far. Its zero value is one that has said nothing.
type Talk struct {
	serving, done, failed, ended bool
}

// Hear returns an error unless m may come now: Serving is the first of a service, there is one outcome, spans and the
// end follow it, and nothing follows a failure but the end.
func (t *Talk) Hear(m *Message) error {
	switch {
	case t.ended:
		return errors.New("it comes after the end")
	case t.failed && m.End == nil:
		return errors.New("it comes after a failure")
	case m.Serving != nil && (t.serving || t.done):
		return errors.New("it is a second address, or one after the outcome")
	case m.Done != nil && t.done:
		return errors.New("it is a second outcome")
	case m.Done != nil && t.serving:
		return errors.New("it is the outcome of a service, which has none")
	case (m.Spans != nil || m.End != nil) && !t.Over():
		return errors.New("it comes before the outcome")
	}
	t.serving = t.serving || m.Serving != nil
	t.done = t.done || m.Done != nil
	t.failed = t.failed || m.Failure != nil
	t.ended = m.End != nil
	return nil
}

// Over reports whether the process has said how its part of the run ended.
func (t *Talk) Over() bool { return t.done || t.failed }

// Check returns an error unless o can be the outcome of what spec asks for, of processes that began at begin and whose
// outcome arrived at end.
func (o *Outcome) Check(spec *Spec, begin, end clock.Time) error {
	if err := o.checkRun(begin, end); err != nil {
		return fmt.Errorf("an outcome on the pipe of corecurve (fd %d) that cannot be: %w", OutputFD, err)
	}
	want := 1
	switch {
	case spec.Job == Command:
		want = spec.Copies
	case spec.Job == Root && spec.Procs > 1:
		want = spec.Procs + 1
	}
	if len(o.Processes) != want {
		return fmt.Errorf("an outcome on the pipe of corecurve (fd %d) of %d processes, want %d",
			OutputFD, len(o.Processes), want)
	}
	seen := make(map[int]bool, want)
	for i := range o.Processes {
		p := &o.Processes[i]
		err := p.check(begin, end, o.Tasks)
		switch {
		case err != nil:
		case seen[p.Rank]:
			err = errors.New("its rank is given twice")
		case p.Role == roleCoordinator && want == 1 || p.Role != roleCoordinator && p.Role != roleWorker:
			err = fmt.Errorf("its role is %s", limits.Quote(p.Role))
		case p.Role == roleCoordinator && p.Rank != -1:
			err = errors.New("a coordinator has rank -1")
		case p.Role == roleWorker && spec.Job == Child && p.Rank != spec.Rank:
			err = fmt.Errorf("its rank should be %d", spec.Rank)
		case p.Role == roleWorker && spec.Job != Child && (p.Rank < 0 || p.Rank >= max(spec.Procs, spec.Copies)):
			err = fmt.Errorf("there are %d processes", max(spec.Procs, spec.Copies))
		}
		if err != nil {
			return fmt.Errorf("an outcome on the pipe of corecurve (fd %d) that cannot be: process of rank %d: %w",
				OutputFD, p.Rank, err)
		}
		seen[p.Rank] = true
	}
	return nil
}

// Roles of processes in an account.
const (
	roleWorker      = "worker"
	roleCoordinator = "coordinator"
)

// checkRun checks what is said of the run as a whole.
func (o *Outcome) checkRun(begin, end clock.Time) error {
	if err := inOrder(begin, end, stamp{"released", o.Released}, stamp{"finished", o.Finished}); err != nil {
		return err
	}
	if o.Digest != "" && !isSum(o.Digest) {
		return fmt.Errorf("digest %s is no SHA-256", limits.Quote(o.Digest))
	}
	return errors.Join(
		limits.Value("tasks", int64(o.Tasks), 0, limits.Tasks),
		limits.Value("tree_rss", o.TreeRSS, 0, limits.Bytes),
		limits.Value("threads", int64(o.Threads), 0, limits.ID),
		limits.Value("cpus", int64(o.CPUs), 0, limits.CPUs),
		limits.Value("own", o.Own, 0, limits.Time))
}

// check checks the account of one process of a run of tasks tasks.
func (p *Process) check(begin, end clock.Time, tasks int) error {
	err := inOrder(begin, end, stamp{"launched", p.Launched}, stamp{"entered", p.Entered},
		stamp{"ready", p.Ready}, stamp{"done", p.Done})
	if err != nil {
		return err
	}
	most := int64(limits.Time)
	if elapsed := int64(end - begin); elapsed < most/limits.CPUs {
		most = elapsed * limits.CPUs
	}
	if err := errors.Join(
		limits.Value("pid", int64(p.PID), 0, limits.ID), // 0 outside Linux
		limits.Value("user", p.User, 0, most), limits.Value("sys", p.Sys, 0, most),
		limits.Value("own", p.Own, 0, most), limits.Value("children", p.Children, 0, most),
		limits.Value("run_queue", p.RunQueue, 0, limits.Time),
		limits.Value("max_rss", p.MaxRSS, 0, limits.Bytes),
		limits.Value("switches", min(p.Switches[0], p.Switches[1]), 0, limits.Tasks),
		limits.Value("switches", max(p.Switches[0], p.Switches[1]), 0, limits.Tasks),
		limits.Value("tasks", int64(p.Tasks), 0, int64(tasks)),
	); err != nil {
		return err
	}
	if p.Marked != nil {
		return errors.Join(inOrder(begin, end, stamp{"marked", p.Marked.At}),
			limits.Count("marked", "bytes", int64(len(p.Marked.Text)), limits.TextBytes))
	}
	return nil
}

// A stamp is a time in an outcome, by its key.
type stamp struct {
	key string
	at  clock.Time
}

// inOrder returns an error unless the times are in order, between begin and end. A time of 0 is not known.
func inOrder(begin, end clock.Time, stamps ...stamp) error {
	last := stamp{"the start of the process", begin}
	for _, s := range stamps {
		switch {
		case s.at == 0:
			continue
		case s.at < last.at:
			return fmt.Errorf("%s is %v before %s", s.key, last.at.Sub(s.at), last.key)
		case s.at > end:
			return fmt.Errorf("%s is %v after it arrived", s.key, s.at.Sub(end))
		}
		last = s
	}
	return nil
}

func isSum(text string) bool {
	if len(text) != 64 {
		return false
	}
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
