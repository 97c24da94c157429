package words_test

import (
	"math"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// changed is a point of n workers whose times have the ratio, new over base, within 3 %.
func changed(n int, ratio float64, v compare.Verdict) compare.Point {
	return compare.Point{
		N: float64(n), Point: sweep.Point{Workload: "pi", Procs: 1, Workers: n, Cores: n, Size: 9}, Ratio: ratio, Verdict: v,
		Interval: &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: ratio * 0.97, High: ratio * 1.03},
	}
}

func lockShift(sure noise.Certainty) *compare.Shift {
	return &compare.Shift{Base: 2, New: 1.6, Cores: true, Runs: 3, Groups: []compare.GroupShift{
		{
			Cause: cause.Mutex, By: -0.31, Low: -0.35, High: -0.28, At: -0.31, Certainty: sure,
			Stack: []gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "shop/cache.Get", File: "cache.go", Line: 20}},
		},
		{Cause: cause.WorkInflation, By: -0.05, Certainty: noise.Hidden},
		{Cause: cause.Idle, By: 0.001, Certainty: noise.Hidden},
	}, Unexplained: -0.041}
}

func TestCompared(t *testing.T) {
	key := compare.Key{Workload: "pi", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 9}
	other := compare.Key{Workload: "fib", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 9}
	faster := changed(2, 0.893, compare.Faster)
	faster.Shift = lockShift(noise.Certain)
	likely := faster
	likely.Shift = lockShift(noise.Likely)
	little := changed(2, 0.98, compare.Faster)
	little.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.975, High: 0.997}
	same := changed(1, 1, compare.NoDifference)
	few := compare.Point{N: 4, Ratio: math.NaN(), Verdict: compare.TooFew}
	mean := compare.Mean{
		Kind: compare.Kind{Mode: sweep.Threads, N: 2, Point: faster.Point}, Workloads: 4, Ratio: 0.8,
		Interval: &curve.Interval{Low: 0.75, High: 0.85},
	}
	for _, tt := range []struct {
		name   string
		result compare.Result
		want   string
	}{
		{
			"one curve",
			compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{same, faster}}}},
			"new is 1.12× (1.09–1.15) as fast on 2 workers: waiting for a lock in cache.Get (cache.go:20) fell by 0.31 core-s; " +
				"no change is shown on 1",
		},
		{
			"a likely cause",
			compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{likely, few}}}},
			"new is 1.12× (1.09–1.15) as fast on 2 workers: waiting for a lock in cache.Get (cache.go:20) likely fell by 0.31 core-s; " +
				"too few launches on 4",
		},
		{ // 1/0.997 = 1.003: two decimals would say that it may be 1
			"a little",
			compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{little}}}},
			"new is 1.020× (1.003–1.026) as fast on 2 workers",
		},
		{
			"slower at all",
			compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{
				changed(1, 2, compare.Slower), changed(2, 1.25, compare.Slower),
			}}}},
			"new is 0.80× (0.78–0.82) as fast on 2 workers; slower on 1 too",
		},
		{
			"no change",
			compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{same, changed(2, 1.1, compare.NoDifference)}}}},
			"No change is shown on 1, 2: new is 0.88× to 1.03× as fast",
		},
		{"too few", compare.Result{Pairs: []compare.Pair{{Key: key, Points: []compare.Point{few}}}}, "Nothing can be said of the one point: too few launches"},
		{"nothing", compare.Result{}, "Nothing could be compared"},
		{
			"several",
			compare.Result{Means: []compare.Mean{mean}, Pairs: []compare.Pair{
				{Key: key, Points: []compare.Point{same, changed(2, 0.893, compare.Faster)}},
				{Key: other, Points: []compare.Point{changed(1, 1.01, compare.NoDifference), changed(2, 0.5, compare.Faster)}},
			}},
			"new is 2.00× (1.94–2.06) as fast in fib on 2 workers; faster at 2 of 4 points; no change is shown at 2; " +
				"geometric mean of 4 workloads on 2 workers: new is 1.25× (1.18–1.33) as fast",
		},
	} {
		for i := range tt.result.Pairs {
			tt.result.Pairs[i].New.Cores = 2
		}
		h := tt.result.Headline()
		if got := words.Plain(words.Compared(&tt.result, &h, words.Sides{Base: "base", New: "new"})); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	mean.Absence, mean.Noisy = overview.WideIntervals, 2
	if got, want := words.MeanChange(&mean, words.Sides{New: "new"}), "no mean is given of 4 workloads on 2 workers: noise makes the intervals of 2 of them too wide"; got != want {
		t.Errorf("%s", got)
	}
}

// What is less and what is more stand apart, what is next to nothing is left out, and what may be noise is called that.
func TestShiftOf(t *testing.T) {
	got := words.Plain(words.ShiftOf("2 workers", lockShift(noise.Certain), words.Sides{Base: "old", New: "new"}))
	want := "2 workers: 2.00 core-s of a run in old, 1.60 core-s in new. Less: waiting for a lock 0.31 core-s (0.28 to 0.35 by traced " +
		"run) in cache.Get (cache.go:20); own code’s running time 0.050 core-s, may be noise. Not explained by the traced runs: " +
		"−0.041 core-s."
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	s := lockShift(noise.Certain)
	s.Groups[0].At = -0.45 // and elsewhere there is more of it
	if got := words.Plain(words.ShiftOf("2 workers", s, words.Sides{})); !strings.Contains(got,
		"waiting for a lock 0.31 core-s (0.28 to 0.35 by traced run), 0.45 core-s in cache.Get (cache.go:20); ") {
		t.Errorf("of a place that has more of a change than its cause: %s", got)
	}
	if got := words.Plain(words.Shifted(&s.Groups[0], s)); got !=
		"waiting for a lock fell by 0.31 core-s, by 0.45 core-s in cache.Get (cache.go:20)" {
		t.Error(got)
	}
	s.Cores = false // four workers on two cores
	if got := words.ShiftOf("4 workers", s, words.Sides{}); strings.Contains(got, "core-s") || !strings.Contains(got, "worker-s") {
		t.Errorf("of workers that have no core each: %s", got)
	}
	p := compare.PlaceShift{Cause: cause.Mutex, By: -0.31, Stack: s.Groups[0].Stack, Certainty: noise.Likely}
	if got := words.Plain(words.PlaceShift(&p, lockShift(noise.Certain))); got != "cache.Get (cache.go:20): waiting for a lock −0.31 core-s, likely" {
		t.Errorf("%s", got)
	}
}
