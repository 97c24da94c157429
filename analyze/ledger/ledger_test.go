package ledger

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

const (
	unknown  = gotrace.Undetermined
	runnable = gotrace.Runnable
)

// TestMutex: two Ps. Goroutine 1 holds the lock from 0; 2 runs until 100 and then waits for it; 1 lets go at 400 and
// ends at 500, while 2 runs from 400 to 600. From 100 to 400 one P is idle and one goroutine blocked: 300 µs of mutex,
// blamed on what 1 did. A sample at 250 found it in main.hold, the rest up to the unlock is at the unlock's stack. From
// 500 to 600 nothing else exists: serial, by 2.
func TestMutex(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.block(100, 2, gotrace.SyncWait, "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "main.work")
	s.sample(250, 1, "main.hold")
	s.wake(400, 1, 2, "sync.(*Mutex).Unlock", "main.hold")
	s.run(400, 2, 1, runnable)
	s.end(500, 1)
	s.block(600, 2, gotrace.Sleep, "main.nap")
	got := lines(s.finish(t, &Builder{}))
	want := []line{
		{cause.User, "main.hold", "", 500 + 100 + 200}, // the only sample
		{cause.Mutex, "internal/sync.(*Mutex).lockSlow", "main.hold", 150},
		{cause.Mutex, "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Unlock", 150},
		{cause.Serial, "", "main.nap", 100},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestClasses: one P runs goroutine 1, another is idle while goroutine 2 waits from 100 to 300 for each reason in turn.
func TestClasses(t *testing.T) {
	for _, tt := range []struct {
		why   gotrace.Reason
		stack []string
		want  cause.Cause
	}{
		{
			gotrace.SyncWait,
			[]string{"sync.(*Mutex).Lock", "sync.(*Once).doSlow", "sync.(*Once).Do", "main.f"},
			cause.Mutex,
		},
		{gotrace.SyncWait, []string{"sync.(*Mutex).Lock", "main.f", "sync.(*WaitGroup).Go.func1"}, cause.Mutex},
		{gotrace.SyncWait, []string{"sync.(*Mutex).Lock", "sync.(*RWMutex).Lock", "main.f"}, cause.RWMutex},
		{gotrace.SyncWait, []string{"sync.(*RWMutex).RLock", "main.f"}, cause.RWMutex},
		{gotrace.SyncWait, []string{"sync.(*WaitGroup).Wait", "main.f"}, cause.Join},
		{gotrace.SyncWait, []string{"internal/poll.(*fdMutex).rwlock", "main.f"}, cause.IO},
		{gotrace.CondWait, []string{"sync.(*Cond).Wait", "main.f"}, cause.Cond},
		{gotrace.ChanSend, []string{"main.f"}, cause.ChanSend},
		{gotrace.ChanReceive, []string{"main.f"}, cause.ChanRecv},
		{
			gotrace.ChanReceive, []string{
				"runtime.chanrecv1", "github.com/corecurve/corecurve/trace/workload.(*pool).run",
			}, cause.Join,
		},
		{gotrace.Select, []string{"main.f"}, cause.Select},
		{gotrace.Sleep, []string{"time.Sleep"}, cause.Sleep},
		{gotrace.Network, []string{"internal/poll.runtime_pollWait"}, cause.Net},
		{gotrace.GCAssistWait, []string{"main.f"}, cause.GCAssist},
		{gotrace.Unspecified, []string{"main.f"}, cause.Unknown},
		// Nobody but the running goroutine could have used the P.
		{gotrace.Forever, []string{"main.f"}, cause.Serial},
		{gotrace.NoReason, []string{"main.f"}, cause.Serial},
		{gotrace.SystemWait, []string{"main.f"}, cause.Serial},
	} {
		s := &script{}
		s.procs(0, 2)
		s.run(0, 1, 0, unknown)
		s.run(0, 2, 1, unknown)
		s.block(100, 2, tt.why, tt.stack...)
		s.wake(300, 1, 2, "main.wake")
		s.run(300, 2, 1, runnable)
		s.procs(400, 2)
		l := s.finish(t, &Builder{})
		if got := l.Of(tt.want); got != 200_000 {
			t.Errorf("%v at %s: %s has %d\n%+v", tt.why, tt.stack[0], tt.want, got, lines(l))
		}
	}
}

// TestTwoSums: four Ps, of which goroutine 1 has one all the time, from 0 to 1000.
//
//	0–200:    2 waits for a channel, 3 is ready: 1 P to latency, 1 to 2's wait, 1 found nobody (1 runs)
//	200–400:  2 and 3 wait: 2 Ps to them, 1 to nobody
//	400–500:  2 waits, 3 joins: 1 to 2, nothing to the join, 2 to nobody
//	500–600:  3 joins alone: 1 to it, 2 to nobody
//	600–700:  the world is stopped: all 3
//	700–1000: 3 runs: 2 Ps to nobody, half each to 1 and 3
func TestTwoSums(t *testing.T) {
	s := &script{}
	s.procs(0, 4)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.block(0, 2, gotrace.ChanReceive, "main.two")
	s.create(0, 1, 3, "main.start")
	s.run(200, 3, 2, runnable)
	s.block(200, 3, gotrace.ChanSend, "main.three")
	s.wake(400, 1, 3, "main.one")
	s.run(400, 3, 2, runnable)
	s.block(400, 3, gotrace.SyncWait, "sync.(*WaitGroup).Wait", "main.join")
	s.wake(500, 1, 2, "main.one")
	s.run(500, 2, 1, runnable)
	s.end(500, 2)
	s.ranged(600, 1, gotrace.StopTheWorld, gotrace.RangeBegin, "GC sweep termination")
	s.ranged(700, 1, gotrace.StopTheWorld, gotrace.RangeEnd, "GC sweep termination")
	s.wake(700, 1, 3, "main.done")
	s.run(700, 3, 2, runnable)
	s.block(1000, 3, gotrace.Forever, "main.three")
	s.block(1000, 1, gotrace.Forever, "main.last")
	l := s.finish(t, &Builder{})
	want := map[cause.Cause]CoreTime{
		cause.User:         (1000 - 100 + 300) * 1000,
		cause.GCSTW:        (300 + 100) * 1000, // 3 idle, and the one that works
		cause.SchedLatency: 200 * 1000,
		cause.ChanRecv:     500 * 1000,
		cause.ChanSend:     200 * 1000,
		cause.Join:         100 * 1000,
		cause.Serial:       (200 + 200 + 200 + 200 + 600) * 1000,
	}
	got := map[cause.Cause]CoreTime{}
	for _, r := range l.Rows {
		got[r.Cause] = r.Time
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if l.Total != 4*1000*1000 {
		t.Errorf("total %d", l.Total)
	}
	// Serial is laid on 1 for 800 of the first and half of the last 600, on 3 for the other half.
	for _, ln := range lines(l) {
		if ln.Cause == cause.Serial && ln.Blamed == "main.three" && ln.US != 300 {
			t.Errorf("serial by 3: %d", ln.US)
		}
	}
}

// TestChain: 3 waits for 2, which waits for 1, which waits for the network, on four Ps.
//
//	0–100:   1 waits for the network, 2 for 1, 3 for 2: each of the three waits costs 100
//	100–200: 1 runs, then wakes 2: two waits, 100 each
//	200–300: 2 runs, then wakes 3: one wait, 100
//
// 3's wait is blamed on 2 running (100), on 1 running (100) and on 1's wait for the network (100).
func TestChain(t *testing.T) {
	s := &script{}
	s.procs(0, 4)
	for id := range int64(4) {
		s.run(0, id+1, id, unknown)
	}
	s.block(0, 1, gotrace.Network, "main.read")
	s.block(0, 2, gotrace.ChanReceive, "main.two")
	s.block(0, 3, gotrace.ChanReceive, "main.three")
	s.wake(100, none, 1)
	s.run(100, 1, 0, runnable)
	s.wake(200, 1, 2, "main.one")
	s.run(200, 2, 1, runnable)
	s.end(200, 1)
	s.wake(300, 2, 3, "main.sendTo3")
	s.run(300, 3, 2, runnable)
	got := lines(s.finish(t, &Builder{}))
	// Goroutine 4 runs from 0 to 300 and takes no part. There are never more idle Ps than waits but from 200 on: 2
	// idle, 1 wait.
	want := []line{
		{cause.User, "", "", 300}, // without samples the start function stands for all: of 4 it is not known
		{cause.User, "main.read", "", 100},
		{cause.User, "main.two", "", 100},
		{cause.ChanRecv, "main.three", "main.one", 100},
		{cause.ChanRecv, "main.three", "main.read", 100},
		{cause.ChanRecv, "main.three", "main.sendTo3", 100},
		{cause.ChanRecv, "main.two", "main.one", 100},
		{cause.ChanRecv, "main.two", "main.read", 100},
		{cause.Net, "main.read", "", 100},
		{cause.Serial, "", "", 50}, // 4
		{cause.Serial, "", "main.sendTo3", 50},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSyscall: goroutine 2 is in a system call from 100 to 500; its P is taken away at 200, so that it is blocked from
// then on.
func TestSyscall(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.syscall(100, 2, "syscall.Read")
	s.retake(200, 1)
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: 500, G: 2, P: none, M: none, Subject: 2, From: gotrace.Syscall, To: runnable,
	})
	s.run(520, 2, 1, runnable)
	s.procs(600, 2)
	want := []line{
		{cause.User, "", "", 600},
		{cause.User, "syscall.Read", "", 100 + 80}, // without samples: the outermost frame that is known
		{cause.Syscall, "syscall.Read", "", 100},
		{cause.SchedLatency, "", "", 20},
		{cause.BlockSyscall, "syscall.Read", "", 300},
	}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}

// TestGC: kinds of collection on P 0, while P 1 has nothing to do: its time found only goroutine 2 running, where that
// is one of the program.
func TestGC(t *testing.T) {
	s := &script{}
	s.procs(0, 1)
	s.create(0, none, 9, "runtime.gcBgMarkWorker")
	s.run(0, 9, 0, runnable)
	s.add(gotrace.Event{
		Kind: gotrace.Label, Time: 0, G: 9, P: 0, M: 0, Subject: 9, Name: s.sym.Intern("GC (dedicated)"),
	})
	s.block(100, 9, gotrace.SystemWait, "runtime.gcBgMarkWorker")
	s.wake(100, none, 9)
	s.run(100, 9, 0, runnable)
	s.add(gotrace.Event{Kind: gotrace.Label, Time: 100, G: 9, P: 0, M: 0, Subject: 9, Name: s.sym.Intern("GC (idle)")})
	s.block(250, 9, gotrace.SystemWait, "runtime.gcBgMarkWorker")
	s.create(250, none, 2, "main.alloc")
	s.run(250, 2, 0, runnable)
	s.ranged(300, 2, gotrace.GCMarkAssist, gotrace.RangeBegin, "")
	s.ranged(400, 2, gotrace.GCMarkAssist, gotrace.RangeEnd, "")
	s.ranged(450, 0, gotrace.GCSweep, gotrace.RangeBegin, "")
	s.ranged(500, 0, gotrace.GCSweep, gotrace.RangeEnd, "")
	s.end(600, 2)
	s.procs(650, 1)
	want := []line{
		{cause.User, "main.alloc", "", 50 + 50 + 100},
		{cause.GCDedicated, "runtime.gcBgMarkWorker", "", 100},
		{cause.GCIdle, "runtime.gcBgMarkWorker", "", 150},
		{cause.GCAssist, "main.alloc", "", 100},
		{cause.GCSweep, "main.alloc", "", 50},
		{cause.Idle, "", "", 50}, // nobody ran, nobody waited
	}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}

// TestDormant: goroutine 2 waits from 0 for what never comes, while 1 runs alone for 40 ms: all of that is serial.
func TestDormant(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.block(0, 2, gotrace.Select, "main.watch")
	s.block(40_000, 1, gotrace.Forever, "main.run")
	want := []line{
		{cause.User, "main.run", "", 40_000},
		{cause.Serial, "", "main.run", 40_000},
	}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{}))); diff != "" {
		t.Error(diff)
	}
}

// TestWorkers: a window from 0 to 1000. Main runs "before" from 100 to 300, and then makes the goroutines of both
// workers: up to here they start up. Worker 0 has a core from 340 on, is in its region from 350 to 600, and waits for a
// lock from 400 to 450; worker 1 has a core from 355 on, its region is from 360 to 900; "after" runs from 920 to 950.
func TestWorkers(t *testing.T) {
	s := &script{}
	s.procs(1, 2)
	s.run(1, 1, 0, unknown)
	s.region(100, 1, "before", gotrace.RegionBegin)
	s.region(300, 1, "before", gotrace.RegionEnd)
	s.create(300, 1, 5, "main.work")
	s.create(300, 1, 6, "main.work")
	s.run(340, 5, 1, runnable)
	s.region(350, 5, "worker 0", gotrace.RegionBegin)
	s.block(350, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	s.run(355, 6, 0, runnable)
	s.region(360, 6, "worker 1", gotrace.RegionBegin)
	s.block(400, 5, gotrace.SyncWait, "sync.(*Mutex).Lock")
	s.wake(430, 6, 5, "sync.(*Mutex).Unlock")
	s.run(450, 5, 1, runnable)
	s.region(600, 5, "worker 0", gotrace.RegionEnd)
	s.end(600, 5)
	s.region(900, 6, "worker 1", gotrace.RegionEnd)
	s.wake(910, 6, 1, "main.work")
	s.end(910, 6)
	s.run(910, 1, 0, runnable)
	s.region(920, 1, "after", gotrace.RegionBegin)
	s.region(950, 1, "after", gotrace.RegionEnd)
	s.procs(990, 2)
	us := func(n int) time.Duration { return time.Duration(n) * time.Microsecond }
	l := s.finish(t, &Builder{From: 1000, To: 1_000_000})
	want := []WorkerTime{
		{ID: 0, Wall: us(999), ByCause: map[cause.Cause]time.Duration{
			cause.Startup: us(99), cause.Serial: us(200 + 30), cause.User: us(10 + 50 + 150), cause.Mutex: us(30),
			cause.SchedLatency: us(40 + 20),
			cause.Join:         us(300), cause.Teardown: us(20 + 50),
		}},
		{ID: 1, Wall: us(999), ByCause: map[cause.Cause]time.Duration{
			cause.Startup: us(99), cause.SchedLatency: us(55), cause.Serial: us(200 + 30), cause.User: us(5 + 540),
			cause.Teardown: us(20 + 50),
		}},
	}
	if diff := cmp.Diff(want, l.Workers); diff != "" {
		t.Error(diff)
	}
	// Nobody has the P that worker 0 could use while it waits for the lock, from 400 to 430: that time is the worker's.
	i := slices.IndexFunc(l.Rows, func(r Row) bool { return r.Cause == cause.Mutex })
	if i < 0 {
		t.Fatal("no time is lost to the lock")
	}
	if diff := cmp.Diff([]Owner{{Rank: 0, Worker: 0, Time: l.Rows[i].Time}}, l.Rows[i].Stacks[0].Owners); diff != "" {
		t.Error(diff)
	}
	// While worker 1 runs alone, the other P is idle and main joins: load imbalance, blamed on worker 1.
	if got := l.Of(cause.Join); got != 310_000 { // from 600 until main is woken
		t.Errorf("join %d", got)
	}
}

// TestParked: worker 0 helps the collector from 200 to 400. From 250 to 350 there is nothing to help with: that is
// gc.assist too, but it used no core.
func TestParked(t *testing.T) {
	s := &script{}
	s.procs(1, 1)
	s.run(1, 1, 0, unknown)
	s.region(100, 1, "worker 0", gotrace.RegionBegin)
	s.ranged(200, 1, gotrace.GCMarkAssist, gotrace.RangeBegin, "")
	s.block(250, 1, gotrace.GCAssistWait, "runtime.gcAssistAlloc", "main.build")
	s.wake(350, gotrace.None, 1)
	s.run(350, 1, 0, runnable)
	s.ranged(400, 1, gotrace.GCMarkAssist, gotrace.RangeEnd, "")
	s.region(500, 1, "worker 0", gotrace.RegionEnd)
	s.procs(500, 1)
	us := func(n int) time.Duration { return time.Duration(n) * time.Microsecond }
	l := s.finish(t, &Builder{From: 100_000, To: 500_000})
	want := []WorkerTime{{
		Wall: us(400), ByCause: map[cause.Cause]time.Duration{
			cause.User: us(100 + 100), cause.GCAssist: us(50 + 100 + 50),
		}, Parked: us(100),
	}}
	if diff := cmp.Diff(want, l.Workers); diff != "" {
		t.Error(diff)
	}
}

// TestCoordinator: what a coordinator runs is dispatch, but for its serial part.
func TestCoordinator(t *testing.T) {
	s := &script{}
	s.procs(0, 1)
	s.run(0, 1, 0, unknown)
	s.region(100, 1, "before", gotrace.RegionBegin)
	s.region(300, 1, "before", gotrace.RegionEnd)
	s.procs(1000, 1)
	want := []line{{cause.User, "", "", 200}, {cause.Dispatch, "", "", 800}}
	if diff := cmp.Diff(want, lines(s.finish(t, &Builder{Rank: -1}))); diff != "" {
		t.Error(diff)
	}
}

// TestOwners: a stack of 10 ns, two thirds of which are worker 0's of process 1, and one of 5 ns that is all process
// 0's, have equal frames.
func TestOwners(t *testing.T) {
	x := Stack{Time: 10, Owners: []Owner{{1, 0, 200}, {0, NoWorker, 100}}}
	if diff := cmp.Diff([]Owner{{1, 0, 7}, {0, NoWorker, 3}}, x.Divided()); diff != "" {
		t.Error(diff)
	}
	l := &Ledger{}
	l.add(cause.Mutex, x)
	l.add(cause.Mutex, Stack{Time: 5, Owners: []Owner{{0, NoWorker, 1}}})
	l.add(cause.Mutex, Stack{Time: 1})
	sortRows(l)
	want := []Stack{{Time: 16, Owners: []Owner{{NoRank, NoWorker, 1}, {0, NoWorker, 8}, {1, 0, 7}}}}
	if diff := cmp.Diff(want, l.Rows[0].Stacks); diff != "" {
		t.Error(diff)
	}
}
