// Package overview sets the workloads of a study beside each other: which of them get faster, which lose most core
// time, and by how much those that are alike get faster on average.
//
//  1. A workload stands there with one curve: the best of the family whose headline claims the largest speedup or, if
//     none claims one, the most; and with the point that this curve is judged by.
//  2. Its lost core time is what the point holds of the cores beyond what its work took at the base: cores × time at
//     the point, less cores × time at the base for as much work. It is of one run at the size that was measured: how
//     often a workload runs elsewhere is not known, nor what the base loses itself, nor whether others could have used
//     the cores. Waiting for something outside the program counts, as the cores are held meanwhile.
//  3. One workload is named as that which loses most if the interval of its loss lies above those of all others; it is
//     likely that it does if only its figure does. What noise can explain is in the intervals. If its own interval
//     holds none, nothing is named.
//  4. Of those that get faster one is said to do so most, or least, if its interval lies apart from those of all
//     others.
//  5. Every workload has one outcome. Whatever counts workloads counts these, so that counts add up.
//  6. Means are geometric ([curve.MeanOf]), and of like with like alone: curves of the same mode, scaling, series,
//     counts and unit; of the sizes of a workload the largest. Fewer than [MinAlike], or some that are too noisy to
//     tell, have none.
package overview

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Workload is what an overview is made of.
type Workload struct {
	Name     string
	Unit     string
	Families []verdict.Headline
	Curves   []*curve.Curve
	Judged   []int // of each curve, the point that it is judged by; -1: there is none
	Idle     bool  // it cannot follow the count of workers
}

// An Overview is the workloads of a study, side by side.
type Overview struct {
	Rows  []Row // by lost core time, the largest first; those of which it is not known at the end
	Most  Most
	Order Order
	Means []Mean // of as many as are alike, in the order of the study
}

// A Row is one workload.
type Row struct {
	Workload int // index in the study
	Headline verdict.Headline
	Curve    int // index among those of the workload; -1: no base was measured
	At       int // index of the point that the curve is judged by; -1: there is none
	Lost     Lost
	Idle     bool // see [CannotFollow]
}

// A Lost is core time, in core-seconds of one run; NaN: not known. It is negative where more cores took less of it.
type Lost struct {
	Value     float64
	Low, High float64 // by the interval of the speedup, at the median time
	Seen      bool    // Low and High are no interval: there are too few launches for one
}

// Kind returns what is shown of a workload; empty if no base was measured.
func (r *Row) Kind() verdict.RiseKind {
	if r.Headline.Best == nil {
		return ""
	}
	return r.Headline.Best.Kind
}

// A Certainty says how sure it is which workload loses most.
type Certainty string

// The values of Certainty.
const (
	Untold  Certainty = ""
	Likely  Certainty = "likely"
	Certain Certainty = "certain"
)

// A Most says that the first row loses more core time than any other.
type Most struct {
	Certainty Certainty
	Share     float64 // of what one run of each workload that loses any loses
}

// An Order is what is shown of the order of the workloads that get faster: that the interval of the largest of their
// speedups lies above those of all others, and that of the smallest below them.
type Order struct{ Most, Least bool }

// Of returns the overview of the workloads; nil if there are fewer than two. The results and options are those that
// their curves were made of.
func Of(all []Workload, results []sweep.Result, opt curve.Options) *Overview {
	if len(all) < 2 {
		return nil
	}
	o := &Overview{}
	for i := range all {
		o.Rows = append(o.Rows, all[i].row(i))
	}
	slices.SortStableFunc(o.Rows, func(a, b Row) int {
		x, y := a.Lost.Value, b.Lost.Value
		return cmp.Or(boolean(math.IsNaN(x))-boolean(math.IsNaN(y)), cmp.Compare(y, x))
	})
	o.most()
	o.order(all)
	o.Means = means(all, results, opt)
	return o
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}

// row returns what stands there of w, which is workload i of the study.
func (w *Workload) row(i int) Row {
	r := Row{Workload: i, Curve: -1, At: -1, Lost: Lost{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}}
	for k, h := range w.Families {
		if k == 0 || says(&h) > says(&r.Headline) || says(&h) == says(&r.Headline) && rises(&h) && h.Best.Gain > r.Headline.Best.Gain {
			r.Headline = h
		}
	}
	r.Headline.Workload = w.Name
	r.Idle = w.Idle && (r.Kind() == verdict.Flat || r.Kind() == verdict.Unsure)
	best := r.Headline.Best
	if best == nil {
		return r
	}
	r.Curve = slices.IndexFunc(w.Curves, func(c *curve.Curve) bool {
		a, b := c.Sweep, best.Sweep
		return a.Mode == b.Mode && a.Series == b.Series && a.Size == b.Size && a.Scaling == b.Scaling && slices.Equal(a.Points, b.Points)
	})
	if r.Curve >= 0 {
		if r.At = w.Judged[r.Curve]; r.At >= 0 {
			r.Lost = LostAt(w.Curves[r.Curve], r.At)
		}
	}
	return r
}

// says ranks how much a headline claims.
func says(h *verdict.Headline) int {
	if h.Best == nil {
		return 0
	}
	return 1 + slices.Index([]verdict.RiseKind{verdict.Single, verdict.Flat, verdict.Unsure, verdict.Falls, verdict.Rises}, h.Best.Kind)
}

func rises(h *verdict.Headline) bool { return h.Best != nil && h.Best.Kind == verdict.Rises }

// LostAt returns the core time that point i of c loses: what it holds, times the part of its ideal speedup that is
// missing.
func LostAt(c *curve.Curve, i int) Lost {
	p := &c.Points[i]
	held := float64(p.Usable()) * p.Median
	lost := func(speedup float64) float64 { return held * (1 - speedup/c.Ideal(i)) }
	low, high := p.Bounds()
	return Lost{
		Value: lost(p.Speedup), Low: lost(high), High: lost(low), Seen: p.Interval != nil && p.Interval.Method == curve.MinMax,
	}
}

// Risen returns the headlines of the workloads that get faster, the largest speedup first.
func (o *Overview) Risen() []verdict.Headline {
	var out []verdict.Headline
	for _, r := range o.risen() {
		out = append(out, r.Headline)
	}
	return out
}

func (o *Overview) risen() []*Row {
	var out []*Row
	for i := range o.Rows {
		if o.Rows[i].Outcome() == Faster {
			out = append(out, &o.Rows[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *Row) int { return cmp.Compare(b.Headline.Best.Gain, a.Headline.Best.Gain) })
	return out
}

// order finds out what is shown of the order of those that get faster.
func (o *Overview) order(all []Workload) {
	risen := o.risen()
	if len(risen) < 2 {
		return
	}
	last := len(risen) - 1
	lowest, highest := math.Inf(1), math.Inf(-1) // ends of all but the first, and of all but the last
	var least, most float64
	for i, r := range risen {
		low, high := all[r.Workload].gain(r)
		if i == 0 {
			most = low
		} else {
			highest = max(highest, high)
		}
		if i == last {
			least = high
		} else {
			lowest = min(lowest, low)
		}
	}
	o.Order = Order{Most: most > highest, Least: least < lowest}
}

// gain returns the interval of the speedup that the headline of r, a row of w, claims; NaN where its curve has another
// base than the headline, as that of a grid may.
func (w *Workload) gain(r *Row) (low, high float64) {
	best := r.Headline.Best
	if r.Curve >= 0 {
		for i := range w.Curves[r.Curve].Points {
			if p := &w.Curves[r.Curve].Points[i]; p.Point == best.Point && p.Speedup == best.Gain {
				return p.Bounds()
			}
		}
	}
	return math.NaN(), math.NaN()
}

// most finds out whether the first row is shown to lose more than any other.
func (o *Overview) most() {
	first := &o.Rows[0].Lost
	if !(first.Low > 0) {
		return
	}
	sum, sure := 0.0, !first.Seen
	for i := range o.Rows {
		l := &o.Rows[i].Lost
		if l.Value > 0 {
			sum += l.Value
		}
		sure = sure && (i == 0 || !(l.High >= first.Low))
	}
	o.Most = Most{Likely, first.Value / sum}
	if sure {
		o.Most.Certainty = Certain
	}
}
