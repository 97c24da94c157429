package verdict_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Two workers wait for a lock for so much of their time in each traced run, of which noise can explain so much: a
// quarter is what makes it lock-bound.
func TestLocksAsSureAsTracedRuns(t *testing.T) {
	for _, tt := range []struct {
		name   string
		shares []float64
		owed   float64
		bound  verdict.Bound
		want   noise.Certainty
	}{
		{"each run says so", []float64{0.35, 0.4, 0.36}, 0.05, verdict.Lock, noise.Certain},
		{"one run does not", []float64{0.2, 0.4, 0.36}, 0.05, verdict.Lock, noise.Likely},
		{"one may owe it to noise", []float64{0.29, 0.4, 0.36}, 0.05, verdict.Lock, noise.Likely},
		{"noise can be all of it", []float64{0.27, 0.28, 0.29}, 0.05, verdict.Lock, noise.Hidden},
		{"one run", []float64{0.4}, 0.05, verdict.Lock, noise.Likely},
		{"one run without noise", []float64{0.4}, 0.005, verdict.Lock, noise.Certain},
		{"too little in the mean, enough in one", []float64{0.1, 0.3}, 0, verdict.CPU, noise.Likely},
		{"too little in each", []float64{0.1, 0.2}, 0, verdict.CPU, noise.Certain},
	} {
		in := verdict.Input{Cores: 2, Base: verdict.Load{cause.User: 1}}
		for _, s := range tt.shares {
			in.AtRuns.Loads = append(in.AtRuns.Loads, verdict.Load{cause.User: 1 - s, cause.Mutex: s})
			in.AtRuns.Noise = append(in.AtRuns.Noise, tt.owed)
		}
		in.At = verdict.MeanOf(in.AtRuns.Loads)
		v := verdict.Judge(threads(cpu(at(1, 1, 1, 1), 0.99), cpu(at(1, 2, 2, 0.7), 1.4)), in)
		if v.Bound != tt.bound || v.Certainty != tt.want {
			t.Errorf("%s: %s is %s, want %s and %s", tt.name, v.Bound, v.Certainty, tt.bound, tt.want)
		}
	}
}

// One worker keeps its core busy for so many tenths of each second: three quarters make it CPU-bound. The median of six
// launches lies between the least and the greatest with 97 %.
func TestBusyAsSureAsLaunches(t *testing.T) {
	for _, tt := range []struct {
		tenths []int
		value  float64
		want   noise.Certainty
		ranged bool
	}{
		{[]int{9, 9, 10, 9, 9, 9}, 0.9, noise.Certain, false},
		{[]int{7, 9, 10, 9, 9, 9}, 0.9, noise.Likely, true},
	} {
		var in verdict.Input
		in.Cores = 2
		for _, n := range tt.tenths {
			in.BaseRuns.Timed = append(in.BaseRuns.Timed, &sweep.Result{
				Run: sweep.Run{Point: sweep.Point{Procs: 1, Workers: 1, Cores: 1}}, Total: 1e9, User: sweep.Seconds(n) * 1e8,
			})
		}
		v := verdict.Judge(threads(cpu(at(1, 1, 1, 1), tt.value)), in)
		if v.Bound != verdict.CPU || v.Certainty != tt.want || (v.Evidence[0].Range != nil) != tt.ranged {
			t.Errorf("%v: %s is %s, %+v; want %s", tt.tenths, v.Bound, v.Certainty, v.Evidence[0], tt.want)
		}
	}
}

// A run of one second starts for 0.4 s, which is more than 0.3. Others had a core for 0.2 s, in which it may not have
// started: then 0.2 of 0.8 s are less.
func TestOverheadThatNoiseMayBe(t *testing.T) {
	for _, tt := range []struct {
		others sweep.Seconds
		want   noise.Certainty
	}{{0, noise.Certain}, {2e8, noise.Hidden}} {
		var in verdict.Input
		in.Cores = 2
		for range 6 {
			r := &sweep.Result{
				Run: sweep.Run{Point: sweep.Point{Procs: 1, Workers: 1, Cores: 1}}, Total: 1e9, Startup: 4e8, Work: 6e8, User: 5e8,
			}
			r.Noise.Others = tt.others
			in.BaseRuns.Timed = append(in.BaseRuns.Timed, r)
		}
		p := cpu(at(1, 1, 1, 1), 0.5)
		p.Startup = 0.4
		if v := verdict.Judge(threads(p), in); v.Bound != verdict.Overhead || v.Certainty != tt.want {
			t.Errorf("%v taken: %s is %s, want %s", tt.others, v.Bound, v.Certainty, tt.want)
		}
	}
}
