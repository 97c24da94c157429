package curve

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A Ceiling is what the machine can give: the speedup of a loop that touches only registers, measured in the same study
// with one worker per core. Turbo clocks, cores that share units (SMT) and quotas show in it, and are then not blamed
// on a program. All figures of a nil Ceiling are NaN.
type Ceiling struct {
	Curve Curve // of the spin loop: weak scaling, by work, n is the number of cores
}

// An Absence says why there is no ceiling; empty: there is one.
type Absence string

// The absences.
const (
	NotSwept Absence = "not-swept" // no count is swept: there is no curve to hold against it
	NoSweep  Absence = "no-sweep"  // a count is swept, and the spin loop is not in the study
	NoRun    Absence = "no-run"    // it is, and has no run: a study that is short leaves it no time
)

// NewCeiling returns the ceiling measured by the sweep of the spin loop, or nil and why there is none. It measures
// work, without start-up, whatever opt says.
func NewCeiling(sweeps []sweep.Sweep, results []sweep.Result, opt Options) (*Ceiling, Absence) {
	i := slices.IndexFunc(sweeps, func(s sweep.Sweep) bool { return s.Workload == sweep.SpinWorkload })
	switch {
	case i >= 0 && slices.ContainsFunc(results, func(r sweep.Result) bool { return r.Point.Workload == sweep.SpinWorkload }):
		opt.Measure = Work
		return &Ceiling{Curve: gather(results, opt).curve(sweeps[i])}, ""
	case i >= 0:
		return nil, NoRun
	case sweep.Swept(sweeps):
		return nil, NoSweep
	}
	return nil, NotSwept
}

// Known reports whether noise leaves enough of c to hold figures against it; a nil Ceiling is not known.
func (c *Ceiling) Known() bool {
	return c != nil && !slices.ContainsFunc(c.Curve.Points, func(p Point) bool { return p.Interval.Noisy() })
}

// At returns the machine's speedup on n cores over one core (the base of the loop's sweep): interpolated linearly
// between measured counts. It is NaN below the smallest and beyond the largest, where nobody knows what more cores
// give, and without a base.
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
	return math.NaN()
}

// Last returns the largest number of cores with a speedup; 0: there is none.
func (c *Ceiling) Last() int {
	for _, p := range slices.Backward(c.Curve.Points) {
		if !math.IsNaN(p.Speedup) {
			return p.N
		}
	}
	return 0
}

// Of returns the speedup that the machine could give point i of v over v's base. Each uses as many cores as it has
// workers, at most those it is confined to.
func (c *Ceiling) Of(v *Curve, i int) float64 {
	if v.Base < 0 {
		return math.NaN()
	}
	return c.At(v.Points[i].Usable()) / c.At(v.Points[v.Base].Usable())
}

// Share returns the speedup of point i of v over the ceiling.
func (c *Ceiling) Share(v *Curve, i int) float64 { return v.Points[i].Speedup / c.Of(v, i) }
