package statements_test

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A rising is a rise and the curve it is of.
type rising struct {
	r    *verdict.Rise
	c    *curve.Curve
	seen []curve.Point // those that were measured, the base first
	at   int           // index of the rise's point in seen; -1: it is none of them
}

func (k *checker) rising(r *verdict.Rise, curves []*study.Curve) *rising {
	x := rising{r: r, at: -1}
	for _, c := range curves {
		if c.Sweep.Mode == r.Sweep.Mode && c.Sweep.Series == r.Sweep.Series && c.Sweep.Size == r.Sweep.Size &&
			c.Sweep.Scaling == r.Sweep.Scaling {
			x.c = &c.Curve
		}
	}
	for _, p := range x.c.Points {
		if len(k.runs(p.Point).timed) > 0 {
			if p.Point == r.Point {
				x.at = len(x.seen)
			}
			x.seen = append(x.seen, p)
		}
	}
	return &x
}

// over is the interval of the speedup of point i of x over the point that is reached.
func (x *rising) over(i int) (low, high float64) {
	index := func(p sweep.Point) int {
		return slices.IndexFunc(x.c.Points, func(q curve.Point) bool { return q.Point == p })
	}
	at, is := index(x.r.Point), index(x.seen[i].Point)
	switch {
	case at == is:
		return 1, 1
	case is > at:
		iv := x.c.Points[is].Over[at]
		return iv.Low, iv.High
	default:
		iv := x.c.Points[at].Over[is]
		return 1 / iv.High, 1 / iv.Low
	}
}

// faster and slower report whether point i of x is shown to be faster, or slower, than the point that is reached.
func (x *rising) faster(i int) bool {
	low, _ := x.over(i)
	return low > 1
}

func (x *rising) slower(i int) bool {
	_, high := x.over(i)
	return high < 1
}

// shown reports whether any point is shown to be faster, or slower, than the base.
func (x *rising) shown(k *checker) (faster, slower bool) {
	for _, p := range x.seen[1:] {
		low, high := k.interval(x.c, p.Point)
		faster, slower = faster || low > 1, slower || high < 1
	}
	return faster, slower
}

// noise is the interval of the point that is stated, and whether noise is in it.
func (x *rising) noise(k *checker) (low, high float64, noise bool) {
	low, high = k.interval(x.c, x.r.Point)
	of := measured(x.c.Measure)
	return low, high, k.quietPart(k.runs(x.r.Base), of)*k.quietPart(k.runs(x.r.Point), of) < 1/1.1
}

// flat checks that nothing is shown up to the last point.
func flat(k *checker, x *rising) {
	faster, slower := x.shown(k)
	k.hold(!faster && !slower, "%v: flat, though a point is shown to be faster (%v) or slower (%v)", x.r.Point,
		faster, slower)
	k.hold(len(x.seen) > 1 && x.at == len(x.seen)-1, "%v: flat up to here, of %d points", x.r.Point,
		len(x.seen))
	k.hold(same(x.r.Gain, x.seen[x.at].Speedup), "%v: gain %v", x.r.Point, x.r.Gain)
}

// riseRules: what must be so where a rise is stated.
func riseRules() map[verdict.RiseKind]func(*checker, *rising) {
	return map[verdict.RiseKind]func(*checker, *rising){
		verdict.Single: func(k *checker, x *rising) {
			k.hold(len(x.seen) == 1 && x.at == 0, "%v: single, of %d points", x.r.Point, len(x.seen))
			k.hold(same(x.r.Seconds, median(k.runs(x.r.Point).timed, measured(x.c.Measure))), "%v: %v s", x.r.Point,
				x.r.Seconds)
		},
		verdict.Flat: func(k *checker, x *rising) {
			flat(k, x)
			low, high, noise := x.noise(k)
			k.hold(!noise || high < 1.25*low || high < 1.25 && low > 0.8,
				"%v: flat, though noise may hide anything from %v to %v", x.r.Point, low, high)
		},
		verdict.Unsure: func(k *checker, x *rising) {
			flat(k, x)
			low, high, noise := x.noise(k)
			k.hold(noise && high >= 1.25*low && (high >= 1.25 || low <= 0.8) && x.r.Range != nil &&
				same(x.r.Range.Low, low) && same(x.r.Range.High, high),
				"%v: too noisy to tell, with %v to %v, not %+v", x.r.Point, low, high, x.r.Range)
		},
		verdict.Falls: func(k *checker, x *rising) {
			faster, _ := x.shown(k)
			k.hold(!faster, "%v: falls, though a point is shown to be faster", x.r.Point)
			_, high := k.interval(x.c, x.r.Point)
			k.hold(high < 1 && same(x.r.Gain, x.seen[x.at].Speedup) && x.r.Gain < 1, "%v: slower, with %v up to %v",
				x.r.Point, x.r.Gain, high)
		},
		verdict.Rises: func(k *checker, x *rising) {
			low, _ := k.interval(x.c, x.r.Point)
			k.hold(low > 1 && x.at > 0, "%v: rises, though the interval begins at %v", x.r.Point, low)
			k.hold(same(x.r.Gain, x.seen[x.at].Speedup) && x.r.Gain > 1, "%v: gain %v", x.r.Point, x.r.Gain)
			for i, p := range x.seen {
				shown, _ := k.interval(x.c, p.Point)
				k.hold(i == 0 || !x.faster(i) || shown <= 1, "%v is the best, though %v is shown to be faster", x.r.Point,
					p.Point)
				k.hold(x.r.After == verdict.Seen || p.Speedup < 1.05*x.r.Gain, "%v gives %v, and %v gave %v", x.r.Point,
					x.r.Gain, p.Point, p.Speedup)
			}
		},
	}
}

// afterRules: what must be so behind the point that is reached.
func afterRules() map[verdict.AfterKind]func(*checker, *rising) {
	return map[verdict.AfterKind]func(*checker, *rising){
		"": func(*checker, *rising) {},
		verdict.Machine: func(k *checker, x *rising) {
			m := k.machine(x.r.Point, x.r.Base)
			k.hold(same(x.r.Limit, m), "%v: the machine gives %v, not %v", x.r.Point, m, x.r.Limit)
			k.hold(m < 0.9*usable(x.r.Point)/usable(x.r.Base) && x.r.Gain <= m,
				"%v: the machine's %v is no limit to %v", x.r.Point, m, x.r.Gain)
			k.hold(!k.noisyCeiling(), "%v: the machine gives %v by runs that were noisy", x.r.Point, m)
		},
		verdict.Slower: func(k *checker, x *rising) {
			at := slices.IndexFunc(x.seen, func(p curve.Point) bool { return p.Point == x.r.Next })
			k.hold(at > x.at && x.slower(at), "%v: %v is not shown to be slower", x.r.Point, x.r.Next)
			for i := x.at + 1; i < at; i++ {
				k.hold(!x.slower(i), "%v: %v is slower before %v", x.r.Point, x.seen[i].Point, x.r.Next)
			}
		},
		verdict.Seen: func(k *checker, x *rising) {
			most := slices.MaxFunc(x.seen, func(a, b curve.Point) int { return cmp.Compare(a.Speedup, b.Speedup) })
			k.hold(x.r.Next == most.Point && same(x.r.Best, most.Speedup), "%v: %v was seen with %v, not %v with %v",
				x.r.Point, x.r.Best, x.r.Next, most.Speedup, most.Point)
			k.hold(x.r.Best > x.r.Gain, "%v: %v is not more than %v", x.r.Point, x.r.Best, x.r.Gain)
		},
		verdict.Rising: func(k *checker, x *rising) {
			k.hold(x.at == len(x.seen)-1, "%v: still rising, though more was measured", x.r.Point)
			_, high := x.over(x.at - 1)
			k.hold(high < 1, "%v: still rising, though the last step is not shown to be a rise: %v", x.r.Point, high)
		},
		verdict.Level: func(k *checker, x *rising) {
			k.hold(x.at < len(x.seen)-1, "%v: more are not shown to be faster, though nothing more was measured",
				x.r.Point)
			for i := x.at + 1; i < len(x.seen); i++ {
				k.hold(!x.faster(i) && !x.slower(i), "%v: %v is shown to differ", x.r.Point, x.seen[i].Point)
			}
		},
	}
}

// A family is a headline and the curves that it is of.
type family struct {
	h           *verdict.Headline
	best, rival *rising
	curves      []*study.Curve // those with a base
}

// rate is the work per second at a point, with the ends of its interval.
func (k *checker) rate(c *curve.Curve, p sweep.Point) (mid, low, high float64) {
	for _, q := range c.Points {
		if q.Point == p && q.MedianRange != nil {
			size := float64(p.Size)
			return size / median(k.runs(p).timed,
				measured(c.Measure)), size / q.MedianRange.High, size / q.MedianRange.Low
		}
	}
	return math.NaN(), math.NaN(), math.NaN()
}

// reached is the point that a rise ends at: the base, where nothing is gained.
func (x *rising) reached() sweep.Point {
	if x.r.Kind == verdict.Rises {
		return x.r.Point
	}
	return x.r.Base
}

// at is the point of x at a count.
func (f *family) at(x *rising, n int) sweep.Point {
	for _, p := range x.seen {
		if p.N == n {
			return p.Point
		}
	}
	return sweep.Point{}
}

// versusRules: how the rival must stand to the best.
func versusRules() map[verdict.Versus]func(*checker, *family) {
	rates := func(k *checker, f *family) (bestLow, rivalHigh, behind float64) {
		b, low, _ := k.rate(f.best.c, f.best.reached())
		r, _, high := k.rate(f.rival.c, f.rival.reached())
		return low, high, 1 - r/b
	}
	behind := func(k *checker, f *family) {
		low, high, by := rates(k, f)
		k.hold(low > high, "%v is said to be behind %v, though up to %v reaches %v", f.rival.r.Point, f.best.r.Point,
			high, low)
		k.hold(same(f.h.Behind, by) && by > 0, "%v is behind by %v, not %v", f.rival.r.Point, by, f.h.Behind)
	}
	return map[verdict.Versus]func(*checker, *family){
		"": func(k *checker, f *family) { k.hold(f.rival == nil, "a rival that nothing is said of") },
		verdict.NoGain: func(k *checker, f *family) {
			faster, _ := f.rival.shown(k)
			k.hold(!faster && len(f.rival.seen) > 1, "%v: no gain, of %d points, faster %v", f.rival.r.Point,
				len(f.rival.seen), faster)
		},
		verdict.Alike: func(k *checker, f *family) {
			low, high, _ := rates(k, f)
			k.hold(low <= high, "%v and %v are said to be alike: %v, %v", f.rival.r.Point, f.best.r.Point, high, low)
			k.hold(len(f.best.seen) > 1 && len(f.rival.seen) > 1,
				"%v and %v are said to be alike, and one was not measured", f.rival.r.Point, f.best.r.Point)
			// The sentence says one thing of both: how the best does.
			none := func(r *verdict.Rise) bool { return r.Kind == verdict.Flat || r.Kind == verdict.Unsure }
			k.hold(f.best.r.Kind == f.rival.r.Kind || f.best.r.Base != f.rival.r.Base ||
				none(f.best.r) && none(f.rival.r),
				"%v %s and %v %s are said to be alike",
				f.best.r.Point, f.best.r.Kind, f.rival.r.Point, f.rival.r.Kind)
		},
		verdict.FarBehind: func(k *checker, f *family) {
			behind(k, f)
			// "only": the figure that follows is the smaller one.
			k.hold(f.rival.r.Gain < f.best.r.Gain && f.rival.r.Kind == verdict.Rises, "%v gains %v, %v only %v",
				f.best.r.Point, f.best.r.Gain, f.rival.r.Point, f.rival.r.Gain)
		},
		verdict.Behind: behind,
		verdict.BehindAt: func(k *checker, f *family) {
			low, high, _ := rates(k, f)
			k.hold(low <= high, "%v is behind %v where each stops: %v, %v", f.rival.r.Point, f.best.r.Point, high, low)
			x, y := f.at(f.rival, f.h.Count), f.at(f.best, f.h.Count)
			slow, fast := f.rival.c, f.best.c
			if f.h.Slower == f.best.c.Sweep.Mode {
				x, y, slow, fast = y, x, f.best.c, f.rival.c
			}
			of, _, most := k.rate(slow, x)
			by, least, _ := k.rate(fast, y)
			k.hold(slow.Sweep.Mode == f.h.Slower && most < least && same(f.h.Behind, 1-of/by),
				"%v is said to be %v behind %v: %v of %v, up to %v of %v", x, f.h.Behind, y, of, by, most, least)
			k.hold(x.Procs*x.Workers <= f.h.Cores && y.Procs*y.Workers <= f.h.Cores, "%v and %v on %d cores", x, y,
				f.h.Cores)
		},
	}
}

// headline checks the finding of a family.
func (k *checker) headline(w *study.Workload, of *study.Family) {
	f := &family{h: &of.Headline}
	for i := range w.Curves {
		c := &w.Curves[i]
		if c.Sweep.Size == of.Size && c.Sweep.Scaling == of.Scaling && len(c.Points) > 0 &&
			len(k.runs(c.Points[0].Point).timed) > 0 {
			f.curves = append(f.curves, c)
		}
	}
	if f.h.Best == nil {
		k.hold(len(f.curves) == 0, "no headline of %d curves", len(f.curves))
		return
	}
	f.best = k.rising(f.h.Best, f.curves)
	if f.h.Grid != nil {
		k.grid(f)
		return
	}
	rule(k, riseRules(), f.h.Best.Kind, f.best)
	rule(k, afterRules(), f.h.Best.After, f.best)
	if f.h.Rival != nil {
		f.rival = k.rising(f.h.Rival, f.curves)
		rule(k, riseRules(), f.h.Rival.Kind, f.rival)
	}
	rule(k, versusRules(), f.h.Versus, f)
	k.best(f)
	k.qualified(f)
}

// best checks that no curve is shown to get farther than the best, each up to where it stops.
func (k *checker) best(f *family) {
	_, _, high := k.rate(f.best.c, f.best.reached())
	for _, c := range f.curves {
		stop := c.Points[0].Point
		for _, p := range c.Points[1:] {
			x := rising{r: &verdict.Rise{Point: stop}, c: &c.Curve, seen: []curve.Point{p}}
			if p.Runs > 0 && x.faster(0) {
				stop = p.Point
			}
		}
		_, low, _ := k.rate(&c.Curve, stop)
		k.hold(!(low > high), "%v is the best, though %v is shown to be better", f.best.r.Point, stop)
	}
	if f.best.r.Kind == verdict.Single {
		k.hold(!slices.ContainsFunc(f.curves, func(c *study.Curve) bool {
			return c.Points[0].Point == f.best.r.Base && slices.ContainsFunc(c.Points[1:], func(p curve.Point) bool {
				return p.Runs > 0
			})
		}), "%v alone is the headline, though more was measured", f.best.r.Point)
	}
}

// qualified checks what is said of the headline's runs and of start-up.
func (k *checker) qualified(f *family) {
	few := false
	for _, c := range f.curves {
		few = few || slices.ContainsFunc(c.Points, func(p curve.Point) bool {
			return p.Interval != nil && p.Interval.Method == curve.MinMax
		})
	}
	k.hold(f.h.FewRuns == few, "%v: few runs is %v", f.best.r.Point, few)
	if b := f.best; b.r.Range != nil {
		low, high, noise := b.noise(k)
		if of := measured(b.c.Measure); f.h.Grid == nil {
			by := 1 / (k.quietPart(k.runs(b.r.Base), of) * k.quietPart(k.runs(b.r.Point), of))
			k.hold(same(b.r.Range.Noise, by), "%v: noise makes it %v times as wide, not %v", b.r.Point, by, b.r.Range.Noise)
		}
		k.hold(noise && same(b.r.Range.Low, low) && same(b.r.Range.High, high), "%v: %+v is not what noise allows, %v "+
			"to %v", b.r.Point, b.r.Range, low, high)
	}
	k.starts(f)
}

// starts checks which mode starts later at each count, by the launches of both.
func (k *checker) starts(f *family) {
	if f.rival == nil {
		k.hold(f.h.Later == nil && len(f.h.Starts) == 0, "%v starts later than nothing: %+v", f.best.r.Point, f.h.Starts)
		return
	}
	judged := 0 // the largest count within the cores that both have
	for _, p := range f.best.seen[1:] {
		for _, q := range f.rival.seen[1:] {
			if p.N != q.N {
				continue
			}
			if p.Point.Procs*p.Point.Workers <= f.h.Cores {
				judged = max(judged, p.N)
			}
			at := slices.IndexFunc(f.h.Starts, func(l verdict.Later) bool { return l.N == p.N })
			if at < 0 {
				k.alikeStarts(&p, &q)
				continue
			}
			late, early := &p, &q
			if f.h.Starts[at].Mode == f.rival.r.Sweep.Mode {
				late, early = early, late
			}
			rule(k, laterRules(), f.h.Starts[at].Certainty, &start{&f.h.Starts[at], late, early})
		}
	}
	said := 0
	if f.h.Later != nil {
		said = f.h.Later.N
	}
	if !slices.ContainsFunc(f.h.Starts, func(l verdict.Later) bool { return l.N == judged }) {
		judged = 0
	}
	k.hold(said == judged, "%d is said to start later, of %d: %+v", said, judged, f.h.Starts)
}
