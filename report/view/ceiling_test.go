package view

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
)

// TestCeilingText: a speedup that is not known is not written.
func TestCeilingText(t *testing.T) {
	const loop = ": the speedup of a loop that only counts in registers, one worker on each core"
	nan := math.NaN()
	for _, tt := range []struct {
		base     int
		speedups []float64 // on 1, 2, 3 … cores
		want     string
	}{
		{0, []float64{1, 1.9}, "1.90× on 2 cores" + loop},
		{0, []float64{1, nan, 2.5}, "2.50× on 3 cores" + loop},
		{0, []float64{1}, "one core only" + loop},
		{0, []float64{1, 1.9, nan}, "1.90× on 2 cores" + loop + "; not known on more than 2 cores"},
		{0, []float64{1, nan}, "not known: too few runs of the spin loop succeeded"},
		{-1, []float64{nan, nan}, "not known: too few runs of the spin loop succeeded"},
	} {
		c := curve.Curve{Base: tt.base}
		for i, s := range tt.speedups {
			c.Points = append(c.Points, curve.Point{N: i + 1, Speedup: s})
		}
		if got := ceilingText(&study.Study{Ceiling: &curve.Ceiling{Curve: c}}); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.speedups, got, tt.want)
		}
	}
}
