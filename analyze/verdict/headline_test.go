package verdict_test

import (
	"math"
	"slices"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// failed is p without a run that is OK.
func failed(p curve.Point) curve.Point {
	p.Runs, p.Speedup, p.Median, p.MedianRange, p.Interval = 0, math.NaN(), math.NaN(), nil, nil
	return p
}

func procs(points ...curve.Point) curve.Curve {
	c := threads(points...)
	c.Sweep.Mode = sweep.Procs
	return c
}

// A mode of which nothing but the base was measured is no rival, and not the headline either, however the other one
// does.
func TestHeadlineOfOneMode(t *testing.T) {
	one := at(1, 1, 1, 1)
	for _, seconds := range []float64{0.5, 1, 1.5} {
		curves := []curve.Curve{threads(one, failed(at(1, 2, 2, 1))), procs(one, at(2, 1, 2, seconds))}
		for range 2 {
			h := verdict.HeadlineOf(curves, 2, nil, nil)
			if h.Best.Sweep.Mode != sweep.Procs || h.Rival != nil || h.Versus != "" {
				t.Errorf("%v s with 2 processes: best %+v, rival %+v, %q; want the processes alone", seconds, h.Best,
					h.Rival, h.Versus)
			}
			slices.Reverse(curves)
		}
	}
}

// Threads begin at 2 workers (0.5 s) and get to 0.2 s, 2.5 times as fast; processes begin at one (1 s) and get to 0.25
// s, 4 times as fast. Threads are better, and yet it is not "threads 2.5×, processes only 4×": processes lack 1 −
// 0.2/0.25 of their rate.
func TestGainsOverTwoBases(t *testing.T) {
	over := func(p curve.Point, base float64) curve.Point {
		p.Speedup *= base
		p.Interval.Low, p.Interval.High = p.Interval.Low*base, p.Interval.High*base
		return p
	}
	a := threads(over(at(1, 2, 2, 0.5), 0.5), over(at(1, 8, 8, 0.2), 0.5))
	b := procs(at(1, 1, 1, 1), at(4, 1, 4, 0.25))
	h := verdict.HeadlineOf([]curve.Curve{a, b}, 8, nil, nil)
	if h.Best.Gain != 2.5 || h.Rival.Gain != 4 || h.Versus != verdict.Behind || math.Abs(h.Behind-0.2) > 1e-12 {
		t.Errorf("best %v, rival %v, %s by %v; want 2.5, 4, behind by 0.2", h.Best.Gain, h.Rival.Gain, h.Versus,
			h.Behind)
	}
}

// Two threads take 0.5 s and four processes 0.505 s, which is not shown to be more. Two processes take 0.54 s, and are
// 1 − 0.5/0.54 behind two threads, whichever of the two modes comes first; two that take 0.505 s are not.
func TestApartOnTheWay(t *testing.T) {
	one := at(1, 1, 1, 1)
	for _, tt := range []struct {
		seconds float64 // of two processes
		want    verdict.Versus
		by      float64
	}{{0.54, verdict.BehindAt, 1 - 0.5/0.54}, {0.505, verdict.Alike, 0}} {
		curves := []curve.Curve{
			threads(one, at(1, 2, 2, 0.5)), procs(one, at(2, 1, 2, tt.seconds), at(4, 1, 2, 0.505)),
		}
		for range 2 {
			h := verdict.HeadlineOf(curves, 2, nil, nil)
			behind := h.Versus == verdict.BehindAt
			if h.Versus != tt.want || behind && (h.Slower != sweep.Procs || h.Count != 2 || math.Abs(h.Behind-tt.by) > 1e-12) {
				t.Errorf("%v s: %s, %s by %v with %d", tt.seconds, h.Versus, h.Slower, h.Behind, h.Count)
			}
			slices.Reverse(curves)
		}
	}
}

// Sleepers on two cores are 2.02 times as fast with two workers, by an interval from 1.9 on: that is not more than two
// cores could give. With eight workers they are 7.7 times as fast, from 7.6 on.
func TestBeyondTheCoresForSure(t *testing.T) {
	two := at(1, 2, 2, 1/2.02)
	two.Interval.Low = 1.9
	for _, tt := range []struct {
		points []curve.Point
		want   bool
	}{
		{[]curve.Point{cpu(at(1, 1, 1, 1), 0.02), cpu(two, 0.04)}, false},
		{[]curve.Point{cpu(at(1, 1, 1, 1), 0.02), cpu(two, 0.04), cpu(at(1, 8, 2, 0.13), 0.2)}, true},
	} {
		v := verdict.Judge(threads(tt.points...), verdict.Input{Cores: 2})
		is := slices.ContainsFunc(v.Evidence, func(e verdict.Evidence) bool { return e.Kind == verdict.BeyondCores })
		if v.Bound != verdict.IO || is != tt.want {
			t.Errorf("%d points: %s, beyond the cores %v, want %v", len(tt.points), v.Bound, is, tt.want)
		}
	}
}

// A grid of one or two processes of one or two workers. Two workers in one process take 0.5 s, 2 times as fast as one.
// Two processes of two seem to take 0.2 s, by an interval of 0.1 to 3 s, which shows nothing, and hides nothing either.
func TestGridOfWhatIsShown(t *testing.T) {
	grid := func(points ...curve.Point) curve.Curve {
		c := threads(points...)
		c.Sweep.Mode = sweep.Grid
		return c
	}
	wide := at(2, 2, 2, 0.2)
	wide.MedianRange.Low, wide.MedianRange.High = 0.1, 3
	h := verdict.HeadlineOf([]curve.Curve{grid(at(1, 1, 1, 1), at(1, 2, 2, 0.5)), grid(at(2, 1, 2, 1), wide)}, 2, nil, nil)
	if h.Best.Kind != verdict.Rises || h.Best.Gain != 2 || h.Best.Point != at(1, 2, 2, 0.5).Point {
		t.Errorf("best %+v; want a gain of 2 with two workers", h.Best)
	}
}

// Two workers are seen at 0.67 times the speed of one. On a quiet machine they may be anything from 0.45 to 1.9 times
// as fast: nothing is said but that. Where noise takes a twentieth, "slower" stands.
func TestNoiseLeavesDirectionsOpen(t *testing.T) {
	two := at(1, 2, 2, 1/0.67)
	two.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.45, High: 1.9, Noise: 3}
	h := verdict.HeadlineOf([]curve.Curve{threads(at(1, 1, 1, 1), two)}, 2, nil, nil)
	if h.Best.Kind != verdict.Unsure || h.Best.Range != two.Interval {
		t.Errorf("best %+v; want unsure, from 0.45 to 1.9", h.Best)
	}
	two.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.64, High: 0.74, Noise: 1.05}
	h = verdict.HeadlineOf([]curve.Curve{threads(at(1, 1, 1, 1), two)}, 2, nil, nil)
	if h.Best.Kind != verdict.Falls || h.Best.Range != nil {
		t.Errorf("best %+v; want it to fall", h.Best)
	}
}
