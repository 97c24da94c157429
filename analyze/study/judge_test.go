package study

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A command with four threads at any count. Of the time of its runs with two workers noise can explain a quarter: it
// may keep 1.2 cores busy on a quiet machine, which 0.9 do not show.
func TestIgnored(t *testing.T) {
	one := sweep.Point{Workload: "c", Procs: 1, Workers: 1, Cores: 1}
	two := sweep.Point{Workload: "c", Procs: 1, Workers: 2, Cores: 2}
	a := &analysis{Study: &Study{Header: sweep.Header{Host: sweep.Host{CPUs: []sweep.CPU{{}, {}}}}}}
	for _, tt := range []struct {
		name        string
		speedup     float64
		of          curve.Interval
		wantIgnored bool
	}{
		{"quiet", 1, curve.Interval{Low: 0.95, High: 1.05}, true},
		{"noise explains little", 0.98, curve.Interval{Low: 0.95, High: 1.05, Noise: 0.02}, true},
		{"noise explains a quarter", 0.8, curve.Interval{Low: 0.75, High: 1.07, Noise: 0.25}, false},
	} {
		c := &Curve{
			Curve: curve.Curve{Sweep: sweep.Sweep{Workload: "c", Mode: sweep.Threads}, Points: []curve.Point{
				{Point: one, N: 1, Runs: 5, Speedup: 1, MeanBusy: 0.95},
				{Point: two, N: 2, Runs: 5, Speedup: tt.speedup, Interval: &tt.of, MeanBusy: 0.9},
			}},
			Figures: []Figures{{Use: Use{Threads: 4}}, {Use: Use{Threads: 4}}},
		}
		if got := a.ignored(c) != nil; got != tt.wantIgnored {
			t.Errorf("%s: ignored %v, want %v", tt.name, got, tt.wantIgnored)
		}
	}
}
