package study

import (
	"cmp"
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Predicting is what to predict of the curves of a study.
type Predicting struct {
	Cores []int // numbers of cores beside those that were measured; none: a power of two each up to 128
	// Bytes is how long the traces that are replayed are at most, all together; 0: any length. The time and memory of
	// replays grow with them.
	Bytes int64
	// Changes: try what single changes give, on as many cores as there are, on the most that are predicted, and on those
	// of the point that the curve is judged by, whose findings say what else to try.
	Changes bool
}

// mostPredicted is the largest number of cores where none is asked for.
const mostPredicted = 128

// A Prediction is a curve as replays of one recording have it. Speedups are over the base of the curve and of its
// measure: what of the total is no work, at the base, is taken to stay as it is.
type Prediction struct {
	Run    sweep.Run      // whose recording is replayed: of those of the smallest count, that nearest to the median
	Curve  *predict.Curve // the replays: of the work, over one core
	Points []predict.Prediction
	Most   float64 // on unlimited cores at no cost; NaN: not known
	Fixed  float64 // share of the time of the base that is no work
	Checks []Check // at the points that were measured on as many cores
	// Changes are what single changes give: speedups over the base of the curve as it was measured.
	Changes []predict.Change
	// Unknown says why there is nothing of this; nil: there is.
	Unknown *warning.Warning
}

// A Check holds what is predicted against what was measured.
type Check struct {
	At        int     // index of the point
	Cores     int     // of the prediction
	Predicted float64 // speedup
	Error     float64 // of it, as a share of what was measured
	Known     bool    // what was measured has an interval that says anything
	Within    bool    // the prediction lies in that
}

// near is by how much a prediction misses what was measured if it is said to agree with it all the same.
const near = 0.1

// Holds reports whether p is known and agrees, where it can be checked, with what was measured: in the interval, or
// within a tenth.
func (p *Prediction) Holds() bool {
	return p != nil && p.Unknown == nil && len(p.Checks) > 0 && !p.Misses()
}

// Misses reports whether p does not agree with what was measured somewhere.
func (p *Prediction) Misses() bool {
	return slices.ContainsFunc(p.Checks, func(c Check) bool { return c.misses() })
}

func (c *Check) misses() bool { return !c.Within && math.Abs(c.Error) > near }

// Open reports whether p may agree with what was measured or not: it misses only what is too noisy to tell.
func (p *Prediction) Open() bool {
	return p.Misses() && !slices.ContainsFunc(p.Checks, func(c Check) bool { return c.Known && c.misses() })
}

// Worst returns the check that misses what was measured by most, of those where that can be told if it misses one of
// these; nil: there is none.
func (p *Prediction) Worst() *Check {
	var worst *Check
	for i := range p.Checks {
		c := &p.Checks[i]
		sure, was := c.Known && c.misses(), worst != nil && worst.Known && worst.misses()
		if worst == nil || sure && !was || sure == was && math.Abs(c.Error) > math.Abs(worst.Error) {
			worst = c
		}
	}
	return worst
}

// Last returns the check on the most cores; nil: there is none.
func (p *Prediction) Last() *Check {
	if len(p.Checks) == 0 {
		return nil
	}
	last := slices.MaxFunc(p.Checks, func(a, b Check) int { return a.Cores - b.Cores })
	return &last
}

// At returns the prediction for n cores; nil: there is none.
func (p *Prediction) At(n int) *predict.Prediction {
	i := slices.IndexFunc(p.Points, func(q predict.Prediction) bool { return q.Cores == n })
	if i < 0 {
		return nil
	}
	return &p.Points[i]
}

// Replayed returns the traced runs that curves can be predicted from, one for each curve that can be: of the runs of
// the smallest count that left the Go trace of one process, that whose work is nearest to the median of the timed ones.
// The fewer workers, or cores, the less they have disturbed each other. A curve over processes wants the smallest count
// with a coordinator, whose trace and those of all others there must be.
//
// Those that are not replayed, but show for what workers wait at larger counts, are false.
func Replayed(h *sweep.Header, results []sweep.Result) map[sweep.Run]bool {
	runs := group(results)
	out := map[sweep.Run]bool{}
	for i := range h.Sweeps {
		s := &h.Sweeps[i]
		r := recorded(s, runs)
		if r == nil || unpredicted(s) != nil {
			continue
		}
		out[r.Run] = true
		for _, p := range s.Points {
			if dealt(s) || runs[p] == nil || s.N(p) <= s.N(r.Point) {
				continue
			}
			for _, x := range runs[p].traced {
				if !out[x.Run] {
					out[x.Run] = false
				}
			}
		}
	}
	return out
}

// recorded returns the run that is replayed for a sweep; nil: there is none.
func recorded(s *sweep.Sweep, of map[sweep.Point]*runs) *sweep.Result {
	points := slices.Clone(s.Points)
	slices.SortStableFunc(points, func(p, q sweep.Point) int { return cmp.Compare(s.N(p), s.N(q)) })
	several := dealt(s)
	for _, p := range points {
		want := 1
		if several {
			want = p.Procs + 1
		}
		if of[p] == nil || want == 2 {
			continue
		}
		for _, r := range of[p].traced {
			traces := 0
			for _, c := range r.Captures {
				if c.Kind == sweep.GoTrace {
					traces++
				}
			}
			if traces == want {
				return r
			}
		}
	}
	return nil
}

// dealt reports whether a coordinator deals the tasks of a sweep to processes, if they are a workload's.
func dealt(s *sweep.Sweep) bool {
	return s.Mode == sweep.Procs && mostProcs(s) > 1
}

// unpredicted says why a sweep cannot be predicted whatever was recorded; nil: it can be.
func unpredicted(s *sweep.Sweep) *warning.Warning {
	most := mostProcs(s)
	w := warning.Of(warning.PredictGrows, s.Workload)
	switch {
	case s.Workload == sweep.SpinWorkload || len(s.Points) == 0:
		w.Kind = warning.PredictNoTrace
	case most > 1 && !dealt(s):
		w.Kind, w.Figures.Count = warning.PredictProcs, most
	case !s.Grows():
		return nil
	}
	return &w
}

// mostProcs returns the largest number of processes of a sweep.
func mostProcs(s *sweep.Sweep) int {
	most := 0
	for _, p := range s.Points {
		most = max(most, p.Procs)
	}
	return most
}

// predict predicts the curves of the study.
func (a *analysis) predict() {
	if a.in.Predict == nil {
		return
	}
	left := cmp.Or(a.in.Predict.Bytes, math.MaxInt64)
	for c := range a.Curves() {
		c.Prediction = a.prediction(c, &left)
	}
	a.foretell()
}

// prediction predicts a curve from a trace of no more than left bytes, which it takes away from these.
func (a *analysis) prediction(c *Curve, left *int64) *Prediction {
	out := &Prediction{Unknown: unpredicted(&c.Sweep)}
	if out.Unknown != nil {
		return out
	}
	w := warning.Of(warning.PredictNoTrace, c.Sweep.Workload)
	r := recorded(&c.Sweep, a.runs)
	several := dealt(&c.Sweep)
	if r == nil && several {
		w.Kind, w.Figures.Count = warning.PredictProcs, mostProcs(&c.Sweep)
	}
	if r == nil {
		out.Unknown = &w
		return out
	}
	out.Run = r.Run
	x := a.in.Explained[r.Run]
	if most := a.in.Predict.Bytes; most > 0 && x.TraceBytes > *left {
		w.Kind, w.Figures = warning.PredictLarge, warning.Figures{Count: int(x.TraceBytes), Of: int(most)}
	}
	if w.Kind == warning.PredictLarge || x.Path == nil || !several && x.Program == nil || several && x.Programs == nil {
		out.Unknown = &w
		return out
	}
	*left -= x.TraceBytes
	out.replay(a, c, &x, r)
	return out
}

// replay makes the prediction of c from the program or programs that x has of run r.
func (p *Prediction) replay(a *analysis, c *Curve, x *Explained, r *sweep.Result) {
	base := 1
	if c.Base >= 0 {
		base = c.Points[c.Base].N
	}
	q := predict.Request{
		Cores: append([]int{1, base}, a.in.Predict.Cores...), Costs: predict.Measured(a.Header.Scheduler),
		Even:           a.Header.Settings.Static,
		Unseen:         a.unseen(c, r),
		WorkersAsCores: c.Sweep.Mode != sweep.Cores && ProgramOf(a.Header, c.Sweep.Workload).Command == nil,
	}
	for n := 1; len(a.in.Predict.Cores) == 0 && n <= mostPredicted; n *= 2 {
		q.Cores = append(q.Cores, n)
	}
	for i := range c.Points {
		if within(c, i) {
			q.Cores = append(q.Cores, c.Points[i].N)
		}
	}
	a.try(c, base, &q)
	slices.Sort(q.Cores)
	q.Cores = slices.Compact(q.Cores)
	if x.Programs != nil {
		run := predict.Run{Programs: x.Programs, Even: q.Even}
		if c.Measure != curve.Work { // processes take longer to start the more there are
			run.Result = r
		}
		p.Curve = predict.Processes(run, q.Cores)
	} else {
		p.Curve, p.Fixed = predict.Of(x.Program, x.Path, q), fixed(&c.Curve)
	}
	at := slices.Index(q.Cores, base)
	over := p.Curve.Predictions[at]
	for _, one := range p.Curve.Predictions {
		if one.Cores >= base {
			p.Points = append(p.Points, p.over(one, over))
		}
	}
	most := over.Low // by which the bound is a bound of speedups and of both ends of their bands
	if math.IsNaN(most) {
		most = over.High
	}
	p.Most = p.of(p.Curve.Most / most)
	if p.Unknown = unlike(p.Curve); p.Unknown != nil {
		p.Points, p.Most = nil, math.NaN()
		return
	}
	for _, x := range p.Curve.Changes {
		changed := p.over(predict.Prediction{Speedup: x.Speedup, Low: x.Low, High: x.High}, over)
		x.Speedup, x.Low, x.High = changed.Speedup, changed.Low, changed.High
		x.Gain = x.Speedup/p.At(x.Cores).Speedup - 1
		p.Changes = append(p.Changes, x)
	}
	p.check(c)
}

// try asks in q for single changes on as many cores as there are, on the most, and on those of the point that c is
// judged by, whose findings name functions.
func (a *analysis) try(c *Curve, base int, q *predict.Request) {
	cpus := len(a.Header.Host.CPUs)
	if !a.in.Predict.Changes {
		return
	}
	q.Cores = append(q.Cores, max(cpus, base))
	if most := slices.Max(q.Cores); most > cpus && cpus > base {
		q.Changes = append(q.Changes, cpus)
	}
	q.Changes = append(q.Changes, slices.Max(q.Cores))
	if at := c.Judged; at > 0 && at != c.Base && within(c, at) {
		q.Changes = append(q.Changes, c.Points[at].N)
		q.Functions = a.blamed(c)
	}
	slices.Sort(q.Changes)
	q.Changes = slices.Compact(q.Changes)
}

// unlike returns why c says nothing of a curve: it has no speedup and no bound, or has not the workers that the curve
// has. nil: it does.
func unlike(c *predict.Curve) *warning.Warning {
	for i := range c.Warnings {
		if w := &c.Warnings[i]; w.Kind == warning.PredictNoPool {
			return w
		}
	}
	for i := range c.Predictions {
		if q := &c.Predictions[i]; q.Unknown == nil || q.NoHigh == nil {
			return nil
		}
	}
	return c.Predictions[0].Unknown
}

// within reports whether point i was measured on as many cores as its count says.
func within(c *Curve, i int) bool { return c.Points[i].N <= c.Points[i].Point.Cores }

// fixed returns the share of the time of the base of c that is no work.
func fixed(c *curve.Curve) float64 {
	if c.Base < 0 || c.Measure == curve.Work {
		return 0
	}
	b := &c.Points[c.Base]
	if share := 1 - b.WorkMedian/b.Median; share > 0 && share < 1 {
		return share
	}
	return 0
}

// of turns a speedup of the work into one of the time of the curve.
func (p *Prediction) of(speedup float64) float64 { return 1 / (p.Fixed + (1-p.Fixed)/speedup) }

// over returns a prediction over that for the base.
func (p *Prediction) over(q, base predict.Prediction) predict.Prediction {
	q.Speedup, q.Low, q.High = p.of(q.Speedup/base.Speedup), p.of(q.Low/base.Low), p.of(q.High/base.High)
	if q.Low > q.High {
		q.Low, q.High = q.High, q.Low
	}
	return q
}

// mostWide is how many times its lower end the upper end of an interval may be: of one that is wider nothing is known.
const mostWide = 10

// told reports whether an interval says anything.
func told(v *curve.Interval) bool { return v != nil && v.High <= mostWide*v.Low }

// check holds what is predicted against the points of c.
func (p *Prediction) check(c *Curve) {
	for i := range c.Points {
		m := &c.Points[i]
		q := p.At(m.N)
		if i == c.Base || q == nil || !within(c, i) || math.IsNaN(m.Speedup) || math.IsNaN(q.Speedup) {
			continue
		}
		v := m.Interval
		p.Checks = append(p.Checks, Check{
			At: i, Cores: m.N, Predicted: q.Speedup, Error: q.Speedup/m.Speedup - 1,
			Known:  told(v),
			Within: told(v) && v.Low <= q.Speedup && q.Speedup <= v.High,
		})
	}
}
