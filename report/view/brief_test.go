package view

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Why a count is recommended depends on the curve: a base that is left over is not said to have reached anything.
func TestBriefAdvice(t *testing.T) {
	of := func(mode sweep.Mode, n int, why recommend.Reason) Curve {
		c := &study.Curve{Recommendation: recommend.Recommendation{At: n - 1, N: n, Reason: why}}
		c.Sweep.Mode = mode
		for k := 1; k <= 2; k++ {
			p := sweep.Point{Procs: 1, Workers: k, Cores: k}
			if mode == sweep.Procs {
				p.Procs, p.Workers = k, 1
			}
			c.Points = append(c.Points, curve.Point{Point: p, N: k})
		}
		return Curve{Curve: c, Label: "threads"}
	}
	threads := of(sweep.Threads, 2, recommend.Shown)
	for _, c := range []struct {
		curves []Curve
		want   string
	}{
		{[]Curve{threads}, "Recommended: 2 workers, the largest count whose efficiency is at least 75 % with 95 % confidence."},
		{
			[]Curve{of(sweep.Threads, 1, recommend.NoneBeyond)},
			"Recommended: 1 worker, as no larger count is shown to reach an efficiency of 75 %.",
		},
		{[]Curve{threads, of(sweep.Procs, 1, recommend.NoneBeyond)}, "Recommended: 2 workers on threads, the largest " +
			"count whose efficiency is at least 75 % with 95 % confidence; 1 process, as no larger count is shown to " +
			"reach an efficiency of 75 %."},
		{
			[]Curve{of(sweep.Threads, 2, recommend.Seen)},
			"Recommended: 2 workers, the largest count whose efficiency was at least 75 % in every run.",
		},
		{nil, ""},
	} {
		w := &Workload{Curves: c.curves}
		if got := strings.ReplaceAll(w.briefAdvice(0.75), words.NoBreak, " "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
