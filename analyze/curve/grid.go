package curve

import (
	"slices"

	"github.com/corecurve/corecurve/trace/sweep"
)

// onOneBase returns sweeps with the least point of each grid in all of its sweeps. A grid has one base, 1 × 1 as a
// rule: with the least point of each number of processes as a base of its own, what more processes bring would be in no
// speedup.
func onOneBase(sweeps []sweep.Sweep) []sweep.Sweep {
	out := slices.Clone(sweeps)
	for i := range out {
		s := &out[i]
		base, ok := leastOfGrid(sweeps, s)
		if ok && !slices.ContainsFunc(s.Points, func(p sweep.Point) bool { return s.N(p) <= s.N(base) }) {
			s.Points = slices.Concat([]sweep.Point{base}, s.Points)
		}
	}
	return out
}

// leastOfGrid returns the point with the smallest n of the grid that s belongs to; false if there is none. Of several
// the first is it.
func leastOfGrid(sweeps []sweep.Sweep, s *sweep.Sweep) (base sweep.Point, ok bool) {
	if s.Mode != sweep.Grid || len(s.Points) == 0 {
		return base, false
	}
	for i := range sweeps {
		o := &sweeps[i]
		if o.Mode != s.Mode || o.Workload != s.Workload || o.Scaling != s.Scaling || o.Size != s.Size {
			continue
		}
		for _, p := range o.Points {
			if !ok || o.N(p) < o.N(base) {
				base, ok = p, true
			}
		}
	}
	return base, ok
}
