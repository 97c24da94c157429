package verdict

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Later says which of two modes starts later at a count, where that matters: by at least 2 % of the shorter total. It
// is sure if the interval of the difference, with what noise can explain, lies above 0, and likely if it does without.
type Later struct {
	N         int
	Mode      sweep.Mode
	Seconds   float64
	Interval  *curve.Interval // of Seconds, with what noise can explain
	Certainty noise.Certainty // Certain or Likely
}

// laterStarts returns which of two modes starts later at each count beyond their bases that both were measured at, in
// ascending order; counts at which that does not matter, or is not shown, are left out.
func laterStarts(a, b *curve.Curve, pairs *curve.Pairs) []Later {
	var out []Later
	for i := a.Base + 1; i < len(a.Points); i++ {
		p := &a.Points[i]
		k := slices.IndexFunc(b.Points, func(q curve.Point) bool { return q.N == p.N && q.Runs > 0 })
		if k <= b.Base || p.Runs == 0 {
			continue
		}
		if l := laterAt(a, b, i, k, pairs); l != nil {
			out = append(out, *l)
		}
	}
	return out
}

// laterAt says which of point i of a and point k of b starts later; nil if that does not matter or is not shown.
func laterAt(a, b *curve.Curve, i, k int, pairs *curve.Pairs) *Later {
	if b.Points[k].Startup > a.Points[i].Startup {
		a, b, i, k = b, a, k, i
	}
	late, early := &a.Points[i], &b.Points[k]
	d := pairs.Later(late.Point, early.Point)
	if d == nil || d.Seconds < startupMatters*math.Min(late.TotalMedian, early.TotalMedian) {
		return nil
	}
	l := &Later{N: late.N, Mode: a.Sweep.Mode, Seconds: d.Seconds, Interval: d.Interval}
	switch {
	case d.Interval.Low > 0:
		l.Certainty = noise.Certain
	case d.Quiet.Low > 0:
		l.Certainty = noise.Likely
	default:
		return nil
	}
	return l
}

// LaterAt returns which mode starts later at the count; nil if that does not matter there.
func (h *Headline) LaterAt(n int) *Later {
	i := slices.IndexFunc(h.Starts, func(l Later) bool { return l.N == n })
	if i < 0 {
		return nil
	}
	return &h.Starts[i]
}

// common returns the largest count beyond their bases that a and b were measured at with no more workers than cores; 0
// if there is none.
func common(a, b *curve.Curve, cores int) int {
	n := 0
	for i := a.Base + 1; i < len(a.Points); i++ {
		p := &a.Points[i]
		k := slices.IndexFunc(b.Points, func(q curve.Point) bool { return q.N == p.N && q.Runs > 0 })
		if k > b.Base && p.Runs > 0 && p.Point.Parallelism() <= cores {
			n = max(n, p.N)
		}
	}
	return n
}
