package statements_test

import (
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A progress is how far a study has come, and what it has made.
type progress struct {
	p        *curve.Progress
	blocks   int // the fewest runs of a point
	fewest   int // the fewest runs that are OK, of a point that is not hopeless; -1: all are
	hopeless []sweep.Point
	points   int
}

// progress holds the study against a stopping rule.
func (k *checker) progress(m *maker) {
	r := sweep.Rule{MinRuns: m.rng.IntN(8), MaxRuns: pick(m, 0, 4, 8, 30), HalfWidth: pick(m, 0.001, 0.05, 0.5)}
	in := k.in
	if m.chance(0.02) {
		in.Header.Sweeps = nil
	}
	p := curve.Converged(in.Header.Sweeps, in.Results, r, k.s.Measure)
	x := &progress{p: &p, fewest: -1}
	for _, pt := range sweep.Points(in.Header.Sweeps) {
		if pt.Workload == sweep.SpinWorkload {
			continue
		}
		runs := k.runs(pt)
		if n := len(runs.timed) + runs.failed; x.points == 0 || n < x.blocks {
			x.blocks = n
		}
		x.points++
		if len(runs.timed) == 0 && runs.failed > 0 && runs.failed >= r.MinRuns {
			x.hopeless = append(x.hopeless, pt)
		} else if x.fewest < 0 || len(runs.timed) < x.fewest {
			x.fewest = len(runs.timed)
		}
	}
	k.hold(p.Blocks == x.blocks && slices.Equal(p.Hopeless, x.hopeless), "%d blocks, hopeless %v, not %+v", x.blocks,
		x.hopeless, p)
	rule(k, progressRules(), p.Reason, x)
	f := figures{
		must: nil, may: []float64{float64(p.Blocks), float64(p.Needed), float64(r.MaxRuns), r.HalfWidth, p.HalfWidth},
	}
	text := words.Progress(&p)
	k.said(text, f)
	if _, wide, is := strings.Cut(text, "is still ±"); is {
		still, wanted, _ := strings.Cut(wide, ", wanted ±")
		k.hold(!strings.HasPrefix(wanted, still) || p.HalfWidth < r.HalfWidth*(1+1e-4), "%q, and that is what is wanted", text)
	}
	for _, said := range []string{"every interval is within", "runs were made", "run was made", "is reached"} {
		k.hold(!strings.Contains(text, said) || p.Done, "%q, and it is not done", text)
	}
}

// progressRules: why a study stops, or goes on.
func progressRules() map[curve.Reason]func(*checker, *progress) {
	need := func(x *progress) int { return max(x.p.Rule.MinRuns, 5) }
	return map[curve.Reason]func(*checker, *progress){
		curve.NoPoints: func(k *checker, x *progress) {
			k.hold(x.points == 0 && x.p.Done, "no points, of %d", x.points)
		},
		curve.AllHopeless: func(k *checker, x *progress) {
			k.hold(len(x.hopeless) == x.points && x.p.Done, "%d of %d are hopeless", len(x.hopeless), x.points)
		},
		curve.Narrow: func(k *checker, x *progress) {
			k.hold(x.p.Done && x.p.HalfWidth <= x.p.Rule.HalfWidth && x.fewest >= need(x), "narrow: %+v of %d runs",
				x.p, x.fewest)
		},
		curve.MostRuns: func(k *checker, x *progress) {
			k.hold(x.p.Done && x.blocks >= x.p.Rule.MaxRuns, "%d blocks are the most of %+v", x.blocks, x.p.Rule)
		},
		curve.FewRuns: func(k *checker, x *progress) {
			k.hold(!x.p.Done && x.blocks < need(x) && x.p.Needed == need(x), "%d blocks are too few of %+v", x.blocks,
				x.p)
		},
		curve.Wide: func(k *checker, x *progress) {
			k.hold(!x.p.Done && x.blocks >= need(x) && (!(x.p.HalfWidth <= x.p.Rule.HalfWidth) || x.fewest < need(x)),
				"wide: %+v", x.p)
		},
	}
}

// grades checks the POP efficiencies of a point, by the useful time of each worker in the run that explains it, and how
// good they are called.
func (k *checker) grades(c *study.Curve, at int) {
	e, l := c.Figures[at].POP, c.Figures[at].Ledger()
	if e == nil {
		return
	}
	var most, all, wall float64
	for _, w := range l.Workers {
		useful := w.ByCause[cause.User].Seconds()
		most, all, wall = max(most, useful), all+useful, max(wall, w.Wall.Seconds())
	}
	n := float64(len(l.Workers))
	k.hold(same(e.Parallel, all/n/wall) && same(e.Communication,
		most/wall) && (most == 0 ||
		same(e.LoadBalance, all/n/most)), "%v: %+v of %v in %v", c.Points[at].Point, e, all, wall)
	for _, v := range []float64{e.LoadBalance, e.Communication, e.Parallel, e.Computation, e.Global} {
		rule(k, gradeRules(), pop.GradeOf(v), v)
	}
}

// gradeRules: which efficiencies are good.
func gradeRules() map[pop.Grade]func(*checker, float64) {
	return map[pop.Grade]func(*checker, float64){
		pop.Good:    func(k *checker, v float64) { k.hold(v >= 0.8, "%v is good", v) },
		pop.Fair:    func(k *checker, v float64) { k.hold(v >= 0.5 && v < 0.8, "%v is fair", v) },
		pop.Poor:    func(k *checker, v float64) { k.hold(v < 0.5, "%v is poor", v) },
		pop.Unknown: func(k *checker, v float64) { k.hold(math.IsNaN(v), "%v is not known", v) },
	}
}
