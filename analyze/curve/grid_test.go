package curve_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A grid has one base: 2 × 1 is 1.6× as fast as 1 × 1 and 2 × 2 is 2.5×, whatever series they stand in.
func TestGridHasOneBase(t *testing.T) {
	one, two := pt(1, 1, 4, 100), pt(1, 2, 4, 100)
	three, four := pt(2, 1, 4, 100), pt(2, 2, 4, 100)
	first, second := sweepOf(sweep.Grid, sweep.Strong, one, two), sweepOf(sweep.Grid, sweep.Strong, three, four)
	first.Series, second.Series = "procs=1", "procs=2"
	other := second
	other.Size, other.Points = 200, []sweep.Point{pt(2, 1, 4, 200), pt(2, 2, 4, 200)}
	results := join(runs(one, 400, 400, 400), runs(two, 200, 200, 200), runs(three, 250, 250, 250), runs(four, 160, 160, 160),
		runs(other.Points[0], 900, 900, 900), runs(other.Points[1], 450, 450, 450))
	curves := curve.Build([]sweep.Sweep{first, second, other}, results, curve.Options{Resamples: 10})
	want := [][]float64{{1, 2}, {1, 1.6, 2.5}, {1, 2}}
	for i, c := range curves {
		if c.Base != 0 || len(c.Points) != len(want[i]) {
			t.Fatalf("curve %d: base %d, %d points; want 0, %d", i, c.Base, len(c.Points), len(want[i]))
		}
		for k, s := range want[i] {
			if c.Points[k].Speedup != s {
				t.Errorf("curve %d, point %d: speedup %v, want %v", i, k, c.Points[k].Speedup, s)
			}
		}
	}
	whole := curve.Whole([]*curve.Curve{&curves[0], &curves[1]})
	for i, p := range []sweep.Point{one, three, two, four} { // n is 1, 2, 2 and 4: the slower of two comes first
		if whole.Base != 0 || len(whole.Points) != 4 || whole.Points[i].Point != p {
			t.Errorf("the whole grid: base %d, %d points, %v at %d; want %v", whole.Base, len(whole.Points), whole.Points[i].Point, i, p)
		}
	}
	if base := curves[1].Points[0].Point; base != one {
		t.Errorf("the base of two processes is %v, want %v", base, one)
	}
	if len(second.Points) != 2 {
		t.Error("Build has changed a sweep")
	}
}
