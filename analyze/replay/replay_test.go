package replay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

const none = gotrace.None

// A script makes events by hand.
type script struct {
	sym gotrace.Symbols
	r   replay.Replay
	t   clock.Time
	out []replay.Step
}

func newScript() *script {
	s := &script{}
	s.r.Symbols = &s.sym
	return s
}

// at sets the time of the events that follow.
func (s *script) at(t clock.Time) *script {
	s.t = t
	return s
}

func (s *script) add(ev gotrace.Event) {
	ev.Time = s.t
	s.out = s.r.Append(s.out, ev)
}

func (s *script) stack(funcs ...string) gotrace.StackID {
	var frames []gotrace.Frame
	for _, f := range funcs {
		frames = append(frames, gotrace.Frame{Func: f})
	}
	return s.sym.InternStack(frames)
}

// create lets goroutine by make goroutine id, which starts in that function.
func (s *script) create(by, id int64, start string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, G: by, P: none, M: none, Subject: id, From: gotrace.NotExist, To: gotrace.Runnable,
		Stack: s.stack("main.main"), SubjectStack: s.stack(start),
	})
}

// move takes goroutine id from one state to another, made by goroutine by on that P and thread, for a reason and at a
// stack of its own.
func (s *script) move(by, id, p, m int64, from, to gotrace.State, why gotrace.Reason, at ...string) {
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, G: by, P: p, M: m, Subject: id, From: from, To: to, Reason: why,
		SubjectStack: s.stack(at...),
	})
}

func (s *script) kind(k gotrace.Kind) {
	s.add(gotrace.Event{Kind: k, G: none, P: none, M: none, Subject: none})
}

func (s *script) region(k gotrace.Kind, g int64, name string) {
	s.add(gotrace.Event{Kind: k, G: g, P: none, M: none, Subject: none, Name: s.sym.Intern(name)})
}

// written is the steps so far, a line each, without ticks, births, names and threads; then they are forgotten.
func (s *script) written() string {
	names := map[replay.Kind]string{
		replay.Change: "change", replay.Lost: "lost", replay.Shift: "shift", replay.Relabel: "relabel",
		replay.Enter: "enter",
		replay.Leave: "leave", replay.Refused: "refused", replay.SerialBegin: "serial", replay.SerialEnd: "serial ends",
		replay.RegionBegin: "region", replay.RegionEnd: "region ends", replay.Stray: "stray", replay.Sample: "sample",
		replay.Procs: "procs", replay.Proc: "proc", replay.Sync: "sync", replay.Whole: "whole", replay.Gap: "gap",
	}
	var b strings.Builder
	for _, x := range s.out {
		name, ok := names[x.Kind]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%d %s", x.Time, name)
		if x.G != replay.None {
			fmt.Fprintf(&b, " g%d", x.G)
		}
		switch x.Kind {
		case replay.Change, replay.Lost, replay.Shift, replay.Relabel:
			fmt.Fprintf(&b, " %s", x.Cause)
		case replay.Enter, replay.Leave, replay.Refused:
			fmt.Fprintf(&b, " worker %d", x.ID)
		}
		if x.P != replay.None {
			fmt.Fprintf(&b, " P%d", x.P)
		}
		if x.By != replay.None {
			fmt.Fprintf(&b, " by g%d", x.By)
		}
		if x.Since != x.Time {
			fmt.Fprintf(&b, " since %d", x.Since)
		}
		if x.Odd {
			b.WriteString(" odd")
		}
		b.WriteByte('\n')
	}
	s.out = nil
	return b.String()
}

func check(t *testing.T, s *script, want string) {
	t.Helper()
	if d := cmp.Diff(strings.TrimLeft(want, "\n"), s.written()); d != "" {
		t.Error(d)
	}
}

// Goroutine 1 (slot 0) ran from the start, 100, which the trace tells at 110. It makes goroutine 2 (slot 1), which
// takes P 1, waits for a mutex and is woken by goroutine 1; it sleeps, and nobody but a timer wakes it, whoever the
// event is of; it loses its P in a system call.
func TestStates(t *testing.T) {
	s := newScript()
	s.at(100).kind(gotrace.Sync)
	s.at(110).move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0, "main.main")
	s.at(120).create(1, 2, "main.work")
	s.at(130).move(none, 2, 1, 8, gotrace.Runnable, gotrace.Running, 0)
	s.at(140).move(2, 2, 1, 8, gotrace.Running, gotrace.Waiting, gotrace.SyncWait, "sync.(*Mutex).Lock", "main.work")
	s.at(150).move(1, 2, 0, 7, gotrace.Waiting, gotrace.Runnable, 0)
	s.at(160).move(none, 2, 1, 8, gotrace.Runnable, gotrace.Running, 0)
	s.at(170).move(2, 2, 1, 8, gotrace.Running, gotrace.Waiting, gotrace.Sleep, "time.Sleep")
	s.at(180).move(1, 2, 0, 7, gotrace.Waiting, gotrace.Runnable, 0)
	s.at(190).move(none, 2, 1, 8, gotrace.Runnable, gotrace.Running, 0)
	s.at(200).move(2, 2, 1, 8, gotrace.Running, gotrace.Syscall, 0, "syscall.read")
	s.at(210).add(gotrace.Event{
		Kind: gotrace.ProcTransition, G: none, P: none, M: none, Subject: 1, From: gotrace.Running, To: gotrace.Idle,
	})
	s.at(220).move(none, 2, none, 8, gotrace.Syscall, gotrace.Runnable, 0)
	s.at(230).move(2, 2, none, none, gotrace.Runnable, gotrace.NotExist, 0)
	check(t, s, `
100 sync
110 change g0 user P0 since 100
120 change g1 sched.latency by g0
130 change g1 user P1
140 change g1 block.mutex
150 change g1 sched.latency by g0
160 change g1 user P1
170 change g1 block.sleep
180 change g1 sched.latency
190 change g1 user P1
200 change g1 syscall P1
210 proc P1
210 lost g1 block.syscall
220 change g1 sched.latency
230 change g1 unknown
`)
}

// A goroutine of the garbage collector is one by its start; the program's goroutine assists, sweeps and stops the world
// on its own time. What a goroutine of the runtime waits for is no wait of the program, and a goroutine of the runtime
// wakes nobody.
func TestCollector(t *testing.T) {
	s := newScript()
	s.at(1).kind(gotrace.Sync)
	s.move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0, "main.main")
	s.create(1, 2, "runtime.gcBgMarkWorker")
	s.at(2).move(none, 2, 1, 8, gotrace.Runnable, gotrace.Running, 0)
	s.at(3).add(gotrace.Event{
		Kind: gotrace.Label, Subject: 2, Name: s.sym.Intern("GC (idle)"), G: none, P: none, M: none,
	})
	ranged := func(k gotrace.Kind, r gotrace.RangeKind, subject int64, name string) {
		s.add(gotrace.Event{Kind: k, Range: r, Subject: subject, Name: s.sym.Intern(name), G: 1, P: 0, M: 7})
	}
	s.at(4).kind(gotrace.Sync) // what comes from now on is told in time
	ranged(gotrace.RangeBegin, gotrace.GCMarkAssist, 1, "")
	ranged(gotrace.RangeEnd, gotrace.GCMarkAssist, 1, "")
	ranged(gotrace.RangeBegin, gotrace.GCSweep, 0, "")
	ranged(gotrace.RangeEnd, gotrace.GCSweep, 0, "")
	ranged(gotrace.RangeBegin, gotrace.StopTheWorld, 1, "GC sweep termination")
	ranged(gotrace.RangeEnd, gotrace.StopTheWorld, 1, "GC sweep termination")
	ranged(gotrace.RangeBegin, gotrace.StopTheWorld, 1, "stop trace")
	ranged(gotrace.RangeEnd, gotrace.StopTheWorld, 1, "stop trace")
	s.at(5).move(1, 1, 0, 7, gotrace.Running, gotrace.Waiting, gotrace.ChanReceive, "runtime.chanrecv1", "main.main")
	s.at(6).move(2, 1, 1, 8, gotrace.Waiting, gotrace.Runnable, 0)
	s.at(7).move(2, 2, 1, 8, gotrace.Running, gotrace.Waiting, gotrace.SystemWait, "runtime.gopark",
		"runtime.gcBgMarkWorker")
	check(t, s, `
1 sync
1 change g0 user P0
1 change g1 sched.latency by g0
2 change g1 gc.dedicated P1
3 relabel g1 gc.idle P1
4 sync
4 shift g0 gc.assist P0
4 shift g0 user P0
4 shift g0 gc.sweep P0
4 shift g0 user P0
4 shift g0 gc.stw P0
4 shift g0 user P0
4 shift g0 tracer P0
4 shift g0 user P0
5 change g0 block.chan.recv
6 change g0 sched.latency
7 change g1 runtime
`)
}

// Whatever a goroutine of the program waits for inside the recorder, the recording does, and nobody of the program ends
// it; a function of the program that the recorder's library calls is not inside.
func TestRecorder(t *testing.T) {
	for _, tt := range []struct {
		stack []string
		why   gotrace.Reason
		want  string
	}{
		{
			[]string{"runtime.selectgo", "net/http/pprof.sleep", "net/http/pprof.Trace", "main.(*mux).route"},
			gotrace.Select,
			"tracer",
		},
		{
			[]string{"runtime.traceAdvance", "runtime.StopTrace", "runtime/trace.Stop", "testing.(*M).after"},
			gotrace.SyncWait,
			"tracer",
		},
		{
			[]string{"sync.(*Mutex).Lock", "runtime/trace.(*FlightRecorder).WriteTo", "main.main"},
			gotrace.SyncWait,
			"tracer",
		},
		{[]string{"time.Sleep", "runtime/pprof.StopCPUProfile", "main.main"}, gotrace.Sleep, "tracer"},
		{[]string{"sync.(*Mutex).Lock", "main.f", "runtime/trace.WithRegion", "main.main"}, gotrace.SyncWait, "block.mutex"},
		{[]string{"sync.(*Mutex).Lock", "main.f", "runtime/pprof.Do", "main.main"}, gotrace.SyncWait, "block.mutex"},
	} {
		s := newScript()
		s.at(1).move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0, "main.main")
		s.move(none, 2, 1, 8, gotrace.Undetermined, gotrace.Running, 0, "main.main")
		s.out = nil
		s.at(2).move(1, 1, 0, 7, gotrace.Running, gotrace.Waiting, tt.why, tt.stack...)
		s.at(3).move(2, 1, 1, 8, gotrace.Waiting, gotrace.Runnable, 0)
		by := ""
		if tt.want != "tracer" {
			by = " by g1"
		}
		check(t, s, "2 change g0 "+tt.want+"\n3 change g0 sched.latency"+by+"\n")
	}
}

// Of two goroutines that say that they are worker 3, the first is, until it ends; a region that began before the
// recording is a stray.
func TestWorkers(t *testing.T) {
	s := newScript()
	s.at(1).kind(gotrace.Sync)
	s.at(2).region(gotrace.RegionEnd, 1, "worker 9")
	s.region(gotrace.RegionBegin, 1, "worker 3")
	s.region(gotrace.RegionBegin, 2, "worker 3")
	s.region(gotrace.RegionBegin, 1, "task 5")
	s.region(gotrace.RegionEnd, 1, "task 5")
	s.region(gotrace.RegionEnd, 2, "worker 3")
	s.at(3).region(gotrace.RegionBegin, 2, "before")
	s.move(2, 2, none, none, gotrace.Running, gotrace.NotExist, 0)
	s.at(4).move(1, 1, none, none, gotrace.Running, gotrace.NotExist, 0)
	s.region(gotrace.RegionBegin, 4, "worker 3")
	check(t, s, `
1 sync
2 stray g0
2 enter g0 worker 3
2 refused g1 worker 3 odd
2 region g0
2 region ends g0
3 serial g1
3 serial ends g1
3 change g1 unknown
4 leave g0 worker 3
4 change g0 unknown
4 enter g2 worker 3
`)
}

// A process has at most 4096 workers: a region with the name of another is one of the program's own. A trace of 20 MB
// with a new worker in each region took 1.4 GB.
func TestTooManyWorkers(t *testing.T) {
	s := newScript()
	s.at(1).kind(gotrace.Sync)
	s.at(2).region(gotrace.RegionBegin, 1, "worker 4095")
	s.region(gotrace.RegionBegin, 2, "worker 4096")
	s.region(gotrace.RegionBegin, 3, "worker 2147483647")
	check(t, s, `
1 sync
2 enter g0 worker 4095
2 region g1
2 region g2
`)
}

// After a gap from 10 to 20 the trace tells at 25 that goroutine 1 runs, as it did since 20. Of goroutine 2, worker 0,
// nothing is told in the whole generation: it has ended; goroutine 3 took its place before that was clear.
func TestGap(t *testing.T) {
	s := newScript()
	s.at(1).kind(gotrace.Sync)
	s.at(2).move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0, "main.main")
	s.move(none, 2, 1, 8, gotrace.Undetermined, gotrace.Running, 0, "main.work")
	s.region(gotrace.RegionBegin, 2, "worker 0")
	s.at(10).kind(gotrace.Gap)
	s.at(20).kind(gotrace.Sync)
	s.at(25).move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0)
	s.region(gotrace.RegionBegin, 3, "worker 0")
	s.move(none, 3, 1, 8, gotrace.Undetermined, gotrace.Running, 0, "main.work")
	s.at(30).kind(gotrace.Sync)
	check(t, s, `
1 sync
2 change g0 user P0 since 1
2 change g1 user P1 since 1
2 enter g1 worker 0 P1
10 gap
20 sync
25 change g0 user P0 since 20
25 leave g1 worker 0
25 enter g2 worker 0
25 change g2 user P1 since 20
30 sync
30 change g1 unknown
30 whole
`)
}

// A trace that gives one P to two goroutines contradicts itself: the first has lost it.
func TestContradiction(t *testing.T) {
	s := newScript()
	s.at(1).kind(gotrace.Sync)
	s.at(2).kind(gotrace.Sync)
	s.at(3).move(none, 1, 0, 7, gotrace.Undetermined, gotrace.Running, 0, "main.main")
	s.at(4).move(none, 2, 0, 8, gotrace.Undetermined, gotrace.Running, 0, "main.work")
	s.at(5).move(none, 2, 1<<16, 8, gotrace.Runnable, gotrace.Running, 0)
	check(t, s, `
1 sync
2 sync
3 change g0 user P0
4 lost g0 unknown odd
4 change g1 user P0
5 change g1 unknown odd
`)
}

// The slot of a goroutine that has ended stays as it was while the next 64 end, so that folds can look back.
func TestSlots(t *testing.T) {
	s := newScript()
	slots := map[int32]int64{}
	reused := 0
	for id := range int64(200) {
		s.create(none, id, "main.work")
		s.move(id, id, none, none, gotrace.Running, gotrace.NotExist, 0)
		for _, x := range s.out {
			if x.Kind != replay.Born {
				continue
			}
			if old, ok := slots[x.G]; ok {
				reused++
				if x.ID-old < 65 {
					t.Errorf("goroutine %d has the slot of goroutine %d", x.ID, old)
				}
			}
			slots[x.G] = x.ID
		}
		s.out = nil
	}
	if reused == 0 || len(slots) > 66 {
		t.Errorf("%d slots, %d used again", len(slots), reused)
	}
}

// A goroutine in a system call since before the recording is the runtime's as long as nothing else is known of it: a
// thread of C, which here calls into Go at 300. So is one that is made at 310 without a start and has not run. One
// whose start is known is the program's. Of the waits of the others no part is ever charged.
func TestThreadOfC(t *testing.T) {
	s := newScript()
	s.at(100).kind(gotrace.Sync)
	s.at(110).move(2, 2, none, none, gotrace.Undetermined, gotrace.Syscall, 0)
	s.at(120).move(3, 3, none, none, gotrace.Undetermined, gotrace.Syscall, 0, "main.read")
	s.at(300).move(none, 2, 0, 7, gotrace.Syscall, gotrace.Running, 0)
	s.at(310).create(2, 4, "")
	s.at(320).move(4, 4, none, none, gotrace.Runnable, gotrace.Syscall, 0)
	type state struct {
		g      int32
		state  gotrace.State
		whose  replay.Whose
		weight replay.Weight
	}
	var got []state
	for _, step := range s.out {
		if step.Kind == replay.Change {
			got = append(got, state{step.G, step.State, step.Whose, step.Wait.Weight})
		}
	}
	want := []state{
		{0, gotrace.Syscall, replay.OfRuntime, replay.NoWeight},
		{1, gotrace.Syscall, replay.OfProgram, replay.Doubtful},
		{0, gotrace.Running, replay.OfProgram, 0},
		{2, gotrace.Runnable, replay.OfProgram, 0},
		{2, gotrace.Syscall, replay.OfRuntime, replay.NoWeight},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(state{})); d != "" {
		t.Error(d)
	}
}
