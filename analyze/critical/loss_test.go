package critical

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

func (s *script) mark(t clock.Time, k gotrace.Kind) {
	s.add(gotrace.Event{Kind: k, Time: t, G: none, P: none, M: none, Subject: none})
}

// TestLoss: main runs for 100 and waits for goroutine 2, which runs from 100 on. From 200 to 500 nothing can be read.
// Afterwards main runs for 50, to 550, and a goroutine 3 for 400, to 900; nothing is told of goroutine 2, whose 100 are
// known to be done at 600.
//
// Main: 100 + 50; goroutine 2: main's 100 and its own 100; goroutine 3, which nobody is known to have made: 400, the
// longest. Work: 100 + 100 + 50 + 400.
func TestLoss(t *testing.T) {
	s := &script{}
	s.mark(0, gotrace.Sync)
	s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.create(100, 1, 2, "main.main")
	s.block(100, 1, gotrace.ChanReceive, "main.main")
	s.run(100, 2)
	s.mark(200, gotrace.Gap)
	s.mark(500, gotrace.Sync)
	s.g(500, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
	s.g(500, none, 3, gotrace.Undetermined, gotrace.Running, 0, "")
	s.block(550, 1, gotrace.Forever, "main.main")
	s.mark(600, gotrace.Sync)
	s.end(900, 3, "main.late")
	p := s.finish(t)
	check(t, p, 650*us, 400*us, []part{{cause.User, "main.late", 400}})
	if len(p.Warnings) != 1 || p.Warnings[0].Figures.Time != 300*us {
		t.Errorf("warnings %+v", p.Warnings)
	}
}

// TestLooseWaits: what waits at channels warns only if it is a good part of all waiting. Main waits for a receive from
// 0 to 10 and joins until 10 + rest.
func TestLooseWaits(t *testing.T) {
	for _, tt := range []struct {
		rank       int
		rest, want int64
	}{
		{0, 90, 1},  // 10 of 100
		{0, 990, 0}, // 10 of 1000
		{-1, 90, 0}, // a coordinator
	} {
		s := &script{}
		s.b.Rank = tt.rank
		s.g(0, none, 2, gotrace.Undetermined, gotrace.Running, 0, "")
		s.g(0, none, 1, gotrace.Undetermined, gotrace.Running, 0, "")
		s.block(0, 1, gotrace.ChanReceive, "main.main")
		s.wake(10, 2, 1, "main.send")
		s.run(10, 1)
		s.block(10, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait")
		s.wake(10+tt.rest, 2, 1, "main.done")
		if p := s.finish(t); int64(len(p.Warnings)) != tt.want {
			t.Errorf("%+v: warnings %+v", tt, p.Warnings)
		}
	}
}

// TestMergeLeavesTheCoordinatorOut: its path is the longest, but two others do the work.
func TestMergeLeavesTheCoordinatorOut(t *testing.T) {
	step := func(d time.Duration) []Step { return []Step{{Cause: cause.User, Time: d}} }
	got := Merge(
		&Path{Rank: 0, Work: 60, Span: 60, Steps: step(60)},
		&Path{Rank: 1, Work: 90, Span: 80, Steps: step(80)},
		&Path{Rank: -1, Work: 10, Span: 100, Steps: step(100)},
	)
	if diff := cmp.Diff(&Path{Rank: 1, Work: 160, Span: 80, Parallelism: 2, Steps: step(80)}, got); diff != "" {
		t.Error(diff)
	}
	if got := Merge(&Path{Rank: -1, Work: 10, Span: 100, Steps: step(100)}); got.Span != 100 {
		t.Errorf("a coordinator alone has a span of %d", got.Span)
	}
}

// TestBounds: 100 of work with a span of 40 take 100 on one core, at least 50 and at most 90 on two; on many at least
// 40 and at most a little more: speedups of 1.11 … 2 and 2.5. A span of 400 of which most are delays takes 400 on any
// number: no speedup, and none below 1.
func TestBounds(t *testing.T) {
	type bounds struct{ Low, High float64 }
	for _, tt := range []struct {
		work, span time.Duration
		cores      int
		want       bounds
	}{
		{100, 40, 1, bounds{1, 1}},
		{100, 40, 2, bounds{100. / 90, 2}},
		{100, 40, 100, bounds{100. / 41, 2.5}},
		{100, 400, 1, bounds{1, 1}},
		{100, 400, 2, bounds{1, 1}},
		{100, 100, 8, bounds{1, 1}},
	} {
		p := &Path{Work: tt.work * time.Second, Span: tt.span * time.Second}
		low, high := p.Bounds(tt.cores)
		if math.Abs(low-tt.want.Low) > 1e-12 || math.Abs(high-tt.want.High) > 1e-12 {
			t.Errorf("work %d, span %d, %d cores: %v … %v, want %v", tt.work, tt.span, tt.cores, low, high, tt.want)
		}
	}
}
