package finding

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A group is the rows of one group of causes.
type group struct {
	group   cause.Group
	cause   cause.Cause // of the largest row
	speedup float64
	share   float64
	rows    []*stack.Row // largest first

	top  *stack.Place // the largest place in the user's code; nil if not known
	of   cause.Cause  // of top
	held float64      // what all places of its function take
}

// grouped returns the groups of s, largest first.
func grouped(s *stack.Stack) []group {
	var out []group
	for i := range s.Rows {
		r := &s.Rows[i]
		of := r.Cause.Group()
		n := slices.IndexFunc(out, func(g group) bool { return g.group == of })
		if n < 0 {
			n = len(out)
			out = append(out, group{group: of})
		}
		out[n].speedup += r.Speedup
		out[n].rows = append(out[n].rows, r)
	}
	for i := range out {
		out[i].finish()
	}
	slices.SortStableFunc(out, func(a, b group) int { return cmp.Compare(b.speedup, a.speedup) })
	return out
}

func (g *group) finish() {
	slices.SortStableFunc(g.rows, func(a, b *stack.Row) int { return cmp.Compare(b.Speedup, a.Speedup) })
	g.cause = g.rows[0].Cause
	// Rows that name one function name one place.
	sums := map[string]float64{}
	largest := map[string]*stack.Place{}
	var order []string
	of := map[*stack.Place]cause.Cause{}
	for _, r := range g.rows {
		if r.Top == nil {
			continue // nowhere, or not for certain
		}
		for i := range r.Places {
			p := &r.Places[i]
			f, ok := place.Of(p.Stack(r.Cause))
			if !ok {
				continue
			}
			of[p] = r.Cause
			if largest[f.Func] == nil {
				order = append(order, f.Func)
			}
			if q := largest[f.Func]; q == nil || p.Speedup > q.Speedup {
				largest[f.Func] = p
			}
			sums[f.Func] += p.Speedup
		}
	}
	for _, f := range order {
		if g.top == nil || sums[f] > g.held {
			g.top, g.held = largest[f], sums[f]
		}
	}
	g.of = of[g.top]
	if g.held < MinTop*g.speedup {
		g.top = nil
	}
}

// named returns the stack that names g.
func (g *group) named() []gotrace.Frame {
	if g.top == nil {
		return nil
	}
	return g.top.Stack(g.of)
}

// portion returns the part of g that its top has.
func (g *group) portion() float64 { return g.held / g.speedup }
