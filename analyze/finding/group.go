package finding

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A group is the rows of one group of causes, and where their time goes.
type group struct {
	stack.Group
	share float64

	top  *stack.Place // the largest place in the user's code; nil if not known
	of   cause.Cause  // of top
	held float64      // what all places of its function take
}

// grouped returns the groups of s, largest first.
func grouped(s *stack.Stack) []group {
	var out []group
	for _, of := range s.Groups() {
		g := group{Group: of, share: s.Share(of.Takes)}
		g.place()
		out = append(out, g)
	}
	return out
}

// place finds the function that most of the time of g is spent in.
func (g *group) place() {
	// Rows that name one function name one place.
	sums := map[string]float64{}
	largest := map[string]*stack.Place{}
	var order []string
	of := map[*stack.Place]cause.Cause{}
	for _, r := range g.Rows {
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
	if g.held < MinTop*g.Takes {
		g.top = nil
	}
}

// counts reports whether g takes enough to make a finding, and least is how much that is.
func (g *group) counts(s *stack.Stack) bool { return g.share >= MinShare && g.Takes >= minTime*s.N }

func (g *group) least(s *stack.Stack) float64 { return max(MinShare*s.Lost(), minTime*s.N) }

// named returns the stack that names g.
func (g *group) named() []gotrace.Frame {
	if g.top == nil {
		return nil
	}
	return g.top.Stack(g.of)
}

// portion returns the part of g that its top has.
func (g *group) portion() float64 { return g.held / g.Takes }
