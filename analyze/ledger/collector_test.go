package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestCollectorTakesThePs: three workers on two Ps. From 100 to 200 the garbage collector has P 1, so that worker 1,
// which had it, is ready, as worker 2 has been all along: one P is lacking for each of two, but only one because of the
// collector, which is half of the time of both. Then worker 1 has found no P for 10, and worker 2 is still ready at
// 300. From 280 on goroutine 1 has stopped the world.
func TestCollectorTakesThePs(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.status(0, 1, 0, gotrace.Running)
	s.status(0, 2, 1, gotrace.Running)
	s.status(0, 3, none, gotrace.Runnable)
	for id := range int64(3) {
		s.region(0, id+1, []string{"worker 0", "worker 1", "worker 2"}[id], gotrace.RegionBegin)
	}
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: 100, G: 2, P: 1, M: 1, Subject: 2, From: gotrace.Running,
		To: gotrace.Runnable, Reason: gotrace.Preempted,
	})
	s.status(100, 9, 1, gotrace.Running)
	s.add(gotrace.Event{
		Kind: gotrace.Label, Time: 100, G: 9, P: 1, M: 1, Subject: 9, Name: s.sym.Intern("GC (dedicated)"),
	})
	s.block(200, 9, gotrace.SystemWait, "runtime.gcBgMarkWorker")
	s.run(210, 2, 1, gotrace.Runnable)
	s.ranged(280, 1, gotrace.StopTheWorld, gotrace.RangeBegin, "GC mark termination")
	s.ranged(300, 1, gotrace.StopTheWorld, gotrace.RangeEnd, "GC mark termination")
	s.procs(300, 2)
	l := s.finish(t, &Builder{})
	us := time.Microsecond
	want := []map[cause.Cause]time.Duration{
		{cause.User: 280 * us, cause.GCSTW: 20 * us},
		{cause.User: 190 * us, cause.GCDedicated: 50 * us, cause.SchedLatency: 60 * us},
		{cause.GCDedicated: 50 * us, cause.SchedLatency: 230 * us, cause.GCSTW: 20 * us},
	}
	var got []map[cause.Cause]time.Duration
	for _, w := range l.Workers {
		got = append(got, w.ByCause)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
