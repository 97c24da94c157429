package study_test

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Timed runs take 1.0 s. Of the traced runs that took 2.0, 1.1 and 0.7 s the second is shown; without a ledger of it
// the third is, which is the next to the median. All that have ledgers explain the point.
func TestTheTypicalRunIsShown(t *testing.T) {
	p := sweep.Point{Workload: "w", Procs: 1, Workers: 1, Cores: 1, Size: 1}
	in := study.Input{Explained: map[sweep.Run]study.Explained{}, Resamples: 10}
	in.Header.Host.CPUs = make([]sweep.CPU, 1)
	in.Header.Sweeps = []sweep.Sweep{{
		Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1, Points: []sweep.Point{p},
	}}
	add := func(kind sweep.Kind, rep int, seconds float64) sweep.Run {
		r := sweep.Result{Run: sweep.Run{Point: p, Kind: kind, Rep: rep}, Status: sweep.OK}
		r.Total = sweep.Seconds(seconds * 1e9)
		r.Work = r.Total
		in.Results = append(in.Results, r)
		return r.Run
	}
	for rep, seconds := range []float64{0.9, 1, 1.2} {
		add(sweep.Timed, rep, seconds)
	}
	var traced []sweep.Run
	for rep, seconds := range []float64{2, 1.1, 0.7} {
		run := add(sweep.Traced, rep, seconds)
		traced = append(traced, run)
		in.Explained[run] = study.Explained{Ledger: &ledger.Ledger{Total: 1}}
	}
	f := study.Analyze(in).Workloads[0].Curves[0].Figures[0]
	if f.Traced.Result.Run != traced[1] || len(f.Explaining) != 3 {
		t.Errorf("run %d is shown, of %d that explain; want 1 of 3", f.Traced.Result.Rep, len(f.Explaining))
	}
	in.Explained[traced[1]] = study.Explained{}
	f = study.Analyze(in).Workloads[0].Curves[0].Figures[0]
	if f.Traced.Result.Run != traced[2] || len(f.Explaining) != 2 {
		t.Errorf("run %d is shown, of %d that explain; want 2 of 2", f.Traced.Result.Rep, len(f.Explaining))
	}
}
