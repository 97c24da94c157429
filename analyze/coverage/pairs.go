package coverage

import (
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A PairOutcome is what comparisons of pairs of studies gave.
type PairOutcome struct {
	Cell     Cell
	Slowdown float64
	Pairs    int
	Claimed  int     // pairs in which any point was claimed to have changed
	Slower   int     // points that were claimed to be slower
	Points   int     // of all pairs
	Failed   int     // pairs in which a point exceeded FailOn
	Runs     float64 // mean number of launches of a point
}

// ClaimedShare is the share of the pairs in which anything was claimed: of pairs of one program, the family-wise rate of false claims.
func (o PairOutcome) ClaimedShare() float64 { return float64(o.Claimed) / float64(o.Pairs) }

// Found is the share of the points that were claimed to be slower.
func (o PairOutcome) Found() float64 { return float64(o.Slower) / float64(o.Points) }

// FailOn is the gate that pairs are held against: slower by 5 %.
const FailOn = 0.05

// pairResamples is enough for a verdict, which needs no more of the interval than on which side of 1 it lies.
const pairResamples = 1_000

// SimulatePairs makes pairs of studies of 1, 2, 4 and 8 workers, numbered from first, the second of each of a program that takes slowdown times as
// long at every count, and compares them as [compare.Compare] does. A slowdown of 1 is the same program.
func SimulatePairs(c Cell, slowdown float64, first, pairs int, seed uint64) PairOutcome {
	out := PairOutcome{Cell: c, Slowdown: slowdown, Pairs: pairs}
	h := sweep.Header{Sweeps: []sweep.Sweep{sweepOf(1, 2, 4, 8)}}
	base := []float64{8, 4.2, 2.3, 1.4}
	fresh := make([]float64, len(base))
	for i, v := range base {
		fresh[i] = v * slowdown
	}
	for k := first; k < first+pairs; k++ {
		rng := source(seed, k)
		a, b := study(h.Sweeps, c, base, rng), study(h.Sweeps, c, fresh, rng)
		r := compare.Compare(compare.OfStudy(h, a, curve.Total), compare.OfStudy(h, b, curve.Total),
			compare.Options{Seed: uint64(k), Resamples: pairResamples, NoLaws: true})
		out.Runs += float64(len(a)+len(b)) / float64(2*len(base)*pairs)
		claimed, failed := false, false
		for _, p := range r.Pairs[0].Points {
			out.Points++
			claimed = claimed || p.Verdict == compare.Slower || p.Verdict == compare.Faster
			failed = failed || p.Exceeds(FailOn)
			if p.Verdict == compare.Slower {
				out.Slower++
			}
		}
		if claimed {
			out.Claimed++
		}
		if failed {
			out.Failed++
		}
	}
	return out
}
