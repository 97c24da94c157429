package threads

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// onCores is how long all threads together were on cores.
func onCores(t *Threads) (sum time.Duration) {
	for i := range t.Threads {
		sum += t.Threads[i].OnCPU
	}
	return sum
}

// busyCores is how many threads were on cores on average.
func busyCores(t *Threads) float64 { return float64(onCores(t)) / float64(max(t.End-t.Start, 1)) }

// drawn draws all threads and the cores. Processes are numbered in the order in which they were first heard of.
func drawn(t *Threads) *timeline.Timeline {
	return t.Draw(func(i int) (timeline.Lane, bool) {
		th := &t.Threads[i]
		rank := slices.IndexFunc(t.Processes, func(p Process) bool { return p.PID == th.PID })
		name := fmt.Sprintf("%s %d", th.Name, th.TID)
		return timeline.Lane{Kind: timeline.Thread, Rank: rank, ID: int64(th.TID), Name: name}, true
	})
}

// coresBusy is for how long threads were on each core that is drawn.
func coresBusy(tl *timeline.Timeline) (busy []time.Duration) {
	for i := range tl.Lanes {
		if l := &tl.Lanes[i]; l.Kind == timeline.Core {
			busy = append(busy, l.Totals()[timeline.Running])
		}
	}
	return busy
}

func build(b *Builder, records ...osched.Record) *Threads {
	for i := range records {
		b.Add(&records[i])
	}
	return b.Finish()
}

// check fails the test if times are missing or lanes contradict themselves.
func check(t testing.TB, th *Threads) *timeline.Timeline {
	t.Helper()
	var busy time.Duration
	for i := range th.Threads {
		x := &th.Threads[i]
		if got, want := x.OnCPU+x.Ready+x.Blocked+x.Unknown, x.End.Sub(x.Start); got != want ||
			min(x.OnCPU, x.Ready, x.Blocked, x.Unknown) < 0 {
			t.Fatalf("thread %d: %v + %v + %v + %v, want %v together", x.TID, x.OnCPU, x.Ready, x.Blocked, x.Unknown,
				want)
		}
		var waits time.Duration
		for _, w := range x.Waits {
			waits += w.Time
		}
		if len(x.Waits) > 0 && waits != x.Blocked {
			t.Fatalf("thread %d: waits of %v, blocked for %v", x.TID, waits, x.Blocked)
		}
	}
	tl := drawn(th)
	for _, d := range coresBusy(tl) {
		busy += d
	}
	var sum time.Duration
	for i := range th.Processes {
		sum += th.Processes[i].OnCPU
	}
	if sum != onCores(th) {
		t.Fatalf("processes have %v, threads %v", sum, onCores(th))
	}
	sampled := slices.ContainsFunc(th.Warnings, func(w warning.Warning) bool { return w.Kind == warning.ThreadsLevel })
	if !sampled && busy != onCores(th) {
		t.Fatalf("cores were busy for %v, threads on them for %v", busy, onCores(th))
	}
	if err := timeline.Validate(tl); err != nil {
		t.Fatal(err)
	}
	return tl
}

// A program starts at 100 on core 0, makes a thread at 110 that is first told of by its switch on core 1 at 108 and
// then by its fork, is preempted from 130 to 150, goes to core 1 after the thread has blocked there at 140, and ends at
// 200. The thread waits for a futex from 140 to 180 on core 0, seen twice, and runs to 190, where no switch follows its
// exit.
//
//	main:   run 100–130, ready 130–150, run 150–200 on core 1      30 + 50 on, 20 ready
//	thread: run 108–140, blocked 140–180, run 180–190 on core 0    32 + 10 on, 40 blocked
func program() []osched.Record {
	return []osched.Record{
		{Time: 100, Kind: osched.Exec, CPU: 0, PID: 7, TID: 7, Name: "prog"},
		{Time: 108, Kind: osched.In, CPU: 1, PID: 7, TID: 8},
		{Time: 110, Kind: osched.Fork, CPU: 0, PID: 7, TID: 8, Parent: 7, Creator: 7},
		{Time: 112, Kind: osched.Comm, CPU: 1, PID: 7, TID: 8, Name: "helper"},
		{Time: 130, Kind: osched.Preempt, CPU: 0, PID: 7, TID: 7},
		{Time: 140, Kind: osched.Out, CPU: 1, PID: 7, TID: 8},
		{Time: 145, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 7, TID: 8, Reason: osched.Futex, Object: 4096},
		{Time: 150, Kind: osched.In, CPU: 1, PID: 7, TID: 7},
		{Time: 155, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 7, TID: 8, Reason: osched.Futex, Object: 4096},
		{Time: 156, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 7, TID: 7, Reason: osched.Sleeping}, // stale: it runs
		{Time: 180, Kind: osched.In, CPU: 0, PID: 7, TID: 8},
		{Time: 190, Kind: osched.Exit, CPU: 0, PID: 7, TID: 8},
		{Time: 200, Kind: osched.Exit, CPU: 1, PID: 7, TID: 7},
		{Time: 210, Kind: osched.End, CPU: osched.NoCPU},
	}
}

func TestProgram(t *testing.T) {
	th := build(&Builder{}, program()...)
	tl := check(t, th)
	want := []Thread{
		{
			PID: 7, TID: 7, Name: "prog", Start: 100, End: 200, OnCPU: 80, Ready: 20, Slices: 2, Preempted: 1,
			Migrations: 1,
		},
		{
			PID: 7, TID: 8, Name: "helper", Start: 108, End: 190, OnCPU: 42, Blocked: 40, Slices: 2, Migrations: 1,
			Waits: []Wait{{Reason: osched.Futex, Object: 4096, Samples: 2, Time: 40}},
		},
	}
	if diff := cmp.Diff(want, th.Threads); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Process{{PID: 7, Parent: -1, Name: "prog", Start: 100, End: 200, OnCPU: 122, Threads: 2}},
		th.Processes); diff != "" {
		t.Error(diff)
	}
	// Core 0: 100–130 and 180–190; core 1: 108–140 and 150–200.
	if diff := cmp.Diff([]time.Duration{40, 82}, coresBusy(drawn(th))); diff != "" {
		t.Error(diff)
	}
	if len(th.Warnings) > 0 || len(th.Locks) > 0 {
		t.Errorf("warnings %+v, locks %v: a futex of one thread is no lock", th.Warnings, th.Locks)
	}
	lanes := [][]timeline.Span{
		{
			{Start: 100, End: 130, State: timeline.Running},
			{Start: 130, End: 150, State: timeline.Ready},
			{Start: 150, End: 200, State: timeline.Running},
		},
		{
			{Start: 108, End: 140, State: timeline.Running},
			{Start: 140, End: 180, State: timeline.Lock},
			{Start: 180, End: 190, State: timeline.Running},
		},
		{{Start: 100, End: 130, State: timeline.Running}, {Start: 180, End: 190, State: timeline.Running}},
		{{Start: 108, End: 140, State: timeline.Running}, {Start: 150, End: 200, State: timeline.Running}},
	}
	for i, l := range tl.Lanes {
		if diff := cmp.Diff(lanes[i], l.Spans); diff != "" {
			t.Errorf("%s: %s", l.Name, diff)
		}
	}
	for _, tt := range []struct {
		tid      int32
		from, to clock.Time
		want     time.Duration
		late     time.Duration
	}{
		{7, 0, 1000, 80, 20},
		{7, 120, 160, 20, 20}, // 120–130, 150–160; ready between
		{7, 130, 150, 0, 20},
		{7, 134, 138, 0, 4},
		{8, 139, 181, 2, 0}, // 139–140, 180–181; blocked between
		{8, 185, 185, 0, 0},
		{9, 0, 1000, 0, 0},
	} {
		if got, late := th.OnCPU(tt.tid, tt.from, tt.to); got != tt.want || late != tt.late {
			t.Errorf("thread %d from %d to %d: on a core %v, ready %v; want %v, %v", tt.tid, tt.from, tt.to, got, late,
				tt.want, tt.late)
		}
	}
}

// A process makes a child, which becomes another program: the child's process has its parent and its own name. Then the
// number of the child is given to a new process. A last switch comes without a number and ends who is on that core.
func TestProcesses(t *testing.T) {
	th := build(&Builder{}, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "sh"},
		{Time: 10, Kind: osched.Fork, CPU: 0, PID: 2, TID: 2, Parent: 1, Creator: 1},
		{Time: 20, Kind: osched.In, CPU: 1, PID: 2, TID: 2},
		{Time: 25, Kind: osched.Exec, CPU: 1, PID: 2, TID: 2, Name: "make"},
		{Time: 26, Kind: osched.Fork, CPU: 1, PID: 2, TID: 3, Parent: 2, Creator: 2},
		{Time: 40, Kind: osched.Exec, CPU: 1, PID: 2, TID: 2, Name: "cc"}, // thread 3 is gone with the program
		{Time: 50, Kind: osched.Exit, CPU: 1, PID: 2, TID: 2},
		{Time: 60, Kind: osched.Fork, CPU: 0, PID: 2, TID: 2, Parent: 1, Creator: 1},
		{Time: 65, Kind: osched.In, CPU: 1, PID: 2, TID: 2},
		{Time: 75, Kind: osched.Out, CPU: 1},
		{Time: 80, Kind: osched.End, CPU: osched.NoCPU},
	}...)
	check(t, th)
	want := []Process{
		{PID: 1, Parent: -1, Name: "sh", Start: 0, End: 80, OnCPU: 80, Threads: 1},
		{PID: 2, Parent: 0, Name: "cc", Start: 10, End: 50, OnCPU: 30, Threads: 2},
		{PID: 2, Parent: 0, Name: "sh", Start: 60, End: 75, OnCPU: 10, Threads: 1},
	}
	if diff := cmp.Diff(want, th.Processes); diff != "" {
		t.Error(diff)
	}
	if got, _ := th.OnCPU(2, 0, 100); got != 40 {
		t.Errorf("both processes of number 2: %v, want 30 + 10", got)
	}
	if len(th.Warnings) > 0 {
		t.Errorf("%+v", th.Warnings)
	}
}

// Records of core 0 are lost from 20, its last one, to 50. Who ran there is not known from 20 on, nor is who was
// blocked at 50, since he may have run there; who runs on core 1 is known. Thread 1 is heard of again at 60, when it
// leaves core 0.
func TestGap(t *testing.T) {
	th := build(&Builder{}, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		{Time: 5, Kind: osched.Fork, CPU: 0, PID: 1, TID: 2, Parent: 1, Creator: 1},
		{Time: 6, Kind: osched.Fork, CPU: 0, PID: 1, TID: 3, Parent: 1, Creator: 1},
		{Time: 10, Kind: osched.In, CPU: 1, PID: 1, TID: 2},
		{Time: 15, Kind: osched.Preempt, CPU: 0, PID: 1, TID: 1},
		{Time: 15, Kind: osched.In, CPU: 0, PID: 1, TID: 3},
		{Time: 20, Kind: osched.Out, CPU: 0, PID: 1, TID: 3},
		{Time: 20, Kind: osched.In, CPU: 0, PID: 1, TID: 1},
		{Time: 50, Kind: osched.Lost, CPU: 0, Count: 4},
		{Time: 60, Kind: osched.Out, CPU: 0, PID: 1, TID: 1},
		{Time: 70, Kind: osched.End, CPU: osched.NoCPU},
	}...)
	tl := check(t, th)
	want := []Thread{
		{
			PID: 1, TID: 1, Name: "x", Start: 0, End: 70, OnCPU: 15, Ready: 5, Blocked: 10, Unknown: 40, Slices: 2,
			Preempted: 1,
		},
		{PID: 1, TID: 2, Name: "x", Start: 5, End: 70, OnCPU: 60, Ready: 5, Slices: 1},
		{PID: 1, TID: 3, Name: "x", Start: 6, End: 70, OnCPU: 5, Ready: 9, Unknown: 50, Slices: 1},
	}
	if diff := cmp.Diff(want, th.Threads); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Gap{{CPU: 0, From: 20, To: 50, Lost: 4}}, th.Gaps); diff != "" {
		t.Error(diff)
	}
	core0 := tl.Lanes[slices.IndexFunc(tl.Lanes, func(l timeline.Lane) bool { return l.Kind == timeline.Core })]
	if diff := cmp.Diff([]timeline.Span{
		{Start: 0, End: 20, State: timeline.Running}, {Start: 20, End: 50, State: timeline.Unknown},
	}, core0.Spans); diff != "" {
		t.Error(diff)
	}
	if len(th.Warnings) != 1 || th.Warnings[0].Kind != warning.ThreadsLost || th.Warnings[0].Figures.Count != 4 {
		t.Errorf("%+v", th.Warnings)
	}
}

// Two threads wait for one futex, whose blocked time is that of both; that it is a lock does not show. Of thread 1's 90
// blocked, two samples of three are on it, 60; of thread 2's 50, all. Waits on the runtime of Python are one lock,
// whatever their addresses.
func TestLocks(t *testing.T) {
	blocked := func(at int64, tid int32, r osched.Reason, object uint64, on string) osched.Record {
		return osched.Record{
			Time: clock.Time(at), Kind: osched.Blocked, CPU: osched.NoCPU, PID: 1, TID: tid, Reason: r, Object: object,
			Name: on,
		}
	}
	th := build(&Builder{}, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		{Time: 0, Kind: osched.Fork, CPU: 0, PID: 1, TID: 2, Parent: 1, Creator: 1},
		{Time: 0, Kind: osched.In, CPU: 1, PID: 1, TID: 2},
		{Time: 10, Kind: osched.Out, CPU: 0, PID: 1, TID: 1},
		blocked(20, 1, osched.Futex, 64, ""),
		{Time: 50, Kind: osched.Out, CPU: 1, PID: 1, TID: 2},
		blocked(60, 1, osched.Futex, 64, ""),
		blocked(60, 2, osched.Futex, 64, ""),
		blocked(80, 1, osched.Reading, 5, "socket"),
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}...)
	check(t, th)
	if diff := cmp.Diff([]Lock{{Process: 0, Address: 64, Threads: 2, Samples: 3, Blocked: 110}}, th.Locks); diff != "" {
		t.Error(diff)
	}
	var causes []cause.Cause
	for _, w := range th.Threads[0].Waits {
		causes = append(causes, w.Cause())
	}
	if diff := cmp.Diff([]cause.Cause{cause.Cond, cause.Net}, causes); diff != "" {
		t.Error(diff)
	}
	gil := build(&Builder{}, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "python3"},
		{Time: 10, Kind: osched.Out, CPU: 0, PID: 1, TID: 1},
		blocked(20, 1, osched.Futex, 64, osched.GIL),
		blocked(30, 1, osched.Futex, 96, osched.GIL),
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}...)
	if diff := cmp.Diff([]Lock{{Process: 0, Name: osched.GIL, Threads: 1, Samples: 2, Blocked: 90}},
		gil.Locks); diff != "" {
		t.Error(diff)
	}
}

// Futex 64 shows as a lock in two stretches of thread 2, so it is one, for thread 1 too; futex 96 in one alone, as a
// barrier may, and in a quarter of the time that thread 2 is blocked. Thread 1 also waits for the end of thread 2,
// which is no lock.
func TestLocksThatShow(t *testing.T) {
	at := func(time int64, k osched.Kind, tid int32) osched.Record {
		return osched.Record{Time: clock.Time(time), Kind: k, CPU: tid, PID: 1, TID: tid}
	}
	blocked := func(time int64, tid int32, object uint64, on string) osched.Record {
		r := at(time, osched.Blocked, tid)
		r.CPU, r.Reason, r.Object, r.Name = osched.NoCPU, osched.Futex, object, on
		return r
	}
	th := build(&Builder{}, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 1, PID: 1, TID: 1, Name: "x"},
		at(0, osched.In, 2),
		at(10, osched.Out, 1), blocked(15, 1, 64, osched.HeldLock), at(20, osched.In, 1),
		at(20, osched.Out, 2), blocked(25, 2, 64, osched.HeldLock), at(30, osched.In, 2),
		at(30, osched.Out, 2), blocked(35, 2, 64, osched.HeldLock), at(40, osched.In, 2),
		at(40, osched.Out, 2), blocked(45, 2, 96, osched.HeldLock), at(50, osched.In, 2),
		at(50, osched.Out, 2), blocked(55, 2, 96, ""), at(60, osched.In, 2),
		at(60, osched.Out, 1), blocked(65, 1, 128, osched.ThreadEnd), at(90, osched.In, 1),
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}...)
	check(t, th)
	want := []Lock{{Address: 64, Name: osched.HeldLock, Threads: 2, Samples: 3, Blocked: 30}}
	if diff := cmp.Diff(want, th.Locks); diff != "" {
		t.Error(diff)
	}
	got := map[cause.Cause]time.Duration{}
	for _, x := range th.Threads {
		for _, w := range x.Waits {
			got[w.Cause()] += w.Time
		}
	}
	if diff := cmp.Diff(map[cause.Cause]time.Duration{cause.Futex: 30, cause.Cond: 20, cause.Join: 30}, got); diff != "" {
		t.Error(diff)
	}
}

// One look at each stretch is enough. A sleep of 800 was looked at once, and so was one of three polls of 10: they get
// 800 and 10, and the 20 that nobody looked at are shared out by stretches, not by time. The thread is ready from 960
// on, although no switch says so before 980: it waits for a core.
func TestOneLookPerStretch(t *testing.T) {
	at := func(time int64, k osched.Kind, r osched.Reason) osched.Record {
		return osched.Record{Time: clock.Time(time), Kind: k, PID: 1, TID: 1, Reason: r}
	}
	th := build(&Builder{},
		osched.Record{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		at(10, osched.Out, 0), at(20, osched.Blocked, osched.Sleeping), at(810, osched.In, 0),
		at(820, osched.Woken, 0), // stale: it runs
		at(830, osched.Out, 0), at(835, osched.Blocked, osched.Polling), at(840, osched.In, 0),
		at(850, osched.Out, 0), at(860, osched.In, 0),
		at(870, osched.Preempt, 0), at(875, osched.Woken, 0), at(880, osched.In, 0),
		at(950, osched.Out, 0), at(960, osched.Woken, 0), at(980, osched.In, 0),
		at(1000, osched.Exit, 0), at(1000, osched.End, 0),
	)
	check(t, th)
	want := []Thread{{
		PID: 1, TID: 1, Name: "x", End: 1000, OnCPU: 140, Ready: 30, Blocked: 830, Slices: 6, Preempted: 1,
		Waits: []Wait{
			{Reason: osched.Sleeping, Samples: 1, Time: 810}, {Reason: osched.Polling, Samples: 1, Time: 20},
		},
	}}
	if diff := cmp.Diff(want, th.Threads); diff != "" {
		t.Error(diff)
	}
}

// At level "sampled" a thread that is met at 0 has run 4 of its first 10 and waited 3, so it was blocked for 3. The 12
// that it has run by 20 do not fit into 10 and are carried on: by 30 there are 2 of them.
func TestSampled(t *testing.T) {
	usage := func(at, on, ready int64) osched.Record {
		return osched.Record{
			Time: clock.Time(at), Kind: osched.Usage, CPU: osched.NoCPU, PID: 1, TID: 1, OnCPU: on, Ready: ready,
		}
	}
	th := build(&Builder{Level: osched.Sampled},
		osched.Record{Time: 0, Kind: osched.Fork, CPU: osched.NoCPU, PID: 1, TID: 1},
		osched.Record{Time: 0, Kind: osched.Comm, CPU: osched.NoCPU, PID: 1, TID: 1, Name: "x"},
		usage(10, 4, 3), usage(20, 16, 3), usage(30, 16, 3),
		osched.Record{Time: 40, Kind: osched.Exit, CPU: osched.NoCPU, PID: 1, TID: 1},
		osched.Record{Time: 40, Kind: osched.End, CPU: osched.NoCPU},
	)
	check(t, th)
	want := []Thread{{PID: 1, TID: 1, Name: "x", End: 40, OnCPU: 16, Ready: 3, Blocked: 21, Slices: 3}}
	if diff := cmp.Diff(want, th.Threads); diff != "" {
		t.Error(diff)
	}
	if len(th.Warnings) != 1 || th.Warnings[0].Kind != warning.ThreadsLevel {
		t.Errorf("%+v", th.Warnings)
	}
}

// Joined slices keep the total, and times within a block are spread evenly. Three threads have lanes, the rest shares
// one.
func TestLimits(t *testing.T) {
	var records []osched.Record
	for tid := range int32(6) {
		records = append(records, osched.Record{
			Time: 0, Kind: osched.Fork, CPU: 0, PID: 1, TID: tid + 1, Parent: 1, Creator: 1,
		})
	}
	for i := range int64(100) {
		tid := int32(i%6) + 1
		records = append(
			records,
			osched.Record{Time: clock.Time(10 * i), Kind: osched.In, CPU: 0, PID: 1, TID: tid},
			osched.Record{Time: clock.Time(10*i + 6), Kind: osched.Out + osched.Kind(i%2), CPU: 0, PID: 1, TID: tid},
		)
	}
	records = append(records, osched.Record{Time: 1000, Kind: osched.End, CPU: osched.NoCPU})
	exact, joined := build(&Builder{}, records...), build(&Builder{MaxSlices: 30, MaxLanes: 3}, records...)
	check(t, exact)
	tl := check(t, joined)
	if diff := cmp.Diff(exact.Threads, joined.Threads, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if n := len(tl.Lanes); n != 3+1+1 {
		t.Errorf("%d lanes, want three, the shared one, and a core", n)
	}
	for tid := range int32(6) {
		if n := len(joined.blocks[tid]); n > 8 || n < 1 {
			t.Errorf("thread %d: %d blocks", tid+1, n)
		}
		var sum time.Duration
		var late time.Duration
		for at := clock.Time(0); at < 1000; at += 7 {
			on, ready := joined.OnCPU(tid+1, at, at+7)
			sum, late = sum+on, late+ready
		}
		want, ready := exact.OnCPU(tid+1, 0, 1001)
		on, wait := joined.OnCPU(tid+1, 0, 1001)
		if sum != want || on != want || late != ready || wait != ready {
			t.Errorf("thread %d: on a core %v in parts, %v in all, want %v; ready %v and %v, want %v", tid+1, sum, on,
				want, late, wait, ready)
		}
	}
}

// Whatever the records say, times add up and lanes hold together.
func TestRandom(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		b := &Builder{MaxSlices: 16, MaxLanes: 4}
		if seed%4 == 0 {
			b.Level = osched.Sampled
		}
		now := int64(1000)
		for range 400 {
			now += rng.Int64N(20)
			b.Add(&osched.Record{
				Time: clock.Time(now), Kind: osched.Kind(1 + rng.IntN(int(osched.End))), CPU: int32(rng.IntN(4)) - 1,
				PID: int32(rng.IntN(3)), TID: int32(rng.IntN(8)) - 1, Parent: int32(rng.IntN(3)),
				Creator: int32(rng.IntN(8)),
				Reason:  osched.Reason(rng.IntN(12)), Object: uint64(rng.IntN(3)), OnCPU: rng.Int64N(now),
				Ready: rng.Int64N(now), Name: "n",
			})
		}
		check(t, b.Finish())
	}
}

func TestEmpty(t *testing.T) {
	th := build(&Builder{})
	check(t, th)
	if len(th.Warnings) != 1 {
		t.Errorf("%+v", th.Warnings)
	}
}
