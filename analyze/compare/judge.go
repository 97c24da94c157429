package compare

import (
	"math"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Alpha is the probability that a comparison of equal programs claims any change.
const Alpha = 0.05

// A Verdict is what is claimed of a point.
type Verdict string

// The verdicts.
const (
	Faster       Verdict = "faster"
	Slower       Verdict = "slower"
	NoDifference Verdict = "no difference shown"
	TooFew       Verdict = "too few launches"
	NotMeasured  Verdict = "not measured" // no launch succeeded on one side
)

// judge adjusts the tests of all points of all results together and gives the verdicts. A point of two curves (one
// worker in one process) is tested once, if the other side has it in both.
func judge(results []*Result) {
	type question struct {
		side  int
		point sweep.Point
		p     uint64 // its bits
	}
	var p []float64
	seen := map[question]int{} // indices into p
	var of []int               // index of every point
	tests := 0
	for side, r := range results {
		r.each(func(pt *Point) {
			q := question{side, pt.Point, math.Float64bits(pt.P)}
			i, again := seen[q]
			if !again || q.point == (sweep.Point{}) {
				i = len(p)
				seen[q] = i
				p = append(p, pt.P)
				if !math.IsNaN(pt.P) {
					tests++
				}
			}
			of = append(of, i)
		})
	}
	adjusted, next := stat.Holm(p), 0
	for _, r := range results {
		r.Tests = tests
		r.each(func(pt *Point) {
			pt.Holm, next = adjusted[of[next]], next+1
			pt.judge(r.Options.MinEffect)
		})
	}
}

// judge gives the verdict on p, which was tested.
func (p *Point) judge(least float64) {
	if math.IsNaN(p.P) || p.Holm > Alpha || math.Abs(p.Ratio-1) < least {
		return
	}
	switch {
	case p.Interval.Low > 1:
		p.Verdict = Slower
	case p.Interval.High < 1:
		p.Verdict = Faster
	}
}

// each calls f with every point.
func (r *Result) each(f func(*Point)) {
	for i := range r.Pairs {
		for j := range r.Pairs[i].Points {
			f(&r.Pairs[i].Points[j])
		}
	}
}

// Exceeds reports whether p is shown to be slower by at least the share: it is slower, and even the lower end of the
// ratio's interval is at least 1 + share. That end protects from false alarms; it often lets a change about as large as
// the share pass, which more launches cure.
func (p *Point) Exceeds(share float64) bool {
	return p.Verdict == Slower && p.Interval.Low >= 1+share
}

// Possible reports whether p may be slower by at least the share without that being shown.
func (p *Point) Possible(share float64) bool {
	return !p.Exceeds(share) && p.Interval != nil && p.Interval.High >= 1+share
}
