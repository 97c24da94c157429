package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Ten times as fast on two cores is an efficiency of 5, of 4.5 at least: no work that computes does that. Where the
// base waits for half of its time it may, and where the interval reaches to what caches can do, too.
func TestOtherWork(t *testing.T) {
	one := sweep.Point{Workload: "c", Procs: 1, Workers: 1, Cores: 1}
	two := sweep.Point{Workload: "c", Procs: 1, Workers: 2, Cores: 2}
	for _, tt := range []struct {
		name      string
		busy, low float64
		want      bool
	}{
		{"computes", 0.95, 9, true},
		{"waits", 0.5, 9, false},
		{"may be slower", 0.95, 7.9, false},
	} {
		c := Curve{Curve: curve.Curve{Sweep: sweep.Sweep{Workload: "c", Mode: sweep.Threads}, Points: []curve.Point{
			{Point: one, N: 1, Runs: 5, Speedup: 1, MeanBusy: tt.busy},
			{Point: two, N: 2, Runs: 5, Speedup: 10, Interval: &curve.Interval{Low: tt.low, High: 11}, MeanBusy: 1.9},
		}}}
		a := &analysis{Study: &Study{Workloads: []Workload{{Curves: []Curve{c}}}}}
		var want []warning.Warning
		if tt.want {
			w := warning.OfPoint(warning.OtherWork, two)
			w.Figures.Ratio, w.Figures.AgainstRatio = 4.5, 0.95
			want = append(want, w)
		}
		if diff := cmp.Diff(want, a.otherWork()); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
