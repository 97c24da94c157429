package recommend

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

func point(n, cores int, median, low, high float64, method string) curve.Point {
	p := curve.Point{
		Point: sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: cores, Size: 100},
		N:     n, Runs: 10, Median: median, CPU: 2, Speedup: 8 / median, Efficiency: 8 / median / float64(n),
	}
	if n > 1 {
		p.Interval = &curve.Interval{Method: method, Level: 0.95, Low: low, High: high}
	}
	return p
}

// TestOf: 8 s at the base; the lower ends of the efficiencies are 1.8/2 = 0.9, 3.04/4 = 0.76 and 4.8/8 = 0.6.
func TestOf(t *testing.T) {
	c := &curve.Curve{Points: []curve.Point{
		point(1, 1, 8, 0, 0, ""), point(2, 2, 4.2, 1.8, 2, curve.Bootstrap),
		point(4, 4, 2.5, 3.04, 3.4, curve.Bootstrap),
		point(8, 4, 1.6, 4.8, 5.2, curve.Bootstrap),
	}}
	for _, tt := range []struct {
		least float64
		n     int
		want  Reason
		last  bool
	}{
		{0, 4, Shown, false},
		{0.75, 4, Shown, false},
		{0.77, 2, Shown, false},
		{0.95, 1, NoneBeyond, false},
		{0.5, 8, Shown, true},
	} {
		r := Of(c, tt.least, false)
		if r.N != tt.n || r.Reason != tt.want || r.Last != tt.last {
			t.Errorf("%v: n = %d, want %d: %s", tt.least, r.N, tt.n, r.Reason)
		}
	}
	// Cores held: 1 × 8 s, and at 8 workers the 4 cores × 1.6 s, for 100 units.
	r := Of(c, 0, false)
	for i, want := range []Cost{{0.08, 0.02, 1}, {0.084, 0.02, 1.05}, {0.1, 0.02, 1.25}, {0.064, 0.02, 0.8}} {
		got := r.Costs[i]
		if math.Abs(got.Held-want.Held)+math.Abs(got.CPU-want.CPU)+math.Abs(got.Over-want.Over) > 1e-12 {
			t.Errorf("cost of point %d: %+v, want %+v", i, got, want)
		}
	}
}

func TestOfLittle(t *testing.T) {
	few := &curve.Curve{Points: []curve.Point{point(1, 1, 8, 0, 0, ""), point(2, 2, 4.2, 1.8, 2, curve.MinMax)}}
	if r := Of(few, 0, false); r.N != 2 || r.Reason != Seen {
		t.Errorf("few runs: %+v", r)
	}
	if r := Of(&curve.Curve{Base: -1, Points: few.Points}, 0, false); r.At != -1 || r.N != 0 || r.Reason != NoBase ||
		!math.IsNaN(r.Costs[0].Over) {
		t.Errorf("no base: %+v", r)
	}
	if r := Of(&curve.Curve{Points: few.Points[:1]}, 0, false); r.N != 1 || r.Reason != Only {
		t.Errorf("one point: %+v", r)
	}
	// What was planned and has no good run was not measured.
	lost := point(4, 4, math.NaN(), 0, 0, "")
	lost.Speedup, lost.Interval = math.NaN(), nil
	if r := Of(&curve.Curve{Points: append(few.Points[:1:1], lost)}, 0, false); r.N != 1 || r.Reason != Only || !r.Last {
		t.Errorf("all but the base failed: %+v", r)
	}
	if r := Of(&curve.Curve{Points: append(few.Points[:2:2], lost)}, 0, false); r.N != 2 || r.Reason != Seen || !r.Last {
		t.Errorf("the largest failed: %+v", r)
	}
}

// Two workers have an efficiency of 0.95, by an interval from 0.6 on, and four one of 0.6, which noise may raise to
// 0.9: neither is shown to be worth its cores, and that is not the same as one worker.
func TestWhatIsNotShownMayBeLikely(t *testing.T) {
	iv := func(low, high float64, noise float64) *curve.Interval {
		return &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: low, High: high, Noise: noise}
	}
	c := &curve.Curve{Points: []curve.Point{
		{N: 1, Runs: 5, Speedup: 1, Efficiency: 1},
		{N: 2, Runs: 5, Speedup: 1.9, Efficiency: 0.95, Interval: iv(1.2, 2, 1.2)},
		{N: 4, Runs: 5, Speedup: 2.4, Efficiency: 0.6, Interval: iv(2, 3.6, 1.3)},
		{N: 8, Runs: 5, Speedup: 2.4, Efficiency: 0.3, Interval: iv(2, 7, 0)},
	}}
	r := Of(c, 0, false)
	if r.N != 1 || r.Reason != NoneBeyond || r.Likely.N != 2 || r.Likely.Low != 0.6 || r.Untold.N != 4 ||
		r.Untold.High != 0.9 {
		t.Errorf("%+v", r)
	}
}

// Two workers on two cores have an efficiency of 0.6 that noise may raise to 0.9. So have four on the same cores, of
// which noise alone says so: each worker that computes has but half a core. Workers that wait may be as fast.
func TestNoiseGivesNoCores(t *testing.T) {
	noisy := func(n int) curve.Point {
		p := point(n, 2, 8/(0.6*float64(n)), 0.4*float64(n), 0.9*float64(n), curve.Bootstrap)
		p.Interval.Noise = 1.5
		return p
	}
	c := &curve.Curve{Points: []curve.Point{point(1, 1, 8, 0, 0, ""), noisy(2), noisy(4)}}
	for waits, want := range map[bool]int{false: 2, true: 4} {
		if r := Of(c, 0, waits); r.Untold.N != want {
			t.Errorf("waits %v: %+v, want %d to be open", waits, r.Untold, want)
		}
	}
}
