// Package recommend says how many workers, processes or cores a workload is worth, and what each count costs.
//
// The recommended count is the largest whose efficiency is at least a threshold with confidence: the lower end of the
// interval counts, not the value. Efficiency is speedup over n (over the base's n), so that a threshold of 0.75 asks
// that three quarters of what is paid for comes back. The base has an efficiency of 1 by definition; it is what remains
// if no larger count qualifies.
//
// The cost of a unit of work is the time for which cores are held, over the work done: cores × Tₙ / size. It is what a
// count costs where cores are rented, whether they are busy or not; the CPU time stands beside it, which is what they
// were busy for.
//
// Rejected: the knee of the fitted law, as there is none without four counts within the cores; and the largest speedup,
// which buys the last percent at any price.
package recommend

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
)

// DefaultEfficiency is the least efficiency that is worth its cores.
const DefaultEfficiency = 0.75

// A Cost is what a unit of work costs at a point. What is not known is NaN.
type Cost struct {
	Held float64 // core-seconds for which cores were held, per unit of work
	CPU  float64 // core-seconds of CPU time, user and system, per unit of work
	Over float64 // Held over that of the base
}

// A Recommendation is the count that a curve is worth.
type Recommendation struct {
	At     int     // index into the curve's points; -1: none is recommended
	N      int     // of the point; 0: none
	Low    float64 // lower end of its efficiency; 1 at the base
	Reason Reason
	Least  float64 // that was asked of the efficiency
	Last   bool    // no larger count was measured
	Costs  []Cost  // of every point of the curve
}

// A Reason says why a count is recommended.
type Reason string

// The reasons.
const (
	NoBase     Reason = "no-base"     // there are no efficiencies
	Only       Reason = "only"        // it is the only count that was measured
	NoneBeyond Reason = "none-beyond" // it is the base: no larger count qualifies
	Shown      Reason = "shown"       // it is the largest whose interval begins at the least efficiency or above
	Seen       Reason = "seen"        // it is the largest whose efficiency was no less in any of its few runs
)

// Of recommends a count of c whose efficiency is at least least, 0 for [DefaultEfficiency].
func Of(c *curve.Curve, least float64) Recommendation {
	if least <= 0 {
		least = DefaultEfficiency
	}
	r := Recommendation{At: -1, Low: math.NaN(), Least: least, Costs: costs(c)}
	if c.Base < 0 {
		r.Reason = NoBase
		return r
	}
	base := c.Points[c.Base]
	r.At, r.N, r.Low = c.Base, base.N, 1
	plain := false // the bound is the least that was seen, not that of an interval
	last := c.Base
	for i, p := range c.Points {
		if i == c.Base || math.IsNaN(p.Speedup) {
			continue
		}
		last = i
		low, seen := Low(c, i)
		if low >= least {
			r.At, r.N, r.Low, plain = i, p.N, low, seen
		}
	}
	switch {
	case last == c.Base:
		r.Reason = Only
	case r.At == c.Base:
		r.Reason = NoneBeyond
	case plain:
		r.Reason = Seen
	default:
		r.Reason = Shown
	}
	r.Last = r.At == last
	return r
}

// Low is the lower end of the efficiency of point i of c, NaN if it is not known; seen says that it is only the least
// that was seen, as there were too few launches for an interval.
func Low(c *curve.Curve, i int) (low float64, seen bool) {
	p := c.Points[i]
	if c.Base < 0 || p.Interval == nil {
		return math.NaN(), false
	}
	return p.Interval.Low / (float64(p.N) / float64(c.Points[c.Base].N)), p.Interval.Method == curve.MinMax
}

func costs(c *curve.Curve) []Cost {
	out := make([]Cost, len(c.Points))
	for i, p := range c.Points {
		work := float64(p.Point.Size)
		if work <= 0 {
			work = 1 // a program without a size: the unit is a run
		}
		out[i] = Cost{Held: float64(p.Usable()) * p.Median / work, CPU: p.CPU / work, Over: math.NaN()}
	}
	if c.Base >= 0 {
		for i := range out {
			out[i].Over = out[i].Held / out[c.Base].Held
		}
	}
	return out
}
