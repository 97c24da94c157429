package compare_test

import (
	"math"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// traced is a curve of one point of two workers on two cores that takes so many seconds, with one traced run for each
// number of seconds that its lock is waited for; the rest of its core time is its own code.
func traced(seconds float64, locks ...float64) *study.Curve {
	core := func(s float64) ledger.CoreTime { return ledger.CoreTime(s * 1e9) }
	p := sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 9}
	total := sweep.Seconds(seconds * float64(time.Second))
	c := &study.Curve{Curve: curve.Curve{
		Sweep:  sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 9, Points: []sweep.Point{p}},
		Points: []curve.Point{{Point: p, N: 2, Median: seconds, TotalMedian: seconds, WorkMedian: seconds}},
	}}
	f := study.Figures{}
	for _, lock := range locks {
		l := &ledger.Ledger{Level: ledger.Cores, Wall: time.Duration(total), Total: core(2 * seconds), Rows: []ledger.Row{
			{Cause: cause.User, Time: core(2*seconds - lock)},
			{Cause: cause.Mutex, Time: core(lock), Stacks: []ledger.Stack{{
				Time: core(lock), Waiting: []gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "shop/cache.Get", File: "cache.go", Line: 20}},
			}}},
		}}
		r := &sweep.Result{Run: sweep.Run{Point: p, Kind: sweep.Traced}, Status: sweep.OK, Total: total, Work: total}
		f.Explaining = append(f.Explaining, study.Traced{Result: r, Explained: study.Explained{Ledger: l}})
	}
	c.Figures = []study.Figures{f}
	return c
}

// compared is the point that [traced] makes of both sides, with ten launches each.
func compared(base, fresh *study.Curve) compare.Point {
	side := func(c *study.Curve) []compare.Curve {
		return one(compare.Key{Workload: "w", Mode: sweep.Threads},
			compare.Count{N: 2, Point: c.Points[0].Point, Seconds: around(c.Points[0].Median), Curve: c})
	}
	return compare.Compare(side(base), side(fresh), compare.Options{Resamples: 300}).Pairs[0].Points[0]
}

// From 1 s to 0.8 s on two cores 0.4 core-seconds are gone: 0.6 of waiting, while 0.2 more are the program's own.
func TestShift(t *testing.T) {
	p := compared(traced(1, 0.9, 0.9, 0.9), traced(0.8, 0.3, 0.3, 0.3))
	s := p.Shift
	if s == nil || math.Abs(s.Base-2) > 1e-9 || math.Abs(s.New-1.6) > 1e-9 || !s.Cores || math.Abs(s.Unexplained) > 1e-6 {
		t.Fatalf("%+v", s)
	}
	want := map[cause.Cause]float64{cause.Mutex: -0.6, cause.WorkInflation: 0.2}
	for _, g := range s.Groups {
		if math.Abs(g.By-want[g.Cause]) > 1e-6 || g.Certainty != noise.Certain {
			t.Errorf("%+v", g)
		}
	}
	g := s.Cause()
	if len(s.Groups) != 2 || g == nil || g.Cause != cause.Mutex || len(g.Stack) != 2 {
		t.Errorf("the cause is %+v, of %d groups", g, len(s.Groups))
	}
	if len(s.Places) != 1 || math.Abs(s.Places[0].By+0.6) > 1e-6 || s.Places[0].Certainty != noise.Certain {
		t.Errorf("places: %+v", s.Places)
	}
}

// How sure a change is, the traced runs say: one alone makes it likely, runs that differ by more than it hide it.
func TestShiftCertainty(t *testing.T) {
	for _, tt := range []struct {
		name        string
		base, fresh []float64
		want        noise.Certainty
	}{
		{"three of either side", []float64{0.9, 0.95, 0.85}, []float64{0.3, 0.35, 0.25}, noise.Certain},
		{"one of a side", []float64{0.9}, []float64{0.3, 0.3, 0.3}, noise.Likely},
		// By 0.2, with a standard error of √2 · 0.1/√3 = 0.08; the ranges, 0.5 to 0.7 and 0.3 to 0.5, meet.
		{"runs meet", []float64{0.5, 0.6, 0.7}, []float64{0.3, 0.4, 0.5}, noise.Likely},
		// By 0.1, with a standard error of √2 · 0.2/√3 = 0.16.
		{"runs overlap", []float64{0.3, 0.5, 0.7}, []float64{0.2, 0.4, 0.6}, noise.Hidden},
	} {
		s := compared(traced(1, tt.base...), traced(0.8, tt.fresh...)).Shift
		for _, g := range s.Groups {
			if g.Cause == cause.Mutex && g.Certainty != tt.want {
				t.Errorf("%s: %+v", tt.name, g)
			}
		}
	}
	// Others took 0.7 core-seconds of the base's runs: the wait that is gone may be theirs.
	base := traced(1, 0.9, 0.9, 0.9)
	for _, x := range base.Figures[0].Explaining {
		x.Result.Noise.CPUs = &sweep.Taken{Had: 2e9, Others: 7e8}
	}
	s := compared(base, traced(0.8, 0.3, 0.3, 0.3)).Shift
	for _, g := range s.Groups {
		if g.Cause == cause.Mutex && (g.Certainty != noise.Hidden || g.Noise < 0.69) {
			t.Errorf("with noise: %+v", g)
		}
	}
	if g := s.Cause(); g != nil {
		t.Errorf("noise can be all of it, and the cause is %+v", g)
	}
	if s := compared(traced(1, 0.9), traced(0.8)).Shift; s != nil {
		t.Errorf("a side without traced runs: %+v", s)
	}
}

// A curve is told by its largest count within the cores that changed; several curves by the greatest change.
func TestHeadline(t *testing.T) {
	curves := func(workload string, seconds ...float64) compare.Curve {
		c := compare.Curve{Key: compare.Key{Workload: workload}, Cores: 2}
		for i, v := range seconds {
			c.Counts = append(c.Counts, compare.Count{N: float64(int(1) << i), Seconds: around(v)})
		}
		return c
	}
	head := func(base, fresh []compare.Curve) compare.Headline {
		return compare.Compare(base, fresh, compare.Options{Resamples: 300}).Headline()
	}
	h := head([]compare.Curve{curves("a", 8, 4, 2)}, []compare.Curve{curves("a", 12, 5, 4)})
	if h.Lead == nil || h.Lead.N != 2 || !h.One || h.Points() != 3 || h.Count[compare.Slower] != 3 {
		t.Errorf("one curve: %+v", h)
	}
	if h := head([]compare.Curve{curves("a", 8, 4, 2)}, []compare.Curve{curves("a", 8, 4, 1)}); h.Lead == nil || h.Lead.N != 4 {
		t.Errorf("a change beyond the cores alone: %+v", h)
	}
	h = head([]compare.Curve{curves("a", 8, 4), curves("b", 8, 4)}, []compare.Curve{curves("a", 8, 5), curves("b", 4, 4)})
	if h.Lead == nil || h.Pair.Key.Workload != "b" || h.Lead.N != 1 || h.Count[compare.NoDifference] != 2 {
		t.Errorf("two curves: %+v", h)
	}
	if h := head([]compare.Curve{curves("a", 8)}, []compare.Curve{curves("a", 8)}); h.Lead != nil || h.Points() != 1 {
		t.Errorf("no change: %+v", h)
	}
}

// The mean of 1, 2 and 4 times as slow is twice as slow; two workloads have none, nor has a smaller size of one.
func TestMeans(t *testing.T) {
	side := func(factors ...float64) []compare.Curve {
		var out []compare.Curve
		for i, f := range factors {
			key := compare.Key{Workload: string(rune('a' + i)), Size: 9}
			out = append(out, compare.Curve{Key: key, Counts: []compare.Count{{N: 2, Seconds: around(f)}}})
		}
		small := out[0]
		small.Key.Size = 1
		small.Counts = []compare.Count{{N: 2, Seconds: around(100 * factors[0])}}
		return append(out, small)
	}
	opt := compare.Options{Resamples: 500}
	r := compare.Compare(side(1, 1, 1), side(1, 2, 4), opt)
	if len(r.Means) != 1 || r.Means[0].Workloads != 3 || math.Abs(r.Means[0].Ratio-2) > 1e-12 {
		t.Fatalf("%+v", r.Means)
	}
	if iv := r.Means[0].Interval; !(iv.Low > 1.95 && iv.Low < 2 && iv.High > 2 && iv.High < 2.05) {
		t.Errorf("interval %+v", iv)
	}
	if ratio, iv := r.Means[0].Speed(); ratio != 0.5 || iv.Low > 0.5 || iv.High < 0.5 {
		t.Errorf("speed %v, %+v", ratio, iv)
	}
	if r := compare.Compare(side(1, 1), side(1, 2), opt); len(r.Means) != 0 {
		t.Errorf("of two: %+v", r.Means)
	}
}

// Both curves are over 1 on the base side: 8 s. New takes 4 s at 1 and 1 s at 4.
func TestSpeedups(t *testing.T) {
	key := compare.Key{Workload: "w"}
	r := compare.Compare(one(key, compare.Count{N: 1, Seconds: around(8)}, compare.Count{N: 4, Seconds: around(4)}),
		one(key, compare.Count{N: 1, Seconds: around(4)}, compare.Count{N: 4, Seconds: []float64{1, 1.1}}), compare.Options{Resamples: 300})
	base, fresh := r.Speedups(&r.Pairs[0])
	var got []float64
	for _, c := range []*curve.Curve{base, fresh} {
		for _, p := range c.Points {
			got = append(got, p.Speedup)
		}
	}
	for i, want := range []float64{1, 2, 2, 8 / 1.05} {
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("speedups %v", got)
		}
	}
	if iv := fresh.Points[1].Interval; base.Points[0].Interval != nil || iv.Method != curve.MinMax || math.Abs(iv.High-8*1.02) > 1e-9 {
		t.Errorf("the base has %+v, the last %+v", base.Points[0].Interval, iv)
	}
}
