package study

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// judge finds what bounds each curve of w, and the headline of each family.
func (a *analysis) judge(w *Workload) {
	cpus := len(a.Header.Host.CPUs)
	for i := range w.Curves {
		c := &w.Curves[i]
		in := verdict.Input{Cores: cpus, Ceiling: a.firm()}
		if c.Base >= 0 {
			in.BaseRuns = a.launches(c, c.Base)
			in.Base, in.Traced.Base = verdict.MeanOf(in.BaseRuns.Loads), len(c.Figures[c.Base].Explaining) > 0
		}
		if c.Judged >= 0 {
			in.AtRuns = a.launches(c, c.Judged)
			in.At, in.Traced.At = verdict.MeanOf(in.AtRuns.Loads), len(c.Figures[c.Judged].Explaining) > 0
			if s := c.Figures[c.Judged].Stack; s != nil {
				in.Fresh = s.Fresh()
			}
		}
		c.Verdict = verdict.Judge(c.Curve, in)
	}
	for i := range w.Families {
		f := &w.Families[i]
		var curves []curve.Curve
		waits := false
		for k := range w.Curves {
			if f.Of(&w.Curves[k]) {
				curves = append(curves, w.Curves[k].Curve)
				waits = waits || w.Curves[k].Verdict.Bound == verdict.IO
			}
		}
		f.Headline = verdict.HeadlineOf(curves, cpus, a.firm(), a.pairs)
		f.Grid = a.grid(curves, waits)
	}
}

// grid returns the curves of a grid, of work that may wait, as one; nil of other modes.
func (a *analysis) grid(curves []curve.Curve, waits bool) *Grid {
	var of []*curve.Curve
	for i := range curves {
		if curves[i].Sweep.Mode == sweep.Grid {
			of = append(of, &curves[i])
		}
	}
	if len(of) == 0 {
		return nil
	}
	g := &Grid{Curve: curve.Whole(of)}
	g.Recommendation = recommend.Of(&g.Curve, a.Efficiency, waits)
	return g
}

// sizes finds what the size does to the curves of w.
func (a *analysis) sizes(w *Workload) {
	var curves []curve.Curve
	for i := range w.Curves {
		curves = append(curves, w.Curves[i].Curve)
	}
	w.Sizes = sizes.Of(curves, func(p sweep.Point) []*sweep.Result { return a.at(p).timed }, sizes.Options{
		Measure: a.Measure, Efficiency: a.Efficiency, Seed: a.Header.Seed, Resamples: a.effort.Curves,
	})
}

// firm returns the ceiling if figures can be compared with it, else nil.
func (a *analysis) firm() *curve.Ceiling {
	if a.CeilingNoisy {
		return nil
	}
	return a.Ceiling
}

// launches returns the runs of point i of c, with where the time of the workers went in each traced one; no such loads
// if one of these does not tell the workers apart.
func (a *analysis) launches(c *Curve, i int) verdict.Launches {
	out := verdict.Launches{Timed: a.at(c.Points[i].Point).timed}
	for _, x := range c.Figures[i].Explaining {
		account, ok := stack.OfWorkers(x.Result, x.Ledger)
		l := verdict.LoadOf(account)
		if !ok || l == nil {
			out.Loads, out.Noise = nil, nil
			return out
		}
		owed := 0.0
		if all := float64(x.Result.Point.Parallelism()) * x.Result.Total.Float(); all > 0 {
			owed = noise.Waiting(noise.Taken(x.Result), x.Result.Point.Parallelism()) / all
		}
		out.Loads, out.Noise = append(out.Loads, l), append(out.Noise, owed)
	}
	return out
}

// conclude derives from a judged curve its laws, its recommendation and the figures that depend on the verdict.
func (a *analysis) conclude(c *Curve) {
	waits := c.Verdict.Bound == verdict.IO
	c.Recommendation = recommend.Of(&c.Curve, a.Efficiency, waits)
	c.Ignored = a.ignored(c)
	if c.Base < 0 {
		return
	}
	opt := law.Options{Seed: a.Header.Seed, Resamples: a.effort.Laws}
	if !waits { // beyond the cores a plateau is not contention, unless the work waits rather than computes
		opt.Cores = a.lawCores(c)
	}
	c.Laws = law.Fit(&c.Curve, func(p sweep.Point) []*sweep.Result { return a.at(p).timed }, opt)
	if waits {
		return // neither do cores bound it, nor is waiting a loss
	}
	base, told := pop.Of(c.Figures[c.Base].Ledger())
	for i := range c.Points {
		f := &c.Figures[i]
		if ceiling := a.firm(); ceiling != nil {
			f.CeilingShare = ceiling.Share(&c.Curve, i)
		}
		run, ok := pop.Of(f.Ledger())
		if !ok || !told {
			continue
		}
		e := pop.Measure(base, run, sweep.Growth(c.Points[c.Base].Point, c.Points[i].Point))
		f.POP = &e
	}
}

// lawCores returns the largest n, on the axis of c, at which each worker has a core.
func (a *analysis) lawCores(c *Curve) float64 {
	h := a.Header.Host
	n := float64(len(h.CPUs))
	if h.QuotaCores > 0 {
		n = min(n, max(h.QuotaCores, 1))
	}
	// A step of the axis may be several workers, as threads in each of several processes; each needs a core.
	if base := c.Points[c.Base]; c.Sweep.Mode != sweep.Cores && base.N > 0 {
		n /= max(1, float64(base.Point.Parallelism())/float64(base.N))
	}
	return n
}

// follows is the factor by which the busy cores or the speed of a program must grow for it to follow the count.
const follows = 1.1

// ignored returns a warning if the program of c ignores the number of its workers. It compares threads, CPU time and
// time: none of them differs between the base and the counts that have cores for their workers, by more than noise
// could hide. Only commands can be told so: corecurve itself starts the workers of workloads.
func (a *analysis) ignored(c *Curve) *warning.Warning {
	if c.Base < 0 || c.Sweep.Mode != sweep.Threads {
		return nil
	}
	base := c.Points[c.Base]
	at := c.Within(len(a.Header.Host.CPUs))
	from := c.Figures[c.Base].Use.Threads
	if at <= c.Base || math.IsNaN(base.MeanBusy) || math.IsNaN(from) {
		return nil
	}
	last := base
	for i, p := range c.Points {
		if i <= c.Base || p.Runs == 0 {
			continue
		}
		if to := c.Figures[i].Use.Threads; math.IsNaN(to) || to > from {
			return nil
		}
		within := p.Point.Parallelism() <= c.Points[at].Point.Parallelism()
		if within && (busiest(&p) > follows*base.MeanBusy || p.Most() > follows) {
			return nil
		}
		// Threads that wait for one lock keep no more cores busy, but a traced run shows them.
		if l := c.Figures[i].Ledger(); l != nil && len(l.Workers) >= p.Point.Parallelism() {
			return nil
		}
		last = p
	}
	w := warning.Of(warning.WorkersIgnored, c.Sweep.Workload)
	w.Figures.Count, w.Figures.Ratio = int(from), base.MeanBusy
	w.Items = []warning.Item{{Point: last.Point}, {Point: base.Point}}
	return &w
}
