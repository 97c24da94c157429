package curve

import (
	"cmp"
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
		if o.Mode != s.Mode || o.Workload != s.Workload || o.Variant != s.Variant || o.Scaling != s.Scaling || o.Size != s.Size {
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

// Whole returns the curves of a grid as one: its points, each once, by n, cores and speedup. Its base is that of the
// first, -1 if it was not measured; a curve with another base, whose speedups are of something else, is left out.
// Points are not set against each other.
func Whole(grid []*Curve) Curve {
	out := Curve{Base: -1}
	for _, c := range grid {
		if len(c.Points) == 0 || len(out.Points) > 0 && c.Points[0].Point != out.Points[0].Point {
			continue
		}
		out.Sweep, out.Measure, out.Base = c.Sweep, c.Measure, min(c.Base, 0) // a base is the first point
		for _, p := range c.Points {
			if p.Over = nil; !slices.ContainsFunc(out.Points, func(q Point) bool { return q.Point == p.Point }) {
				out.Points = append(out.Points, p)
			}
		}
	}
	if len(out.Points) == 0 {
		return out
	}
	slices.SortStableFunc(out.Points[1:], func(a, b Point) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Point.Cores, b.Point.Cores), cmp.Compare(a.Speedup, b.Speedup))
	})
	out.Sweep.Points = nil
	for _, p := range out.Points {
		out.Sweep.Points = append(out.Sweep.Points, p.Point)
	}
	return out
}
