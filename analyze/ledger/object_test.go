package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// operate lets goroutine id do an operation, at the stack of the named functions, if any.
func (s *script) operate(t, id int64, o gotrace.Operation, funcs ...string) {
	task, _ := o.Pack()
	ev := gotrace.Event{
		Kind: gotrace.Operated, Time: clock.Time(t), G: id, P: none, M: none, Subject: none, Task: task,
	}
	if len(funcs) > 0 {
		ev.Stack = s.stack(funcs...)
	}
	s.add(ev)
}

// A waited is what waits of one cause were for: innermost functions, and microseconds.
type waited struct {
	Cause   cause.Cause
	Waiting string
	US      int64
	Objects []Object
}

func waitedFor(l *Ledger) []waited {
	var out []waited
	for _, r := range l.Rows {
		for _, s := range r.Stacks {
			if len(s.Objects) > 0 {
				w := waited{r.Cause, s.Waiting[0].Func, int64(time.Duration(s.Time) / time.Microsecond), nil}
				for _, o := range s.Objects {
					o.Origin = o.Origin[:1]
					w.Objects = append(w.Objects, o)
				}
				out = append(out, w)
			}
		}
	}
	return out
}

func frame(f string) []gotrace.Frame { return []gotrace.Frame{{Func: f, File: "x.go", Line: 1}} }

const (
	lockA, lockB = 0xc000010000, 0xc000010040
	aChannel     = 0xc000020000
)

// On two Ps, goroutine 1 holds one after the other two locks that goroutine 2 waits for at one place: the first for 30,
// in two waits as another was faster after 10, and the second for 10. A quarter of the 40 is the second's. They were
// first used at different places. Then 2 waits for 20 in sync.(*Map).Store, which tells of no operation: its next one,
// on the first lock, is another matter.
func TestLocksAreNamed(t *testing.T) {
	s := &script{}
	lock := func(a uint64) gotrace.Operation { return gotrace.Operation{Op: gotrace.OpLock, Object: a} }
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.operate(1, 1, lock(lockA), "sync.(*Mutex).Lock", "main.first")
	s.operate(2, 1, lock(lockB), "sync.(*Mutex).Lock", "main.second")
	wait := func(from, to int64, funcs ...string) {
		s.block(from, 2, gotrace.SyncWait, funcs...)
		s.wake(to, 1, 2, "main.put")
		s.run(to, 2, 1, runnable)
	}
	wait(10, 20, "sync.(*Mutex).Lock", "main.get")
	wait(20, 40, "sync.(*Mutex).Lock", "main.get")
	s.operate(40, 2, lock(lockA))
	wait(50, 60, "sync.(*Mutex).Lock", "main.get")
	s.operate(60, 2, lock(lockB))
	wait(70, 90, "internal/sync.(*Mutex).Lock", "sync.(*Map).Store")
	s.operate(90, 2, lock(lockA))
	s.end(100, 2)
	s.end(100, 1)
	got := waitedFor(s.finish(t, &Builder{Rank: 3, To: 100_000}))
	want := []waited{{cause.Mutex, "sync.(*Mutex).Lock", 40, []Object{
		{Thing: gotrace.Lock, Origin: frame("sync.(*Mutex).Lock"), Rank: 3, Number: 0, Part: 0.75},
		{Thing: gotrace.Lock, Origin: frame("sync.(*Mutex).Lock"), Rank: 3, Number: 1, Part: 0.25},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Channels that are made at one place are one object, whatever their capacities; the trace tells of which it is that
// they were made. A wait of which no operation tells, as the recording ends, leaves its part unnamed.
func TestChannelsAreNamed(t *testing.T) {
	s := &script{}
	channel := func(op gotrace.Op, a uint64, room int64) gotrace.Operation {
		return gotrace.Operation{Op: op, Object: a, Amount: room}
	}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.operate(1, 1, channel(gotrace.OpMake, aChannel, 8), "main.build")
	s.operate(2, 1, channel(gotrace.OpMake, aChannel+64, 9), "main.build")
	wait := func(from, to int64) {
		s.block(from, 2, gotrace.ChanSend, "runtime.chansend1", "main.give")
		s.wake(to, 1, 2, "main.take")
		s.run(to, 2, 1, runnable)
	}
	wait(10, 20)
	s.operate(20, 2, channel(gotrace.OpSend, aChannel, 8))
	wait(30, 40)
	s.operate(40, 2, channel(gotrace.OpSend, aChannel+64, 9))
	wait(50, 70)
	s.end(100, 2)
	s.end(100, 1)
	got := waitedFor(s.finish(t, &Builder{To: 100_000}))
	want := []waited{{cause.ChanSend, "runtime.chansend1", 40, []Object{{
		Thing: gotrace.Channel, Capacity: Several, Origin: frame("main.build"), Made: true, Number: Several, Part: 0.5,
	}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Objects of different processes are several, and their parts are of the time of both.
func TestJoinObjects(t *testing.T) {
	of := func(rank int, part float64) Object {
		return Object{Thing: gotrace.Lock, Origin: frame("main.f"), Rank: rank, Number: 1, Part: part}
	}
	other := Object{Thing: gotrace.Channel, Origin: frame("main.f"), Made: true, Number: 2, Part: 0.5}
	got := JoinObjects(&Stack{Time: 30, Objects: []Object{of(0, 1)}}, &Stack{Time: 10, Objects: []Object{of(1, 0.5), other}})
	joined := of(0, 0.875)
	joined.Number = Several
	other.Part = 0.125
	if diff := cmp.Diff([]Object{joined, other}, got); diff != "" {
		t.Error(diff)
	}
}
