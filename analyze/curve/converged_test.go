package curve_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// steady are n runs that take equally long; wild are n runs that scatter by tens of percent.
func steady(p sweep.Point, n int) []sweep.Result {
	ms := make([]float64, n)
	for i := range ms {
		ms[i] = 100
	}
	return runs(p, ms...)
}

func wild(p sweep.Point, n int) []sweep.Result {
	ms := make([]float64, n)
	for i := range ms {
		ms[i] = 100 + 100*float64(i%2)
	}
	return runs(p, ms...)
}

func broken(p sweep.Point, n int) []sweep.Result {
	out := steady(p, n)
	for i := range out {
		out[i].Status = sweep.TimedOut
	}
	return out
}

// Each variant of a grid has a base of its own: what one takes on one worker makes no interval of another wide.
func TestConvergedOfVariants(t *testing.T) {
	base := pt(1, 1, 1, 9)
	old := sweepOf(sweep.Grid, sweep.Strong, base).For("old")
	one := sweepOf(sweep.Grid, sweep.Strong, base, pt(1, 2, 2, 9)).For("new")
	two := sweepOf(sweep.Grid, sweep.Strong, pt(2, 1, 2, 9), pt(2, 2, 4, 9)).For("new")
	results := wild(old.Points[0], 6)
	for _, p := range one.Points {
		results = append(results, steady(p, 6)...)
	}
	for _, p := range two.Points { // wider than old alone, if held against it
		results = append(results, runs(p, 100, 103, 100, 103, 100, 103)...)
	}
	rule := sweep.Rule{MinRuns: 5, MaxRuns: 100, HalfWidth: 0.05}
	p := curve.Converged([]sweep.Sweep{old, one, two}, results, rule, curve.Total)
	if p.Done || p.Worst.Variant != "old" {
		t.Errorf("%+v", p)
	}
}

func TestConverged(t *testing.T) {
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	spins, _ := ceiling()
	sweeps := []sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two), spins}
	rule := sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05}
	for _, tt := range []struct {
		name    string
		results []sweep.Result
		rule    sweep.Rule
		done    bool
		why     curve.Reason
		left    int // points that are left aside
	}{
		{"nothing yet", nil, rule, false, curve.FewRuns, 0},
		{"not enough", join(steady(one, 10), steady(two, 9)), rule, false, curve.FewRuns, 0},
		{
			"enough and narrow; the spin loop was never asked", join(steady(one, 10), steady(two, 10)), rule, true,
			curve.Narrow, 0,
		},
		// The median of twelve that are half 100 and half 200 is 150 ms, and of resamples anything from 100 to 200:
		// against a steady base the speedup is 2/3, from 1/2 to 1, so its half-width is 0.25/(2/3) = 37.5 %.
		{"enough and wide", join(steady(one, 12), wild(two, 12)), rule, false, curve.Wide, 0},
		{"wide at the limit", join(steady(one, 30), wild(two, 30)), rule, true, curve.MostRuns, 0},
		{
			"narrow enough for a wide rule", join(steady(one, 12), wild(two, 12)),
			sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.5},
			true, curve.Narrow, 0,
		},
		{
			"three runs were asked for", join(steady(one, 3), steady(two, 3)),
			sweep.Rule{MinRuns: 3, MaxRuns: 3, HalfWidth: 0.05},
			true, curve.MostRuns, 0,
		},
		{
			"three suffice, but an interval takes five", join(steady(one, 4), steady(two, 4)),
			sweep.Rule{MinRuns: 3, MaxRuns: 30, HalfWidth: 0.05},
			false, curve.FewRuns, 0,
		},
		{
			"a point that never succeeds does not hold the others up", join(steady(one, 10), broken(two, 10)), rule,
			true,
			curve.Narrow, 1,
		},
		{
			"a point that fails now and then is made good", join(steady(one, 12), steady(two, 8), broken(two, 4)), rule,
			false,
			curve.Wide, 0,
		},
		{"no point ever succeeds", join(broken(one, 10), broken(two, 10)), rule, true, curve.AllHopeless, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := curve.Converged(sweeps, tt.results, tt.rule, curve.Total)
			if got.Done != tt.done || got.Reason != tt.why || len(got.Hopeless) != tt.left {
				t.Errorf("done %v, %q, %d left aside; want %v, %q, %d", got.Done, got.Reason, len(got.Hopeless),
					tt.done, tt.why, tt.left)
			}
		})
	}
}

func TestConvergedWorst(t *testing.T) {
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	sweeps := []sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)}
	rule := sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05}
	p := curve.Converged(sweeps, join(steady(one, 10), wild(two, 10)), rule, curve.Total)
	if p.Worst != two || math.Abs(p.HalfWidth-0.375) > 1e-9 || p.Blocks != 10 {
		t.Errorf("worst %v at %v after %d blocks; want %v at 0.375 after 10", p.Worst, p.HalfWidth, p.Blocks, two)
	}
	if p = curve.Converged(sweeps, nil, rule, curve.Total); p.Worst != (sweep.Point{}) || !math.IsNaN(p.HalfWidth) {
		t.Errorf("worst %v at %v of nothing", p.Worst, p.HalfWidth)
	}
	if p = curve.Converged(nil, nil, rule, curve.Total); !p.Done || p.Reason != curve.NoPoints {
		t.Errorf("no sweeps: %+v", p)
	}
}
