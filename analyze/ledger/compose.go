package ledger

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Share is the weight of a cause, or of one place of it, in a group.
type Share struct {
	Cause  cause.Cause
	Weight float64
	Stack  Stack // its Time is ignored
}

// A Group is core time to be shared out in proportion to weights. Without any weight it is unknown.
type Group struct {
	Total  CoreTime
	Shares []Share
}

// Compose returns the ledger of cores over a window: the sum of the groups.
func Compose(start, end clock.Time, groups ...Group) *Ledger {
	l := &Ledger{Level: Cores, Start: start, End: end, Wall: end.Sub(start)}
	for _, g := range groups {
		l.Total += g.Total
		if !slices.ContainsFunc(g.Shares, func(s Share) bool { return s.Weight > 0 }) {
			l.add(cause.Unknown, Stack{Time: g.Total})
			continue
		}
		for i, d := range Apportion(g.Total, g.Shares, func(s Share) float64 { return max(s.Weight, 0) }) {
			s := g.Shares[i].Stack
			s.Time = d
			l.add(g.Shares[i].Cause, s)
		}
	}
	sortRows(l)
	return l
}
