package curve_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// warned is the warnings of a curve whose two points took so many milliseconds, the same but for the factor.
func warned(t *testing.T, ms ...float64) []warning.Warning {
	t.Helper()
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	half := make([]float64, len(ms))
	for i, v := range ms {
		half[i] = v / 2
	}
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)},
		join(runs(one, ms...), runs(two, half...)), curve.Options{Resamples: 100})[0]
	return c.Warnings
}

func TestDrift(t *testing.T) {
	// Ten blocks, each slower than the last: S = 45, its variance 10·9·25/18 = 125, z = 44/√125 = 3.935, p = 8.3e-5.
	// The medians of the halves are 102 and 107: 4.9 %.
	got := warned(t, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109)
	want := warning.Of(warning.Drift, "w")
	want.Figures = warning.Figures{Count: 10, Ratio: 0.049, Tau: 1, P: 8.3e-5}
	near := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) <= 0.01*math.Abs(x) })
	if d := cmp.Diff([]warning.Warning{want}, got, near); d != "" {
		t.Error(d)
	}
	got = warned(t, 109, 108, 107, 106, 105, 104, 103, 102, 101, 100)
	if len(got) != 1 || got[0].Figures.Tau != -1 {
		t.Errorf("%+v", got)
	}
	for name, ms := range map[string][]float64{
		"no order":   {100, 104, 101, 106, 102, 103, 100.5, 105, 101.5, 103.5},
		"five":       {100, 101, 102, 103, 104},
		"all alike":  {100, 100, 100, 100, 100, 100, 100, 100},
		"by 0.5 %":   {100, 100.1, 100.2, 100.3, 100.4, 100.5, 100.6, 100.7, 100.8, 100.9},
		"two levels": {100, 100, 101, 101, 100, 100, 101, 101, 100, 100},
	} {
		if got := warned(t, ms...); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestOutliers(t *testing.T) {
	one := pt(1, 1, 1, 9)
	// Quartiles of type 7 of the ten: h = 2.25 between 101 and 102 gives 101.25 of 100 101 101 102 …; the fences are
	// some ten milliseconds away, so 140 is far out, and 106 is not.
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)},
		runs(one, 100, 103, 101, 140, 102, 104, 101, 103, 106, 102), curve.Options{Resamples: 100})[0]
	want := []warning.Warning{
		about(warning.Outliers, one, warning.Figures{Count: 1, Of: 10}, warning.Item{Rep: 3, Ratio: 140. / 102.5}),
	}
	if d := cmp.Diff(want, c.Warnings, approx()); d != "" {
		t.Error(d)
	}
	// The outlier is in the median: of nine others 102, with it half way between 102 and 103.
	if m := c.Points[0].Median; m != 0.1025 || c.Points[0].Runs != 10 {
		t.Errorf("median %v of %d", m, c.Points[0].Runs)
	}
	// Launches that are nearly alike: one of 0.98 times the median is beyond the fences, and no fact about anything.
	for _, ms := range [][]float64{{100, 100, 100, 100, 100.9}, {98, 100, 100.1, 100.2, 100.1, 100, 100.2, 100.1}} {
		c = curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)}, runs(one, ms...),
			curve.Options{Resamples: 100})[0]
		if len(c.Warnings) != 0 {
			t.Errorf("%v: %+v", ms, c.Warnings)
		}
	}
}

// TestManyBlocks: a hundred thousand blocks are tested for drift in the time of sorting them.
func TestManyBlocks(t *testing.T) {
	ms := make([]float64, 50_000)
	for i := range ms {
		ms[i] = 100 + float64(i)/1e4
	}
	got := warned(t, ms...)
	if len(got) != 1 || got[0].Kind != warning.Drift || got[0].Figures.Tau != 1 || got[0].Figures.Count != len(ms) {
		t.Errorf("%+v", got)
	}
}

// TestManyPoints: in a curve of more than 64 points no two are set against each other in blocks, and are as far apart
// as their intervals over the base.
func TestManyPoints(t *testing.T) {
	var points []sweep.Point
	var all [][]sweep.Result
	for n := range 65 {
		p := pt(1, n+1, n+1, 9)
		points = append(points, p)
		all = append(all, runs(p, 100/float64(n+1), 102/float64(n+1), 101/float64(n+1), 103/float64(n+1), 100/float64(n+1)))
	}
	build := func(n int) curve.Curve {
		return curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, points[:n]...)}, join(all[:n]...),
			curve.Options{Resamples: 100})[0]
	}
	few, many := build(64), build(65)
	if n := len(few.Points[63].Over); n != 63 || many.Points[64].Over != nil {
		t.Errorf("%d and %d intervals", n, len(many.Points[64].Over))
	}
	low, high := many.Between(40, 20)
	a, b := many.Points[40].Interval, many.Points[20].Interval
	if low != a.Low/b.High || high != a.High/b.Low {
		t.Errorf("%v to %v", low, high)
	}
}
