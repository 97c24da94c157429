package compare_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/measurements"
	"github.com/corecurve/corecurve/trace/sweep"
)

// around are launches at 99, 99.5, … % of a time: ten for the factors −2 … 2 %, the median being the time itself.
func around(seconds float64) []float64 {
	var out []float64
	for _, d := range []float64{-0.02, -0.015, -0.01, -0.005, -0.001, 0.001, 0.005, 0.01, 0.015, 0.02} {
		out = append(out, seconds*(1+d))
	}
	return out
}

func one(key compare.Key, counts ...compare.Count) []compare.Curve {
	return []compare.Curve{{Key: key, Counts: counts}}
}

func TestCompareVerdicts(t *testing.T) {
	key := compare.Key{Workload: "w"}
	base := one(key,
		compare.Count{N: 1, Seconds: around(8)}, compare.Count{N: 2, Seconds: around(4)},
		compare.Count{N: 3, Seconds: around(3)},
		compare.Count{N: 4, Seconds: around(2)}, compare.Count{
			N: 5, Seconds: []float64{2, 2.1},
		}, compare.Count{N: 6, Seconds: around(1)})
	fresh := one(key,
		compare.Count{N: 1, Seconds: around(8)}, compare.Count{N: 2, Seconds: around(5)},
		compare.Count{N: 3, Seconds: around(2.4)},
		compare.Count{N: 4, Seconds: around(2.01)}, compare.Count{
			N: 5, Seconds: []float64{4, 4.2},
		}, compare.Count{N: 6, Failed: 3})
	r := compare.Compare(base, fresh, compare.Options{Resamples: 500})
	var got []compare.Verdict
	for _, p := range r.Pairs[0].Points {
		got = append(got, p.Verdict)
	}
	want := []compare.Verdict{
		compare.NoDifference, compare.Slower, compare.Faster, compare.NoDifference, compare.TooFew, compare.NotMeasured,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	p := r.Pairs[0].Points
	// Ten launches all slower than ten: 2 of C(20,10) = 184756 ways; the family are the four points with launches
	// enough, and two of them have this p.
	if want := 2. / 184756; math.Abs(p[1].P-want) > 1e-15 || math.Abs(p[1].Holm-4*want) > 1e-15 || p[1].Above != 1 ||
		r.Tests != 4 {
		t.Errorf("n = 2: p %v, adjusted %v, above %v, family of %d", p[1].P, p[1].Holm, p[1].Above, r.Tests)
	}
	if math.Abs(p[1].Ratio-1.25) > 1e-12 || !p[1].Exceeds(0.2) || p[1].Exceeds(0.25) || !p[1].Possible(0.25) ||
		p[2].Exceeds(0) {
		t.Errorf("n = 2: ratio %v, %+v", p[1].Ratio, p[1].Interval)
	}
	// Range seen: from 4/2.1 to 4.2/2.
	if iv := p[4].Interval; iv.Method != curve.MinMax || math.Abs(iv.Low-4/2.1) > 1e-12 ||
		math.Abs(iv.High-2.1) > 1e-12 {
		t.Errorf("n = 5: %+v", iv)
	}
}

// A difference that is beyond doubt and below the least effect is none.
// Two curves share a point, and the new side has it in one of them only, on other cores: it is asked for by itself.
func TestHalfSharedPoint(t *testing.T) {
	at := func(workers, cores int) sweep.Point {
		return sweep.Point{Workload: "w", Procs: 1, Workers: workers, Cores: cores, Size: 1}
	}
	threads, procs := compare.Key{Workload: "w", Mode: sweep.Threads}, compare.Key{Workload: "w", Mode: sweep.Procs}
	side := func(first compare.Count, seconds float64) []compare.Curve {
		return []compare.Curve{
			{Key: threads, Counts: []compare.Count{first}},
			{Key: procs, Counts: []compare.Count{{N: 1, Point: at(1, 1), Seconds: around(seconds)}}},
		}
	}
	r := compare.Compare(
		side(compare.Count{N: 1, Point: at(1, 1), Seconds: around(1)}, 1),
		side(compare.Count{N: 1, Point: at(1, 2), Failed: 3}, 2),
		compare.Options{Resamples: 500})
	// Ten launches all slower than ten: 2 of 184756 ways; it is the only test.
	if p := r.Pairs[1].Points[0]; p.Verdict != compare.Slower || math.Abs(p.Holm-2./184756) > 1e-15 || r.Tests != 1 {
		t.Errorf("%s, adjusted p %v of %d tests", p.Verdict, p.Holm, r.Tests)
	}
	if p := r.Pairs[0].Points[0]; p.Verdict != compare.NotMeasured || !math.IsNaN(p.Holm) {
		t.Errorf("%s, adjusted p %v", p.Verdict, p.Holm)
	}
}

func TestMinEffect(t *testing.T) {
	var a, b []float64
	for i := range 20 {
		a, b = append(a, 1+1e-4*float64(i)), append(b, 1.005+1e-4*float64(i))
	}
	for effect, want := range map[float64]compare.Verdict{
		0: compare.NoDifference, 0.004: compare.Slower, -1: compare.Slower,
	} {
		at := func(seconds []float64) []compare.Curve {
			return one(compare.Key{}, compare.Count{N: 1, Seconds: seconds})
		}
		r := compare.Compare(at(a), at(b), compare.Options{MinEffect: effect, Resamples: 200})
		if got := r.Pairs[0].Points[0].Verdict; got != want {
			t.Errorf("least effect %v: %s, want %s", effect, got, want)
		}
	}
}

func TestCompareListsWhatHasNoPartner(t *testing.T) {
	key, bigger := compare.Key{Workload: "w", Size: 10}, compare.Key{Workload: "w", Size: 20}
	gone := compare.Key{Workload: "gone"}
	pt := func(workers, cores int) sweep.Point {
		return sweep.Point{Workload: "w", Procs: 1, Workers: workers, Cores: cores, Size: 10}
	}
	base := []compare.Curve{
		{Key: key, Counts: []compare.Count{{N: 1, Point: pt(1, 1)}, {N: 2, Point: pt(2, 2)}, {N: 3, Point: pt(4, 3)}}},
		{Key: gone},
		{Key: compare.Key{Workload: "w", Size: 15, Series: "s"}},
	}
	fresh := []compare.Curve{
		{Key: key, Counts: []compare.Count{{N: 1, Point: pt(1, 1)}, {N: 3, Point: pt(2, 3)}, {N: 4, Point: pt(4, 4)}}},
		{Key: bigger},
	}
	r := compare.Compare(base, fresh, compare.Options{})
	var got []string
	for _, l := range r.Alone {
		side := "base"
		if l.New {
			side = "new"
		}
		got = append(got, fmt.Sprintf("%s %s of %d n=%v: %s", side, l.Key.Workload, l.Key.Size, l.N, l.Reason))
	}
	want := []string{
		"base w of 10 n=[3]: other-point",
		"base w of 10 n=[2]: no-count",
		"new w of 10 n=[4]: no-count",
		"base gone of 0 n=[]: no-curve",
		"base w of 15 n=[]: no-curve",
		"new w of 20 n=[]: other-size",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Throughputs of Amdahl's law with alpha = 0.05 and 0.2: the change of the parameter is seen, and ratios are of times.
func TestCompareSeriesAndLaws(t *testing.T) {
	amdahl := func(alpha float64) []measurements.Series {
		s := measurements.Series{Kind: measurements.Throughput}
		for _, n := range []float64{1, 2, 3, 4, 6, 8} {
			c := measurements.Count{N: n}
			for _, d := range around(1) {
				c.Values = append(c.Values, d*100*n/(1+alpha*(n-1)))
			}
			s.Counts = append(s.Counts, c)
		}
		return []measurements.Series{s}
	}
	r := compare.Compare(compare.OfSeries(amdahl(0.05)), compare.OfSeries(amdahl(0.2)), compare.Options{Resamples: 500})
	// At 8: (1 + 0.2·7) / (1 + 0.05·7) = 2.4/1.35. Medians of ten are of inverses, so not exact.
	if got := r.Pairs[0].Points[5].Ratio; math.Abs(got-2.4/1.35) > 1e-3 {
		t.Errorf("ratio at 8: %v", got)
	}
	l := r.Pairs[0].Laws
	if l.Name == law.None || len(l.Params) < 2 {
		t.Fatalf("laws: %+v", l)
	}
	for _, p := range l.Params {
		if p.Name == "alpha" && (!p.Changed || math.Abs(p.Base.Value-0.05) > 0.01 || math.Abs(p.New.Value-0.2) > 0.01) {
			t.Errorf("alpha: %+v", p)
		}
		if p.Name == "gamma" && p.Changed {
			t.Errorf("gamma changed: %+v", p)
		}
	}
}

func TestOfStudy(t *testing.T) {
	p := sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 9}
	h := sweep.Header{Sweeps: []sweep.Sweep{
		{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 9, Points: []sweep.Point{p}},
		{Workload: sweep.SpinWorkload, Points: []sweep.Point{{Workload: sweep.SpinWorkload}}},
	}}
	sec := sweep.Seconds(1e9)
	results := []sweep.Result{
		{
			Run: sweep.Run{Point: p, Kind: sweep.Timed}, Status: sweep.OK, Total: 3 * sec, Work: 2 * sec,
			Noise: sweep.Noise{Noisy: true},
		},
		{Run: sweep.Run{Point: p, Kind: sweep.Timed, Rep: 1}, Status: sweep.Failed, Total: 9 * sec},
		{Run: sweep.Run{Point: p, Kind: sweep.Traced}, Status: sweep.OK, Total: 9 * sec},
	}
	got := compare.OfStudy(&study.Study{Header: h, Results: results, Measure: curve.Work})
	want := []compare.Curve{{
		Key:    compare.Key{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 9},
		Counts: []compare.Count{{N: 2, Point: p, Seconds: []float64{2}, Quiet: []float64{2}, Blocks: []int{0}, Failed: 1, Noisy: 1}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// The point of one worker in one process stands in two curves, and is one test with one interval. A benchmark's times
// are of one iteration.
func TestSharedPointsAndBenchmarks(t *testing.T) {
	pt := func(procs, workers int, size int64) sweep.Point {
		return sweep.Point{Workload: "b", Procs: procs, Workers: workers, Cores: procs * workers, Size: size}
	}
	made := func(size int64, seconds float64) []compare.Curve {
		one, two, both := pt(1, 1, size), pt(1, 2, size), pt(2, 1, size)
		h := sweep.Header{
			Workloads: []sweep.Program{{Name: "b", Command: &sweep.Command{Benchmark: &sweep.Benchmark{}}}},
			Sweeps: []sweep.Sweep{
				{
					Workload: "b", Mode: sweep.Threads, Scaling: sweep.Strong, Size: size,
					Points: []sweep.Point{one, two},
				},
				{Workload: "b", Mode: sweep.Procs, Scaling: sweep.Strong, Size: size, Points: []sweep.Point{one, both}},
			},
		}
		var results []sweep.Result
		for _, p := range []sweep.Point{one, two, both} {
			for i, v := range around(seconds * float64(size)) {
				results = append(results,
					sweep.Result{
						Run: sweep.Run{Point: p, Rep: i, Kind: sweep.Timed}, Status: sweep.OK,
						Total: sweep.Seconds(v * 1e9),
					})
			}
		}
		return compare.OfStudy(&study.Study{Header: h, Results: results, Measure: curve.Total})
	}
	r := compare.Compare(made(10, 0.1), made(20, 0.13), compare.Options{Resamples: 300})
	if r.Tests != 3 || len(r.Pairs) != 2 || len(r.Alone) != 0 {
		t.Fatalf("%d tests, %d pairs, alone %+v", r.Tests, len(r.Pairs), r.Alone)
	}
	a, b := r.Pairs[0].Points[0], r.Pairs[1].Points[0]
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
	for _, pair := range r.Pairs {
		for _, p := range pair.Points {
			if math.Abs(p.Ratio-1.3) > 1e-6 || p.Verdict != compare.Slower || math.Abs(p.Base.Median-0.1) > 1e-6 ||
				math.Abs(p.Holm-3*2./184756) > 1e-12 {
				t.Errorf("%+v", p)
			}
		}
	}
}

func TestDifferences(t *testing.T) {
	a := sweep.Header{Go: "go1.26.0", Host: sweep.Host{CPUModel: "A", CPUs: make([]sweep.CPU, 4), BootID: "x"}}
	b := a
	if d := compare.Differences(a, b); len(d) != 0 {
		t.Errorf("alike, and yet %q", d)
	}
	b.Host.BootID = "y"
	if d := compare.Differences(a, b); len(d) != 1 || d[0].Kind != compare.Restarted {
		t.Errorf("%q", d)
	}
	b.Host.CPUModel, b.Host.CPUs, b.Settings.Static = "", nil, true
	want := []compare.Difference{
		{Kind: compare.CPUModel, Base: "A"},
		{Kind: compare.CPUCount, Base: "4", New: "0"},
		{Kind: compare.Static, Base: "false", New: "true"},
	}
	if d := cmp.Diff(want, compare.Differences(a, b)); d != "" {
		t.Error(d)
	}
}

// Ten launches of 1 s and ten of 1.2 s, of which others took 0.3 s each: the change may be theirs, and is none that is
// shown. Of 0.1 s it is slower all the same.
func TestNoiseMakesNoChange(t *testing.T) {
	for taken, want := range map[float64]compare.Verdict{0.3: compare.NoDifference, 0.1: compare.Slower} {
		fresh := compare.Count{N: 1, Seconds: around(1.2)}
		for _, v := range fresh.Seconds {
			fresh.Quiet = append(fresh.Quiet, v-taken)
		}
		key := compare.Key{Workload: "w"}
		r := compare.Compare(one(key, compare.Count{N: 1, Seconds: around(1)}), one(key, fresh),
			compare.Options{Resamples: 500})
		if p := r.Pairs[0].Points[0]; p.Verdict != want {
			t.Errorf("%v s taken: %s, %+v; want %s", taken, p.Verdict, p.Interval, want)
		}
	}
}
