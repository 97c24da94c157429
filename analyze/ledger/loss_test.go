package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func (s *script) lose(t clock.Time) {
	s.add(gotrace.Event{Kind: gotrace.Gap, Time: t, G: none, P: none, M: none, Subject: none})
}

// status tells of a goroutine in the first generation, or the first after a missing part.
func (s *script) status(t, id, p int64, to gotrace.State) {
	s.add(gotrace.Event{Kind: gotrace.GoTransition, Time: clock.Time(t), G: none, P: p, M: p, Subject: id, To: to})
}

// TestLoss: two Ps, 500 long, of which 100 … 300 cannot be read. Goroutine 1 runs all the time, goroutine 2 until 50,
// from 300 (which is told at 320) to 400 and again from 460. Both are workers.
//
//   - User: 1 has 100 + 200, 2 has 50 + 100 + 40.
//   - Of the wait from 50 on nobody knows the end: 50 without blame. That of 400 … 450 was ended by goroutine 1, at
//     main.send; then 2 has not found its P for 10.
//   - Two Ps are unknown for 200 of time: 400.
func TestLoss(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.status(0, 1, 0, gotrace.Running)
	s.status(0, 2, 1, gotrace.Running)
	s.region(0, 1, "worker 0", gotrace.RegionBegin)
	s.region(0, 2, "worker 1", gotrace.RegionBegin)
	s.block(50, 2, gotrace.ChanReceive, "main.first")
	s.lose(100)
	s.procs(300, 2)
	s.status(300, 1, 0, gotrace.Running)
	s.status(320, 2, 1, gotrace.Running)
	s.block(400, 2, gotrace.ChanReceive, "main.second")
	s.wake(450, 1, 2, "main.send")
	s.run(460, 2, 1, gotrace.Runnable)
	s.procs(500, 2)
	l := s.finish(t, &Builder{})
	want := []line{
		{cause.User, "", "", 300},
		{cause.User, "main.first", "", 190}, // the first stack of goroutine 2 counts as its start
		{cause.SchedLatency, "", "", 10},
		{cause.ChanRecv, "main.first", "", 50},
		{cause.ChanRecv, "main.second", "main.send", 50},
		{cause.Unknown, "", "", 400},
	}
	if diff := cmp.Diff(want, lines(l)); diff != "" {
		t.Error(diff)
	}
	us := time.Microsecond
	workers := []WorkerTime{
		{ID: 0, Wall: 500 * us, ByCause: map[cause.Cause]time.Duration{cause.User: 300 * us, cause.Unknown: 200 * us}},
		{ID: 1, Wall: 500 * us, ByCause: map[cause.Cause]time.Duration{
			cause.User: 190 * us, cause.ChanRecv: 100 * us, cause.SchedLatency: 10 * us, cause.Unknown: 200 * us,
		}},
	}
	if diff := cmp.Diff(workers, l.Workers); diff != "" {
		t.Error(diff)
	}
	if len(l.Warnings) != 1 || l.Warnings[0].Figures.Time != 200*us {
		t.Errorf("warnings %+v", l.Warnings)
	}
}

// TestLossOfWorkers: of three workers on one P, the goroutine of the first has ended in the missing part (100 … 300)
// and another is worker 0 from 400 on; that of the second goes on; that of the third has ended, which is sure at 500,
// when a whole generation has not told of it. Until 600 worker 1 waits to be the only one inside a region and ends it
// at 550.
func TestLossOfWorkers(t *testing.T) {
	s := &script{}
	s.procs(0, 1)
	s.status(0, 1, 0, gotrace.Running)
	s.status(0, 2, none, gotrace.Runnable)
	s.status(0, 3, none, gotrace.Runnable)
	for id := range int64(3) {
		s.region(0, id+1, []string{"worker 0", "worker 1", "worker 2"}[id], gotrace.RegionBegin)
	}
	s.lose(100)
	s.procs(300, 1)
	s.status(300, 2, 0, gotrace.Running)
	s.create(400, 2, 4, "main.more")
	s.region(400, 4, "worker 0", gotrace.RegionBegin)
	s.procs(500, 1)
	s.region(550, 2, "worker 1", gotrace.RegionEnd)
	s.procs(600, 1)
	l := s.finish(t, &Builder{})
	us := time.Microsecond
	// Worker 0: 100 user, unknown to 400, then ready. Worker 1: ready, unknown, user to 550, then worker 0 is inside.
	// Worker 2: ready, unknown to 500, then the others are inside.
	want := []WorkerTime{
		{
			ID: 0, Wall: 600 * us, ByCause: map[cause.Cause]time.Duration{
				cause.User: 100 * us, cause.Unknown: 300 * us, cause.SchedLatency: 200 * us,
			},
		},
		{ID: 1, Wall: 600 * us, ByCause: map[cause.Cause]time.Duration{
			cause.SchedLatency: 100 * us, cause.Unknown: 200 * us, cause.User: 250 * us, cause.Join: 50 * us,
		}},
		{ID: 2, Wall: 600 * us, ByCause: map[cause.Cause]time.Duration{
			cause.SchedLatency: 100 * us, cause.Unknown: 400 * us, cause.Join: 100 * us,
		}},
	}
	if diff := cmp.Diff(want, l.Workers); diff != "" {
		t.Error(diff)
	}
	if len(l.Warnings) != 1 {
		t.Errorf("warnings %+v", l.Warnings)
	}
}
