// Package recommend says how many workers, processes or cores a workload is worth, and what each count costs.
//
// The recommended count is the largest whose efficiency is at least a threshold with confidence: the lower end of the
// interval counts, not the value. Efficiency is speedup over n (over the base's n), so a threshold of 0.75 asks that
// three quarters of what is paid for comes back. The base has efficiency 1 by definition, and is recommended if no
// larger count qualifies.
//
// What is not shown is not the same as what is not so. Beyond the recommended count, the largest whose efficiency is at
// least the threshold by its medians is likely worth its cores; where only noise keeps the question open (the upper end
// of an interval that is widened by noise reaches the threshold), it is too noisy to tell. Both stand beside the
// recommendation. Noise keeps nothing open of a count whose cores cannot give the threshold to work that computes: four
// workers on two cores are at most half as efficient as one.
//
// The cost of a unit of work is the core time held for it: cores × Tₙ / size. Rented cores cost that whether busy or
// not; the CPU time, for which they were busy, stands beside it.
//
// A grid has one recommendation over all its points (as [curve.Whole] has them): of several layouts with as many
// workers the fastest that qualifies.
//
// Rejected: the knee of the fitted law, which takes four counts within the cores; and the largest speedup, which buys
// the last percent at any price.
package recommend

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
)

// DefaultEfficiency is the least efficiency that is worth its cores.
const DefaultEfficiency = 0.75

// A Cost is what a unit of work costs at a point. What is not known is NaN.
type Cost struct {
	Held float64 // core-seconds held per unit of work
	CPU  float64 // core-seconds of CPU time, user and system, per unit of work
	Over float64 // Held over that of the base
}

// A Recommendation is the count that a curve is worth, and why.
type Recommendation struct {
	At     int     // index into the curve's points; -1 if none is recommended
	N      int     // of the point; 0 if none
	Low    float64 // lower end of its efficiency; 1 at the base
	Noise  bool    // noise makes its interval so much wider that it is named
	Reason Reason
	Least  float64 // the efficiency asked for
	Last   bool    // no larger count was measured
	Costs  []Cost  // by point of the curve

	Likely Beyond // the largest count beyond N whose efficiency is at least Least by its medians, but not shown to be
	Untold Beyond // the largest count beyond both of which noise does not let it be told
}

// A Beyond is a count beyond the recommended one. The zero value is none.
type Beyond struct {
	At         int // index into the curve's points
	N          int
	Efficiency float64
	Low, High  float64 // of its interval
	Seen       bool    // of too few launches: the range seen
	Noise      bool    // noise makes it so much wider that it is named
	Runs       int     // timed runs
}

// A Reason says why a count is recommended.
type Reason string

// The reasons.
const (
	NoBase     Reason = "no-base"     // there are no efficiencies
	Only       Reason = "only"        // no other count was measured
	NoneBeyond Reason = "none-beyond" // the base: no larger count qualifies
	Shown      Reason = "shown"       // the largest count whose interval begins at Least or above
	Seen       Reason = "seen"        // the largest count whose efficiency was at least Least in each of its few runs
)

// Of recommends the largest count of c whose efficiency is at least least; 0 means [DefaultEfficiency]. Work that waits
// may speed up beyond its cores.
func Of(c *curve.Curve, least float64, waits bool) Recommendation {
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
	plain := false // the bound is the least efficiency seen, not the end of an interval
	last := c.Base
	for i, p := range c.Points {
		if i == c.Base || math.IsNaN(p.Speedup) {
			continue
		}
		last = i
		low, seen := Low(c, i)
		if low >= least {
			r.At, r.N, r.Low, r.Noise, plain = i, p.N, low, p.Interval.Noisy(), seen
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
	r.beyond(c, waits)
	return r
}

// tooWide is how many times as large as its lower end the upper end of an interval is, where noise widens it, from
// which on its middle makes nothing likely.
const tooWide = 2

// beyond finds the counts that may be worth their cores without that being shown.
func (r *Recommendation) beyond(c *curve.Curve, waits bool) {
	for i, p := range c.Points {
		if i <= r.At || i == c.Base || math.IsNaN(p.Speedup) || p.Interval == nil {
			continue
		}
		growth := float64(p.N) / float64(c.Points[c.Base].N)
		b := Beyond{
			At: i, N: p.N, Efficiency: p.Efficiency, Low: p.Interval.Low / growth, High: p.Interval.High / growth,
			Seen: p.Interval.Method == curve.MinMax, Noise: p.Interval.Noisy(), Runs: p.Runs,
		}
		switch {
		case b.Efficiency >= r.Least && !(b.Noise && b.High >= tooWide*b.Low):
			r.Likely, r.Untold = b, Beyond{}
		case !waits && c.Ideal(i) < r.Least*growth: // the cores cannot give it
		case b.Noise && b.High >= r.Least:
			r.Untold = b
		}
	}
}

// Low returns the lower end of the efficiency of point i of c; NaN if not known. If seen, there were too few launches
// for an interval, and it is the least efficiency seen.
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
