package study_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Two workers take 0.77 s where one takes 1 s: 1.3 times as fast. The loop in registers does twice the work in 70 ms
// that takes 50 ms on one core, so the machine gives 1.43. Where others took 20 ms of the two cores in those 70, the
// machine may give 2, and there is nothing to blame it by.
func TestNoisyCeilingLimitsNothing(t *testing.T) {
	for noisy, want := range map[bool]verdict.AfterKind{false: verdict.Machine, true: ""} {
		h := sweep.Header{Host: sweep.Host{CPUs: make([]sweep.CPU, 2)}}
		var results []sweep.Result
		add := func(p sweep.Point, seconds float64, noisy bool) {
			for rep := range 5 {
				r := sweep.Result{
					Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK,
					Total: sweep.Seconds(seconds * 1e9),
				}
				r.Work = r.Total
				if noisy {
					r.Noise.Others = 20e6
				}
				results = append(results, r)
			}
		}
		s := sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}
		for i, seconds := range []float64{1, 0.77} {
			p := sweep.Point{Workload: "w", Procs: 1, Workers: i + 1, Cores: i + 1, Size: 1}
			s.Points = append(s.Points, p)
			add(p, seconds, false)
		}
		spin := sweep.CeilingSweep(s.Points, 1)
		add(spin.Points[0], 0.05, false)
		add(spin.Points[1], 0.07, noisy)
		h.Sweeps = []sweep.Sweep{s, spin}
		got := study.Analyze(study.Input{Header: h, Results: results, Resamples: 50})
		if rise := got.Workloads[0].Families[0].Headline.Best; got.CeilingNoisy != noisy ||
			rise.Kind != verdict.Rises || rise.After != want {
			t.Errorf("noisy %v: %+v, want it to rise and then %q", noisy, rise, want)
		}
		// What is not known is no column of a table either.
		if share := got.Workloads[0].Curves[0].Figures[1].CeilingShare; math.IsNaN(share) != noisy {
			t.Errorf("noisy %v: the share of the ceiling is %v", noisy, share)
		}
	}
}
