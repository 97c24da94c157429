package study

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// byNearness orders the traced runs of a point by how near their total is to the median of the timed ones: the first is
// the one to show. Runs that are as near, or all if none is timed, are in the order of their repetitions.
func byNearness(traced, timed []*sweep.Result) {
	var totals []float64
	for _, r := range timed {
		totals = append(totals, r.Total.Float())
	}
	median := stat.Median(totals)
	off := func(r *sweep.Result) float64 { return math.Abs(r.Total.Float() - median) }
	slices.SortStableFunc(traced, func(x, y *sweep.Result) int {
		return cmp.Or(cmp.Compare(off(x), off(y)), cmp.Compare(x.Rep, y.Rep))
	})
}

// shown returns the traced run of p that its pictures show: the nearest that left a timeline or, if none did, a ledger
// or, if none did, the nearest; nil if there is none.
func (a *analysis) shown(p sweep.Point) *sweep.Result {
	traced := a.at(p).traced
	for _, has := range []func(Explained) bool{
		func(x Explained) bool { return x.Timeline != nil },
		func(x Explained) bool { return x.Ledger != nil },
		func(Explained) bool { return true },
	} {
		for _, r := range traced {
			if has(a.in.Explained[r.Run]) {
				return r
			}
		}
	}
	return nil
}
