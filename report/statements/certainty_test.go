package statements_test

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// takenOf is what others and the hypervisor took of the cores of a run while it could have used them, in core-seconds.
func takenOf(r *sweep.Result) float64 {
	taken := r.Noise.Others.Float()
	if q := lacked(r); q != 0 && q < taken {
		taken = q
	}
	spare := float64(r.Point.Cores)*r.Total.Float() - cpu(r).Float()
	return max(0, min(taken+r.Noise.Steal.Float(), spare))
}

// A weighed is what a group takes by each traced run, and what noise can be of it.
type weighed struct {
	at, base []float64
	mean     float64
	noise    float64
	surplus  float64 // of the traced runs over the timed ones
	part     float64 // of surplus, spread over what only traced runs tell
	runs     int
}

// weigh sums up what a group takes from the speedup of a point, run by run.
func (k *checker) weigh(c *study.Curve, at int, g cause.Group) weighed {
	s := c.Figures[at].Stack
	base, p := c.Points[0], c.Points[at]
	scale := k.factor(c.Measure, p.Point, s.Lanes, work)
	unit := 1 / (k.baseLanes(c, s) * p.Median)
	growth := grown(c.Sweep, base.Point, p.Point)
	each := func(q sweep.Point) []float64 {
		var out []float64
		for _, a := range k.accounts(q, s.Lanes) {
			sum := 0.0
			for _, part := range a.Parts {
				f := scale
				switch {
				case one(part.Cause) != g, part.Outside && c.Measure == curve.Work:
					f = 0
				case part.Outside && part.Cause == cause.Startup:
					f = k.factor(c.Measure, q, s.Lanes, startup)
				case part.Outside:
					f = k.factor(c.Measure, q, s.Lanes, teardown)
				}
				sum += f * float64(part.Time) / 1e9
			}
			out = append(out, sum)
		}
		return out
	}
	mean := func(x []float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += v
		}
		return sum / float64(len(x))
	}
	is, was := each(p.Point), each(base.Point)
	x := weighed{runs: min(len(is), len(was)), mean: unit * (mean(is) - growth*mean(was))}
	for _, v := range is {
		x.at = append(x.at, unit*(v-growth*mean(was)))
	}
	for _, v := range was {
		x.base = append(x.base, unit*(mean(is)-growth*v))
	}
	var taken []float64
	for _, r := range k.runs(p.Point).traced {
		if k.in.Explained[r.Run].Ledger != nil {
			taken = append(taken, takenOf(r))
		}
	}
	others := float64(p.Point.Procs*p.Point.Workers) - 1
	if s.Lanes == stack.Cores {
		others = float64(p.Point.Cores) - 1
	}
	if k.alone(c.Sweep.Workload) {
		others = 0 // who has nothing to run waits without noise
	}
	direct := unit * scale * mean(taken)
	switch g {
	case "sleep", "network", "io":
	case "work", "ready", "gc", "runtime", "syscall":
		x.noise = direct
	case "overhead":
		x.noise = direct * (1 + others)
	default:
		x.noise = direct * others
	}
	told := 0.0
	for of, takes := range divided(s) {
		if of != "overhead" {
			told += max(0, takes)
		}
	}
	if back := s.Of(cause.NotExplained); back < 0 && g != "overhead" {
		x.surplus, x.part = -back, x.mean*min(1, -back/told)
	}
	return x
}

// certainty is how sure it is that a group takes what it takes.
func (k *checker) certainty(c *study.Curve, at int, g cause.Group) noise.Certainty {
	s := c.Figures[at].Stack
	x := k.weigh(c, at, g)
	least := 0.01 * s.N
	least = max(least, 0.05*lostOf(s))
	middle := quantile(x.at, 0.5) + quantile(x.base, 0.5) - x.mean
	low := slices.Min(x.at) + slices.Min(x.base) - x.mean
	switch {
	case middle-x.noise-x.part < least:
		return noise.Hidden
	case low-x.noise-x.surplus < least:
		return noise.Likely
	case !(k.highest(c, at) < k.reach(c, at, s)):
		return noise.Likely
	case x.runs > 1, x.noise <= 0.01*s.N:
		return noise.Certain
	default:
		return noise.Likely
	}
}

// highest is the upper end of the speedup of a point.
func (k *checker) highest(c *study.Curve, at int) float64 {
	_, high := k.interval(&c.Curve, c.Points[at].Point)
	return high
}

// reach is the speedup at which a point loses nothing: the ideal or, if that is less, the cores that it can keep busy
// by what the base takes of them.
func (k *checker) reach(c *study.Curve, at int, s *stack.Stack) float64 {
	p := c.Points[at].Point
	cores, _ := k.capacity(c, p, s)
	return min(s.N, cores/k.used(c, p, s))
}

// used is the part of the base's lanes that takes a core, scaled as the stack of p is.
func (k *checker) used(c *study.Curve, p sweep.Point, s *stack.Stack) float64 {
	base, used := c.Points[0], 0.0
	was, all := k.divided(c.Measure, base.Point, s.Lanes, k.factor(c.Measure, p, s.Lanes, work))
	lanes := k.baseLanes(c, s)
	ready, edges := 0.0, was[cause.Startup]+was[cause.Teardown]
	for of, t := range was {
		switch {
		case of.Busy():
			used += t
		case one(of) == "ready":
			ready += t
		}
	}
	if cores := min(lanes, float64(base.Point.Cores)) * (all - edges) / lanes; used < cores {
		used = min(used+ready, cores)
	}
	used += edges / lanes / grown(c.Sweep, base.Point, p) // once, on one core
	return used / all
}

// certaintyRules: what must be so for how sure a finding is said to be.
func certaintyRules() map[noise.Certainty]func(*checker, *study.Finding) {
	is := func(k *checker, f *study.Finding) {
		at := slices.IndexFunc(f.Curve.Points, func(p curve.Point) bool { return p.N == f.N })
		g := one(f.Cause)
		x := k.weigh(f.Curve, at, g)
		want := k.certainty(f.Curve, at, g)
		k.hold(f.Certainty == want, "%v: %s is %s, not %s: %+v", f.Curve.Points[at].Point, g, f.Certainty, want, x)
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, f.Ideal) }
		k.hold(f.Runs == x.runs && near(f.Noise, x.noise) && near(f.Surplus, x.surplus) &&
			near(f.Low, slices.Min(x.at)+slices.Min(x.base)-x.mean) &&
			near(f.High, slices.Max(x.at)+slices.Max(x.base)-x.mean),
			"%v: %s takes %v to %v by %d runs, up to %v of it noise: %+v", f.Curve.Points[at].Point, g, f.Low, f.High,
			f.Runs, f.Noise, x)
	}
	return map[noise.Certainty]func(*checker, *study.Finding){
		noise.Certain: is, noise.Likely: is,
		noise.Hidden: func(k *checker, f *study.Finding) { k.hold(false, "%s is named, and hidden", f.Cause) },
	}
}

// causesExceed: what the causes take is more than a quarter beyond what is lost.
func causesExceed(k *checker, w *warning.Warning) {
	for _, c := range k.curvesOf(w.Subject.Workload) {
		for at, p := range c.Points {
			s := c.Figures[at].Stack
			if p.N != w.Subject.N || s == nil || !on(w, c) {
				continue
			}
			taken := lostOf(s)
			k.hold(same(taken, w.Figures.Ratio) && same(s.N-s.Speedup, w.Figures.AgainstRatio) && taken > 1.25*(s.N-s.Speedup),
				"%v: causes take %v, and %v is lost: %+v", p.Point, taken, s.N-s.Speedup, w.Figures)
		}
	}
}

// on reports whether w is about c.
func on(w *warning.Warning, c *study.Curve) bool {
	s, x := &c.Sweep, &w.Subject
	return s.Mode == x.Mode && s.Scaling == x.Scaling && s.Size == x.Size && s.Series == x.Series
}

// tracedLoses: something is named at the point, and what the causes of traced runs take is mostly not lost by timed
// ones.
func tracedLoses(k *checker, w *warning.Warning) {
	for _, c := range k.curvesOf(w.Subject.Workload) {
		for at, p := range c.Points {
			s := c.Figures[at].Stack
			if p.N != w.Subject.N || s == nil || !on(w, c) || !same(s.N-s.Speedup, w.Figures.AgainstRatio) {
				continue
			}
			taken, all := lostOf(s), 0.0
			for _, r := range s.Rows {
				if r.Cause != cause.NotExplained {
					all += r.Speedup
				}
			}
			k.hold(same(all, w.Figures.Ratio) && all-w.Figures.AgainstRatio > taken/2 && s.N > s.Speedup,
				"%v: traced runs lose %v, timed ones %v of %v", p.Point, all, s.N-s.Speedup, taken)
			return
		}
	}
	k.hold(false, "no point of %+v loses %v", w.Subject, w.Figures.AgainstRatio)
}
