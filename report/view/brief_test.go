package view

import (
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
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
		return Curve{Curve: c, Label: words.Mode(mode)}
	}
	threads := of(sweep.Threads, 2, recommend.Shown)
	small, large := of(sweep.Procs, 1, recommend.NoneBeyond), of(sweep.Procs, 1, recommend.NoneBeyond)
	for i := range large.Points {
		large.Points[i].Point.Size = 10_000
	}
	small.Label, large.Label = "processes (size 100)", "processes (size 10,000)"
	large.Recommendation.Likely = recommend.Beyond{At: 1, N: 2, Runs: 3}
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
			[]Curve{of(sweep.Threads, 1, recommend.NoneBeyond), of(sweep.Procs, 1, recommend.NoneBeyond)},
			"Recommended: 1 worker, as no larger count is shown to reach an efficiency of 75 %.",
		},
		{
			[]Curve{of(sweep.Threads, 2, recommend.Seen)},
			"Recommended: 2 workers, the largest count whose efficiency was at least 75 % in every run.",
		},
		{
			[]Curve{small, large},
			"Recommended: 1 process on processes (size 100) and 1 process on processes (size 10,000), as no larger count is shown " +
				"to reach an efficiency of 75 %; likely 2 processes on processes (size 10,000), not shown with 3 runs.",
		},
		{nil, ""},
	} {
		w := &Workload{Curves: c.curves}
		if got := strings.ReplaceAll(w.briefAdvice(0.75), words.NoBreak, " "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A headline of several sizes says once what is the same of all.
func TestHeadlineOfSizes(t *testing.T) {
	family := func(scaling sweep.Scaling, size int64, few bool) study.Family {
		p := sweep.Point{Procs: 1, Workers: 2, Cores: 2}
		return study.Family{Scaling: scaling, Size: size, Headline: verdict.Headline{
			Cores: 2, FewRuns: few, Best: &verdict.Rise{Kind: verdict.Rises, Point: p, Gain: 1.5},
		}}
	}
	for _, tt := range []struct {
		families []study.Family
		want     string
	}{
		{
			[]study.Family{family(sweep.Strong, 1000, true), family(sweep.Strong, 25_000, true)},
			"w, strong scaling: at size 1000 1.5× on 2 cores; at size 25,000 1.5× on 2 cores; too few runs for intervals",
		},
		{
			[]study.Family{family(sweep.Strong, 1000, false), family(sweep.Strong, 2_000_000, true)},
			"w, strong scaling: at size 1000 1.5× on 2 cores; at size 2 million 1.5× on 2 cores; too few runs for intervals",
		},
		{
			[]study.Family{family(sweep.Strong, 1000, true), family(sweep.Weak, 1000, true)},
			"w: strong scaling: at size 1000 1.5× on 2 cores; weak scaling: at size 1000 1.5× on 2 cores; too few runs for intervals",
		},
		{[]study.Family{family(sweep.Strong, 1000, true)}, "w: 1.5× on 2 cores; too few runs for intervals"},
	} {
		w := &Workload{Workload: &study.Workload{Families: tt.families}, Name: "w"}
		if got := words.Plain(w.headline(true)); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
