package stack_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

func takes(rows map[cause.Cause]float64) (out []stack.Row) {
	for _, c := range append(cause.All(), cause.WorkInflation, cause.NotExplained) {
		if v, ok := rows[c]; ok {
			out = append(out, stack.Row{Cause: c, Speedup: v})
		}
	}
	return out
}

// TestWithout: what is known of each program by hand.
func TestWithout(t *testing.T) {
	for _, w := range []struct {
		name          string
		s             stack.Stack
		ceiling       float64
		gone          cause.Cause
		about, atMost float64
	}{
		{
			// Two workers, each slowed down fivefold by a line of cache that they share, and one of them by a little
			// more: for a tenth of the time the other waits for it. Without sharing that tenth is a tenth still:
			// 0.36·(2 − 0.2)/0.36.
			"false sharing", stack.Stack{
				N: 2, Speedup: 0.36, Need: 1.8, BaseNeed: 1, Cores: 2, BaseCores: 1,
				Rows: takes(map[cause.Cause]float64{cause.WorkInflation: 1.44, cause.Join: 0.2}),
			}, 0, cause.WorkInflation, 1.8, 2,
		},
		{
			// A serial tenth: T = 0.1 + 0.9/4 on four workers, S = 3.077, three of which wait 0.1 of 0.325.
			"serial", stack.Stack{
				N: 4, Speedup: 1 / 0.325, Need: 1 / 0.325, BaseNeed: 1, Cores: 4, BaseCores: 1,
				Rows: takes(map[cause.Cause]float64{cause.Serial: 0.3 / 0.325}),
			}, 0, cause.Serial, 4, 4,
		},
		{
			// Starting takes as long as it did: T₁ = 1, T₂ = 0.1 + 0.25 + 0.5, where both wait 0.1 for the start and
			// one 0.5 for the other's tasks. Without that: 0.1 + 0.5.
			"start-up stays", stack.Stack{
				N: 2, Speedup: 1 / 0.85, Need: 1 / 0.85, BaseNeed: 1, Cores: 2, BaseCores: 1,
				Rows: takes(map[cause.Cause]float64{cause.Startup: 0.2 / 0.85, cause.Join: 0.5 / 0.85}),
			}, 0, cause.Join, 1 / 0.6, 2,
		},
		{
			// Workers that mostly sleep: eight of them on two cores. Each needs a core for a fiftieth of its time.
			"waiting", stack.Stack{
				N: 8, Speedup: 3.2, Need: 0.064, BaseNeed: 0.02, Cores: 2, BaseCores: 1,
				Rows: takes(map[cause.Cause]float64{cause.Join: 4.8}),
			}, 1.9, cause.Join, 8, 8,
		},
		{
			// Eight workers that compute on two cores, of which the machine gives 1.9.
			"more workers than cores", stack.Stack{
				N: 8, Speedup: 1.7, Need: 1.7, BaseNeed: 1, Cores: 2, BaseCores: 1,
				Rows: takes(map[cause.Cause]float64{cause.SchedLatency: 6.3}),
			}, 1.9, cause.SchedLatency, 1.9, 1.9,
		},
	} {
		if got := w.s.Without(w.ceiling, func(c cause.Cause) bool { return c == w.gone }); math.Abs(got-w.about) > 1e-9 {
			t.Errorf("%s: about %v, want %v", w.name, got, w.about)
		}
		if got := w.s.Bound(w.ceiling); math.Abs(got-w.atMost) > 1e-9 {
			t.Errorf("%s: at most %v, want %v", w.name, got, w.atMost)
		}
	}
	// However much could go, it is no more than what the cores give of what takes one at the base.
	capped := stack.Stack{
		N: 4, Speedup: 1.37, Need: 1, BaseNeed: 0.98, Cores: 2, BaseCores: 1,
		Rows: takes(map[cause.Cause]float64{cause.Startup: 2.5, cause.Join: 0.13}),
	}
	startup := func(c cause.Cause) bool { return c == cause.Startup }
	if got, want := capped.Without(1.96, startup), 2.0; math.Abs(got-want) > 1e-9 {
		t.Errorf("start-up on two cores: about %v, want %v", got, want)
	}
	over := stack.Stack{N: 2, Speedup: 2.1, BaseNeed: 1, Cores: 2, BaseCores: 1}
	if got := over.Bound(0); !math.IsNaN(got) {
		t.Errorf("superlinear: at most %v, where 2.1 is reached", got)
	}
}
