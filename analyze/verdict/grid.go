package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
)

// grid finds the best point of a grid, how much better it is than the smallest, and which others may be as good. As
// [stopOf] does along a curve, it takes the smallest point that no larger one is shown to exceed, by rate.
func (h *Headline) grid(series []*curve.Curve) {
	type place struct {
		c *curve.Curve
		i int
	}
	at := func(p place) *curve.Point { return &p.c.Points[p.i] }
	var all []place
	for _, c := range series {
		for i, p := range c.Points {
			known := slices.ContainsFunc(all, func(o place) bool { return at(o).Point == p.Point }) // the base is in all
			if !known && !math.IsNaN(p.Speedup) {
				all = append(all, place{c, i})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int {
		p, q := at(a).Point, at(b).Point
		return cmp.Or(cmp.Compare(p.Parallelism(), q.Parallelism()), cmp.Compare(p.Cores, q.Cores))
	})
	first, best := all[0], all[0]
	for _, p := range all {
		if rate(p.c, p.i).low > rate(best.c, best.i).high {
			best = p
		}
	}
	kind := Rises
	if best == first {
		kind, best = Flat, all[len(all)-1]
	}
	h.First, h.Points = &at(first).Point, len(all)
	gain := rate(best.c, best.i).mid / rate(first.c, first.i).mid
	h.Best = &Rise{Sweep: best.c.Sweep, Kind: kind, Base: *h.First, Point: at(best).Point, Gain: gain}
	if kind != Rises {
		return
	}
	low, high := at(best).Bounds()
	for _, p := range all {
		if l, g := at(p).Bounds(); p != best && g >= low && l <= high {
			h.Beside = append(h.Beside, *at(p))
		}
	}
}

// Most returns the point beside the best that was seen to be faster than it by the most; nil if none was.
func (h *Headline) Most() *curve.Point {
	var most *curve.Point
	for i := range h.Beside {
		if p := &h.Beside[i]; p.Speedup > h.Best.Gain && (most == nil || p.Speedup > most.Speedup) {
			most = p
		}
	}
	return most
}
