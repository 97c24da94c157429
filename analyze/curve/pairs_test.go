package curve_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// starting lets the runs start after so many milliseconds each.
func starting(runs []sweep.Result, ms ...float64) []sweep.Result {
	for i := range runs {
		runs[i].Startup = sweep.Seconds(ms[i] * 1e6)
	}
	return runs
}

// Threads start after 1 ms and processes after 7, the median of 4 to 10 ms: 6 ms later, by an interval of at least 3.
// Of three launches there is the range seen, 3 to 9 ms. Where others took 40 ms of 100 and the start is as long as ever
// of a quiet machine, 7 ms may be 4.2.
func TestLaterStarts(t *testing.T) {
	threads, procs := pt(1, 2, 2, 9), pt(2, 1, 2, 9)
	later := func(taken float64, n int) *curve.Delay {
		a := starting(runs(threads, []float64{100, 100, 100, 100, 100}[:n]...), 1, 1, 1, 1, 1)
		b := disturbed(taken, starting(runs(procs, []float64{100, 100, 100, 100, 100}[:n]...), 4, 7, 10, 7, 7))
		return curve.NewPairs(join(a, b), curve.Options{Seed: 1}).Later(procs, threads)
	}
	ms := func(v float64) float64 { return math.Round(1e9*v) / 1e6 }
	if d := later(0, 5); ms(d.Seconds) != 6 || d.Interval.Method != curve.Bootstrap || *d.Interval != *d.Quiet ||
		ms(d.Interval.Low) < 3 || ms(d.Interval.High) > 9 {
		t.Errorf("%v s later, %+v; want 6 ms, of 3 to 9", d.Seconds, d.Interval)
	}
	if d := later(0, 3); d.Interval.Method != curve.MinMax || ms(d.Interval.Low) != 3 || ms(d.Interval.High) != 9 {
		t.Errorf("three launches: %+v; want 3 to 9 ms", d.Interval)
	}
	if d := later(40, 3); ms(d.Quiet.Low) != 3 || ms(d.Interval.Low) != 1.4 || ms(d.Interval.High) != 9 {
		t.Errorf("noise: %+v; want 3 ms, or 1.4 and more with noise", d.Interval)
	}
	if d := curve.NewPairs(nil, curve.Options{}).Later(procs, threads); d != nil {
		t.Errorf("of no launches: %+v", d)
	}
	var none *curve.Pairs
	if none.Later(procs, threads) != nil || none.Over(procs, threads) != nil {
		t.Error("no pairs know of launches")
	}
}

// What is shown of one point over another is shown of that over the first.
func TestPairsAgree(t *testing.T) {
	a, b := pt(1, 2, 2, 9), pt(2, 1, 2, 9)
	of := curve.NewPairs(join(runs(a, 100, 130, 90, 105, 120, 99), runs(b, 101, 99, 112, 118, 90, 97)), curve.Options{Seed: 3})
	there, back := of.Over(a, b), of.Over(b, a)
	if there.Low != 1/back.High || there.High != 1/back.Low || !(there.Low < there.High) {
		t.Errorf("%+v and back %+v", there, back)
	}
}
