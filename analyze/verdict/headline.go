package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Thresholds for what a headline mentions.
const (
	startupMatters    = 0.02 // difference of the start-up times of two modes, over the shorter total
	differenceMatters = 0.10 // of the rates of two modes: both speedups are given
	ceilingMatters    = 0.90 // of the ideal: a machine that gives less is named
	seenMatters       = 1.05 // a speedup seen but not shown, over the one shown: it is named
	roughly           = 2.00 // end over end of such an interval from which on no figure in it is named
	vague             = 4.00 // likewise from which on no end is named: from half as fast to twice as fast says nothing
	noiseMatters      = 1.25 // end over end, or over 1, of an interval that is widened by noise: its ends are named
)

// A Headline is the finding of the curves of one workload, scaling and size: how far it speeds up and where that stops,
// which mode wins, and how much later processes start if that matters. It claims only what intervals show.
type Headline struct {
	Workload string
	Cores    int   // of the machine
	Best     *Rise // of the curve that gets farthest; nil if no base was measured
	Grid     *Grid // that Best is of; nil without a grid

	Rival  *Rise // of the other mode; nil without one
	Versus Versus
	Behind float64 // how much of Best's rate Rival lacks; of [BehindAt]: of the other mode's, with Count of each
	Count  int
	Slower sweep.Mode // of [BehindAt]

	Starts []Later // which of the two modes starts later, by count
	Later  *Later  // of Starts, at the largest count that both have with no more workers than cores; nil: it does not matter

	FewRuns bool // a range takes the place of an interval
}

// A Versus compares the rival with the best.
type Versus string

// The values of Versus.
const (
	NoGain    Versus = "no-gain"    // the rival is not shown to speed up
	Alike     Versus = "alike"      // no difference is shown
	FarBehind Versus = "far-behind" // both gains, over one base, tell by how much
	Behind    Versus = "behind"
	BehindAt  Versus = "behind-at" // no difference is shown of the two where each stops, and one with as many workers
)

// A Rise is how far one curve speeds up.
type Rise struct {
	Sweep sweep.Sweep
	Kind  RiseKind
	Base  sweep.Point
	Point sweep.Point     // where it stops; of [Falls]: the first that is shown to be slower; of [Flat], [Unsure]: the last
	Gain  float64         // the speedup at Point; of a grid over its smallest point
	Range *curve.Interval // of Gain, where it holds noise and is wide; always of [Unsure]
	// Ideal is the speedup at Point if every core were as good as those of the base: what of Range lies above it is noise,
	// unless the work waits.
	Ideal float64
	// Seconds is the time of the base, of [Single] curves.
	Seconds float64

	After AfterKind
	Limit float64     // of [Machine]: the machine's speedup
	Next  sweep.Point // of [Slower]: the first point shown to be slower; of [Seen]: the one with the larger speedup
	Best  float64     // of [Seen]: that speedup
}

// A RiseKind says what is shown of a curve.
type RiseKind string

// The kinds.
const (
	Single RiseKind = "single" // only the base was measured
	Flat   RiseKind = "flat"   // no point is shown to be faster or slower than the base
	Unsure RiseKind = "unsure" // as Flat, but noise is so large that much could be hidden behind it
	Falls  RiseKind = "falls"  // no point is shown to be faster, and one to be slower
	Rises  RiseKind = "rises"
)

// An AfterKind says what comes after the point where a curve stops.
type AfterKind string

// The kinds. Without one there is nothing to say.
const (
	Machine AfterKind = "machine" // the machine gives no more than Limit
	Slower  AfterKind = "slower"
	Seen    AfterKind = "seen"   // more was seen at another point, but is not shown
	Rising  AfterKind = "rising" // the last step is shown to be a rise
	Level   AfterKind = "level"  // more workers are not shown to be faster
)

// stopOf returns the index of the point where c stops rising: the smallest n that is shown to be faster than the base,
// and whose speedup no later such point is shown to exceed, each over the other. It is the base if nothing is shown to
// be faster, and −1 without a base.
func stopOf(c *curve.Curve) int {
	stop := c.Base
	if stop < 0 {
		return stop
	}
	for i := stop + 1; i < len(c.Points); i++ {
		if above(c, i, stop) && above(c, i, c.Base) {
			stop = i
		}
	}
	for i := c.Base + 1; i < stop; i++ { // each pair has its own interval: what was not above an earlier stop may be here
		if above(c, i, stop) && above(c, i, c.Base) {
			stop, i = i, c.Base
		}
	}
	return stop
}

// above reports whether point i is shown to be faster than point k.
func above(c *curve.Curve, i, k int) bool {
	low, _ := c.Between(i, k)
	return low > 1
}

// Rough reports whether noise leaves of r no more than its range: a figure in its middle would mislead.
func (r *Rise) Rough() bool {
	return r.Range != nil && r.Kind != Unsure && r.Range.High >= roughly*r.Range.Low
}

// Above reports whether the range of r ends above all that the cores could give, so that its lower end alone says
// something.
func (r *Rise) Above() bool { return r.Range != nil && r.Kind == Rises && r.Range.High > r.Ideal }

// Vague reports whether the range of r is so wide that its ends say nothing.
func (r *Rise) Vague() bool { return r.Range != nil && r.Range.High >= vague*r.Range.Low }

// Scatters reports whether launches differ so much from each other that without noise the range of r would be wide too.
func (r *Rise) Scatters() bool {
	return r.Range != nil && r.Range.High >= noiseMatters*r.Range.Noise*r.Range.Low
}

// Noisy reports whether noise makes the range of r wide, alone or beside launches that scatter.
func (r *Rise) Noisy() bool {
	return r.Range != nil && (!r.Scatters() || r.Range.Noise >= noiseMatters)
}

// wide returns the interval of p if it holds noise and is so wide that a reader must know its ends, else nil.
func wide(p *curve.Point) *curve.Interval {
	if iv := p.Interval; iv.Noisy() && iv.High >= noiseMatters*iv.Low {
		return iv
	}
	return nil
}

// HeadlineOf returns the headline of the curves of one workload, scaling and size on a machine with that many cores.
// Pairs are of their launches; without, nothing is said of start-up.
func HeadlineOf(curves []curve.Curve, cores int, ceiling *curve.Ceiling, pairs *curve.Pairs) Headline {
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
			cmp.Compare(rate(a, stopOf(a)).mid, rate(b, stopOf(b)).mid),
			cmp.Compare(min(lastMeasured(a), a.Base+1), min(lastMeasured(b), b.Base+1)), // a measured curve says more
			cmp.Compare(slower(b, stopOf(b)), slower(a, stopOf(a))),
		)
	})
	h.FewRuns = slices.ContainsFunc(measured, tooFew)
	if best.Sweep.Mode == sweep.Grid {
		h.grid(measured, pairs)
		return h
	}
	h.Best = riseOf(best, cores, ceiling)
	if other := rival(measured, best); other != nil {
		h.compare(best, other, pairs)
	}
	return h
}

// tooFew reports whether a range takes the place of an interval.
func tooFew(c *curve.Curve) bool {
	return slices.ContainsFunc(c.Points, func(p curve.Point) bool {
		return p.Interval != nil && p.Interval.Method == curve.MinMax
	})
}

// A rateRange is work per second with its interval.
type rateRange struct{ mid, low, high float64 }

// rate returns the rate at point i of c, by which curves with different bases compare.
func rate(c *curve.Curve, i int) rateRange {
	p := c.Points[i]
	size := float64(p.Point.Size)
	return rateRange{size / p.Median, size / p.MedianRange.High, size / p.MedianRange.Low}
}

// rival returns the curve of the other mode, if both were measured beyond their base.
func rival(measured []*curve.Curve, best *curve.Curve) *curve.Curve {
	for _, c := range measured {
		if c.Sweep.Mode != best.Sweep.Mode && lastMeasured(c) > c.Base && lastMeasured(best) > best.Base {
			return c
		}
	}
	return nil
}

// riseOf returns how far c speeds up and where that stops.
func riseOf(c *curve.Curve, cores int, ceiling *curve.Ceiling) *Rise {
	stop, last := stopOf(c), lastMeasured(c)
	p := &c.Points[stop]
	r := &Rise{
		Sweep: c.Sweep, Kind: Rises, Base: c.Points[c.Base].Point, Point: p.Point, Gain: p.Speedup, Ideal: c.Ideal(stop),
		Seconds: c.Points[c.Base].Median, Range: wide(p),
	}
	down := slower(c, stop)
	switch {
	case last == c.Base:
		r.Kind = Single
		return r
	case stop == c.Base && down > 0:
		r.Kind, r.Point, r.Gain = Falls, c.Points[down].Point, c.Points[down].Speedup
		r.Range = wide(&c.Points[down])
		return r
	case stop == c.Base:
		r.Kind, r.Point, r.Gain = Flat, c.Points[last].Point, c.Points[last].Speedup
		if iv := wide(&c.Points[last]); iv != nil && (iv.High >= noiseMatters || iv.Low <= 1/noiseMatters) {
			r.Kind, r.Range = Unsure, iv
		}
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

// largest returns the point of c with the largest speedup.
func largest(c *curve.Curve) int {
	best := c.Base
	for i := range c.Points {
		if c.Points[i].Speedup > c.Points[best].Speedup {
			best = i
		}
	}
	return best
}

// slower returns the first point after i that is shown to be slower than i; 0 if there is none.
func slower(c *curve.Curve, i int) int {
	for k := i + 1; k < len(c.Points); k++ {
		if above(c, i, k) {
			return k
		}
	}
	return 0
}

// before returns the last measured point before i that is not the base.
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

// compare compares the other mode with best, each where it stops.
func (h *Headline) compare(best, other *curve.Curve, pairs *curve.Pairs) {
	i, k := stopOf(best), stopOf(other)
	a, b := rate(best, i), rate(other, k)
	h.Rival = riseOf(other, h.Cores, nil)
	h.Behind = 1 - b.mid/a.mid
	switch down := slower(other, k); {
	case k == other.Base && (i > best.Base || down > 0 && slower(best, i) == 0):
		h.Versus = NoGain
	case a.low <= b.high:
		h.Versus = Alike
		h.apart(best, other)
	case h.Behind >= differenceMatters && h.Rival.Base == h.Best.Base: // gains over different bases do not compare
		h.Versus = FarBehind
	default:
		h.Versus = Behind
	}
	h.Starts = laterStarts(best, other, pairs)
	h.Later = h.LaterAt(common(best, other, h.Cores))
}

// apart looks for a difference between two curves that have none where each stops: at the largest count that both have
// with no more workers than cores. One of them may have reached as much by more workers than cores.
func (h *Headline) apart(best, other *curve.Curve) {
	n := common(best, other, h.Cores)
	if n == 0 {
		return
	}
	at := func(c *curve.Curve) rateRange {
		return rate(c, slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == n }))
	}
	fast, slow, mode := at(best), at(other), other.Sweep.Mode
	if fast.mid < slow.mid {
		fast, slow, mode = slow, fast, best.Sweep.Mode
	}
	if fast.low > slow.high {
		h.Versus, h.Behind, h.Count, h.Slower = BehindAt, 1-slow.mid/fast.mid, n, mode
	}
}
