package study

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Runs of one second on two cores that had one of them.
func TestCannotFollow(t *testing.T) {
	at := sweep.Point{Workload: "b", Procs: 1, Workers: 2, Cores: 2}
	wide := curve.Interval{Low: 0.9, High: 3}
	for _, tt := range []struct {
		name    string
		ps      time.Duration // of the traced run, while two Ps had a goroutine
		ready   time.Duration // and goroutines were ready while there was a P
		others  sweep.Seconds // and others had a core
		busy    float64       // by the timed runs
		speedup curve.Interval
		untold  bool // there is no trace
		want    bool
	}{
		{name: "one core, quiet", busy: 1, speedup: curve.Interval{Low: 0.9, High: 1.1}, want: true},
		{name: "a faster run or two", busy: 1, speedup: curve.Interval{Low: 0.9, High: 1.4}, want: true},
		{name: "one core, though others had the rest", others: 9e8, busy: 1, speedup: wide, want: true},
		{name: "a P without its core", ps: time.Second, others: 9e8, busy: 1, speedup: wide},
		{name: "a thread that never got a core", ready: time.Second, others: 9e8, busy: 1, speedup: wide},
		{name: "goroutines take turns", ready: time.Second, busy: 1, speedup: wide, want: true},
		{name: "timed runs keep more busy", busy: 1.2, speedup: curve.Interval{Low: 0.9, High: 1.1}},
		{name: "shown to speed up", busy: 1, speedup: curve.Interval{Low: 1.2, High: 2}},
		{name: "no trace, quiet", busy: 1, speedup: curve.Interval{Low: 0.9, High: 1.1}, untold: true, want: true},
		{name: "no trace, noisy", busy: 1, speedup: curve.Interval{Low: 0.9, High: 1.12, Noise: 0.2}, untold: true},
	} {
		r := sweep.Result{Run: sweep.Run{Point: at, Kind: sweep.Traced}, Total: 1e9, User: 1e9}
		r.Noise.Others = tt.others
		explained := map[sweep.Run]Explained{
			r.Run: {
				Use:    &cores.Use{Profile: []time.Duration{0, time.Second}},
				Ps:     &cores.Use{Profile: []time.Duration{0, time.Second - tt.ps, tt.ps}},
				Ledger: &ledger.Ledger{Rows: []ledger.Row{{Cause: cause.SchedLatency, Time: ledger.CoreTime(tt.ready)}}},
			},
		}
		if tt.untold {
			explained = nil
		}
		c := &Curve{Curve: curve.Curve{Base: 0, Points: []curve.Point{
			{Point: sweep.Point{Workload: "b", Procs: 1, Workers: 1, Cores: 1}, Runs: 5, MeanBusy: 1},
			{Point: at, Runs: 5, MeanBusy: tt.busy, Speedup: 1, Interval: &tt.speedup},
		}}}
		if got := cannotFollow(c, busyByTrace([]sweep.Result{r}, explained)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
