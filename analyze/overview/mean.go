package overview

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// MinAlike is the least number of workloads that a mean is of.
const MinAlike = 3

// A Mean is the geometric mean of the speedups of workloads that are alike, at the point that their curves are judged
// by.
type Mean struct {
	Kind
	Workloads []int           // indexes in the study
	Speedup   float64         // NaN: see Absence
	Interval  *curve.Interval // nil: see Absence
	Absence   Absence
	Noisy     int // of [WideIntervals]: how many are
}

// An Absence says why there is no mean of workloads that are alike.
type Absence string

// The absences.
const (
	WideIntervals Absence = "wide-intervals" // noise makes the intervals of some so wide that nothing can be told
)

// A Kind is what workloads have in common that are alike.
type Kind struct {
	Mode    sweep.Mode
	Scaling sweep.Scaling
	Series  string
	Unit    string
	Base    sweep.Point // without workload and size
	At      sweep.Point // likewise
}

// A member is a curve that is alike others, and the point that it is judged by.
type member struct {
	workload int
	c        *curve.Curve
	at       int
}

// noisyFrom is how many times as large as its lower end the upper end of an interval is, where noise widens it, from
// which on a speedup is too noisy for a mean.
const noisyFrom = 1.25

// noisy reports whether noise leaves nothing of the speedup of m.
func (m *member) noisy() bool { return Hides(m.c.Points[m.at].Interval) }

// Hides reports whether noise leaves too little of what an interval is of for it to be part of a mean.
func Hides(iv *curve.Interval) bool { return iv.Noisy() && iv.High >= noisyFrom*iv.Low }

// means returns the mean of each kind of which there are enough.
func means(all []Workload, results []sweep.Result, opt curve.Options) []Mean {
	var out []Mean
	for _, g := range alike(all) {
		m := Mean{Kind: g.kind, Speedup: math.NaN()}
		var ratios []curve.Ratio
		for _, x := range g.members {
			m.Workloads = append(m.Workloads, x.workload)
			ratios = append(ratios, curve.Ratio{Base: x.c.Points[x.c.Base].Point, At: x.c.Points[x.at].Point})
			if x.noisy() {
				m.Noisy++
			}
		}
		switch {
		case len(g.members) < MinAlike:
			continue
		case m.Noisy > 0:
			m.Absence = WideIntervals
		default:
			m.Speedup, m.Interval = curve.MeanOf(ratios, results, opt)
		}
		out = append(out, m)
	}
	return out
}

// A group is the curves of one kind.
type group struct {
	kind    Kind
	members []member
}

// alike sorts the curves that were judged by what they have in common, in the order of the study. Of several sizes of a
// workload the largest takes part.
func alike(all []Workload) []group {
	var out []group
	add := func(m member, k Kind) {
		i := slices.IndexFunc(out, func(g group) bool { return g.kind == k })
		if i < 0 {
			i = len(out)
			out = append(out, group{kind: k})
		}
		out[i].members = append(out[i].members, m)
	}
	for i := range all {
		w := &all[i]
		for k, c := range w.Curves {
			if w.Judged[k] < 0 || !w.largest(c) {
				continue
			}
			kind := Kind{c.Sweep.Mode, c.Sweep.Scaling, c.Sweep.Series, w.Unit, c.Points[c.Base].Point, c.Points[w.Judged[k]].Point}
			kind.Base.Workload, kind.At.Workload, kind.Base.Size, kind.At.Size = "", "", 0, 0
			add(member{i, c, w.Judged[k]}, kind)
		}
	}
	return out
}

// largest reports whether no curve of w that is of the same mode and scaling as c has a larger size.
func (w *Workload) largest(c *curve.Curve) bool {
	return !slices.ContainsFunc(w.Curves, func(o *curve.Curve) bool {
		return o.Sweep.Mode == c.Sweep.Mode && o.Sweep.Scaling == c.Sweep.Scaling && o.Sweep.Size > c.Sweep.Size
	})
}
