package stack

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Input is what a stack is built from.
type Input struct {
	Curve    *curve.Curve
	At       int       // index of the point
	BaseRuns []Account // traced runs of the curve's base
	AtRuns   []Account // and of the point; all with the same kind of lanes
	// CPU profiles of the same runs, all processes together (see Merged in package loss); nil if not known.
	BaseProfile, AtProfile *profile.Profile
	// Alone says that one core is all that the work keeps busy at any count, noise being weighed: the other lanes would
	// wait for it without any.
	Alone bool
}

// TracedDiffers is the relative difference between the speedups of traced and of timed runs that gives a warning.
const TracedDiffers = 0.10

// Build returns the speedup stack of a point, or nil if the point or the base was not measured or not traced.
func Build(in Input) *Stack {
	c := in.Curve
	if c == nil || c.Base < 0 || in.At < 0 || in.At >= len(c.Points) || len(in.BaseRuns) == 0 || len(in.AtRuns) == 0 {
		return nil
	}
	growth := sweep.Growth(c.Points[c.Base].Point, c.Points[in.At].Point)
	b := builder{in: in, growth: growth, base: newSide(c, c.Base, in.BaseRuns), at: newSide(c, in.At, in.AtRuns)}
	if !b.base.known() || !b.at.known() {
		return nil
	}
	work := b.at.workScale()
	b.base.collect(work)
	b.at.collect(work)
	b.unit = 1 / (b.base.lanes * b.at.total)
	s := &Stack{
		N:       b.at.lanes / b.base.lanes,
		Speedup: b.growth * b.base.total / b.at.total,
		Traced:  b.growth * b.base.traced / b.at.traced,
		Lanes:   in.AtRuns[0].Lanes,
	}
	usable := func(s *side, p curve.Point) float64 { return min(s.lanes, float64(p.Point.Cores)) }
	s.Usable = usable(&b.at, c.Points[in.At]) / usable(&b.base, c.Points[c.Base])
	s.Need = b.at.busy() * b.unit
	s.BaseNeed = b.baseNeed()
	s.Cores = float64(c.Points[in.At].Point.Cores) / b.base.lanes
	s.BaseCores = usable(&b.base, c.Points[c.Base]) / b.base.lanes
	s.Rows = b.rows()
	s.Runs, s.Taken = min(len(b.base.runs), len(b.at.runs)), b.at.taken()
	s.Noise = work * s.Taken * b.unit
	if !in.Alone {
		s.Waits = noise.Waiting(s.Noise, int(b.at.lanes))
	}
	s.Warnings = append(b.warnings, b.said(s)...)
	return s
}

// A side is a point of a stack, with its runs taken together.
type side struct {
	point   *curve.Point
	measure curve.Measure
	runs    []Account

	lanes  float64
	total  float64 // seconds, median of the timed runs
	traced float64 // seconds, mean of the traced runs

	parts    []part  // by rank, in lane seconds, scaled
	left     float64 // lane seconds that the parts do not cover
	warnings []warning.Warning
}

// A part is the time of one cause, divided among places.
type part struct {
	cause  cause.Cause
	time   float64   // mean of the runs
	runs   []float64 // of each
	places places
}

// of returns the time in run k.
func (p *part) of(k int) float64 {
	if p.runs == nil {
		return 0
	}
	return p.runs[k]
}

func (s *side) known() bool { return s.lanes > 0 && s.total > 0 && !math.IsInf(s.total, 0) }

func (s *side) of(c cause.Cause) *part {
	for i := range s.parts {
		if s.parts[i].cause == c {
			return &s.parts[i]
		}
	}
	return &part{cause: c}
}

func newSide(c *curve.Curve, i int, runs []Account) side {
	p := &c.Points[i]
	s := side{point: p, measure: c.Measure, runs: runs, lanes: float64(runs[0].Count), total: p.Median}
	for k := range s.runs {
		a := &s.runs[k]
		t := a.Total
		if c.Measure == curve.Work {
			t = a.Work
		}
		s.traced += t.Seconds() / float64(len(s.runs))
		for _, w := range a.Warnings {
			w.Subject.Workload, w.Subject.Point = p.Point.Workload, p.Point
			s.warnings = append(s.warnings, w)
		}
	}
	s.warnings = warning.Unique(s.warnings)
	return s
}

// workScale returns the median work of the timed runs over the mean of the traced ones.
func (s *side) workScale() float64 {
	return s.ratio(s.point.WorkMedian, func(a *Account) time.Duration { return a.Work })
}

// ratio returns a median of the timed runs over the mean of the same in the traced runs; if either is not known, it
// returns the ratio of the whole.
func (s *side) ratio(timed float64, traced func(*Account) time.Duration) float64 {
	var sum float64
	for i := range s.runs {
		sum += traced(&s.runs[i]).Seconds()
	}
	for _, f := range []float64{timed / sum * float64(len(s.runs)), s.total / s.traced} {
		if f > 0 && !math.IsInf(f, 0) {
			return f
		}
	}
	return 1
}

// collect scales the parts of all runs, those of the work by the given factor, and joins them.
func (s *side) collect(work float64) {
	startup := s.ratio(s.point.Startup, func(a *Account) time.Duration { return a.Startup })
	teardown := s.ratio(s.point.Teardown, func(a *Account) time.Duration { return a.Teardown })
	for k := range s.runs {
		for _, q := range s.runs[k].Parts {
			factor := work
			switch {
			case q.Outside && s.measure == curve.Work:
				continue // not measured
			case q.Outside && q.Cause == cause.Startup:
				factor = startup
			case q.Outside:
				factor = teardown
			}
			s.add(q, factor, k)
		}
	}
	slices.SortStableFunc(s.parts, func(a, b part) int { return cmp.Compare(a.cause, b.cause) })
	s.left = s.lanes * s.total
	for _, q := range s.parts {
		s.left -= q.time
	}
}

// busy returns the lane seconds that took a core.
func (s *side) busy() float64 {
	sum := 0.0
	for _, q := range s.parts {
		if q.cause.Busy() {
			sum += q.time
		}
	}
	return sum
}

// baseNeed returns the part of the base's time that takes a core: lanes that compute or, as far as there are cores for
// them, are ready to; and once, on one core and however large the work is, the start and the end of the run. What is
// not explained is taken to be as the rest.
func (b *builder) baseNeed() float64 {
	s := &b.base
	computes, edges := s.busy(), s.of(cause.Startup).time+s.of(cause.Teardown).time
	ready := s.of(cause.SchedLatency).time + s.of(cause.Preempted).time
	all := s.lanes*s.total - s.left
	cores := min(1, float64(s.point.Point.Cores)/s.lanes) * (all - edges)
	return (max(computes, min(computes+ready, cores)) + edges/(s.lanes*b.growth)) / all
}

// taken returns the core-seconds that others and the hypervisor took, mean of the runs.
func (s *side) taken() float64 {
	sum := 0.0
	for i := range s.runs {
		sum += s.runs[i].Taken
	}
	return sum / float64(len(s.runs))
}

// add adds a part of run k, times factor.
func (s *side) add(q Part, factor float64, k int) {
	i := slices.IndexFunc(s.parts, func(p part) bool { return p.cause == q.Cause })
	if i < 0 {
		i = len(s.parts)
		s.parts = append(s.parts, part{cause: q.Cause, runs: make([]float64, len(s.runs))})
	}
	s.parts[i].runs[k] += factor * q.Time.Seconds()
	t := factor * q.Time.Seconds() / float64(len(s.runs))
	s.parts[i].time += t
	s.parts[i].places.addAll(q.Cause, q.Stacks, t)
}

// A builder makes one stack.
type builder struct {
	in       Input
	base, at side
	growth   float64        // of the work
	unit     float64        // speedup per lane second
	sampled  []ledger.Stack // running code at the point; nil until asked for
	warnings []warning.Warning
}

func (b *builder) rows() []Row {
	var out []Row
	for _, c := range cause.All() {
		from, to := b.base.of(c), b.at.of(c)
		if from.time == 0 && to.time == 0 {
			continue
		}
		r := Row{Cause: c, Speedup: b.unit * (to.time - b.growth*from.time)}
		for k := range b.at.runs {
			r.Runs = append(r.Runs, b.unit*(to.of(k)-b.growth*from.time))
		}
		for k := range b.base.runs {
			r.BaseRuns = append(r.BaseRuns, b.unit*(to.time-b.growth*from.of(k)))
		}
		switch c.Group() {
		case cause.Work:
			b.divideWork(&r, from, to)
		case cause.GC:
			r.Places = difference(&from.places, &to.places, b.growth, b.unit)
			r.finish(nil)
			if r.Top == nil {
				b.allocators(&r)
			}
		default:
			r.Places = difference(&from.places, &to.places, b.growth, b.unit)
			b.keepBusy(&r)
			r.finish(nil)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(x, y Row) int { return cmp.Compare(x.Cause, y.Cause) })
	return append(out, Row{Cause: cause.NotExplained, Speedup: b.unit * (b.at.left - b.growth*b.base.left)})
}

// said returns the warnings about s as a whole.
func (b *builder) said(s *Stack) []warning.Warning {
	out := slices.Concat(b.base.warnings, b.at.warnings)
	if s.Lanes == Cores && b.in.Curve.Sweep.Mode != sweep.Cores {
		out = append(out, warning.OfPoint(warning.CoresInstead, b.in.Curve.Points[b.in.At].Point))
	}
	if d := s.Traced/s.Speedup - 1; math.Abs(d) > TracedDiffers {
		w := warning.OfPoint(warning.TracedDiffers, b.in.Curve.Points[b.in.At].Point)
		w.Figures.Ratio, w.Figures.AgainstRatio = s.Traced, s.Speedup
		out = append(out, w)
	}
	return out
}
