package compare

import (
	"cmp"
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/stat"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Shift is what became of the lanes' time of a point: by how much each group of causes takes more or less of it on
// the new side. It is the speedup stack from the base to the new side (package stack), whose rows are what each cause
// takes from the speed; in lane-seconds of one run of the new side's work they add up, with what is not explained, to
// the change of lanes × median time.
//
// A change of a group is sure if every traced run of either side says so, besides what noise can explain of it and what
// the traced runs change by and the timed ones do not, and there are three traced runs of either side; it is likely if
// that is so of their means by twice its standard error, of which a single run tells nothing. Otherwise noise can be
// all of it.
type Shift struct {
	Lanes       stack.Lanes
	Base, New   float64 // lanes × median time, in seconds; of the base for as much work
	Groups      []GroupShift
	Places      []PlaceShift
	Unexplained float64 // the part of the change that no group has
	Runs        int     // traced runs of whichever side has fewer
	Cores       bool    // a lane has a core of its own, so that its seconds are core-seconds
}

// A GroupShift is by how much a group of causes takes more time of the lanes, in seconds; negative: less.
type GroupShift struct {
	Cause     cause.Cause // the largest of the group
	By        float64
	Low, High float64 // range over the traced runs
	Error     float64 // standard error of By, by how the traced runs of either side differ; 0 of single runs
	Noise     float64 // the most of By that other programs and the hypervisor can explain
	Certainty noise.Certainty
	Stack     []gotrace.Frame // the place that most of it belongs to; empty if none has much of it
	// At is the change at that place: more than By where other places have changed the other way.
	At float64
}

// A PlaceShift is the part of a change that belongs to one function of the user's code.
type PlaceShift struct {
	Cause     cause.Cause
	By        float64
	Stack     []gotrace.Frame
	Certainty noise.Certainty // no surer than that of its group; hidden: counting samples can be all of it
}

// sureRuns is the least number of traced runs of either side for a change of a cause to be sure: that all of one side
// lie beyond all of the other is then one of twenty ways.
const sureRuns = 3

// shiftOf returns what became of the time from point i of base to point k of fresh; nil if either left no ledger.
func shiftOf(base *study.Curve, i int, fresh *study.Curve, k int) *Shift {
	s, back := study.Between(base, i, fresh, k), study.Between(fresh, k, base, i)
	if s == nil || back == nil {
		return nil
	}
	p, q := &base.Points[i], &fresh.Points[k]
	lanes := func(p sweep.Point) float64 {
		if s.Lanes == stack.Cores {
			return float64(p.Cores)
		}
		return float64(p.Parallelism())
	}
	unit := lanes(p.Point) * q.Median // seconds that a speedup of one stands for
	owing := lanes(q.Point) * p.Median * sweep.Growth(p.Point, q.Point)
	out := &Shift{
		Lanes: s.Lanes, Base: unit * s.Speedup, New: lanes(q.Point) * q.Median, Runs: s.Runs,
		Cores: lanes(q.Point) <= float64(q.Point.Cores),
	}
	out.Unexplained = out.New - out.Base
	excess := -unit * s.Of(cause.NotExplained) // what the traced runs change by and the timed ones do not
	for _, g := range s.Groups() {
		if g.Group == cause.Unexplained {
			continue
		}
		x := groupShift(&g, unit)
		x.Noise = unit * finding.Owed(s, g.Group)
		if x.By < 0 { // noise of the base explains that it had more
			x.Noise = owing * finding.Owed(back, g.Group)
		}
		x.weigh(s.Runs, excess)
		out.Groups = append(out.Groups, x)
		out.Unexplained -= x.By
		out.places(&g, x.Certainty, unit)
	}
	out.finish()
	return out
}

// groupShift is what a group of rows of a stack says, in seconds.
func groupShift(g *stack.Group, unit float64) GroupShift {
	x := GroupShift{By: unit * g.Takes}
	var at, base []float64 // by each run
	for _, r := range g.Rows {
		at, base = sum(at, r.Runs), sum(base, r.BaseRuns)
	}
	low, _, high := stack.Range(g.Takes, at, base)
	x.Low, x.High = unit*low, unit*high
	x.Error = unit * math.Hypot(standardError(at), standardError(base))
	most := g.Rows[0]
	for _, r := range g.Rows {
		if math.Abs(r.Speedup) > math.Abs(most.Speedup) {
			most = r
		}
	}
	x.Cause = most.Cause
	if most.Share >= finding.MinTop && most.Speedup*g.Takes > 0 {
		x.Stack, x.At = most.Top, unit*placeOf(most)
	}
	return x
}

// placeOf is what the place of r takes that stands at its top.
func placeOf(r *stack.Row) float64 {
	top, _ := place.Of(r.Top)
	for i := range r.Places {
		p := &r.Places[i]
		if f, is := place.Of(p.Stack(r.Cause)); is && f == top && p.Speedup*r.Speedup > 0 {
			return p.Speedup
		}
	}
	return 0
}

// standardError is that of the mean of x; 0 of a single value.
func standardError(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	_, sd := gonum.MeanStdDev(x, nil)
	return gonum.StdErr(sd, float64(len(x)))
}

// sum adds the values of b to those of a, run by run.
func sum(a, b []float64) []float64 {
	out := slices.Clone(b)
	for i := range out {
		if i < len(a) {
			out[i] += a[i]
		}
	}
	return out
}

// weigh sets how sure x is.
func (x *GroupShift) weigh(runs int, excess float64) {
	by, low := x.By, x.Low
	if by < 0 {
		by, low, excess = -by, -x.High, -excess
	}
	// Excess above 0 is change of this direction that the timed runs do not have: all of it may be of one cause.
	hidden := x.Noise + max(0, excess)
	switch {
	case by-hidden <= 2*x.Error:
		x.Certainty = noise.Hidden
	case low-hidden <= 0 || runs < sureRuns:
		x.Certainty = noise.Likely
	default:
		x.Certainty = noise.Certain
	}
}

// places adds the places of a group.
func (s *Shift) places(g *stack.Group, sure noise.Certainty, unit float64) {
	for _, r := range g.Rows {
		for i := range r.Places {
			p := &r.Places[i]
			x := PlaceShift{Cause: r.Cause, By: unit * p.Speedup, Stack: p.Stack(r.Cause), Certainty: sure}
			if _, is := place.Of(x.Stack); !is {
				continue
			}
			if !p.Sure() || x.By*g.Takes < 0 { // against its group, nothing is known of how sure it is
				x.Certainty = noise.Hidden
			}
			s.Places = append(s.Places, x)
		}
	}
}

// finish orders groups and places, the largest change first.
func (s *Shift) finish() {
	slices.SortStableFunc(s.Groups, func(a, b GroupShift) int { return cmp.Compare(math.Abs(b.By), math.Abs(a.By)) })
	slices.SortStableFunc(s.Places, func(a, b PlaceShift) int { return cmp.Compare(math.Abs(b.By), math.Abs(a.By)) })
}

// leastCause is the least part of the change of a point that a group must have, in its direction, to be called its
// cause.
const leastCause = 0.25

// Cause returns the group whose change is the cause of that of the point: the largest in its direction that is sure or
// likely, and a quarter of it at least; nil if there is none.
func (s *Shift) Cause() *GroupShift {
	by := s.New - s.Base
	for i := range s.Groups {
		g := &s.Groups[i]
		if g.By*by > 0 && math.Abs(g.By) >= leastCause*math.Abs(by) && g.Certainty != noise.Hidden {
			return g
		}
	}
	return nil
}
