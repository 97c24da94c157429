package study

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// judge says what bounds the curves of w, and what the headline of each family is.
func (a *analysis) judge(w *Workload) {
	cpus := len(a.Header.Host.CPUs)
	for i := range w.Curves {
		c := &w.Curves[i]
		in := verdict.Input{Cores: cpus, Ceiling: a.Ceiling}
		if c.Base >= 0 {
			in.Base = load(&c.Figures[c.Base])
		}
		if c.Judged >= 0 {
			in.At = load(&c.Figures[c.Judged])
		}
		c.Verdict = verdict.Judge(c.Curve, in)
		if a.CeilingNoisy {
			c.Verdict.Evidence = slices.DeleteFunc(c.Verdict.Evidence, func(e verdict.Evidence) bool {
				return e.Kind == verdict.CeilingShare
			})
		}
	}
	for i := range w.Families {
		f := &w.Families[i]
		var curves []curve.Curve
		for k := range w.Curves {
			if f.Of(&w.Curves[k]) {
				curves = append(curves, w.Curves[k].Curve)
			}
		}
		f.Headline = verdict.HeadlineOf(curves, cpus, a.firm())
	}
}

// firm is the ceiling, if it can be held against a figure.
func (a *analysis) firm() *curve.Ceiling {
	if a.CeilingNoisy {
		return nil
	}
	return a.Ceiling
}

// load is what the traced run of a point says of its workers.
func load(f *Figures) verdict.Load {
	if f.Ledger() == nil {
		return nil
	}
	account, ok := stack.OfWorkers(f.Traced.Result, f.Traced.Ledger)
	if !ok {
		return nil
	}
	return verdict.LoadOf(account)
}

// conclude says what follows from a curve that is judged.
func (a *analysis) conclude(c *Curve) {
	c.Recommendation = recommend.Of(&c.Curve, a.Efficiency)
	c.Ignored = a.ignored(c)
	if c.Base < 0 {
		return
	}
	opt := law.Options{Seed: a.Header.Seed, Resamples: a.in.Resamples}
	waits := c.Verdict.Bound == verdict.IO
	if !waits { // beyond the cores a plateau is not contention, unless the work waits rather than computes
		opt.Cores = a.lawCores(c)
	}
	c.Laws = law.Fit(&c.Curve, a.Results, opt)
	if waits {
		return // neither do cores bound it, nor is waiting a loss
	}
	base, told := pop.Of(c.Figures[c.Base].Ledger())
	for i := range c.Points {
		f := &c.Figures[i]
		if a.Ceiling != nil {
			f.CeilingShare = a.Ceiling.Share(&c.Curve, i)
		}
		run, ok := pop.Of(f.Ledger())
		if !ok || !told {
			continue
		}
		growth := 1.0
		if c.Sweep.Scaling == sweep.Weak {
			growth = float64(c.Points[i].N) / float64(c.Points[c.Base].N)
		}
		e := pop.Measure(base, run, growth)
		f.POP = &e
	}
}

// lawCores is the largest n that has a core for each worker, on the axis of c.
func (a *analysis) lawCores(c *Curve) float64 {
	h := a.Header.Host
	n := float64(len(h.CPUs))
	if h.QuotaCores > 0 {
		n = min(n, max(h.QuotaCores, 1))
	}
	// Several workers for each step of the axis, as threads in each of several processes, need a core each.
	if base := c.Points[c.Base]; c.Sweep.Mode != sweep.Cores && base.N > 0 {
		n /= max(1, float64(base.Point.Parallelism())/float64(base.N))
	}
	return n
}

// follows is what it takes to follow a count: so many times the busy cores of the base, or its speed.
const follows = 1.1

// ignored says that the program of c takes no notice of the number of its workers; nil if it does, or if that cannot be
// told. It is told by threads, CPU time and time, none of which differ between the base and any count that has cores
// for its workers. Only of commands is it asked: the workers of workloads are started by corecurve.
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
		if within && (p.MeanBusy > follows*base.MeanBusy || p.Speedup > follows) {
			return nil
		}
		// Threads that wait for one lock keep no more cores busy; in a traced run they are seen all the same.
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
