package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Thresholds of what a headline brings up.
const (
	startupMatters    = 0.02 // difference of the start-up times of two modes, over the shorter total
	differenceMatters = 0.10 // of the rates of two modes, from which on both speedups are given
	ceilingMatters    = 0.90 // of the ideal: a machine that gives less is named
	seenMatters       = 1.05 // a speedup that was seen and is not shown, over the one that is: it is named from there on
)

// A Headline is the finding of the curves of one workload, of one scaling and size: how far it speeds up and where that
// stops, which mode wins, and how much later processes start if that matters. What the intervals do not show it does
// not claim.
type Headline struct {
	Cores int   // of the machine
	Best  *Rise // of the curve that gets farthest; nil: no base was measured
	// First is the smallest point of a grid, which Best's Gain is relative to; nil: no grid.
	First *sweep.Point

	Rival  *Rise // of the other mode; nil: there is none
	Versus Versus
	Behind float64 // the part of Best's rate that Rival lacks

	Later   sweep.Mode // the mode that starts later; empty: it does not matter
	LaterBy float64    // seconds

	FewRuns bool // a range stands where an interval should
	Noisy   bool // other programs disturbed most runs of a point that this rests on
}

// A Versus says how the rival stands to the best.
type Versus string

// The ways to stand.
const (
	NoGain    Versus = "no-gain"    // it is not shown to speed up at all
	Alike     Versus = "alike"      // no difference is shown
	FarBehind Versus = "far-behind" // both gains, over one base, say by how much
	Behind    Versus = "behind"
)

// A Rise is how far one curve speeds up.
type Rise struct {
	Sweep sweep.Sweep
	Kind  RiseKind
	Base  sweep.Point
	Point sweep.Point // that was reached; of [Falls]: the first that is shown to be slower; of [Flat]: the last
	Gain  float64     // the speedup at Point; of a grid over its smallest point
	// Seconds is the time of the base; of [Single] curves.
	Seconds float64

	After AfterKind
	Limit float64     // of [Machine]: the speedup that the machine can give
	Next  sweep.Point // of [Slower]: the first point that is shown to be slower; of [Seen]: the one with the larger speedup
	Best  float64     // of [Seen]: that speedup
}

// A RiseKind says what is shown of a curve.
type RiseKind string

// The kinds.
const (
	Single RiseKind = "single" // nothing but the base was measured
	Flat   RiseKind = "flat"   // no point is shown to be faster or slower than the base
	Falls  RiseKind = "falls"  // none is shown to be faster, and one is shown to be slower
	Rises  RiseKind = "rises"
)

// An AfterKind says what comes after the point that was reached.
type AfterKind string

// The kinds. Nothing is said of the others.
const (
	Machine AfterKind = "machine" // the machine gives no more than Limit
	Slower  AfterKind = "slower"
	Seen    AfterKind = "seen"   // more was seen at another point, and is not shown
	Rising  AfterKind = "rising" // the last step is shown to be a rise
	Level   AfterKind = "level"  // more are not shown to be faster
)

// Stop returns the index of the point where c stops rising: the smallest n whose speedup no later point exceeds by more
// than the intervals allow, that is, with an interval wholly above its own. It is the base if nothing is shown to be
// faster, and −1 without a base.
func Stop(c *curve.Curve) int {
	stop := c.Base
	if stop < 0 {
		return stop
	}
	for i := stop + 1; i < len(c.Points); i++ {
		if above(c, i, stop) {
			stop = i
		}
	}
	return stop
}

// above reports whether the interval of point i is wholly above that of point k.
func above(c *curve.Curve, i, k int) bool {
	low, _ := bounds(&c.Points[i])
	_, high := bounds(&c.Points[k])
	return low > high
}

// bounds are the ends of the interval of p's speedup, NaN if it is not known. The base is 1 by definition.
func bounds(p *curve.Point) (low, high float64) {
	if p.Interval == nil {
		return p.Speedup, p.Speedup
	}
	return p.Interval.Low, p.Interval.High
}

// HeadlineOf is the headline of curves of one workload, of one scaling and size, on a machine of so many cores.
func HeadlineOf(curves []curve.Curve, cores int, ceiling *curve.Ceiling) Headline {
	h := Headline{Cores: cores}
	var measured []*curve.Curve
	for i := range curves {
		if curves[i].Base >= 0 {
			measured = append(measured, &curves[i])
		}
	}
	if len(measured) == 0 {
		return h
	}
	best := slices.MaxFunc(measured, func(a, b *curve.Curve) int {
		return cmp.Or(
			cmp.Compare(rate(a, Stop(a)).mid, rate(b, Stop(b)).mid),
			cmp.Compare(min(lastMeasured(a), a.Base+1), min(lastMeasured(b), b.Base+1)), // one that was measured says more
			cmp.Compare(slower(b, Stop(b)), slower(a, Stop(a))),
		)
	})
	h.FewRuns, h.Noisy = slices.ContainsFunc(measured, tooFew), slices.ContainsFunc(measured, disturbed)
	if best.Sweep.Mode == sweep.Grid {
		h.grid(measured)
		return h
	}
	h.Best = riseOf(best, cores, ceiling)
	if other := rival(measured, best); other != nil {
		h.compare(best, other)
	}
	return h
}

// disturbed reports whether most runs were noisy at a point that a headline rests on: the base, or where c stops
// rising.
func disturbed(c *curve.Curve) bool {
	return mostlyNoisy(&c.Points[c.Base]) || mostlyNoisy(&c.Points[Stop(c)])
}

func mostlyNoisy(p *curve.Point) bool { return 2*p.Noisy > p.Runs }

// tooFew reports whether a range stands where an interval should.
func tooFew(c *curve.Curve) bool {
	return slices.ContainsFunc(c.Points, func(p curve.Point) bool { return p.Interval != nil && p.Interval.Method == curve.MinMax })
}

// grid says which point of a grid is the best, and how much better than its smallest: the series have different bases. It is the smallest point
// that no larger one is shown to exceed, by the rates of both, as [Stop] finds it along a curve.
func (h *Headline) grid(series []*curve.Curve) {
	type place struct {
		c *curve.Curve
		i int
	}
	var all []place
	for _, c := range series {
		for i, p := range c.Points {
			if !math.IsNaN(p.Speedup) {
				all = append(all, place{c, i})
			}
		}
	}
	at := func(p place) *curve.Point { return &p.c.Points[p.i] }
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(at(a).Point.Parallelism(), at(b).Point.Parallelism()) })
	first, best := all[0], all[0]
	for _, p := range all {
		if rate(p.c, p.i).low > rate(best.c, best.i).high {
			best = p
		}
	}
	h.Noisy = mostlyNoisy(at(first)) || mostlyNoisy(at(best))
	kind := Rises
	if best == first {
		kind, best = Flat, all[len(all)-1]
	}
	h.First = &at(first).Point
	gain := rate(best.c, best.i).mid / rate(first.c, first.i).mid
	h.Best = &Rise{Sweep: best.c.Sweep, Kind: kind, Base: *h.First, Point: at(best).Point, Gain: gain}
}

// A rateRange is work per second with its interval.
type rateRange struct{ mid, low, high float64 }

// rate is the rate at point i of c. Curves with different bases can be compared by it.
func rate(c *curve.Curve, i int) rateRange {
	p := c.Points[i]
	size := float64(p.Point.Size)
	return rateRange{size / p.Median, size / p.MedianRange.High, size / p.MedianRange.Low}
}

// rival is the curve of the other mode, where a headline compares two: both were measured beyond their base.
func rival(measured []*curve.Curve, best *curve.Curve) *curve.Curve {
	for _, c := range measured {
		if c.Sweep.Mode != best.Sweep.Mode && lastMeasured(c) > c.Base && lastMeasured(best) > best.Base {
			return c
		}
	}
	return nil
}

// riseOf says how far c speeds up and where that stops.
func riseOf(c *curve.Curve, cores int, ceiling *curve.Ceiling) *Rise {
	stop, last := Stop(c), lastMeasured(c)
	p := &c.Points[stop]
	r := &Rise{Sweep: c.Sweep, Kind: Rises, Base: c.Points[c.Base].Point, Point: p.Point, Gain: p.Speedup,
		Seconds: c.Points[c.Base].Median}
	down := slower(c, stop)
	switch {
	case last == c.Base:
		r.Kind = Single
		return r
	case stop == c.Base && down > 0:
		r.Kind, r.Point, r.Gain = Falls, c.Points[down].Point, c.Points[down].Speedup
		return r
	case stop == c.Base:
		r.Kind, r.Point, r.Gain = Flat, c.Points[last].Point, c.Points[last].Speedup
		return r
	}
	limit, ideal, most := ceiling.Of(c, stop), c.Ideal(stop), largest(c)
	switch {
	case c.Points[most].Speedup >= seenMatters*p.Speedup:
		r.After, r.Next, r.Best = Seen, c.Points[most].Point, c.Points[most].Speedup
	case limit < ceilingMatters*ideal && p.Speedup <= limit:
		r.After, r.Limit = Machine, limit
	case down > 0:
		r.After, r.Next = Slower, c.Points[down].Point
	case stop == last && c.Sweep.Mode != sweep.Cores && p.Usable() < p.Point.Parallelism() &&
		above(c, stop, before(c, stop)):
		r.After = Rising
	case stop < last && p.Usable() < cores:
		r.After = Level
	}
	return r
}

// largest is the point of c with the largest speedup.
func largest(c *curve.Curve) int {
	best := c.Base
	for i := range c.Points {
		if c.Points[i].Speedup > c.Points[best].Speedup {
			best = i
		}
	}
	return best
}

// slower is the first point behind i that is shown to be slower than i; 0 if there is none.
func slower(c *curve.Curve, i int) int {
	for k := i + 1; k < len(c.Points); k++ {
		if above(c, i, k) {
			return k
		}
	}
	return 0
}

// before is the last measured point before i, which is not the base.
func before(c *curve.Curve, i int) int {
	for k := i - 1; k > c.Base; k-- {
		if !math.IsNaN(c.Points[k].Speedup) {
			return k
		}
	}
	return c.Base
}

func lastMeasured(c *curve.Curve) int {
	last := c.Base
	for i, p := range c.Points {
		if !math.IsNaN(p.Speedup) {
			last = i
		}
	}
	return last
}

// compare sets the other mode beside best, each where it stops.
func (h *Headline) compare(best, other *curve.Curve) {
	i, k := Stop(best), Stop(other)
	a, b := rate(best, i), rate(other, k)
	h.Rival = riseOf(other, h.Cores, nil)
	h.Behind = 1 - b.mid/a.mid
	switch down := slower(other, k); {
	case k == other.Base && (i > best.Base || down > 0 && slower(best, i) == 0):
		h.Versus = NoGain
	case a.low <= b.high:
		h.Versus = Alike
	case h.Behind >= differenceMatters && h.Rival.Base == h.Best.Base: // gains over different bases do not compare
		h.Versus = FarBehind
	default:
		h.Versus = Behind
	}
	if late, by := laterStart(best, other, h.Cores); late != nil {
		h.Later, h.LaterBy = late.Sweep.Mode, by
	}
}

// laterStart returns the mode that starts later, and by how many seconds, at the largest n within the cores that both
// have; nil if it does not matter.
func laterStart(a, b *curve.Curve, cores int) (late *curve.Curve, by float64) {
	for i := len(a.Points) - 1; i > a.Base; i-- {
		p := &a.Points[i]
		k := slices.IndexFunc(b.Points, func(q curve.Point) bool { return q.N == p.N && q.Runs > 0 })
		if k <= b.Base || p.Runs == 0 || p.Point.Parallelism() > cores {
			continue
		}
		q := &b.Points[k]
		late, by = a, p.Startup-q.Startup
		if by < 0 {
			late, by = b, -by
		}
		if by < startupMatters*min(p.TotalMedian, q.TotalMedian) {
			return nil, 0
		}
		return late, by
	}
	return nil, 0
}
