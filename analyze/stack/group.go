package stack

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
)

// A Group is the rows of one group of causes: what a person would call one thing. What one of them gives back another
// takes.
type Group struct {
	Group cause.Group
	Takes float64 // of the speedup: the sum of its rows
	Rows  []*Row  // the largest first
}

// Groups returns the rows of s by their groups, the largest first.
func (s *Stack) Groups() []Group {
	var out []Group
	for i := range s.Rows {
		r := &s.Rows[i]
		n := slices.IndexFunc(out, func(g Group) bool { return g.Group == r.Cause.Group() })
		if n < 0 {
			n = len(out)
			out = append(out, Group{Group: r.Cause.Group()})
		}
		out[n].Takes += r.Speedup
		out[n].Rows = append(out[n].Rows, r)
	}
	for _, g := range out {
		slices.SortStableFunc(g.Rows, func(a, b *Row) int { return cmp.Compare(b.Speedup, a.Speedup) })
	}
	slices.SortStableFunc(out, func(a, b Group) int { return cmp.Compare(b.Takes, a.Takes) })
	return out
}

// Cause returns the largest of the causes of g, which stands for it.
func (g *Group) Cause() cause.Cause { return g.Rows[0].Cause }
