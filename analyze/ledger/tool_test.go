package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Of two cores for 100, threads were ready without one for 30, two thirds of it those of worker 0, and nothing was to
// run for 20. What the tool used takes the place of the first and then of the second; what it used beyond both took the
// place of something that is known already.
func TestBookTool(t *testing.T) {
	frame := func(name string) []gotrace.Frame { return []gotrace.Frame{{Func: name}} }
	fresh := func() *Ledger {
		return &Ledger{
			Wall: 100, Total: 200,
			Rows: []Row{
				{Cause: cause.User, Time: 120, Stacks: []Stack{{Time: 120, Waiting: frame("f")}}},
				{Cause: cause.Futex, Time: 30, Stacks: []Stack{{Time: 30}}},
				{Cause: cause.Idle, Time: 20, Stacks: []Stack{{Time: 20}}},
				{Cause: cause.Preempted, Time: 30, Stacks: []Stack{{Time: 20, Waiting: frame("f")}, {Time: 10}}},
			},
			Workers: []WorkerTime{
				{Wall: 100, ByCause: map[cause.Cause]time.Duration{cause.User: 80, cause.Preempted: 20}},
				{Wall: 100, ID: 1, ByCause: map[cause.Cause]time.Duration{cause.User: 90, cause.Preempted: 10}},
			},
		}
	}
	for _, tt := range []struct {
		used                    CoreTime
		tracer, idle, preempted CoreTime
		workers                 []time.Duration // cause.Tracer
	}{
		{0, 0, 20, 30, []time.Duration{0, 0}},
		{12, 12, 20, 18, []time.Duration{8, 4}},
		{35, 35, 15, 0, []time.Duration{20, 10}},
		{1000, 50, 0, 0, []time.Duration{20, 10}},
	} {
		l := fresh()
		l.BookTool(tt.used)
		got := []CoreTime{l.Of(cause.Tracer), l.Of(cause.Idle), l.Of(cause.Preempted), l.Of(cause.User), l.Of(cause.Futex)}
		if d := cmp.Diff([]CoreTime{tt.tracer, tt.idle, tt.preempted, 120, 30}, got); d != "" {
			t.Errorf("%d used: tracer, idle, preempted, user, futex (-want +got):\n%s", tt.used, d)
		}
		var sum CoreTime
		for i, r := range l.Rows {
			var stacks CoreTime
			for _, s := range r.Stacks {
				stacks += s.Time
			}
			if stacks != r.Time || r.Time <= 0 {
				t.Errorf("%d used: row %v of %d has stacks of %d", tt.used, r.Cause, r.Time, stacks)
			}
			if i > 0 && l.Rows[i-1].Cause >= r.Cause {
				t.Errorf("%d used: %v after %v", tt.used, r.Cause, l.Rows[i-1].Cause)
			}
			sum += r.Time
		}
		if sum != l.Total {
			t.Errorf("%d used: rows of %d, total %d", tt.used, sum, l.Total)
		}
		var workers []time.Duration
		for _, w := range l.Workers {
			workers = append(workers, w.ByCause[cause.Tracer])
			var wall time.Duration
			for _, d := range w.ByCause {
				wall += d
			}
			if wall != w.Wall {
				t.Errorf("%d used: worker %d has %v of %v", tt.used, w.ID, wall, w.Wall)
			}
		}
		if d := cmp.Diff(tt.workers, workers); d != "" {
			t.Errorf("%d used: tracer of workers (-want +got):\n%s", tt.used, d)
		}
	}
	if d := cmp.Diff(fresh(), func() *Ledger { l := fresh(); l.BookTool(0); return l }(),
		cmpopts.IgnoreUnexported(Ledger{})); d != "" {
		t.Errorf("nothing used (-want +got):\n%s", d)
	}
}
