package curve_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

func spin(n int) sweep.Point {
	return sweep.Point{Workload: sweep.SpinWorkload, Procs: 1, Workers: n, Cores: n, Size: int64(10 * n)}
}

// ceiling has 1, 1.8 and 2.4 times the throughput of one core on 1, 2 and 4 cores: ten units of work take 100 ms on
// one, twenty 100/0.9 on two, forty 100/0.6 on four. Start-up and teardown are two milliseconds more, which must not
// count.
func ceiling() (sweep.Sweep, []sweep.Result) {
	return sweepOf(sweep.Threads, sweep.Weak, spin(1), spin(2), spin(4)), join(
		runs(spin(1), 102, 102, 102, 102, 102),
		runs(spin(2), 2+100/0.9, 2+100/0.9, 2+100/0.9, 2+100/0.9, 2+100/0.9),
		runs(spin(4), 2+100/0.6, 2+100/0.6, 2+100/0.6, 2+100/0.6, 2+100/0.6),
	)
}

func TestCeiling(t *testing.T) {
	spins, results := ceiling()
	one, two, eight := pt(1, 1, 1, 9), pt(2, 1, 2, 9), pt(2, 4, 4, 9)
	sweeps := []sweep.Sweep{sweepOf(sweep.Grid, sweep.Strong, one, two, eight), spins}
	results = join(results, runs(one, 100), runs(two, 60), runs(eight, 50))
	c, _ := curve.NewCeiling(sweeps, results, curve.Options{Measure: curve.Total})
	got := map[int]float64{}
	for n := range 10 {
		got[n] = c.At(n)
	}
	// 3 lies half way between 1.8 and 2.4; beyond 4 nothing was measured; there is no machine with no core.
	nan := math.NaN()
	want := map[int]float64{0: nan, 1: 1, 2: 1.8, 3: 2.1, 4: 2.4, 5: nan, 6: nan, 7: nan, 8: nan, 9: nan}
	// Times are held in nanoseconds, so ratios of a tenth of a second are good to 1e-7.
	near := approxTo(1e-7)
	if d := cmp.Diff(want, got, near); d != "" {
		t.Error(d)
	}
	curves := curve.Build(sweeps, results, curve.Options{})
	if len(curves) != 1 {
		t.Fatalf("%d curves, want 1: the spin sweep is none", len(curves))
	}
	// Eight workers on four cores: at most 2.4 as fast as one; 100/50 is 2/2.4 of that.
	v := &curves[0]
	if d := cmp.Diff([]float64{1.8, 2.4, 2 / 2.4}, []float64{c.Of(v, 1), c.Of(v, 2), c.Share(v, 2)}, near); d != "" {
		t.Error(d)
	}
}

// A curve whose base has two cores is judged by what four cores give over two.
func TestCeilingOverLargerBase(t *testing.T) {
	spins, results := ceiling()
	two, four := pt(2, 1, 2, 9), pt(2, 2, 4, 9)
	sweeps := []sweep.Sweep{sweepOf(sweep.Grid, sweep.Strong, two, four), spins}
	results = join(results, runs(two, 100), runs(four, 80))
	c, _ := curve.NewCeiling(sweeps, results, curve.Options{})
	v := curve.Build(sweeps, results, curve.Options{})
	if d := cmp.Diff(2.4/1.8, c.Of(&v[0], 1), approxTo(1e-7)); d != "" {
		t.Error(d)
	}
}

func TestCeilingNotMeasured(t *testing.T) {
	one := pt(1, 1, 1, 9)
	sweeps := []sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)}
	c, why := curve.NewCeiling(sweeps, nil, curve.Options{})
	v := curve.Build(sweeps, runs(one, 9), curve.Options{})
	if c != nil || why != curve.NotSwept || !math.IsNaN(c.At(1)) || !math.IsNaN(c.Share(&v[0], 0)) {
		t.Error("a ceiling that was not measured has figures")
	}
	spins, results := ceiling()
	sweeps[0].Points = append(sweeps[0].Points, pt(1, 2, 2, 9))
	if c, why = curve.NewCeiling(sweeps, nil, curve.Options{}); c != nil || why != curve.NoSweep {
		t.Errorf("without a sweep of it: %v, %q", c, why)
	}
	if c, why = curve.NewCeiling(append(sweeps, spins), runs(one, 9), curve.Options{}); c != nil || why != curve.NoRun {
		t.Errorf("without a run of it: %v, %q", c, why)
	}
	// Without the runs on two cores the line goes from one to four: 1 + 1.4/3.
	some, _ := curve.NewCeiling([]sweep.Sweep{spins}, append(results[:5:5], results[10:]...), curve.Options{})
	if d := cmp.Diff(1+1.4/3, some.At(2), approxTo(1e-7)); d != "" {
		t.Error(d)
	}
	// Without the runs on four cores what these give is not known.
	few, _ := curve.NewCeiling([]sweep.Sweep{spins}, results[:10], curve.Options{})
	if !math.IsNaN(few.At(4)) || few.Last() != 2 {
		t.Errorf("%v on 4 cores, the last measured %d", few.At(4), few.Last())
	}
	// Without the base there is nothing.
	if none, _ := curve.NewCeiling([]sweep.Sweep{spins}, results[5:], curve.Options{}); !math.IsNaN(none.At(2)) ||
		len(none.Curve.Warnings) == 0 {
		t.Errorf("without a base the ceiling is %v, warnings %+v", none.At(2), none.Curve.Warnings)
	}
}
