package compare

import (
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Headline is what a comparison comes to: the point that it is told by, and how many points have which verdict.
// Points that two curves share count once.
type Headline struct {
	Pair  *Pair  // of Lead; nil without one
	Lead  *Point // the change that it is told by; nil: none is shown
	Cause *GroupShift
	Count map[Verdict]int
	One   bool // all points are of one curve
}

// Points returns how many points the headline is of.
func (h *Headline) Points() (n int) {
	for _, c := range h.Count {
		n += c
	}
	return n
}

// Headline returns what r comes to. It is told by a point that is shown to be faster or slower: of one curve by the
// largest count that has a core for each worker, for that is what a reader of a curve asks about, or else by the
// greatest change; of several curves by the greatest change.
func (r *Result) Headline() Headline {
	h := Headline{Count: map[Verdict]int{}, One: len(r.Pairs) == 1}
	type same struct {
		point sweep.Point
		ratio float64
	}
	seen := map[same]bool{}
	for i := range r.Pairs {
		p := &r.Pairs[i]
		for k := range p.Points {
			pt := &p.Points[k]
			id := same{pt.Point, pt.Ratio}
			if pt.Point.Workload != "" && seen[id] {
				continue
			}
			seen[id] = true
			h.Count[pt.Verdict]++
			if pt.Verdict.Shown() && (h.Lead == nil || h.before(p, pt)) {
				h.Pair, h.Lead = p, pt
			}
		}
	}
	if h.Lead != nil && h.Lead.Shift != nil {
		h.Cause = h.Lead.Shift.Cause()
	}
	return h
}

// Shown reports whether a point of the verdict is shown to be faster or slower.
func (v Verdict) Shown() bool { return v == Faster || v == Slower }

// before reports whether pt of p is rather told than the lead.
func (h *Headline) before(p *Pair, pt *Point) bool {
	if within := h.within(p, pt); h.One && within != h.within(h.Pair, h.Lead) {
		return within
	} else if h.One && within {
		return pt.N > h.Lead.N
	}
	return math.Abs(math.Log(pt.Ratio)) > math.Abs(math.Log(h.Lead.Ratio))
}

// within reports whether pt has a core for each of what it counts, as far as that is known.
func (h *Headline) within(p *Pair, pt *Point) bool {
	return p.New.Cores == 0 || pt.N <= float64(p.New.Cores)
}

// Speed returns how many times as fast the new side is, and its interval; NaN and nil where not known.
func (p *Point) Speed() (ratio float64, iv *curve.Interval) { return 1 / p.Ratio, inverse(p.Interval) }

// Speed returns how many times as fast the new side is on average, and its interval; nil where not known.
func (m *Mean) Speed() (ratio float64, iv *curve.Interval) { return 1 / m.Ratio, inverse(m.Interval) }

// inverse is the interval of the inverse.
func inverse(iv *curve.Interval) *curve.Interval {
	if iv == nil {
		return nil
	}
	out := *iv
	out.Low, out.High = 1/iv.High, 1/iv.Low
	return &out
}
