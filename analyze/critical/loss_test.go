package critical

import (
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
	if len(p.Warnings) != 0 { // the ledger says it
		t.Errorf("warnings %+v", p.Warnings)
	}
}

// TestMergeLeavesTheCoordinatorOut: its path is the longest, but two others do the work.
func TestMergeLeavesTheCoordinatorOut(t *testing.T) {
	step := func(d time.Duration) []Step { return []Step{{Cause: cause.User, Time: d}} }
	got := Merge(
		&Path{Rank: 0, Work: 60, Span: 60, Least: 60, Steps: step(60)},
		&Path{Rank: 1, Work: 90, Span: 80, Least: 80, Steps: step(80)},
		&Path{Rank: -1, Work: 10, Span: 100, Least: 100, Steps: step(100)},
	)
	want := &Path{Rank: 1, Work: 160, Span: 80, Least: 80, Parallelism: 2, Steps: step(80)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Merge(&Path{Rank: -1, Work: 10, Span: 100, Steps: step(100)}); got.Span != 100 {
		t.Errorf("a coordinator alone has a span of %d", got.Span)
	}
}
