package osledger

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// both makes both passes.
func both(t *testing.T, records []osched.Record, from, to clock.Time, n,
	workers int,
) (*threads.Threads, *ledger.Ledger, ledger.OnCores, *cores.Use) {
	t.Helper()
	var first threads.Builder
	for i := range records {
		first.Add(&records[i])
	}
	th := first.Finish()
	b := Builder{Threads: th, Choice: Choose(th, []int32{1}, workers), From: from, To: to, Cores: n}
	second := threads.Builder{Watch: b.Change}
	for i := range records {
		second.Add(&records[i])
	}
	second.Finish()
	on, use := b.Finish()
	l := b.Ledger()
	if err := ledger.Validate(l); err != nil {
		t.Fatal(err)
	}
	if want := ledger.CoreTime(n) * ledger.CoreTime(to-from); l.Total != want ||
		on.Busy+on.Preempted+on.Idle+on.Unknown != want {
		t.Fatalf("total %d, sums %+v, want %d", l.Total, on, want)
	}
	if !l.Descendants {
		t.Fatal("the ledger does not say that it has the threads of processes that others started")
	}
	if err := timeline.Validate(Timeline(th, b.Choice)); err != nil {
		t.Fatal(err)
	}
	return th, l, on, use
}

func rows(l *ledger.Ledger) map[cause.Cause]ledger.CoreTime {
	out := map[cause.Cause]ledger.CoreTime{}
	for _, r := range l.Rows {
		out[r.Cause] = r.Time
	}
	return out
}

// Two threads take turns on a lock of Python's, on two cores, from 0 to 100.
//
//	main 1:  runs 0–10, waits on a futex of its own until 90, runs until 100
//	thread 2: runs 10–30, waits for the lock 30–50, runs 50–70, ends at 70
//	thread 3: waits for the lock 10–30, runs 30–50, waits for the lock 50–70, runs 70–80,
//	          is preempted until 85, ends at 90
//
// One core is busy except 80–85, in all 95. The other is idle: 0–10 there are no workers yet: serial. 10–70 one worker
// waits for the lock: 60. 70–90 thread 2 has ended: 20 of imbalance, of which 80–85 the core that thread 3 lacks is
// os.preempted and the other's is imbalance. 90–100 no worker is left: teardown.
func turns() []osched.Record {
	lock := func(at int64, tid int32) osched.Record {
		return osched.Record{
			Time: clock.Time(at), Kind: osched.Blocked, CPU: osched.NoCPU, PID: 1, TID: tid, Reason: osched.Futex,
			Object: 64, Name: osched.GIL,
		}
	}
	sw := func(at int64, k osched.Kind, cpu, tid int32) osched.Record {
		return osched.Record{Time: clock.Time(at), Kind: k, CPU: cpu, PID: 1, TID: tid}
	}
	fork := func(at int64, tid int32) osched.Record {
		return osched.Record{Time: clock.Time(at), Kind: osched.Fork, CPU: 0, PID: 1, TID: tid, Parent: 1, Creator: 1}
	}
	return []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "py"},
		fork(10, 2), fork(10, 3),
		sw(10, osched.Out, 0, 1), sw(10, osched.In, 0, 2), sw(10, osched.In, 1, 3), sw(10, osched.Out, 1, 3),
		{Time: 15, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 1, TID: 1, Reason: osched.Futex, Object: 8},
		lock(20, 3),
		sw(30, osched.Out, 0, 2), sw(30, osched.In, 1, 3), lock(40, 2),
		sw(50, osched.Out, 1, 3), sw(50, osched.In, 0, 2), lock(60, 3),
		sw(70, osched.Exit, 0, 2), sw(70, osched.In, 1, 3),
		sw(80, osched.Preempt, 1, 3), sw(85, osched.In, 1, 3),
		sw(90, osched.Exit, 1, 3), sw(90, osched.In, 0, 1),
		sw(100, osched.Exit, 0, 1),
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}
}

func TestTurns(t *testing.T) {
	th, l, _, use := both(t, turns(), 0, 100, 2, 2)
	for i := range 2 { // both workers wait for the process until they begin at 10
		lane := &Timeline(th, Choose(th, []int32{1}, 2)).Lanes[i]
		if s := lane.Totals()[timeline.Serial]; lane.Kind != timeline.Worker || s != 10 {
			t.Errorf("worker %d waits for a serial part for %d", i, s)
		}
	}
	want := map[cause.Cause]ledger.CoreTime{
		cause.User: 95, cause.Preempted: 5, cause.Futex: 60, cause.Serial: 10, cause.Join: 20, cause.Teardown: 10,
	}
	if d := cmp.Diff(want, rows(l)); d != "" {
		t.Error(d)
	}
	for _, r := range l.Rows {
		if r.Cause == cause.Futex && r.Stacks[0].Waiting[0].Func != gil {
			t.Errorf("the lock is called %q", r.Stacks[0].Waiting[0].Func)
		}
	}
	// Both begin at 10, which is the process's serial part; thread 2 ends 20 before the other.
	workers := []ledger.WorkerTime{
		{Rank: 0, ID: 0, Wall: 100, ByCause: map[cause.Cause]time.Duration{
			cause.Serial: 10, cause.User: 40, cause.Futex: 20, cause.Join: 20, cause.Teardown: 10,
		}},
		{Rank: 0, ID: 1, Wall: 100, ByCause: map[cause.Cause]time.Duration{
			cause.Serial: 10, cause.User: 35, cause.Futex: 40, cause.Preempted: 5, cause.Teardown: 10,
		}},
	}
	if d := cmp.Diff(workers, l.Workers); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]time.Duration{5, 95}, use.Profile); d != "" {
		t.Error(d)
	}
}

// A program that ignores the number of workers: one thread computes. The other core has nobody.
func TestIgnored(t *testing.T) {
	_, l, _, _ := both(t, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "gzip"},
		{Time: 100, Kind: osched.Exit, CPU: 0, PID: 1, TID: 1},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}, 0, 100, 2, 2)
	if d := cmp.Diff(map[cause.Cause]ledger.CoreTime{cause.User: 100, cause.Serial: 100}, rows(l)); d != "" ||
		len(l.Workers) != 0 || len(l.Warnings) != 1 {
		t.Errorf("workers %v, warnings %+v\n%s", l.Workers, l.Warnings, d)
	}
}

// A thread that is no worker waits on a futex of its own: for others to finish, and not at a place that could be
// mended.
func TestJoinHasNoPlace(t *testing.T) {
	_, l, _, _ := both(t, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		{Time: 10, Kind: osched.Out, CPU: 0, PID: 1, TID: 1},
		{Time: 50, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 1, TID: 1, Reason: osched.Futex, Object: 8},
		{Time: 90, Kind: osched.In, CPU: 0, PID: 1, TID: 1},
		{Time: 100, Kind: osched.Exit, CPU: 0, PID: 1, TID: 1},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}, 0, 100, 1, 2)
	if d := cmp.Diff(map[cause.Cause]ledger.CoreTime{cause.User: 20, cause.Join: 80}, rows(l)); d != "" {
		t.Error(d)
	}
	for _, r := range l.Rows {
		if r.Cause == cause.Join && len(r.Stacks[0].Waiting)+len(r.Stacks[0].Blamed) > 0 {
			t.Errorf("%+v", r.Stacks)
		}
	}
}

// Records of core 0 are lost from 40 to 60: that core's time is unknown, and so is the worker's.
func TestGap(t *testing.T) {
	_, l, _, _ := both(t, []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		{Time: 40, Kind: osched.In, CPU: 0, PID: 1, TID: 1},
		{Time: 60, Kind: osched.Lost, CPU: 0, Count: 3},
		{Time: 60, Kind: osched.In, CPU: 0, PID: 1, TID: 1},
		{Time: 100, Kind: osched.Exit, CPU: 0, PID: 1, TID: 1},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}, 0, 100, 1, 1)
	if d := cmp.Diff(map[cause.Cause]ledger.CoreTime{cause.User: 80, cause.Unknown: 20}, rows(l)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[cause.Cause]time.Duration{cause.User: 80, cause.Unknown: 20}, l.Workers[0].ByCause); d != "" {
		t.Error(d)
	}
}

// Where only times are known: the worker ran 60 of 100, was ready for 10 and slept for 30, on one core.
func TestSampled(t *testing.T) {
	b := threads.Builder{Level: osched.Sampled}
	for _, r := range []osched.Record{
		{Time: 0, Kind: osched.Fork, CPU: osched.NoCPU, PID: 1, TID: 1},
		{Time: 50, Kind: osched.Usage, CPU: osched.NoCPU, PID: 1, TID: 1, OnCPU: 20, Ready: 10},
		{Time: 50, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 1, TID: 1, Reason: osched.Sleeping},
		{Time: 100, Kind: osched.Usage, CPU: osched.NoCPU, PID: 1, TID: 1, OnCPU: 60, Ready: 10},
		{Time: 100, Kind: osched.Exit, CPU: osched.NoCPU, PID: 1, TID: 1},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	} {
		b.Add(&r)
	}
	th := b.Finish()
	a := Builder{Threads: th, Choice: Choose(th, []int32{1}, 1), From: 0, To: 100, Cores: 1}
	l := a.Sampled()
	if err := ledger.Validate(l); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[cause.Cause]ledger.CoreTime{cause.User: 60, cause.Preempted: 10, cause.Sleep: 30},
		rows(l)); d != "" {
		t.Error(d)
	}
	if l := a.Totals(70); ledger.Validate(l) != nil || l.Of(cause.User) != 70 || l.Of(cause.Unknown) != 30 {
		t.Errorf("%+v", l.Rows)
	}
}

// Whatever the records say, all adds up.
func TestRandom(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		records := []osched.Record{{Time: 1000, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"}}
		now := int64(1000)
		for range 300 {
			now += rng.Int64N(20)
			records = append(records, osched.Record{
				Time: clock.Time(now), Kind: osched.Kind(1 + rng.IntN(int(osched.Blocked))),
				CPU: int32(rng.IntN(4)) - 1,
				PID: int32(rng.IntN(3)), TID: int32(rng.IntN(8)) - 1, Parent: int32(rng.IntN(3)),
				Creator: int32(rng.IntN(8)),
				Reason:  osched.Reason(rng.IntN(12)), Object: uint64(rng.IntN(3)), Name: "n",
			})
		}
		from := clock.Time(900 + rng.Int64N(300))
		both(t, records, from, from+clock.Time(rng.Int64N(4000)), 1+rng.IntN(4), 1+rng.IntN(3))
	}
}
