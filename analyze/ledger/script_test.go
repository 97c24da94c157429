package ledger

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A script makes events by hand. All times are in microseconds.
type script struct {
	sym gotrace.Symbols
	evs []gotrace.Event
}

const none = gotrace.None

func (s *script) add(ev gotrace.Event) {
	ev.Time *= 1000
	s.evs = append(s.evs, ev)
}

// stack is the stack of the named functions, innermost first.
func (s *script) stack(funcs ...string) gotrace.StackID {
	var frames []gotrace.Frame
	for i, f := range funcs {
		frames = append(frames, gotrace.Frame{Func: f, File: "x.go", Line: i + 1})
	}
	return s.sym.InternStack(frames)
}

func (s *script) procs(t, n int64) {
	s.add(gotrace.Event{Kind: gotrace.Sync, Time: clock.Time(t), G: none, P: none, M: none, Subject: none})
	s.add(gotrace.Event{
		Kind: gotrace.MetricValue, Metric: gotrace.GOMAXPROCS, Value: n, Time: clock.Time(t), G: none, P: none, M: none,
		Subject: none,
	})
}

// create lets goroutine by, at stack main.spawn, make goroutine id.
func (s *script) create(t, by, id int64, start string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: by, P: none, M: none, Subject: id, From: gotrace.NotExist,
		To:    gotrace.Runnable,
		Stack: s.stack("main.spawn"), SubjectStack: s.stack(start),
	})
}

// run lets goroutine id run on a P.
func (s *script) run(t, id, p int64, from gotrace.State) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: none, P: p, M: p, Subject: id, From: from,
		To: gotrace.Running,
	})
}

// block lets goroutine id wait.
func (s *script) block(t, id int64, why gotrace.Reason, funcs ...string) {
	st := s.stack(funcs...)
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: id, P: none, M: none, Subject: id, From: gotrace.Running,
		To: gotrace.Waiting, Reason: why,
		Stack: st, SubjectStack: st,
	})
}

// wake lets goroutine by, at stack main.<by function>, end the wait of goroutine id.
func (s *script) wake(t, by, id int64, funcs ...string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: by, P: none, M: none, Subject: id, From: gotrace.Waiting,
		To:    gotrace.Runnable,
		Stack: s.stack(funcs...),
	})
}

func (s *script) end(t, id int64) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: id, P: none, M: none, Subject: id, From: gotrace.Running,
		To: gotrace.NotExist,
	})
}

func (s *script) syscall(t, id int64, funcs ...string) {
	st := s.stack(funcs...)
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: id, P: none, M: none, Subject: id, From: gotrace.Running,
		To: gotrace.Syscall, Stack: st, SubjectStack: st,
	})
}

// retake takes P away.
func (s *script) retake(t, p int64) {
	s.add(gotrace.Event{
		Kind: gotrace.ProcTransition, Time: clock.Time(t), G: none, P: none, M: none, Subject: p, From: gotrace.Running,
		To: gotrace.Idle,
	})
}

func (s *script) sample(t, g int64, funcs ...string) {
	s.add(gotrace.Event{
		Kind: gotrace.StackSample, Time: clock.Time(t), G: g, P: none, M: none, Subject: none, Stack: s.stack(funcs...),
	})
}

func (s *script) ranged(t, subject int64, r gotrace.RangeKind, k gotrace.Kind, name string) {
	s.add(gotrace.Event{
		Kind: k, Range: r, Time: clock.Time(t), G: none, P: none, M: none, Subject: subject, Name: s.sym.Intern(name),
	})
}

func (s *script) region(t, g int64, name string, k gotrace.Kind) {
	s.add(gotrace.Event{Kind: k, Time: clock.Time(t), G: g, P: none, M: none, Subject: none, Name: s.sym.Intern(name)})
}

func (s *script) finish(t *testing.T, b *Builder) *Ledger {
	t.Helper()
	b.Symbols = &s.sym
	r := replay.Replay{Rank: b.Rank, Symbols: b.Symbols}
	for i := range s.evs {
		b.Add(r.Append(nil, s.evs[i]))
	}
	l := b.Finish()
	if err := Validate(l); err != nil {
		t.Fatal(err)
	}
	return l
}

// A line is one stack pair of a ledger: cause, innermost functions, microseconds.
type line struct {
	Cause           cause.Cause
	Waiting, Blamed string
	US              int64
}

// lines are the stack pairs of l, rows in their order.
func lines(l *Ledger) []line {
	var out []line
	top := func(st []gotrace.Frame) string {
		if len(st) == 0 {
			return ""
		}
		return st[0].Func
	}
	for _, r := range l.Rows {
		for _, s := range r.Stacks {
			out = append(out, line{
				r.Cause, top(s.Waiting), top(s.Blamed), int64(time.Duration(s.Time) / time.Microsecond),
			})
		}
	}
	return out
}

func TestCodesAreTheCauses(t *testing.T) {
	all := cause.All()
	if len(all) != cause.Count {
		t.Fatalf("%d causes, %d codes", len(all), cause.Count)
	}
	for i, c := range all {
		if got := cause.Cause(i); got != c {
			t.Errorf("code %d is %s, want %s", i, got, c)
		}
	}
}
