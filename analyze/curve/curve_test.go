package curve_test

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

func pt(procs, workers, cores int, size int64) sweep.Point {
	return sweep.Point{Workload: "w", Procs: procs, Workers: workers, Cores: cores, Size: size}
}

func sweepOf(mode sweep.Mode, scaling sweep.Scaling, points ...sweep.Point) sweep.Sweep {
	return sweep.Sweep{Workload: points[0].Workload, Mode: mode, Scaling: scaling, Size: points[0].Size, Points: points}
}

// runs are timed runs of p that took so many milliseconds, with one millisecond each for start-up and teardown and a
// CPU time of half the total.
func runs(p sweep.Point, ms ...float64) (out []sweep.Result) {
	for i, m := range ms {
		total := sweep.Seconds(m * float64(time.Millisecond))
		edge := sweep.Seconds(time.Millisecond)
		out = append(out, sweep.Result{
			Run: sweep.Run{Point: p, Rep: i, Kind: sweep.Timed}, Status: sweep.OK,
			Total: total, Startup: edge, Work: total - 2*edge, Teardown: edge, User: total / 4, Sys: total / 4,
			MaxRSS: int64(1000 + i),
		})
	}
	return out
}

func join(lists ...[]sweep.Result) (out []sweep.Result) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func approx() cmp.Option { return approxTo(1e-12) }

func approxTo(tolerance float64) cmp.Option {
	return cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(tolerance, 0)}
}

func TestBuildFewLaunches(t *testing.T) {
	base, four := pt(1, 1, 1, 9), pt(1, 4, 4, 9)
	got := curve.Build(
		[]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, base, four)},
		join(runs(base, 100, 110, 120, 130), runs(four, 40, 50, 60)), curve.Options{})
	if len(got) != 1 {
		t.Fatalf("%d curves, want 1", len(got))
	}
	nan := math.NaN()
	// Median of the base (110+120)/2 = 115 ms; S = 115/50 = 2.3; efficiency 2.3/4; e = (1/2.3 − 1/4)/(1 − 1/4) =
	// (0.434783 − 0.25)/0.75. The range of S goes from the fastest base over the slowest point, 100/60, to 130/40.
	want := []curve.Point{
		{
			Point: base, N: 1, Runs: 4, Median: 0.115,
			MedianRange: &curve.Interval{Method: curve.MinMax, Low: 0.1, High: 0.13},
			LeastWork:   0.098, MostWork: 0.128,
			TotalMedian: 0.115, WorkMedian: 0.113, Startup: 0.001, Teardown: 0.001, Speedup: 1, Efficiency: 1,
			KarpFlatt: nan,
			CPU:       0.0575, Sys: 0.02875, MaxRSS: 1001, MeanBusy: 0.5, TraceOverhead: nan,
		},
		{
			Point: four, N: 4, Runs: 3, Median: 0.05,
			MedianRange: &curve.Interval{Method: curve.MinMax, Low: 0.04, High: 0.06},
			LeastWork:   0.038, MostWork: 0.058,
			TotalMedian: 0.05, WorkMedian: 0.048, Startup: 0.001, Teardown: 0.001, Speedup: 2.3, Efficiency: 0.575,
			KarpFlatt: (1/2.3 - 0.25) / 0.75,
			Interval:  &curve.Interval{Method: curve.MinMax, Low: 100. / 60, High: 3.25},
			Over:      []*curve.Interval{{Method: curve.MinMax, Low: 100. / 60, High: 3.25}},
			CPU:       0.025, Sys: 0.0125, MaxRSS: 1001, MeanBusy: 0.5, TraceOverhead: nan,
		},
	}
	if d := cmp.Diff(want, got[0].Points, approx()); d != "" {
		t.Error(d)
	}
	wantWarnings := []warning.Warning{
		about(warning.FewLaunches, base, warning.Figures{Count: 4, Of: 5}),
		about(warning.FewLaunches, four, warning.Figures{Count: 3, Of: 5}),
		about(warning.FewAtBase, base, warning.Figures{Count: 4, Of: 5}),
	}
	if d := cmp.Diff(wantWarnings, got[0].Warnings); d != "" {
		t.Error(d)
	}
}

// about is a warning about p with its figures and what they count.
func about(k warning.Kind, p sweep.Point, f warning.Figures, items ...warning.Item) warning.Warning {
	w := warning.OfPoint(k, p)
	w.Figures, w.Items = f, items
	return w
}

// With launches that are all alike the interval is the point estimate; with scattered ones it holds the estimate and
// lies within the range.
func TestBuildIntervals(t *testing.T) {
	base, two, four := pt(1, 1, 1, 9), pt(1, 2, 2, 9), pt(1, 4, 4, 9)
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, base, two, four)}, join(
		runs(base, 100, 100, 100, 100, 100),
		runs(two, 50, 50, 50, 50, 50),
		runs(four, 20, 22, 24, 25, 26, 28, 30),
	), curve.Options{Seed: 1})[0]
	if len(c.Warnings) != 0 {
		t.Errorf("warnings %+v, want none", c.Warnings)
	}
	if d := cmp.Diff(&curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 2, High: 2}, c.Points[1].Interval,
		approx()); d != "" {
		t.Error(d)
	}
	if c.Points[0].Interval != nil {
		t.Errorf("the base has an interval: %v", c.Points[0].Interval)
	}
	// Seven launches: P(the resampled median is the least value) = P(at least 4 of 7 draws hit it) = Σ C(7,k)
	// 6^(7−k)/7⁷ for k ≥ 4 = 0.0102, and P(it is at most the second) = P(Bin(7, 2/7) ≥ 4) = 0.1083. So the 2.5 %
	// quantile is the second value, 22 ms, and by symmetry the 97.5 % quantile is the sixth, 28 ms.
	four7 := c.Points[2]
	if d := cmp.Diff(&curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.022, High: 0.028}, four7.MedianRange,
		approx()); d != "" {
		t.Error(d)
	}
	// The base does not vary, so the speedup's interval is 100/28 … 100/22.
	if d := cmp.Diff(&curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 100. / 28, High: 100. / 22},
		four7.Interval, approx()); d != "" {
		t.Error(d)
	}
}

func TestBuildRepeatable(t *testing.T) {
	one, threads, procs := pt(1, 1, 1, 9), pt(1, 2, 2, 9), pt(2, 1, 2, 9)
	results := join(
		runs(one, 101, 99, 107, 103, 96, 110),
		runs(threads, 52, 51, 57, 55, 50, 53),
		runs(procs, 52, 51, 57, 55, 50, 53),
	)
	sweeps := []sweep.Sweep{
		sweepOf(sweep.Threads, sweep.Strong, one, threads), sweepOf(sweep.Procs, sweep.Strong, one, procs),
	}
	a, b := curve.Build(sweeps, results, curve.Options{Seed: 5}), curve.Build(sweeps, results, curve.Options{Seed: 5})
	if d := cmp.Diff(a, b, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("the same seed gave different curves: %s", d)
	}
	// The order of the sweeps, and what else is swept, change nothing.
	alone := curve.Build(sweeps[1:], results, curve.Options{Seed: 5})
	if d := cmp.Diff(a[1], alone[0], cmpopts.EquateNaNs()); d != "" {
		t.Errorf("the processes' curve alone differs: %s", d)
	}
	// Both curves have the shared point's launches and resamples.
	if d := cmp.Diff(a[0].Points[0], a[1].Points[0], cmpopts.EquateNaNs()); d != "" {
		t.Errorf("the shared base differs between the curves: %s", d)
	}
	if a[0].Sweep.Mode != sweep.Threads || a[1].Sweep.Mode != sweep.Procs {
		t.Errorf("modes %s, %s", a[0].Sweep.Mode, a[1].Sweep.Mode)
	}
}

func TestBuildWeak(t *testing.T) {
	one, two, four := pt(2, 1, 2, 10), pt(4, 1, 4, 20), pt(8, 1, 8, 40)
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Procs, sweep.Weak, one, two, four)}, join(
		runs(one, 100, 100, 100, 100, 100), runs(two, 100, 100, 100, 100, 100), runs(four, 125, 125, 125, 125, 125),
	), curve.Options{})[0]
	// The base has n = 2. At n = 4 twice the work takes the same time: scaled speedup 2, efficiency 1. At n = 8 four
	// times the work takes 1.25 times as long: 3.2, 0.8. Karp–Flatt is not defined.
	type row struct{ S, E, KF, Low, High float64 }
	var got []row
	for _, p := range c.Points[1:] {
		got = append(got, row{p.Speedup, p.Efficiency, p.KarpFlatt, p.Interval.Low, p.Interval.High})
	}
	if d := cmp.Diff([]row{{2, 1, math.NaN(), 2, 2}, {3.2, 0.8, math.NaN(), 3.2, 3.2}}, got, approx()); d != "" {
		t.Error(d)
	}
}

func TestBuildMeasureWork(t *testing.T) {
	one, two := pt(1, 1, 1, 9), pt(1, 2, 2, 9)
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two)},
		join(runs(one, 102, 102, 102, 102, 102), runs(two, 52, 52, 52, 52, 52)), curve.Options{Measure: curve.Work})[0]
	// Two milliseconds of every run are start-up and teardown: 100/50, where the totals give 102/52.
	if c.Measure != curve.Work || math.Abs(c.Points[1].Speedup-2) > 1e-12 ||
		math.Abs(c.Points[1].TotalMedian-0.052) > 1e-12 {
		t.Errorf("measure %s, speedup %v, total %v", c.Measure, c.Points[1].Speedup, c.Points[1].TotalMedian)
	}
}

func TestBuildFailures(t *testing.T) {
	one, two, four := pt(1, 1, 1, 9), pt(1, 2, 2, 9), pt(1, 4, 4, 9)
	bad := func(p sweep.Point, st sweep.Status, n int) []sweep.Result {
		out := runs(p, make([]float64, n)...)
		for i := range out {
			out[i].Status = st
			out[i].Rep += 10
		}
		return out
	}
	noisy := runs(two, 50, 50, 50, 50, 90)
	noisy[4].Noise.Noisy = true
	sw := []sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two, four)}

	t.Run("counts", func(t *testing.T) {
		c := curve.Build(sw, join(runs(one, 100, 100, 100, 100, 100), noisy, bad(two, sweep.TimedOut, 2),
			bad(two, sweep.Failed, 1), bad(four, sweep.Killed, 3)), curve.Options{})[0]
		p := c.Points[1]
		if p.Runs != 5 || p.Failed != 3 || p.Noisy != 1 || p.Speedup != 2 || c.Base != 0 {
			t.Errorf("%d runs, %d failed, %d noisy, speedup %v, base %d; want 5, 3, 1, 2, 0", p.Runs, p.Failed, p.Noisy,
				p.Speedup, c.Base)
		}
		p = c.Points[2]
		if p.Runs != 0 || p.Failed != 3 || !math.IsNaN(p.Speedup) || !math.IsNaN(p.Median) || p.MedianRange != nil ||
			p.Interval != nil {
			t.Errorf("the point without a successful run is %+v", p)
		}
		want := []warning.Warning{
			about(warning.FailedTimed, two, warning.Figures{Count: 3, Of: 8}, warning.Item{Name: "failed", Count: 1},
				warning.Item{Name: "timeout", Count: 2}),
			about(warning.FailedTimed, four, warning.Figures{Count: 3, Of: 3}, warning.Item{Name: "killed", Count: 3}),
			about(warning.Outliers, two, warning.Figures{Count: 1, Of: 5},
				warning.Item{Rep: 4, Ratio: 1.8, Noisy: true}),
		}
		if d := cmp.Diff(want, c.Warnings, approx()); d != "" {
			t.Error(d)
		}
	})
	t.Run("no base", func(t *testing.T) {
		c := curve.Build(sw, join(bad(one, sweep.Failed, 5), noisy), curve.Options{})[0]
		if c.Base != -1 || !math.IsNaN(c.Points[1].Speedup) || c.Points[1].Median != 0.05 ||
			c.Points[1].MedianRange == nil {
			t.Errorf("base %d, points %+v", c.Base, c.Points)
		}
		want := []warning.Warning{
			about(warning.FailedTimed, one, warning.Figures{Count: 5, Of: 5}, warning.Item{Name: "failed", Count: 5}),
			about(warning.NoTimedRun, four, warning.Figures{}),
			about(warning.Outliers, two, warning.Figures{Count: 1, Of: 5},
				warning.Item{Rep: 4, Ratio: 1.8, Noisy: true}),
			about(warning.NoBase, one, warning.Figures{}),
		}
		if d := cmp.Diff(want, c.Warnings, approx()); d != "" {
			t.Error(d)
		}
		if !math.IsNaN(c.Ideal(1)) {
			t.Errorf("ideal %v without a base", c.Ideal(1))
		}
	})
	t.Run("no time", func(t *testing.T) {
		// A program that reports no work has none, and no ratio is made of it.
		zero := runs(two, 50, 50, 50, 50, 50)
		zero[3].Work = 0
		noWork := warning.OfPoint(warning.NoTime, two)
		noWork.Subject.Name = "work"
		c := curve.Build(sw[:1], join(runs(one, 100, 100, 100, 100, 100), zero), curve.Options{Measure: curve.Work})[0]
		if !math.IsNaN(c.Points[1].Speedup) || !slices.ContainsFunc(c.Warnings, noWork.Same) {
			t.Errorf("speedup %v, warnings %+v", c.Points[1].Speedup, c.Warnings)
		}
	})
	t.Run("no points", func(t *testing.T) {
		c := curve.Build([]sweep.Sweep{{Workload: "w"}}, nil, curve.Options{})[0]
		if c.Base != -1 || len(c.Warnings) != 1 {
			t.Errorf("base %d, warnings %+v", c.Base, c.Warnings)
		}
	})
}

func TestTracedRuns(t *testing.T) {
	one := pt(1, 1, 1, 9)
	timed := runs(one, 102, 104, 106)
	for _, tt := range []struct {
		name     string
		ms       []float64
		status   sweep.Status
		overhead float64
		outside  bool
		warnings int
	}{
		{"none", nil, sweep.OK, math.NaN(), false, 1},
		{"on the edge of the range: 104/102 of work", []float64{106}, sweep.OK, 104. / 102, false, 1},
		{"slower than all: 122/102", []float64{124}, sweep.OK, 122. / 102, true, 1},
		{"faster than all", []float64{92}, sweep.OK, 90. / 102, true, 1},
		{"one of two outside: median of 100 and 110", []float64{102, 112}, sweep.OK, 105. / 102, true, 1},
		{"failed", []float64{104}, sweep.Failed, math.NaN(), false, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			traced := runs(one, tt.ms...)
			for i := range traced {
				traced[i].Kind, traced[i].Status = sweep.Traced, tt.status
			}
			c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one)}, join(timed, traced),
				curve.Options{})[0]
			p := c.Points[0]
			if d := cmp.Diff(tt.overhead, p.TraceOverhead, approx()); d != "" || p.TracedOutside != tt.outside ||
				p.Runs != 3 {
				t.Errorf("outside %v, runs %d, overhead %s", p.TracedOutside, p.Runs, d)
			}
			// One warning is that of three launches.
			if len(c.Warnings) != tt.warnings {
				t.Errorf("warnings %+v, want %d", c.Warnings, tt.warnings)
			}
		})
	}
}

func TestDispatch(t *testing.T) {
	p := pt(2, 1, 2, 9)
	r := runs(p, 100)
	r[0].Processes = []sweep.Process{
		{
			Role: sweep.Coordinator, Rank: -1, User: sweep.Seconds(3 * time.Millisecond),
			Sys: sweep.Seconds(time.Millisecond),
		},
		{Role: sweep.Worker, User: sweep.Seconds(50 * time.Millisecond)},
	}
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Procs, sweep.Strong, p)}, r, curve.Options{})[0]
	if got := c.Points[0].Dispatch; math.Abs(got-0.004) > 1e-15 {
		t.Errorf("dispatch %v s, want the coordinator's 0.004", got)
	}
}

func TestWithinAndIdeal(t *testing.T) {
	one, two, four := pt(1, 1, 1, 9), pt(1, 2, 2, 9), pt(1, 4, 2, 9)
	c := curve.Build([]sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, one, two, four)},
		join(runs(one, 9), runs(two, 9), runs(four, 9)), curve.Options{})[0]
	for cores, want := range map[int]int{0: -1, 1: 0, 2: 1, 3: 1, 4: 2, 64: 2} {
		if got := c.Within(cores); got != want {
			t.Errorf("within %d cores: point %d, want %d", cores, got, want)
		}
	}
	// Four workers on two cores can be twice as fast as one.
	if got := []float64{c.Ideal(0), c.Ideal(1), c.Ideal(2)}; !reflect.DeepEqual(got, []float64{1, 2, 2}) {
		t.Errorf("ideal %v, want 1, 2, 2", got)
	}
	// In mode cores four workers stay, and the cores count.
	a, b := pt(1, 4, 1, 9), pt(1, 4, 2, 9)
	c = curve.Build([]sweep.Sweep{sweepOf(sweep.Cores, sweep.Strong, a, b)}, join(runs(a, 9), runs(b, 9)),
		curve.Options{})[0]
	if got := c.Within(2); got != 1 || c.Ideal(1) != 2 {
		t.Errorf("mode cores: within 2 cores point %d, ideal %v; want 1 and 2", got, c.Ideal(1))
	}
}

// twenty is a study of twenty points with ten launches each.
func twenty() ([]sweep.Sweep, []sweep.Result) {
	var points []sweep.Point
	var results []sweep.Result
	for n := 1; n <= 20; n++ {
		p := pt(1, n, n, 9)
		points = append(points, p)
		for k := range 10 {
			results = append(results, runs(p, 1000/float64(n)*(1+0.01*float64((k*7+n)%10)))...)
		}
	}
	return []sweep.Sweep{sweepOf(sweep.Threads, sweep.Strong, points...)}, results
}

func BenchmarkBuild(b *testing.B) {
	sweeps, results := twenty()
	b.ReportAllocs()
	for b.Loop() {
		curve.Build(sweeps, results, curve.Options{})
	}
}

func BenchmarkConverged(b *testing.B) {
	sweeps, results := twenty()
	b.ReportAllocs()
	for b.Loop() {
		curve.Converged(sweeps, results, sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05}, curve.Total)
	}
}
