package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// causesOf are the causes of each worker of l, in microseconds.
func causesOf(l *Ledger) []map[cause.Cause]int64 {
	var out []map[cause.Cause]int64
	for _, w := range l.Workers {
		m := map[cause.Cause]int64{}
		for c, d := range w.ByCause {
			m[c] = int64(d / time.Microsecond)
		}
		out = append(out, m)
	}
	return out
}

// A window from 0 to 1000 on one P, on which main makes three workers from 100 to 110: that long they start up. Worker
// 0 does all tasks from 120 to 800; the others are ready all the while, and find none when they get the P. From its
// region on a worker without tasks waits for the end.
func TestWorkersWithoutTasks(t *testing.T) {
	s := &script{}
	s.procs(0, 1)
	s.run(0, 1, 0, unknown)
	for i, id := range []int64{5, 6, 7} {
		s.create(100+5*int64(i), 1, id, "main.work")
	}
	s.block(120, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
	at := int64(120)
	for i, id := range []int64{5, 6, 7} {
		s.run(at, id, 0, runnable)
		s.region(at, id, "worker "+string(rune('0'+i)), gotrace.RegionBegin)
		at = max(800, at+20)
		s.region(at, id, "worker "+string(rune('0'+i)), gotrace.RegionEnd)
		s.end(at, id)
	}
	s.wake(at, none, 1, "main.work")
	s.procs(1000, 1)
	want := []map[cause.Cause]int64{
		{cause.Startup: 100, cause.SchedLatency: 20, cause.User: 680, cause.Join: 40, cause.Teardown: 160},
		{cause.Startup: 105, cause.SchedLatency: 695, cause.User: 20, cause.Join: 20, cause.Teardown: 160},
		{cause.Startup: 110, cause.SchedLatency: 710, cause.User: 20, cause.Teardown: 160},
	}
	if diff := cmp.Diff(want, causesOf(s.finish(t, &Builder{To: 1_000_000}))); diff != "" {
		t.Error(diff)
	}
}

// Before its region a worker does what its goroutine does: worker 0 prepares from 20 to 50 and waits at a gate until
// 300; from 100 to 200, while a serial part runs, it has nothing to do. The second phase has goroutines of its own:
// main makes that of worker 0 at 450, 50 after the region of worker 1 has ended, and it is ready until 470.
func TestPrelude(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.create(10, 1, 5, "main.work")
	s.run(20, 5, 1, runnable)
	s.block(50, 5, gotrace.ChanReceive, "runtime.chanrecv1", "main.work")
	s.region(100, 1, "before", gotrace.RegionBegin)
	s.region(200, 1, "before", gotrace.RegionEnd)
	s.create(210, 1, 6, "main.work")
	s.region(220, 1, "worker 1", gotrace.RegionBegin)
	s.wake(300, 1, 5, "main.main")
	s.run(310, 5, 1, runnable)
	s.region(310, 5, "worker 0", gotrace.RegionBegin)
	s.region(350, 5, "worker 0", gotrace.RegionEnd)
	s.end(350, 5)
	s.region(400, 1, "worker 1", gotrace.RegionEnd)
	s.create(450, 1, 7, "main.work")
	s.run(470, 7, 1, runnable)
	s.region(480, 7, "worker 0", gotrace.RegionBegin)
	s.region(500, 7, "worker 0", gotrace.RegionEnd)
	s.procs(500, 2)
	want := []map[cause.Cause]int64{
		{
			cause.Startup: 10, cause.SchedLatency: 10 + 10 + 20, cause.User: 30 + 40 + 10 + 20, cause.ChanRecv: 150,
			cause.Serial: 100 + 50, cause.Join: 50,
		},
		{cause.User: 400, cause.Join: 20, cause.Teardown: 80}, // main itself
	}
	l := s.finish(t, &Builder{To: 500_000})
	if diff := cmp.Diff(want, causesOf(l)); diff != "" {
		t.Error(diff)
	}
}

// From 100 to 300 the trace is missing. The goroutine of worker 0 is ready from 50 on, and that of worker 1 is made at
// 400: what is missing is not known of either.
func TestPreludeWithGap(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.create(50, 1, 5, "main.work")
	s.run(99, 1, 0, unknown)
	s.add(gotrace.Event{Kind: gotrace.Gap, Time: 100, G: none, P: none, M: none, Subject: none})
	s.procs(300, 2)
	s.run(320, 5, 1, unknown)
	s.region(350, 5, "worker 0", gotrace.RegionBegin)
	s.run(400, 1, 0, unknown)
	s.create(400, 1, 6, "main.work")
	s.region(500, 5, "worker 0", gotrace.RegionEnd)
	s.end(500, 5)
	s.run(520, 6, 1, runnable)
	s.region(520, 6, "worker 1", gotrace.RegionBegin)
	s.procs(600, 2)
	l := s.finish(t, &Builder{To: 600_000})
	for i, want := range []map[cause.Cause]int64{
		{cause.Startup: 50, cause.SchedLatency: 50, cause.Unknown: 200, cause.User: 200},
		{cause.Startup: 100 + 100, cause.SchedLatency: 120, cause.Unknown: 200, cause.User: 80},
	} {
		for c, d := range want {
			if got := causesOf(l)[i][c]; got != d {
				t.Errorf("worker %d: %s is %d, want %d: %v", i, c, got, d, causesOf(l)[i])
			}
		}
	}
}

// A goroutine that served others before, again and again, was not made to be a worker: the worker begins with its
// region.
func TestLongPrelude(t *testing.T) {
	for n, want := range map[int64]int64{10: 0, 60: 600} {
		s := &script{}
		s.procs(0, 1)
		s.run(0, 1, 0, unknown)
		for i := range n {
			s.block(10*i+5, 1, gotrace.ChanReceive, "main.serve")
			s.wake(10*i+7, none, 1)
			s.run(10*i+8, 1, 0, runnable)
		}
		s.region(10*n, 1, "worker 0", gotrace.RegionBegin)
		s.region(10*n+5, 1, "worker 0", gotrace.RegionEnd)
		s.procs(10*n+5, 1)
		if got := causesOf(s.finish(t, &Builder{}))[0][cause.Startup]; got != want {
			t.Errorf("start-up of %d after %d changes, want %d", got, 3*n, want)
		}
	}
}
