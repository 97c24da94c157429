package words_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestReasons(t *testing.T) {
	two, four := sweep.Point{Workload: "w", Procs: 1, Workers: 2, Cores: 2, Size: 9}, sweep.Point{Workload: "w", Procs: 1, Workers: 4, Cores: 2, Size: 9}
	rule := sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05}
	progress := func(r curve.Reason, blocks int, width float64, hopeless ...sweep.Point) string {
		return words.Progress(&curve.Progress{Reason: r, Blocks: blocks, Worst: two, HalfWidth: width, Hopeless: hopeless, Needed: 10, Rule: rule})
	}
	advice := func(r recommend.Reason, last bool) string {
		return words.Advice(&recommend.Recommendation{N: 4, Low: 0.767, Least: 0.75, Reason: r, Last: last})
	}
	tight := recommend.Recommendation{N: 2, Low: 0.7541, Least: 0.754, Reason: recommend.Shown}
	lone := compare.Lone{Reason: compare.OtherPoint, Point: four, Other: two, Size: 10}
	for _, c := range []struct{ got, want string }{
		{progress(curve.FewRuns, 9, 0.38), "9 of at least 10 runs are made"},
		{progress(curve.Narrow, 10, 0.04), "after 10 runs every interval is within ±5 %"},
		{progress(curve.Narrow, 10, 0.04, two), "after 10 runs every interval is within ±5 %; no run of w-p1-w2-c2-s9 succeeded"},
		{progress(curve.Wide, 12, 0.376), "after 12 runs w-p1-w2-c2-s9 is still ±38 %, wanted ±5 %"},
		{progress(curve.Wide, 12, 0.0502), "after 12 runs w-p1-w2-c2-s9 is still ±5.02 %, wanted ±5 %"},
		{progress(curve.Wide, 12, 0.04), "after 12 runs some points have too few successful runs"},
		{progress(curve.MostRuns, 30, math.NaN()), "--max-runs 30 is reached, and too few successful runs for an interval"},
		{progress(curve.AllHopeless, 10, math.NaN(), two), "10 runs were made; no run of w-p1-w2-c2-s9 succeeded"},
		{progress(curve.NoPoints, 0, math.NaN()), "there are no points"},
		{advice(recommend.Shown, false), "n = 4 is the largest count whose efficiency is at least 75 % with confidence: its interval begins at 77 %"},
		// Not "at least 75.4 %: its interval begins at 75 %".
		{words.Advice(&tight), "n = 2 is the largest count whose efficiency is at least 75.4 % with confidence: its interval begins at 75.41 %"},
		{advice(recommend.Seen, true), "n = 4 is the largest count whose efficiency was at least 75 % in all of its few runs: the least seen is 77 %; " +
			"larger counts were not measured"},
		// Nobody saw the end of a range that noise has widened.
		{
			words.Advice(&recommend.Recommendation{N: 4, Low: 0.767, Least: 0.75, Reason: recommend.Seen, Noise: true}),
			"n = 4 is the largest count whose efficiency is at least 75 % in all of its few runs with what noise allows: the least is then 77 %",
		},
		{
			words.Advice(&recommend.Recommendation{N: 4, Low: 0.767, Least: 0.75, Reason: recommend.Shown, Noise: true}),
			"n = 4 is the largest count whose efficiency is at least 75 % with confidence: with what noise allows its interval begins at 77 %",
		},
		{
			words.Gate(&gate.Outcome{Reason: gate.LowestSeen, Runs: 1, Noise: true}),
			"lowest with what noise allows: 1 launch is too few for an interval",
		},
		{advice(recommend.NoneBeyond, false), "no count beyond the base reaches an efficiency of 75 % with confidence"},
		{advice(recommend.Only, false), "n = 4 is the only count with a figure"},
		{advice(recommend.NoBase, false), "the base was not measured, so there are no efficiencies"},
		{words.Gate(&gate.Outcome{Reason: gate.LowestSeen, Runs: 3}), "lowest seen: 3 launches are too few for an interval"},
		{words.Gate(&gate.Outcome{}), ""},
		{words.GateFigure(&gate.Outcome{Gate: gate.Gate{Kind: gate.MinSpeedup}, Value: 1.9, Bound: 1.7994, Method: curve.Bootstrap}), "1.900, lower bound 1.799"},
		// It does not hold for a speedup of 1.8.
		{words.GateFigure(&gate.Outcome{Gate: gate.Gate{Kind: gate.MinSpeedup, Limit: 1.8}, Value: 1.9, Bound: 1.7998, Method: curve.Bootstrap}), "1.900, lower bound 1.7998"},
		{words.GateFigure(&gate.Outcome{Gate: gate.Gate{Kind: gate.MaxShare}, Value: 0.08, Reason: gate.OneRun}), "8.0 % (of one traced run, no interval)"},
		{words.GateFigure(&gate.Outcome{Value: math.NaN(), Reason: gate.NoRun}), "not measured (no run succeeded)"},
		{words.Difference(compare.Difference{Kind: compare.CPUModel, Base: "A"}), "CPU: A in BASE, not known in NEW"},
		{words.Difference(compare.Difference{Kind: compare.SizeUnit, Of: "pi", Base: "steps", New: "s"}), "unit of pi's size: steps in BASE, s in NEW"},
		{words.Key(compare.Key{}), "measurements"},
		{words.Key(compare.Key{Workload: "w", Series: "CPU"}), "w, CPU"}, // of a file
		{
			words.Key(compare.Key{Workload: "w", Mode: sweep.Grid, Scaling: sweep.Strong, Series: "procs=2", Size: 1.5e8}),
			"w, threads in each of 2 processes, strong scaling, size 150 million",
		},
		{words.Key(compare.Key{Workload: "w", Mode: sweep.Procs, Scaling: sweep.Weak}), "w, processes, weak scaling"},
		{words.CoresDiffer(compare.CoresDiffer{Key: compare.Key{Workload: "w"}, N: 2, Base: 2, New: 4}), "w, n = 2: 2 cores in BASE and 4 in NEW"},
		{words.Lone(lone), "it is w-p1-w4-c2-s9, and w-p1-w2-c2-s9 on the other side"},
		{
			words.LawsCompared(compare.Laws{Reason: compare.HoldsBoth, Base: law.Choice{Law: law.Amdahl}, New: law.Choice{Law: law.USL}}, words.Sides{Base: "BASE", New: "NEW"}),
			"Amdahl is named for BASE and USL for NEW; it holds both",
		},
		{
			words.LawsCompared(compare.Laws{Reason: compare.NoneNew, New: law.Choice{Kind: law.Unnamed, Counts: 2, Needed: 4}}, words.Sides{Base: "BASE", New: "NEW"}),
			"NEW: no law is named from 2 counts; it takes 4",
		},
	} {
		if got := words.Plain(c.got); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}
