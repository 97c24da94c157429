package curve_test

import (
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// disturbed lets others take so many milliseconds of each run.
func disturbed(ms float64, runs []sweep.Result) []sweep.Result {
	for i := range runs {
		runs[i].Noise.Others = sweep.Seconds(ms * 1e6)
	}
	return runs
}

// One worker takes 100 ms, of which others took 10; two take 150 ms on two cores, of which others took 60. On a quiet
// machine the speedup, seen at 0.67, lies between 90/150 and 100/90: that two workers are slower is not shown. With 0.5
// ms of noise nothing is widened.
func TestIntervalsHoldNoise(t *testing.T) {
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	build := func(base, at float64) *curve.Interval {
		return curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)}, join(
			disturbed(base, runs(one, 100, 100, 100, 100, 100)), disturbed(at, runs(two, 150, 150, 150, 150, 150)),
		), curve.Options{})[0].Points[1].Interval
	}
	if iv := build(10, 60); math.Abs(iv.Noise-150./81) > 1e-9 || math.Abs(iv.Low-0.6) > 1e-9 || math.Abs(iv.High-100./90) > 1e-9 {
		t.Errorf("%+v, want 0.6 to 1.11", iv)
	}
	if iv := build(0.5, 0.5); iv.Noise != 0 || iv.High > 0.67 {
		t.Errorf("%+v, want no wider than 0.67", iv)
	}
}

// One worker's runs take 100 ms of CPU time each; in one of five nobody disturbed it, in the others it waited as long
// again for its core. No end of an interval is below the 100 ms, though the noise of the median run is half of it.
func TestNoRunIsDiscountedByAnother(t *testing.T) {
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	base := runs(one, 100, 200, 200, 200, 200)
	for i := range base {
		base[i].User = sweep.Seconds(100 * time.Millisecond)
		base[i].Noise.Others = base[i].Total - base[i].User
	}
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)},
		join(base, runs(two, 100, 100, 100, 100, 100)), curve.Options{})[0]
	if iv := c.Points[0].MedianRange; math.Abs(iv.Low-0.1) > 1e-9 {
		t.Errorf("the base took %v s at least, with 0.1 s of CPU time", iv.Low)
	}
	if iv := c.Points[1].Interval; math.Abs(iv.Low-1) > 1e-9 || math.Abs(iv.High-2) > 1e-9 {
		t.Errorf("%+v, want 1 to 2", iv)
	}
}

// Every block is another state of the machine: times of one and the same block differ by 3 %, those of blocks by half.
// The intervals over the base, which share that, overlap; block by block four workers are 1.03 times as fast as two.
func TestPointsAreSetAgainstEachOtherInBlocks(t *testing.T) {
	one, two, four := pt(1, 1, 1, 9), pt(1, 2, 2, 9), pt(1, 4, 4, 9)
	var a, b, c []float64
	for i := range 10 {
		state := 100 * (1 + 0.05*float64(i))
		a, b, c = append(a, state), append(b, state/1.9), append(c, state/1.9/1.03)
	}
	points := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two, four)},
		join(runs(one, a...), runs(two, b...), runs(four, c...)), curve.Options{})[0]
	low, _ := points.Points[2].Bounds()
	_, high := points.Points[1].Bounds()
	if low > high {
		t.Fatalf("the intervals over the base do not overlap: %v, %v", low, high)
	}
	low, high = points.Between(2, 1)
	if math.Abs(low-1.03) > 1e-3 || math.Abs(high-1.03) > 1e-3 {
		t.Errorf("four over two workers: %v to %v, want 1.03", low, high)
	}
	if l, h := points.Between(1, 2); math.Abs(l*high-1) > 1e-9 || math.Abs(h*low-1) > 1e-9 {
		t.Errorf("two over four workers: %v to %v, want the reciprocal", l, h)
	}
}
