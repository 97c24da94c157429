package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Grid is how the points of a grid stand to the best of them.
type Grid struct {
	First sweep.Point // the smallest, the base of all gains
	Cells []Cell      // those that were measured, with the fewest workers first
}

// A Cell is a point of a grid.
type Cell struct {
	curve.Point
	// Over is the interval of its speedup over the best, or over the first where none is shown to be faster than that:
	// launch against launch, block by block where both have launches in the same. It is nil of that point itself.
	Over *curve.Interval
}

// A place is a point and the curve that it is taken from.
type place struct {
	c *curve.Curve
	i int
}

func (p place) at() *curve.Point { return &p.c.Points[p.i] }

// grid finds the best point of a grid, how much better it is than the smallest, and how the others stand to it. As
// [stopOf] does along a curve, it takes the smallest point that is shown to be faster than the first and that no other
// such is shown to exceed.
func (h *Headline) grid(series []*curve.Curve, pairs *curve.Pairs) {
	var all []place
	for _, c := range series {
		for i, p := range c.Points {
			known := slices.ContainsFunc(all, func(o place) bool { return o.at().Point == p.Point }) // the base is in all
			if !known && !math.IsNaN(p.Speedup) {
				all = append(all, place{c, i})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int {
		p, q := a.at().Point, b.at().Point
		return cmp.Or(cmp.Compare(p.Parallelism(), q.Parallelism()), cmp.Compare(p.Cores, q.Cores))
	})
	faster := func(p, q place) bool { return overOf(p, q, pairs).Low > 1 }
	first := all[0]
	rising := slices.DeleteFunc(slices.Clone(all[1:]), func(p place) bool { return !faster(p, first) })
	best := first
	for _, p := range rising {
		if best == first || faster(p, best) {
			best = p
		}
	}
	// Each pair has its own interval: what was not ahead of an earlier one may be ahead of this.
	for range rising {
		i := slices.IndexFunc(rising, func(p place) bool { return p != best && faster(p, best) })
		if i < 0 {
			break
		}
		best = rising[i]
	}
	h.Grid = &Grid{First: first.at().Point}
	for _, p := range all {
		cell := Cell{Point: *p.at()}
		if p != best {
			cell.Over = overOf(p, best, pairs)
		}
		h.Grid.Cells = append(h.Grid.Cells, cell)
	}
	kind, shown := Rises, best
	if best == first {
		kind, shown = Flat, all[len(all)-1]
	}
	h.Best = &Rise{
		Ideal: float64(shown.at().Usable()) / float64(first.at().Usable()), Sweep: shown.c.Sweep, Kind: kind, Base: h.Grid.First, Point: shown.at().Point,
		Gain: rate(shown.c, shown.i).mid / rate(first.c, first.i).mid,
	}
	if kind == Rises {
		h.Best.Range = wide(best.at())
	}
}

// overOf returns the interval of the speedup of p over q. Where pairs do not know, p and q are as far apart as the ends
// of the intervals of their times.
func overOf(p, q place, pairs *curve.Pairs) *curve.Interval {
	if iv := pairs.Over(p.at().Point, q.at().Point); iv != nil {
		return iv
	}
	a, b := rate(p.c, p.i), rate(q.c, q.i)
	return &curve.Interval{Low: a.low / b.high, High: a.high / b.low}
}

// Beside returns the points of a grid that are not shown to be slower than the best: any of them may be as fast. There
// are none where no point is shown to be faster than the first.
func (h *Headline) Beside() []curve.Point {
	var out []curve.Point
	if h.Grid == nil || h.Best.Kind != Rises {
		return nil
	}
	for i := range h.Grid.Cells {
		if c := &h.Grid.Cells[i]; c.Over != nil && c.Over.High >= 1 {
			out = append(out, c.Point)
		}
	}
	return out
}

// Most returns the point beside the best that was seen to be faster than it by the most; nil if none was.
func (h *Headline) Most() *curve.Point {
	var most *curve.Point
	beside := h.Beside()
	for i := range beside {
		if p := &beside[i]; p.Speedup > h.Best.Gain && (most == nil || p.Speedup > most.Speedup) {
			most = p
		}
	}
	return most
}
