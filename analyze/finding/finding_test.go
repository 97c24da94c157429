package finding_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

func frames(functions ...string) []gotrace.Frame {
	var out []gotrace.Frame
	for i, f := range functions {
		out = append(out, gotrace.Frame{Func: f, File: "/src/x.go", Line: 31 + i})
	}
	return out
}

// row is a row with one place.
func row(c cause.Cause, takes float64, waiting, blamed []gotrace.Frame) stack.Row {
	r := stack.Row{Cause: c, Speedup: takes}
	if len(waiting)+len(blamed) > 0 {
		p := stack.Place{Waiting: waiting, Blamed: blamed, Speedup: takes}
		r.Places = []stack.Place{p}
		if _, ok := place.Of(p.Stack(c)); ok {
			r.Top, r.Share = p.Stack(c), 1
		}
	}
	return r
}

func of(speedup float64, rows ...stack.Row) finding.Input {
	s := &stack.Stack{
		N: 2, Usable: 2, Speedup: speedup, Traced: speedup, Lanes: stack.Workers, Rows: rows,
		Need: speedup, BaseNeed: 1, Cores: 2, BaseCores: 1,
	}
	for _, r := range rows {
		if r.Cause.Busy() {
			s.Need += r.Speedup
		}
	}
	return finding.Input{Workload: "w", Mode: sweep.Threads, N: 2, BaseN: 1, Seconds: 0.5, Stack: s}
}

// In each case a cause takes 0.5 of the speedup 1.4, beside 0.1 of start-up: 0.5/0.6 = 83 %; without it the speedup
// would be 1.4 / (1 − 0.5/2) = 1.8667. Idle cores are no loss, so that nothing is found of them.
func TestCauses(t *testing.T) {
	for _, c := range append(cause.All(), cause.WorkInflation) {
		g := c.Group()
		if g == cause.Unexplained || g == cause.Overhead {
			continue
		}
		r := row(c, 0.5, frames("runtime.gopark", "main.wait"), frames("main.long"))
		found, warnings := finding.Rank(of(1.4, row(cause.Startup, 0.1, nil, nil), r))
		if g == cause.Idling {
			if len(found) != 1 || len(warnings) != 0 {
				t.Errorf("%s: %d findings, warnings %+v; want start-up alone", c, len(found), warnings)
			}
			continue
		}
		if len(found) != 2 || len(warnings) != 0 {
			t.Fatalf("%s: %d findings, warnings %+v; want 2 and none", c, len(found), warnings)
		}
		f := found[0]
		if f.Cause != c || math.Abs(f.Share-0.5/0.6) > 1e-12 || math.Abs(f.AboutSpeedup-1.4/0.75) > 1e-12 ||
			f.AtMostSpeedup != 2 {
			t.Errorf("%s: cause %s, share %g, about %g, at most %g", c, f.Cause, f.Share, f.AboutSpeedup,
				f.AtMostSpeedup)
		}
		if d := cmp.Diff(r.Top, f.Stack); d != "" {
			t.Errorf("%s: %s", c, d)
		}
	}
}

// Of 0.6 that is lost, the collector takes 0.3 (two rows, together half) and one lock 0.28; channels (0.02, or 3.3 %)
// are below what is claimed and are named as excluded, as is what does not occur. The fewer work at the point gives
// 0.05 back and is no loss.
func TestRank(t *testing.T) {
	in := of(1.45,
		row(cause.GCDedicated, 0.1, nil, nil), row(cause.GCAssist, 0.2, frames("runtime.mallocgc", "main.build"), nil),
		row(cause.Mutex, 0.28, frames("sync.(*Mutex).Lock", "main.get"), frames("main.put")),
		row(cause.ChanSend, 0.02, nil, nil),
		row(cause.WorkInflation, -0.05, nil, nil))
	found, warnings := finding.Rank(in)
	if len(found) != 2 || found[0].Cause != cause.GCAssist || found[1].Cause != cause.Mutex || len(warnings) != 0 {
		t.Fatalf("findings %+v, warnings %+v; want gc.assist and block.mutex", found, warnings)
	}
	f := found[1]
	if f.Takes != 0.28 || math.Abs(f.Lost-0.6) > 1e-12 || math.Abs(f.Seconds-0.07) > 1e-12 || f.Portion != 1 ||
		math.Abs(f.AboutSpeedup-1.45*2/1.72) > 1e-12 {
		t.Errorf("of the lock: %+v", f)
	}
	excluded := []finding.GroupShare{
		{Group: cause.Channel, Share: 0.02 / 0.6},
		{Group: cause.Imbalance},
		{Group: cause.SerialPart},
		{Group: cause.Work},
		{Group: cause.Scheduling},
	}
	if d := cmp.Diff(excluded, f.Excluded, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
	parts := []finding.Part{
		{Cause: cause.GCAssist, Takes: 0.2, Share: 2.0 / 3}, {Cause: cause.GCDedicated, Takes: 0.1, Share: 1.0 / 3},
	}
	if d := cmp.Diff(parts, found[0].Members, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
}

// Dedicated workers take 0.3 and sweeping 0.1, and assists give 0.2 back: what is lost to the collector is 0.2, of
// which nothing is "200 %", and the parts add up.
func TestPartsOfOneWhole(t *testing.T) {
	found, _ := finding.Rank(of(1.8, row(cause.GCDedicated, 0.3, nil, nil), row(cause.GCAssist, -0.2, nil, nil),
		row(cause.GCSweep, 0.1, nil, nil)))
	want := []finding.Part{
		{Cause: cause.GCDedicated, Takes: 0.3, Share: 0.75},
		{Cause: cause.GCSweep, Takes: 0.1, Share: 0.25},
		{Cause: cause.GCAssist, Takes: -0.2, Share: -0.5},
	}
	if d := cmp.Diff(want, found[0].Members, cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
}

// With a quarter of the loss unexplained no rival is excluded, and a warning says so.
func TestRivalsBehindTheUnexplained(t *testing.T) {
	found, warnings := finding.Rank(of(1.6, row(cause.Mutex, 0.3, nil, nil), row(cause.NotExplained, 0.1, nil, nil)))
	if len(found) != 1 || len(warnings) != 1 {
		t.Fatalf("findings %+v, warnings %+v; want one of each", found, warnings)
	}
	if f := found[0]; math.Abs(f.Unexplained-0.25) > 1e-12 || f.Excluded != nil {
		t.Errorf("not explained %g, excluded %+v; want a quarter and nothing", f.Unexplained, f.Excluded)
	}
}

// A place is not named if it has less than a fifth of its cause.
func TestScatteredPlaceIsNotNamed(t *testing.T) {
	r := row(cause.Mutex, 0.5, frames("main.a"), nil)
	r.Places[0].Speedup = 0.09
	found, _ := finding.Rank(of(1.5, r))
	if len(found) != 1 || found[0].Share != 1 || found[0].Stack != nil || found[0].Portion != 0 {
		t.Errorf("findings %+v; want one without a place", found)
	}
}

// Eight workers on two cores that compute: without waiting for cores the speedup is not above the two cores', whether
// Go's scheduler or that of the OS lets them wait.
func TestMoreWorkersThanCores(t *testing.T) {
	for _, c := range []cause.Cause{cause.SchedLatency, cause.Preempted} {
		in := of(1.9, row(c, 6, nil, nil))
		in.N, in.Stack.N = 8, 8
		found, _ := finding.Rank(in)
		if len(found) != 1 || found[0].AboutSpeedup != 2 || found[0].AtMostSpeedup != 2 || found[0].Usable != 2 || found[0].Ideal != 8 {
			t.Errorf("%s: findings %+v", c, found)
		}
	}
}

func TestNothingIsClaimed(t *testing.T) {
	mutex := row(cause.Mutex, 0.5, nil, nil)
	noisyRuns := of(1.5, mutex)
	noisyRuns.Stack.Waits = 0.5
	base := of(1, mutex)
	base.N = 1
	for _, tt := range []struct {
		name string
		in   finding.Input
		want warning.Kind
	}{
		{"no stack", finding.Input{N: 2, BaseN: 1}, ""},
		{"the base", base, ""},
		{"hardly any loss", of(1.97, row(cause.Mutex, 0.03, nil, nil)), ""}, // 1.5 % of the workers' time
		{"noisy", noisyRuns, warning.Withheld},
		{
			"not explained", of(1.5, row(cause.NotExplained, 0.5, nil, nil)),
			warning.NotExplained,
		},
		{ // 9 causes with 0.8 % of the workers' time each, which is 11 % of the loss
			"many small losses",
			of(1.856,
				row(cause.Mutex, 0.016, nil, nil), row(cause.Join, 0.016, nil, nil), row(cause.Net, 0.016, nil, nil),
				row(cause.IO, 0.016, nil, nil), row(cause.Sleep, 0.016, nil, nil), row(cause.Cond, 0.016, nil, nil),
				row(cause.GCSTW, 0.016, nil, nil),
				row(cause.Startup, 0.016, nil, nil), row(cause.Dispatch, 0.016, nil, nil)), "",
		},
		{"more than the ideal", of(2.1, mutex, row(cause.NotExplained, -0.6, nil, nil)), ""},
		{"not a number", of(math.NaN(), row(cause.Mutex, math.NaN(), nil, nil)), ""},
	} {
		found, warnings := finding.Rank(tt.in)
		var got warning.Kind
		for _, w := range warnings {
			got += w.Kind
		}
		if len(found) != 0 || got != tt.want {
			t.Errorf("%s: findings %+v, warnings %+v; want none and %q", tt.name, found, warnings, tt.want)
		}
	}
}

// Two workers lose 0.5 of 2, by three traced runs 0.45 to 0.55, beside 0.05 of start-up, so that 0.0275 makes a
// finding. What others took can explain 0.1 of running and as much of waiting: the lock is sure. At 0.44 only the
// median is beyond it, at 0.48 noise can be all of it. It never explains sleeping.
func TestNoiseIsWeighed(t *testing.T) {
	for _, tt := range []struct {
		name        string
		cause       cause.Cause
		runs        []float64
		work, waits float64
		want        noise.Certainty
	}{
		{"a lock", cause.Mutex, []float64{0.45, 0.5, 0.55}, 0.1, 0.1, noise.Certain},
		{"little left in one run", cause.Mutex, []float64{0.45, 0.5, 0.55}, 0.44, 0.44, noise.Likely},
		{"nothing left", cause.Mutex, []float64{0.45, 0.5, 0.55}, 0.48, 0.48, noise.Hidden},
		{"many workers wait for one", cause.Join, []float64{0.45, 0.5, 0.55}, 0.1, 0.7, noise.Hidden},
		{"running code", cause.WorkInflation, []float64{0.45, 0.5, 0.55}, 0.1, 0.7, noise.Certain},
		{"taken off the core", cause.Preempted, []float64{0.45, 0.5, 0.55}, 0.5, 0.5, noise.Hidden},
		{"sleep", cause.Sleep, []float64{0.45, 0.5, 0.55}, 1, 1, noise.Certain},
		{"one run, hardly any noise", cause.Mutex, []float64{0.5}, 0.02, 0.02, noise.Certain},
		{"one run, some noise", cause.Mutex, []float64{0.5}, 0.1, 0.1, noise.Likely},
		{"one of three runs without it", cause.Mutex, []float64{0, 0.7, 0.8}, 0, 0, noise.Likely},
	} {
		r := row(tt.cause, 0.5, nil, nil)
		r.Runs, r.BaseRuns = tt.runs, []float64{0.5}
		in := of(1.45, r, row(cause.Startup, 0.05, nil, nil))
		in.Stack.Runs, in.Stack.Noise, in.Stack.Waits, in.Stack.Taken = len(tt.runs), tt.work, tt.waits, 0.3
		found, warnings := finding.Rank(in)
		if tt.want == noise.Hidden {
			if len(warnings) != 1 || warnings[0].Kind != warning.Withheld || warnings[0].Figures.Ratio != 0.3 ||
				warnings[0].Items[0].Name != tt.cause.String() || len(found) > 1 {
				t.Errorf("%s: found %+v, warnings %+v; want it to be withheld", tt.name, found, warnings)
			}
			continue
		}
		f := found[0]
		if f.Cause != tt.cause || f.Certainty != tt.want || math.Abs(f.Low-slices.Min(tt.runs)) > 1e-12 ||
			math.Abs(f.High-slices.Max(tt.runs)) > 1e-12 || f.Runs != len(tt.runs) {
			t.Errorf("%s: %s is %s, %v to %v by %d runs; want %s", tt.name, f.Cause, f.Certainty, f.Low, f.High, f.Runs,
				tt.want)
		}
	}
}

// Two workers lose 0.1 of 2 to a lock, each traced run says so, and nothing is noisy. It is sure only where the
// interval of the speedup stays below what can be reached: 2, the 1.95 of the spin loop or, where the base takes a core
// for 19 twentieths of its time only, no less than 2.
func TestLossMustBeShown(t *testing.T) {
	for _, tt := range []struct {
		name          string
		high, ceiling float64
		need, reach   float64
		want          noise.Certainty
	}{
		{"below the ideal", 1.97, 0, 1, 2, noise.Certain},
		{"reaches the ideal", 2, 0, 1, 2, noise.Likely},
		{"reaches the ceiling", 1.97, 1.95, 1, 1.95, noise.Likely},
		{"below the ceiling", 1.94, 1.95, 1, 1.95, noise.Certain},
		{"a base that also waits", 1.97, 1.95, 0.95, 2, noise.Certain},
		{"no interval", 0, 1.95, 1, 1.95, noise.Certain},
		{"no interval, more than the ceiling", 0, 1.85, 1, 1.85, noise.Likely},
	} {
		in := of(1.9, row(cause.Mutex, 0.1, nil, nil))
		in.Stack.BaseNeed, in.Ceiling = tt.need, tt.ceiling
		if tt.high > 0 {
			in.Interval = &curve.Interval{Method: curve.Bootstrap, Level: curve.Level, Low: 1.85, High: tt.high}
		}
		found, _ := finding.Rank(in)
		if len(found) != 1 || found[0].Certainty != tt.want || math.Abs(found[0].Reach-tt.reach) > 1e-12 ||
			found[0].LossShown() != (tt.want == noise.Certain) {
			t.Errorf("%s: %+v; want it %s, of %v", tt.name, found, tt.want, tt.reach)
		}
	}
}

// The timed runs lose 0.1 of 2, and the traced ones 0.4, all of it to a lock: 0.3 of 0.4 is not lost by the timed runs,
// whose loss may have another cause. With 0.1 of 0.4 it is mostly the same loss, of which the shares are not; with 0.05
// they nearly are.
func TestTracedRunsLoseMore(t *testing.T) {
	for speedup, want := range map[float64]int{1.9: 1, 1.7: 1, 1.65: 0} {
		_, warnings := finding.Rank(of(speedup, row(cause.Mutex, 0.4, nil, nil), row(cause.NotExplained, 2-speedup-0.4, nil, nil)))
		if len(warnings) != want {
			t.Fatalf("%v: %+v", speedup, warnings)
		}
		kind := map[float64]warning.Kind{1.9: warning.TracedLoses, 1.7: warning.CausesExceed}[speedup]
		if want > 0 && (warnings[0].Kind != kind || math.Abs(warnings[0].Figures.Ratio-0.4) > 1e-12 ||
			math.Abs(warnings[0].Figures.AgainstRatio-2+speedup) > 1e-12) {
			t.Errorf("%v: %+v", speedup, warnings)
		}
	}
}

// Workers are off their cores for 0.3 and work inflates by 0.2, of 0.7 that is lost with 0.2 of start-up, so that 0.035
// makes a finding. What the timed runs do not lose of it may be all of one of them, and start-up they tell themselves.
// Of a surplus of 0.3 the former has 0.18 if it is spread alike, and of 0.45, 0.27: next to nothing is left.
func TestSurplusIsWeighed(t *testing.T) {
	for surplus, want := range map[float64][]noise.Certainty{
		0.1:  {noise.Certain, noise.Certain, noise.Certain},
		0.18: {noise.Certain, noise.Likely, noise.Certain},
		0.3:  {noise.Likely, noise.Likely, noise.Certain},
		0.45: {noise.Hidden, noise.Hidden, noise.Certain},
	} {
		found, warnings := finding.Rank(of(1.3+surplus, row(cause.Preempted, 0.3, nil, nil), row(cause.WorkInflation, 0.2, nil, nil),
			row(cause.Startup, 0.2, nil, nil), row(cause.NotExplained, -surplus, nil, nil)))
		got := []noise.Certainty{noise.Hidden, noise.Hidden, noise.Hidden}
		for _, f := range found {
			may := surplus
			switch f.Cause {
			case cause.Preempted:
				got[0] = f.Certainty
			case cause.WorkInflation:
				got[1] = f.Certainty
			default:
				got[2], may = f.Certainty, 0
			}
			if f.Surplus != may {
				t.Errorf("%v: up to %v of %s is not lost by the timed runs", surplus, f.Surplus, f.Cause)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v: %s", surplus, d)
		}
		hidden := slices.IndexFunc(warnings, func(w warning.Warning) bool { return w.Kind == warning.Withheld })
		if (hidden >= 0) != slices.Contains(want, noise.Hidden) || hidden >= 0 && warnings[hidden].Figures.AgainstRatio != surplus {
			t.Errorf("%v: %+v", surplus, warnings)
		}
	}
}

func TestAt(t *testing.T) {
	point := func(n int) curve.Point {
		return curve.Point{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n, Size: 1}, N: n, Runs: 8, Median: 2,
		}
	}
	c := &curve.Curve{
		Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}, Points: []curve.Point{point(1), point(2)},
	}
	if got := finding.At(c, 1, &stack.Stack{}); got.N != 2 || got.BaseN != 1 || got.Seconds != 2 ||
		got.Size != 1 || got.Scaling != sweep.Strong {
		t.Errorf("%+v", got)
	}
}

// Work takes 0.4 of the speedup; the spin loop reaches 1.8 of 2, so half of that may be the machine's, and no more than
// 1.8 can be had.
func TestMachineThatGivesLess(t *testing.T) {
	in := of(1.5, row(cause.WorkInflation, 0.4, nil, nil))
	in.Ceiling = 1.8
	found, _ := finding.Rank(in)
	if len(found) != 1 || math.Abs(found[0].AboutSpeedup-1.8) > 1e-12 || found[0].AtMostSpeedup != 1.8 || math.Abs(found[0].MachinePart-0.2) > 1e-12 ||
		found[0].Machine != 1.8 {
		t.Errorf("findings %+v; want one with 1.8 at most of which 0.2 is the machine's", found)
	}
}

// What is not explained takes as much as the lock, so nothing is said of what there would be without the lock; and of
// work inflation in functions that hardly run at the base it is said that they wait on a core, and nothing promised.
func TestNothingIsPromised(t *testing.T) {
	found, _ := finding.Rank(of(1.4, row(cause.Mutex, 0.3, nil, nil), row(cause.NotExplained, 0.3, nil, nil)))
	if len(found) != 1 || !math.IsNaN(found[0].AboutSpeedup) || found[0].Why != finding.Unsure {
		t.Errorf("not explained: %+v", found)
	}
	in := of(1.4, row(cause.ChanRecv, 0.6, nil, nil))
	in.Stack.BaseNeed = 0.05 // nineteen twentieths of the base's time are waits as well
	if found, _ = finding.Rank(in); len(found) != 1 || found[0].Why != finding.Waits {
		t.Errorf("a base that waits: %+v", found)
	}
	r := row(cause.WorkInflation, 0.6, frames("main.spin"), nil)
	r.Fresh = 0.8
	found, _ = finding.Rank(of(1.4, r))
	if len(found) != 1 || !found[0].Spinning() || found[0].Why != finding.BusyWaiting ||
		!math.IsNaN(found[0].AboutSpeedup) {
		t.Errorf("busy waiting: %+v", found)
	}
}

// Whatever a stack holds: shares are of one whole, findings are in order, and without its cause a speedup lies between
// itself and the ideal.
func TestRankKeepsBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		n := float64(2 + rng.IntN(30))
		s := &stack.Stack{
			N: n, Usable: 1 + (n-1)*rng.Float64(), Lanes: stack.Cores, Need: n * rng.Float64(),
			BaseNeed: rng.Float64(), Cores: n * rng.Float64(), BaseCores: 1,
		}
		left := n * rng.Float64() // n − S
		s.Speedup, s.Traced = n-left, n*rng.Float64()
		for _, c := range append(cause.All(), cause.WorkInflation) {
			if rng.IntN(3) == 0 {
				r := row(c, n*(rng.Float64()-0.3)/4, frames("main.f"), nil)
				s.Rows = append(s.Rows, r)
				left -= r.Speedup
			}
		}
		s.Rows = append(s.Rows, row(cause.NotExplained, left, nil, nil))
		found, _ := finding.Rank(finding.Input{N: int(n), BaseN: 1, Stack: s})
		var sum float64
		for i, f := range found {
			sum += f.Share
			if f.AboutSpeedup < s.Speedup || f.AboutSpeedup > max(s.Speedup, n) || f.AtMostSpeedup < s.Speedup ||
				math.IsNaN(f.AboutSpeedup) != (f.Why != finding.HasFigure) || i > 0 && f.Share > found[i-1].Share {
				t.Fatalf("finding %d of %+v: %+v", i, s, f)
			}
		}
		if sum > 1+1e-9 {
			t.Fatalf("shares of %+v add up to %g", s, sum)
		}
	}
}
