package curve

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Ceiling is what the machine itself can give: the speedup of a loop that touches nothing but registers, measured in
// the same study with one worker on each core. Turbo clocks, cores that share their units (SMT) and quotas show in it
// and are then not blamed on a program. A nil Ceiling knows nothing: all its figures are NaN.
type Ceiling struct {
	Curve Curve // of the spin loop: weak scaling, by work, n is the number of cores
}

// NewCeiling returns the ceiling that the sweep of the spin loop measured, nil if there is no such sweep. The measure
// is always the work: no start-up is in it, whatever opt says.
func NewCeiling(sweeps []sweep.Sweep, results []sweep.Result, opt Options) *Ceiling {
	i := slices.IndexFunc(sweeps, func(s sweep.Sweep) bool { return s.Workload == sweep.SpinWorkload })
	if i < 0 {
		return nil
	}
	opt.Measure = Work
	return &Ceiling{Curve: gather(results, opt).curve(sweeps[i])}
}

// At returns the speedup over one core (the base of the loop's sweep) that the machine gives on n cores. Between two
// measured counts it is interpolated linearly; beyond the largest it is flat, as the machine has no more to give. It is
// NaN below the smallest and where the base was not measured.
func (c *Ceiling) At(n int) float64 {
	if c == nil || n < 1 {
		return math.NaN()
	}
	below := math.NaN()
	belowN := 0
	for _, p := range c.Curve.Points {
		switch {
		case math.IsNaN(p.Speedup):
			continue
		case p.N == n:
			return p.Speedup
		case p.N > n: // NaN if nothing is below
			return below + (p.Speedup-below)*float64(n-belowN)/float64(p.N-belowN)
		}
		below, belowN = p.Speedup, p.N
	}
	return below
}

// Of returns the speedup that the machine could give point i of v over v's base: each can use as many cores as it has
// workers, and no more than it is confined to.
func (c *Ceiling) Of(v *Curve, i int) float64 {
	if v.Base < 0 {
		return math.NaN()
	}
	return c.At(v.Points[i].Usable()) / c.At(v.Points[v.Base].Usable())
}

// Share returns the part of what the machine could give that point i of v reached: its speedup over the ceiling.
func (c *Ceiling) Share(v *Curve, i int) float64 { return v.Points[i].Speedup / c.Of(v, i) }
