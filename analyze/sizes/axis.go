package sizes

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An Axis is the curves of one workload and scaling that differ in their size.
type Axis struct {
	Workload   string
	Scaling    sweep.Scaling
	Sizes      []int64 // ascending; totals, or per worker under weak scaling
	Efficiency float64 // that Need asks for
	Lines      []Line  // by mode, series and N; the bases among them
	Versus     []Versus
}

// A Line is one mode and count over the sizes.
type Line struct {
	Sweep  sweep.Sweep // of its largest size
	Point  sweep.Point // at its largest size
	N      int
	Base   sweep.Point // of its curve at the largest size
	IsBase bool        // it is the base of its mode, and is set against nothing
	Places []Place     // by size; those that were measured
	Pays   Pays
	Need   Need
}

// A Place is a line at one size.
type Place struct {
	Size  int64
	Point curve.Point
	Total int64 // work: Size, or what all workers do together under weak scaling
}

// A Versus sets two modes against each other at the same count.
type Versus struct {
	N              int
	Faster, Slower sweep.Mode // Pays says from which size Faster is faster
	Point          sweep.Point
	Pays           Pays
}

// Options are what an axis depends on beside the runs.
type Options struct {
	Measure    curve.Measure // of the curves
	Efficiency float64       // asked for; not 0
	Seed       uint64
	Resamples  int // default curve.DefaultResamples
}

// Of returns the axes of the curves of one workload: one for each scaling that was measured with several sizes. timed
// are the timed runs of a point that succeeded: those that the curves were built from.
func Of(curves []curve.Curve, timed func(sweep.Point) []*sweep.Result, opt Options) []Axis {
	var out []Axis
	for _, scaling := range []sweep.Scaling{sweep.Strong, sweep.Weak} {
		of := slices.DeleteFunc(slices.Clone(curves), func(c curve.Curve) bool {
			return c.Sweep.Scaling != scaling || c.Base < 0
		})
		a := Axis{Scaling: scaling, Efficiency: opt.Efficiency}
		for i := range of {
			a.Workload = of[i].Sweep.Workload
			a.Sizes = append(a.Sizes, of[i].Sweep.Size)
		}
		slices.Sort(a.Sizes)
		if a.Sizes = slices.Compact(a.Sizes); len(a.Sizes) < 2 {
			continue
		}
		m := &measured{timed: timed, opt: opt, known: map[sweep.Point]curve.Sample{}}
		a.lines(of)
		for i := range a.Lines {
			m.judge(&a.Lines[i], of)
		}
		a.versus(m)
		out = append(out, a)
	}
	return out
}

// shape is what the points of a line have in common.
type shape struct {
	mode                  sweep.Mode
	series                string
	procs, workers, cores int
}

// lines lays out the points of curves.
func (a *Axis) lines(curves []curve.Curve) {
	curves = slices.Clone(curves)
	slices.SortStableFunc(curves, func(x, y curve.Curve) int { return cmp.Compare(x.Sweep.Size, y.Sweep.Size) })
	at := map[shape]int{}
	for i := range curves {
		c := &curves[i]
		for k := range c.Points {
			p := &c.Points[k]
			if math.IsNaN(p.Speedup) {
				continue
			}
			s := shape{c.Sweep.Mode, c.Sweep.Series, p.Point.Procs, p.Point.Workers, p.Point.Cores}
			n, known := at[s]
			if !known {
				n = len(a.Lines)
				at[s] = n
				a.Lines = append(a.Lines, Line{N: p.N, IsBase: k == c.Base})
			}
			l := &a.Lines[n]
			l.Sweep, l.Point, l.Base = c.Sweep, p.Point, c.Points[c.Base].Point
			l.Places = append(l.Places, Place{Size: c.Sweep.Size, Point: *p, Total: p.Point.Size})
		}
	}
	order := []sweep.Mode{sweep.Threads, sweep.Procs, sweep.Cores, sweep.Grid}
	slices.SortStableFunc(a.Lines, func(x, y Line) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, x.Sweep.Mode), slices.Index(order, y.Sweep.Mode)),
			cmp.Compare(x.Point.Procs, y.Point.Procs), cmp.Compare(x.N, y.N),
		)
	})
}

// measured knows the launches of points.
type measured struct {
	timed func(sweep.Point) []*sweep.Result
	opt   Options
	known map[sweep.Point]curve.Sample
}

// sample returns the launches of p by the measure.
func (m *measured) sample(p sweep.Point) curve.Sample {
	s, known := m.known[p]
	if !known {
		s = curve.SampleOf(p, m.timed(p), curve.Options{Measure: m.opt.Measure, Seed: m.opt.Seed, Resamples: m.opt.Resamples})
		m.known[p] = s
	}
	return s
}

// judge sets l against the base of its curves.
func (m *measured) judge(l *Line, curves []curve.Curve) {
	if l.IsBase {
		return
	}
	var r ratio
	for _, place := range l.Places {
		i := slices.IndexFunc(curves, func(c curve.Curve) bool {
			return c.Sweep.Size == place.Size && c.Sweep.Mode == l.Sweep.Mode && c.Sweep.Series == l.Sweep.Series
		})
		c := &curves[i]
		base := &c.Points[c.Base]
		r.growth = float64(l.N) / float64(base.N)
		r.add(place.Size, m.sample(base.Point), m.sample(place.Point.Point),
			sweep.Growth(base.Point, place.Point.Point), place.Point.Interval)
	}
	r.exponent = exponentOf(r.sizes, r.tops())
	r.lawful()
	l.Pays = r.pays()
	l.Need = r.need(m.opt.Efficiency)
}

// versus sets processes against threads at each count that both have at the same sizes.
func (a *Axis) versus(m *measured) {
	for i := range a.Lines {
		threads := &a.Lines[i]
		for k := range a.Lines {
			procs := &a.Lines[k]
			if threads.Sweep.Mode != sweep.Threads || procs.Sweep.Mode != sweep.Procs || threads.IsBase || procs.IsBase ||
				threads.N != procs.N || threads.Base != procs.Base {
				continue
			}
			if v := m.against(threads, procs); v.Pays.Kind != "" {
				a.Versus = append(a.Versus, v)
			}
		}
	}
}

// against says which of two lines is faster from which size on.
func (m *measured) against(threads, procs *Line) Versus {
	var over, under ratio
	for _, p := range threads.Places {
		k := slices.IndexFunc(procs.Places, func(q Place) bool { return q.Size == p.Size })
		if k < 0 || procs.Places[k].Total != p.Total {
			continue
		}
		t, q := m.sample(p.Point.Point), m.sample(procs.Places[k].Point.Point)
		over.add(p.Size, t, q, 1, between(t, q))
		under.add(p.Size, q, t, 1, between(q, t))
	}
	over.exponent = exponentOf(over.sizes, over.tops())
	under.exponent = over.exponent
	v := Versus{N: procs.N, Faster: sweep.Procs, Slower: sweep.Threads, Point: procs.Point, Pays: over.pays()}
	other := under.pays()
	if v.Pays.silent() && !other.silent() || v.Pays.Kind == Until && other.Kind == From {
		return Versus{N: procs.N, Faster: sweep.Threads, Slower: sweep.Procs, Point: threads.Point, Pays: other}
	}
	return v
}
