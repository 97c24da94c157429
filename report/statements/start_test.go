package statements_test

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/verdict"
)

// A start is what is said of the start-up of two points.
type start struct {
	l           *verdict.Later
	late, early *curve.Point
}

// apart are the least and the greatest difference of a start-up of late and one of early, as they were and as they may
// have been on a quiet machine, and that of the medians.
func (k *checker) apart(late, early *curve.Point) (least, most, quietLeast, quietMost, mid float64) {
	x, y := k.runs(late.Point), k.runs(early.Point)
	a, quietA := k.quietTimes(x, startup)
	b, quietB := k.quietTimes(y, startup)
	mid = median(x.timed, startup) - median(y.timed, startup)
	return slices.Min(a) - slices.Max(b), slices.Max(a) - slices.Min(b), slices.Min(quietA) - slices.Max(b),
		slices.Max(a) - slices.Min(quietB), mid
}

// alikeStarts checks two points of which nothing is said: their start-up does not matter, or some launch of each is as
// quick as one of the other.
func (k *checker) alikeStarts(p, q *curve.Point) {
	if median(k.runs(p.Point).timed, startup) < median(k.runs(q.Point).timed, startup) {
		p, q = q, p
	}
	least, _, _, _, by := k.apart(p, q)
	shorter := min(median(k.runs(p.Point).timed, total), median(k.runs(q.Point).timed, total))
	k.hold(by < 0.02*shorter || least <= 0, "%v starts %v later than %v, at least %v, and nothing is said", p.Point, by,
		q.Point, least)
}

// laterRules: what must be so where a mode is said to start later.
func laterRules() map[noise.Certainty]func(*checker, *start) {
	is := func(k *checker, s *start) {
		least, most, quietLeast, quietMost, by := k.apart(s.late, s.early)
		iv := s.l.Interval
		shorter := min(median(k.runs(s.late.Point).timed, total), median(k.runs(s.early.Point).timed, total))
		k.hold(same(s.l.Seconds, by) && by >= 0.02*shorter, "%v starts %v later than %v, not %v", s.late.Point, by,
			s.early.Point, s.l.Seconds)
		slack := 1e-9 * (1 + most)
		k.hold(iv.Low <= by+slack && by <= iv.High+slack && iv.Low >= min(least, quietLeast)-slack &&
			iv.High <= max(most, quietMost)+slack, "%v starts %v to %v later than %v, of %v to %v and quiet %v to %v",
			s.late.Point, iv.Low, iv.High, s.early.Point, least, most, quietLeast, quietMost)
		few := min(len(k.runs(s.late.Point).timed), len(k.runs(s.early.Point).timed)) < 5
		k.hold((iv.Method == curve.MinMax) == few, "%v: %s", s.late.Point, iv.Method)
		k.hold((iv.Low > 0) == (s.l.Certainty == noise.Certain), "%v: %v to %v later is %s", s.late.Point, iv.Low, iv.High,
			s.l.Certainty)
		k.hold(!few || least > 0, "%v starts %v later than %v by the range seen", s.late.Point, least, s.early.Point)
	}
	return map[noise.Certainty]func(*checker, *start){
		noise.Certain: is, noise.Likely: is,
		noise.Hidden: func(k *checker, s *start) { k.hold(false, "%v starts later, and hidden", s.late.Point) },
	}
}
