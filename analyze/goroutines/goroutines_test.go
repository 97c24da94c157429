package goroutines

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A schedule feeds transitions to a Builder.
type schedule struct {
	Builder
	sym    gotrace.Symbols
	replay replay.Replay
}

// Add gives the steps of an event to the builder.
func (s *schedule) Add(ev *gotrace.Event) {
	s.Builder.Add(s.replay.Append(nil, *ev))
}

func newSchedule() *schedule {
	s := &schedule{}
	s.Symbols, s.replay.Symbols = &s.sym, &s.sym
	s.Add(&gotrace.Event{Time: 100, Kind: gotrace.Sync, G: gotrace.None, P: gotrace.None, M: gotrace.None})
	return s
}

func (s *schedule) stack(funcs ...string) gotrace.StackID {
	var frames []gotrace.Frame
	for i, f := range funcs {
		frames = append(frames, gotrace.Frame{Func: f, File: "x.go", Line: i + 1})
	}
	return s.sym.InternStack(frames)
}

// trans says that goroutine g goes from one state to another. A reason may come with the stack of the wait.
func (s *schedule) trans(t, g, p int64, from, to gotrace.State, reason gotrace.Reason, stack ...string) {
	ev := gotrace.Event{
		Time: clock.Time(t), Kind: gotrace.GoTransition, G: g, P: p, M: 1, Subject: g, From: from, To: to,
		Reason: reason,
	}
	ev.SubjectStack = s.stack(stack...)
	s.Add(&ev)
}

func (s *schedule) create(t, g int64, start string) {
	s.trans(t, g, 0, gotrace.NotExist, gotrace.Runnable, gotrace.NoReason, start)
}

// one is the spread of a single time.
func one(d time.Duration) Spread { return Spread{Count: 1, Total: d, Min: d, Median: d, Max: d} }

// Goroutine 1 was there before the trace (from 100) and runs main.main until 200. It then waits in a WaitGroup to 500
// and is runnable until the end at 510. Goroutine 2 is made at 150, runs from 170 on P 1, waits for a lock from 200 to
// 300, is runnable to 310, runs to 340, is in a system call with its P to 360 and without to 400, runnable to 410, runs
// to 450 and ends. Goroutine 3 is made at 160 and runs from 210 to 260, when it ends.
func TestAccount(t *testing.T) {
	s := newSchedule()
	s.trans(110, 1, 0, gotrace.Undetermined, gotrace.Running, gotrace.NoReason, "main.work", "main.main")
	s.create(150, 2, "main.worker")
	s.create(160, 3, "main.worker")
	s.trans(170, 2, 1, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(200, 1, 0, gotrace.Running, gotrace.Waiting, gotrace.SyncWait, "sync.runtime_SemacquireWaitGroup",
		"sync.(*WaitGroup).Wait", "main.main")
	s.trans(200, 2, 1, gotrace.Running, gotrace.Waiting, gotrace.SyncWait, "internal/sync.(*Mutex).lockSlow",
		"sync.(*Mutex).Lock", "main.worker")
	s.trans(210, 3, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(260, 3, 0, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	s.trans(300, 2, 0, gotrace.Waiting, gotrace.Runnable, gotrace.NoReason)
	s.trans(310, 2, 1, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(340, 2, 1, gotrace.Running, gotrace.Syscall, gotrace.NoReason)
	s.Add(&gotrace.Event{Time: 360, Kind: gotrace.ProcTransition, Subject: 1, From: gotrace.Running, To: gotrace.Idle})
	s.trans(400, 2, -1, gotrace.Syscall, gotrace.Runnable, gotrace.NoReason)
	s.trans(410, 2, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(450, 2, 0, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	s.trans(500, 1, 0, gotrace.Waiting, gotrace.Runnable, gotrace.NoReason)
	s.Add(&gotrace.Event{Time: 510, Kind: gotrace.Sync})
	want := &Table{Groups: []Group{
		{
			Start: "main.worker", Count: 2,
			// Goroutine 2 runs 30 + 30 + 40, goroutine 3 runs 50; they are runnable 20 + 10 + 10 and 50.
			Running:  Spread{Count: 2, Total: 150, Min: 50, Median: 75, Max: 100},
			Runnable: Spread{Count: 2, Total: 90, Min: 40, Median: 45, Max: 50},
			Blocked: []Blocked{
				{cause.Syscall, one(20)}, {cause.Mutex, one(100)}, {cause.BlockSyscall, one(40)},
			},
		},
		{
			Start: "main.main", Count: 1, Running: one(100), Runnable: one(10),
			Blocked: []Blocked{{cause.Join, one(300)}},
		},
	}}
	if d := cmp.Diff(want, Merge(&s.Builder)); d != "" {
		t.Error(d)
	}
}

// The same, but only from 180 to 330, and only workers: goroutine 2 runs 20 + 20, is runnable 10 and waits 100;
// goroutine 3 runs 50 and is runnable 30.
func TestWindow(t *testing.T) {
	s := newSchedule()
	s.From, s.To = 180, 330
	s.Wanted = func(start string) bool { return start == "main.worker" }
	s.trans(110, 1, 0, gotrace.Undetermined, gotrace.Running, gotrace.NoReason, "main.main")
	s.create(120, 4, "main.worker") // over before the window: not counted
	s.trans(130, 4, 1, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(140, 4, 1, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	s.create(150, 2, "main.worker")
	s.create(160, 3, "main.worker")
	s.trans(170, 2, 1, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(200, 2, 1, gotrace.Running, gotrace.Waiting, gotrace.ChanReceive)
	s.trans(210, 3, 2, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(260, 3, 2, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	s.trans(300, 2, 0, gotrace.Waiting, gotrace.Runnable, gotrace.NoReason)
	s.trans(310, 2, 1, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.create(350, 5, "main.worker") // made after it
	s.Add(&gotrace.Event{Time: 400, Kind: gotrace.Sync})
	want := &Table{Groups: []Group{{
		Start: "main.worker", Count: 2,
		Running:  Spread{Count: 2, Total: 90, Min: 40, Median: 45, Max: 50},
		Runnable: Spread{Count: 2, Total: 40, Min: 10, Median: 20, Max: 30},
		Blocked:  []Blocked{{cause.ChanRecv, one(100)}},
	}}}
	if d := cmp.Diff(want, Merge(&s.Builder)); d != "" {
		t.Error(d)
	}
}

// Goroutine 1 runs from 110 to 150, when a part of the trace is missing; at 250 it is found waiting, and the trace ends
// at 300. What it did meanwhile is not known, and it is one goroutine.
func TestGap(t *testing.T) {
	s := newSchedule()
	s.create(110, 1, "main.f")
	s.trans(110, 1, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.Add(&gotrace.Event{Time: 150, Kind: gotrace.Gap})
	s.trans(250, 1, -1, gotrace.Undetermined, gotrace.Waiting, gotrace.NoReason, "time.Sleep", "main.f")
	s.Add(&gotrace.Event{Time: 300, Kind: gotrace.Sync})
	want := &Table{
		Groups: []Group{{Start: "main.f", Count: 1, Running: one(40), Blocked: []Blocked{{cause.Sleep, one(50)}}}},
	}
	if d := cmp.Diff(want, Merge(&s.Builder)); d != "" {
		t.Error(d)
	}
}

func TestWaits(t *testing.T) {
	for _, c := range []struct {
		reason gotrace.Reason
		stack  []string
		want   cause.Cause
	}{
		{
			gotrace.SyncWait, []string{
				"sync.runtime_SemacquireMutex", "internal/sync.(*Mutex).lockSlow", "internal/sync.(*Mutex).Lock",
				"sync.(*Mutex).Lock", "main.f",
			}, cause.Mutex,
		},
		{gotrace.SyncWait, []string{"sync.runtime_SemacquireRWMutex", "sync.(*RWMutex).Lock", "main.f"}, cause.RWMutex},
		{
			gotrace.SyncWait, []string{
				"internal/sync.(*Mutex).Lock", "sync.(*Mutex).Lock", "sync.(*RWMutex).Lock", "main.f",
			}, cause.RWMutex,
		},
		{gotrace.SyncWait, []string{"sync.(*WaitGroup).Wait", "main.f"}, cause.Join},
		{
			gotrace.SyncWait, []string{
				"internal/poll.runtime_Semacquire", "internal/poll.(*fdMutex).rwlock", "internal/poll.(*FD).Write",
			}, cause.IO,
		},
		{gotrace.SyncWait, []string{"runtime.gcMarkDone", "runtime.gcAssistAlloc", "main.f"}, cause.GCSTW},
		{gotrace.SyncWait, []string{"main.unheard", "sync.(*Mutex).Lock"}, cause.Mutex},
		{gotrace.SyncWait, nil, cause.Unknown},
		{gotrace.CondWait, nil, cause.Cond},
		{gotrace.Select, nil, cause.Select},
		{gotrace.ChanSend, nil, cause.ChanSend},
		{gotrace.Network, nil, cause.Net},
		{gotrace.Sleep, nil, cause.Sleep},
		{gotrace.SystemWait, nil, cause.Runtime},
		{gotrace.ReasonOther, nil, cause.Unknown},
	} {
		s := newSchedule()
		s.create(110, 1, "main.f")
		s.trans(110, 1, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
		s.trans(120, 1, 0, gotrace.Running, gotrace.Waiting, c.reason, c.stack...)
		s.Add(&gotrace.Event{Time: 150, Kind: gotrace.Sync})
		g := Merge(&s.Builder).Groups[0]
		if d := cmp.Diff([]Blocked{{c.want, one(30)}}, g.Blocked); d != "" {
			t.Errorf("reason %d, stack %v: %s", c.reason, c.stack, d)
		}
	}
}

// Up to exact the median is exact; with twice as many it is within 1 %. Times 1 … n µs have the median (n+1)/2 µs.
func TestSpread(t *testing.T) {
	for _, n := range []int{1, 2, 7, exact, 2 * exact, 100_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var s spread
			for i := range n {
				s.add(time.Duration((i*7919)%n+1) * time.Microsecond) // 7919 is prime: every number once
			}
			got := s.finish()
			median := time.Duration(n+1) * time.Microsecond / 2
			slack := time.Duration(0)
			if n > exact {
				slack = median / 100
			}
			if got.Count != n || got.Min != time.Microsecond || got.Max != time.Duration(n)*time.Microsecond ||
				got.Total != time.Duration(n)*time.Duration(n+1)/2*time.Microsecond ||
				(got.Median-median).Abs() > slack || got.Approximate != (n > exact) {
				t.Errorf("got %+v, want the median %v", got, median)
			}
		})
	}
}

// What several builders have seen is what one would have seen, whatever has become a histogram.
func TestMerge(t *testing.T) {
	for _, sizes := range [][]int{
		{0, 3}, {3, 0}, {3, 4}, {exact, 1}, {1, 2 * exact}, {2 * exact, 1}, {2 * exact, 2 * exact},
	} {
		var parts [2]spread
		var whole spread
		for p, n := range sizes {
			for i := range n {
				d := time.Duration(i+1) * time.Duration(p+1) * time.Microsecond
				parts[p].add(d)
				whole.add(d)
			}
		}
		parts[0].merge(&parts[1])
		if d := cmp.Diff(whole.finish(), parts[0].finish()); d != "" {
			t.Errorf("%v: %s", sizes, d)
		}
	}
	a, b := newSchedule(), newSchedule()
	for p, s := range []*schedule{a, b} {
		s.stack("main.other") // symbols have different numbers
		s.create(110, int64(p), []string{"main.f", "main.g"}[p])
		s.create(110, 7, "main.f")
		s.Add(&gotrace.Event{Time: 120, Kind: gotrace.Sync})
	}
	want := &Table{Groups: []Group{
		{Start: "main.f", Count: 3, Runnable: Spread{Count: 3, Total: 30, Min: 10, Median: 10, Max: 10}},
		{Start: "main.g", Count: 1, Runnable: one(10)},
	}}
	if d := cmp.Diff(want, Merge(&a.Builder, &b.Builder)); d != "" {
		t.Error(d)
	}
}

// What a goroutine of the runtime waits for is the runtime's, also before its stack says whose it is.
func TestRuntime(t *testing.T) {
	s := newSchedule()
	s.trans(100, 2, -1, gotrace.Undetermined, gotrace.Waiting, gotrace.NoReason)
	s.trans(150, 2, -1, gotrace.Waiting, gotrace.Runnable, gotrace.NoReason)
	s.trans(160, 2, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(180, 2, 0, gotrace.Running, gotrace.Waiting, gotrace.GCSweepWait, "runtime.bgsweep",
		"runtime.gcenable.gowrap1")
	s.Add(&gotrace.Event{Time: 200, Kind: gotrace.Sync})
	want := []Group{{
		Start: "runtime.gcenable.gowrap1", Runtime: true, Count: 1, Running: one(20), Runnable: one(10),
		Blocked: []Blocked{{cause.Runtime, one(70)}},
	}}
	if d := cmp.Diff(want, Merge(&s.Builder).Groups); d != "" {
		t.Error(d)
	}
}

// A time lies in its class, whose middle is within 1 % of it.
func TestClass(t *testing.T) {
	last := -1
	for d := time.Duration(1); d < 1<<60; d += d/40 + 1 {
		c := class(d)
		if c < last {
			t.Fatalf("%v is in class %d, a shorter time in %d", d, c, last)
		}
		last = c
		if m := middle(c); (m - d).Abs() > d/100 {
			t.Errorf("%d is in class %d, whose middle is %d", d, c, m)
		}
	}
}

// Contradictory events bring nothing down, and no goroutine is counted twice.
func FuzzAdd(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSchedule()
		// A later generation says nothing of the time before.
		s.Add(&gotrace.Event{Time: 100, Kind: gotrace.Sync})
		now := int64(100)
		for ; len(data) >= 4; data = data[4:] {
			now += int64(data[3] >> 4)
			ev := gotrace.Event{
				Time: clock.Time(now), Kind: gotrace.GoTransition, Subject: int64(data[0] % 5), P: int64(data[1]%4) - 1,
				From: gotrace.State(data[2] % 7), To: gotrace.State(data[2] >> 4 % 7),
				Reason: gotrace.Reason(data[3] % 20),
			}
			if data[0] >= 250 {
				ev.Kind = gotrace.ProcTransition
			}
			s.Add(&ev)
		}
		var life, total time.Duration
		table := Merge(&s.Builder)
		for _, g := range table.Groups {
			total += g.Running.Total + g.Runnable.Total
			for _, b := range g.Blocked {
				total += b.Total
			}
		}
		if life = 5 * time.Duration(now-100); total > life {
			t.Errorf("five goroutines spent %v in %v", total, now-100)
		}
	})
}

// A system call of 1 ns has no length that the trace tells: goroutine 2, which runs from 110, makes one at 150 and one
// from 200 to 230, runs on until 300 and ends, was in system calls for 30 ns and ran for 160.
func TestInstantSyscall(t *testing.T) {
	s := newSchedule()
	s.create(100, 2, "main.worker")
	s.trans(110, 2, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	for _, call := range [][2]int64{{150, 151}, {200, 230}} {
		s.trans(call[0], 2, 0, gotrace.Running, gotrace.Syscall, gotrace.NoReason, "syscall.read", "main.worker")
		s.trans(call[1], 2, 0, gotrace.Syscall, gotrace.Running, gotrace.NoReason)
	}
	s.trans(300, 2, 0, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	want := []Group{{
		Start: "main.worker", Count: 1, Running: one(160), Runnable: one(10),
		Blocked: []Blocked{{Cause: cause.Syscall, Spread: one(30)}},
	}}
	if diff := cmp.Diff(want, Merge(&s.Builder).Groups); diff != "" {
		t.Error(diff)
	}
}

// Where there are only system calls of 1 ns, none is told.
func TestOnlyInstantSyscalls(t *testing.T) {
	s := newSchedule()
	s.create(100, 2, "main.worker")
	s.trans(110, 2, 0, gotrace.Runnable, gotrace.Running, gotrace.NoReason)
	s.trans(150, 2, 0, gotrace.Running, gotrace.Syscall, gotrace.NoReason, "syscall.read", "main.worker")
	s.trans(151, 2, 0, gotrace.Syscall, gotrace.Running, gotrace.NoReason)
	s.trans(300, 2, 0, gotrace.Running, gotrace.NotExist, gotrace.NoReason)
	want := []Group{{Start: "main.worker", Count: 1, Running: one(190), Runnable: one(10)}}
	if diff := cmp.Diff(want, Merge(&s.Builder).Groups); diff != "" {
		t.Error(diff)
	}
}
