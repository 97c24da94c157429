package program_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

const (
	us   = 1000
	none = gotrace.None
)

// A script makes the events of a trace, with times in microseconds.
type script struct {
	symbols gotrace.Symbols
	events  []gotrace.Event
}

func (s *script) stack(f string) gotrace.StackID {
	if f == "" {
		return 0
	}
	return s.symbols.InternStack([]gotrace.Frame{{Func: f}})
}

// add adds an event that happened on goroutine by.
func (s *script) add(at clock.Time, by int64, ev gotrace.Event) {
	ev.Time, ev.G, ev.M = at*us, by, none
	s.events = append(s.events, ev)
}

// move lets goroutine g, at a function, go from one state to another, on P p.
func (s *script) move(at clock.Time, by, g, p int64, from, to gotrace.State, why gotrace.Reason, f string) {
	s.add(at, by, gotrace.Event{
		Kind: gotrace.GoTransition, P: p, Subject: g, From: from, To: to, Reason: why, SubjectStack: s.stack(f),
	})
}

func (s *script) run(at clock.Time, g, p int64) {
	s.move(at, none, g, p, gotrace.Runnable, gotrace.Running, 0, "")
}

func (s *script) block(at clock.Time, g, p int64, why gotrace.Reason, f string) {
	s.move(at, g, g, p, gotrace.Running, gotrace.Waiting, why, f)
}

func (s *script) wake(at clock.Time, by, g int64) {
	s.move(at, by, g, none, gotrace.Waiting, gotrace.Runnable, 0, "")
}

// operate lets goroutine g, on P p, do something with an object.
func (s *script) operate(at clock.Time, g, p int64, o gotrace.Operation) {
	task, _ := o.Pack()
	s.add(at, g, gotrace.Event{Kind: gotrace.Operated, P: p, Subject: none, Task: task})
}

// begin lets main run on P 0 from the beginning.
func (s *script) begin() {
	s.add(0, none, gotrace.Event{
		Kind: gotrace.MetricValue, Metric: gotrace.GOMAXPROCS, Value: 2, P: none, Subject: none,
	})
	s.move(0, none, 1, 0, gotrace.Undetermined, gotrace.Running, 0, "main.main")
}

func (s *script) program() *program.Program {
	r := replay.Replay{Symbols: &s.symbols}
	b := program.Builder{Symbols: &s.symbols}
	b.Add(r.Append(nil, s.events...))
	return b.Finish()
}

// ops returns what the goroutine did, with times in microseconds and without call stacks.
func ops(p *program.Program, id int64) []program.Op {
	for i := range p.Goroutines {
		if p.Goroutines[i].ID != id {
			continue
		}
		var out []program.Op
		for _, op := range p.Goroutines[i].Ops {
			if op.Kind == program.Run {
				op.Ref = 0
			}
			if op.Kind != program.Add {
				op.D /= us
			}
			out = append(out, op)
		}
		return out
	}
	return nil
}

func check(t *testing.T, p *program.Program, id int64, want ...program.Op) {
	t.Helper()
	if diff := cmp.Diff(want, ops(p, id)); diff != "" {
		t.Errorf("goroutine %d (-want +got):\n%s", id, diff)
	}
}

// Main runs for 10, creates goroutine 2, runs for 5, and waits for it. That was preempted after 20 of its 30, runs for
// 4 more after it has ended the wait, and ends.
func TestOperations(t *testing.T) {
	s := &script{}
	s.begin()
	s.move(10, 1, 2, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	s.block(15, 1, 0, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	s.run(15, 2, 0)
	s.move(35, 2, 2, 0, gotrace.Running, gotrace.Runnable, gotrace.Preempted, "main.work")
	s.run(40, 2, 0)
	s.wake(50, 2, 1)
	s.move(54, 2, 2, 0, gotrace.Running, gotrace.NotExist, 0, "")
	s.run(54, 1, 0)
	s.move(60, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	p := s.program()
	check(t, p, 1, program.Op{Kind: program.Run, D: 10}, program.Op{Kind: program.Create, Ref: 1},
		program.Op{Kind: program.Run, D: 5}, program.Op{Kind: program.Block}, program.Op{Kind: program.Run, D: 6})
	check(t, p, 2, program.Op{Kind: program.Run, D: 30}, program.Op{Kind: program.Wake},
		program.Op{Kind: program.Run, D: 4})
	if p.Work() != 55*time.Microsecond || p.Synced || p.Ps != 2 || p.Recorded != 60*time.Microsecond {
		t.Errorf("work %v, synced %v, %d Ps, recorded %v", p.Work(), p.Synced, p.Ps, p.Recorded)
	}
	want := []program.Pause{{G: 0, By: 1, Cause: cause.Join, End: 50 * us, Stack: p.Pauses[0].Stack}}
	if diff := cmp.Diff(want, p.Pauses); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

// A sleep of 100 is a delay of 100; of a system call of 50 the P was taken after 20, so 20 are work and 30 a delay; and
// a wait for the collector is none.
func TestOutside(t *testing.T) {
	s := &script{}
	s.begin()
	s.block(10, 1, 0, gotrace.Sleep, "time.Sleep")
	s.wake(110, none, 1)
	s.run(110, 1, 0)
	s.move(120, 1, 1, 0, gotrace.Running, gotrace.Syscall, 0, "main.read")
	s.add(140, none, gotrace.Event{
		Kind: gotrace.ProcTransition, P: none, Subject: 0, From: gotrace.Running, To: gotrace.Idle,
	})
	s.move(170, 1, 1, none, gotrace.Syscall, gotrace.Runnable, 0, "")
	s.run(175, 1, 0)
	s.block(180, 1, 0, gotrace.GCAssistWait, "main.make")
	s.wake(200, none, 1)
	s.run(200, 1, 0)
	s.move(203, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	p := s.program()
	if p.Late != 0 {
		t.Errorf("%v of delays were late, with a P idle", p.Late)
	}
	check(t, p, 1, program.Op{Kind: program.Run, D: 10},
		program.Op{Kind: program.Outside, Ref: int32(cause.Sleep), D: 100}, program.Op{Kind: program.Run, D: 30},
		program.Op{Kind: program.Outside, Ref: int32(cause.BlockSyscall), D: 30},
		program.Op{Kind: program.Run, D: 8})
}

// A goroutine sleeps for 100, and then for 200, at the end of which both Ps have others: those 200 may have been less.
func TestLate(t *testing.T) {
	s := &script{}
	s.begin()
	s.run(0, 2, 1)
	s.block(10, 2, 1, gotrace.Sleep, "time.Sleep")
	s.wake(110, none, 2)
	s.run(110, 2, 1)
	s.block(120, 2, 1, gotrace.Sleep, "time.Sleep")
	s.run(130, 3, 1)
	s.wake(320, none, 2)
	if p := s.program(); p.Late != 200*time.Microsecond {
		t.Errorf("%v of delays may have been late", p.Late)
	}
}

// With operations, those stand for the waits that they ended; what the runtime uses is left out, and so are receipts
// from a channel on which nobody sends, as that of a timer.
func TestSynced(t *testing.T) {
	s := &script{}
	s.begin()
	s.move(0, none, 9, none, gotrace.Undetermined, gotrace.Waiting, gotrace.SystemWait, "runtime.bgsweep")
	lock := gotrace.Operation{Op: gotrace.OpLock, Object: 0x100}
	unlock := gotrace.Operation{Op: gotrace.OpUnlock, Object: 0x100}
	s.move(1, 1, 2, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	s.operate(2, 1, 0, lock)
	s.run(3, 2, 1)
	s.block(4, 2, 1, gotrace.SyncWait, "sync.(*Mutex).Lock")
	s.operate(6, 1, 0, unlock)
	s.wake(6, 1, 2)
	s.operate(7, 1, 0, gotrace.Operation{Op: gotrace.OpMake, Object: 0x200, Amount: 3})
	s.operate(8, 1, 0, gotrace.Operation{Op: gotrace.OpSend, Object: 0x200, Amount: 3, Mode: gotrace.InSelect})
	s.operate(9, 1, 0, gotrace.Operation{Op: gotrace.OpRecv, Object: 0x300, Amount: 1})
	s.run(9, 2, 1)
	s.operate(10, 2, 1, lock)
	s.operate(11, 2, 1, unlock)
	s.operate(12, 2, 1, gotrace.Operation{Op: gotrace.OpRecv, Object: 0x200, Amount: 3})
	s.operate(13, 2, 1, gotrace.Operation{Op: gotrace.OpAdd, Object: 0x400, Amount: -2})
	s.move(14, 2, 2, 1, gotrace.Running, gotrace.NotExist, 0, "")
	p := s.program()
	check(t, p, 1, run(1), program.Op{Kind: program.Create, Ref: 2}, run(1),
		program.Op{Kind: program.Lock, D: 2}, run(4),
		program.Op{Kind: program.Unlock, D: 6}, run(2),
		program.Op{Kind: program.Send, Flags: program.Selected, Ref: 1, D: 8}, run(6))
	check(t, p, 2, run(2), program.Op{Kind: program.Lock, D: 10}, run(1),
		program.Op{Kind: program.Unlock, D: 11}, run(1),
		program.Op{Kind: program.Recv, Ref: 1, D: 12}, run(1), program.Op{Kind: program.Add, Ref: 3, D: -2}, run(1))
	if !p.Synced || p.Objects[1].Capacity != 3 {
		t.Errorf("synced %v, objects %+v", p.Synced, p.Objects)
	}
}

// Main runs for 10, begins a cycle of the garbage collector, for which it stops the world for 2, and helps it for 3.
// Its worker runs for 20. The call stack does not tell that a cycle begins; nor does it as the world is stopped once
// more.
func TestCycle(t *testing.T) {
	s := &script{}
	s.begin()
	s.add(0, none, gotrace.Event{
		Kind: gotrace.Label, P: none, Subject: 9, Name: s.symbols.Intern("GC (dedicated)"),
	})
	ranged := func(at clock.Time, k gotrace.Kind, r gotrace.RangeKind, name string) {
		s.add(at, 1, gotrace.Event{
			Kind: k, Range: r, P: 0, Subject: 1, Name: s.symbols.Intern(name), Stack: s.stack("runtime.mallocgc"),
		})
	}
	ranged(10, gotrace.RangeBegin, gotrace.StopTheWorld, "GC sweep termination")
	ranged(12, gotrace.RangeEnd, gotrace.StopTheWorld, "GC sweep termination")
	ranged(15, gotrace.RangeBegin, gotrace.GCMarkAssist, "")
	ranged(18, gotrace.RangeEnd, gotrace.GCMarkAssist, "")
	s.move(20, none, 9, 1, gotrace.Waiting, gotrace.Running, 0, "runtime.gcBgMarkWorker")
	s.block(40, 9, 1, gotrace.SystemWait, "runtime.gcBgMarkWorker")
	ranged(50, gotrace.RangeBegin, gotrace.StopTheWorld, "GC mark termination")
	ranged(51, gotrace.RangeEnd, gotrace.StopTheWorld, "GC mark termination")
	p := s.program()
	if diff := cmp.Diff([]time.Duration{20 * us}, p.Cycles); diff != "" || p.Marking != 23*us {
		t.Errorf("cycles: %s, marking %v", diff, p.Marking)
	}
	collecting := func(d int64) program.Op { return program.Op{Kind: program.Run, Flags: program.Collecting, D: d} }
	check(t, p, 1, run(10), program.Op{Kind: program.Collect}, collecting(2), run(3), collecting(3), run(32), collecting(1))
}

// A lock that somebody has cannot be acquired: where it is, another lock is where that was in memory, and who has the
// first one keeps it. Readers share one. A send that only tries never waits.
func TestAbandoned(t *testing.T) {
	s := &script{}
	s.begin()
	of := func(op gotrace.Op) gotrace.Operation { return gotrace.Operation{Op: op, Object: 0x100} }
	for at, op := range []gotrace.Op{
		gotrace.OpLock, gotrace.OpUnlock, gotrace.OpLock, gotrace.OpLock, gotrace.OpUnlock, gotrace.OpRLock,
		gotrace.OpRLock, gotrace.OpRUnlock, gotrace.OpLock, gotrace.OpRLock,
	} {
		s.operate(clock.Time(at+1), 1, 0, of(op))
	}
	s.operate(11, 1, 0, gotrace.Operation{Op: gotrace.OpSend, Object: 0x200, Mode: gotrace.NonBlocking})
	var got []int32
	p := s.program()
	for _, op := range p.Goroutines[0].Ops {
		if op.Kind != program.Run {
			got = append(got, op.Ref)
		}
		kept := op.Kind == program.Lock && (op.D == 3000 || op.D == 9000)
		if (op.Flags == program.Tried) != (op.Kind == program.Send) || (op.Flags == program.Kept) != kept {
			t.Errorf("%+v", op)
		}
	}
	if diff := cmp.Diff([]int32{0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4}, got); diff != "" {
		t.Error(diff)
	}
}

// A join depends on all siblings that had ended; one that was created later, or that goes on, is none of them.
func TestJoin(t *testing.T) {
	s := &script{}
	s.begin()
	for g := int64(2); g <= 4; g++ {
		s.move(clock.Time(g), 1, g, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	}
	s.block(5, 1, 0, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	s.run(5, 2, 0)
	s.move(15, 2, 2, 0, gotrace.Running, gotrace.NotExist, 0, "")
	s.run(15, 3, 0)
	s.block(20, 3, 0, gotrace.ChanReceive, "main.work")
	s.run(20, 4, 0)
	s.wake(30, 4, 1)
	s.move(31, 4, 4, 0, gotrace.Running, gotrace.NotExist, 0, "")
	s.run(31, 1, 0)
	s.move(200, 1, 5, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	p := s.program()
	if diff := cmp.Diff([]int32{1}, p.Joins); diff != "" {
		t.Errorf("joins (-want +got):\n%s", diff)
	}
}

// With records of the OS only what was on a core is running time: 4 of 10 µs that others interrupted, and 3 of a system
// call of 20, in which the thread was ready for 5 and blocked for the rest.
func TestOnCore(t *testing.T) {
	s := &script{}
	s.begin()
	s.move(10, 1, 1, 0, gotrace.Running, gotrace.Syscall, 0, "syscall.read")
	s.move(30, 1, 1, 0, gotrace.Syscall, gotrace.Running, 0, "")
	s.move(30, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	for i := range s.events {
		s.events[i].M = 77
	}
	r := replay.Replay{Symbols: &s.symbols}
	b := program.Builder{Symbols: &s.symbols, OnCPU: func(thread int64, from, to clock.Time) (on, ready time.Duration) {
		if thread != 77 {
			t.Errorf("thread %d", thread)
		}
		if to <= 10*us {
			return 4 * us, 0
		}
		return 3 * us, 5 * us
	}}
	b.Add(r.Append(nil, s.events...))
	check(t, b.Finish(), 1, run(7), program.Op{Kind: program.Outside, Ref: int32(cause.BlockSyscall), D: 12})
}

// Four samples while goroutine 1 runs: from the first to the last it ran for 30.
func TestSamples(t *testing.T) {
	s := &script{}
	s.begin()
	for at := clock.Time(10); at <= 40; at += 10 {
		s.add(at, 1, gotrace.Event{Kind: gotrace.StackSample, P: 0, Subject: none, Stack: s.stack("main.main")})
	}
	s.move(90, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	if got := s.program().Samples; got != (program.Samples{Count: 3, Ran: 30 * us}) {
		t.Errorf("%+v", got)
	}
}

// What is before the window is no part of the program; a goroutine that waits when it begins goes on when that ends.
func TestWindow(t *testing.T) {
	s := &script{}
	s.begin()
	s.move(10, 1, 2, none, gotrace.NotExist, gotrace.Runnable, 0, "main.work")
	s.run(10, 2, 1)
	s.block(20, 2, 1, gotrace.ChanReceive, "main.work")
	s.wake(50, 1, 2)
	s.run(51, 2, 1)
	s.move(70, 2, 2, 1, gotrace.Running, gotrace.NotExist, 0, "")
	s.move(90, 1, 1, 0, gotrace.Running, gotrace.NotExist, 0, "")
	r := replay.Replay{Symbols: &s.symbols}
	b := program.Builder{Symbols: &s.symbols, From: 30 * us, To: 80 * us}
	b.Add(r.Append(nil, s.events...))
	p := b.Finish()
	check(t, p, 1, program.Op{Kind: program.Run, D: 20}, program.Op{Kind: program.Wake},
		program.Op{Kind: program.Run, D: 30})
	check(t, p, 2, program.Op{Kind: program.Block}, program.Op{Kind: program.Run, D: 19})
	if p.Recorded != 50*time.Microsecond {
		t.Errorf("recorded %v", p.Recorded)
	}
}

// Any events give a program whose operations refer to what there is: goroutines, waits, objects.
func TestAnyEvents(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 7))
		s := &script{}
		at := clock.Time(0)
		for range 300 {
			at += clock.Time(rng.IntN(3))
			g, by, p := rng.Int64N(6)+1, rng.Int64N(7), rng.Int64N(3)-1
			if by == 0 {
				by = none
			}
			switch rng.IntN(8) {
			case 0:
				s.add(at, none, gotrace.Event{Kind: gotrace.Gap, P: none, Subject: none})
			case 1:
				s.operate(at, g, p, gotrace.Operation{
					Op: gotrace.Op(rng.IntN(20)), Mode: gotrace.Mode(rng.IntN(8)), Object: uint64(rng.IntN(4)) << 4,
					Amount: rng.Int64N(5) - 2,
				})
			default:
				from, to := gotrace.State(rng.IntN(7)), gotrace.State(rng.IntN(5)+1)
				s.move(at, by, g, p, from, to, gotrace.Reason(rng.IntN(20)), "main.work")
			}
		}
		p := s.program()
		for i := range p.Goroutines {
			for _, op := range p.Goroutines[i].Ops {
				most := len(p.Objects)
				switch op.Kind {
				case program.Run, program.Outside, program.Yield:
					most = 1 << 30
				case program.Create:
					most = len(p.Goroutines)
				case program.Wake, program.Block:
					most = len(p.Pauses)
				case program.Collect:
					most = len(p.Cycles)
				}
				if op.Ref < 0 || int(op.Ref) >= most || op.D < 0 && op.Kind != program.Add {
					t.Fatalf("seed %d: %+v, of %d", seed, op, most)
				}
			}
		}
	}
}

func run(us int64) program.Op { return program.Op{Kind: program.Run, D: us} }
