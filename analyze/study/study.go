package study

import (
	"cmp"
	"iter"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An Input is what is known of a study.
type Input struct {
	Header  sweep.Header
	Results []sweep.Result
	// Interrupted are runs that do not count; see [sweep.Study].
	Interrupted []sweep.Result
	Explained   map[sweep.Run]Explained // what the traced runs say, as Explain returns it; may be poorer than Results
	Damage      []string                // that was met while the study was read, in the words of the reader

	// Measure is the time that the curves are made of; empty: total. Benchmarks time themselves, so theirs are always
	// made of work.
	Measure curve.Measure
	// Efficiency is the smallest efficiency at which a count is recommended; 0: recommend.DefaultEfficiency.
	Efficiency float64
	Predict    *Predicting // what to predict; nil: nothing
	Resamples  int         // of every bootstrap; 0: the defaults of packages curve and law, or fewer in a very large study
	Redacted   bool        // what tells whose machine it was made on is left out, as Redact does
}

// A Study is a study, analysed.
type Study struct {
	Header     sweep.Header
	Results    []sweep.Result
	Measure    curve.Measure // which time the curves are made of
	Efficiency float64       // the smallest at which a count is recommended
	Redacted   bool          // what tells whose machine it was made on is left out

	Ceiling      *curve.Ceiling // what the machine can give; nil: not measured
	NoCeiling    curve.Absence  // why Ceiling is nil
	CeilingNoisy bool           // noise can explain too much of it: it is not relied on

	Workloads []Workload         // in the order of the study
	Overview  *overview.Overview // of the workloads; nil of one
	Traced    []*Traced          // the shown run of every point that has one, in the order of the curves
	Profiles  []Profile
	Warnings  []warning.Warning // all of them, also those that stand beside single figures
}

// A Workload is the curves of one workload.
type Workload struct {
	Program  sweep.Program
	Curves   []Curve
	Families []Family
	Findings []Finding    // those of the points that the curves are judged by first, and of each point the largest first
	Sizes    []sizes.Axis // what the size does to its curves, by scaling; none where one size was measured
}

// A Family is the curves of a workload that do the same work: those of one scaling and size.
type Family struct {
	Scaling  sweep.Scaling
	Size     int64
	Headline verdict.Headline
	Grid     *Grid // of its curves; nil if they are of another mode
}

// Among says by what the curves of w differ from that of s: whether others of its scaling have another size, and
// whether any has another scaling.
func (w *Workload) Among(s *sweep.Sweep) (a warning.Among) {
	for i := range w.Families {
		f := &w.Families[i]
		a.Sizes = a.Sizes || f.Scaling == s.Scaling && f.Size != s.Size
		a.Scalings = a.Scalings || f.Scaling != s.Scaling
	}
	return a
}

// A Grid is the curves of a grid as one, and what is recommended of all its points.
type Grid struct {
	curve.Curve
	Recommendation recommend.Recommendation
}

// A Curve is a curve and all that follows from it.
type Curve struct {
	curve.Curve
	Figures        []Figures // of its points
	Judged         int       // index of the point that the curve is judged by; -1: there is none
	Verdict        verdict.Verdict
	Laws           *law.Result // fitted to it; nil without a base
	Recommendation recommend.Recommendation
	Prediction     *Prediction      // by a replay; nil: none was asked for
	Ignored        *warning.Warning // the program ignores the number of its workers; nil: not as far as is known
}

// A Finding is a finding and the curve that it is of.
type Finding struct {
	finding.Finding
	Curve  *Curve
	At     int  // index of its point
	Judged bool // of the point that the curve is judged by

	rank int // among those of its point, from 0
}

// A Traced is a traced run, and what its captures say of it.
type Traced struct {
	Result *sweep.Result
	Explained
}

// An analysis is a Study in the making.
type analysis struct {
	*Study
	in      Input
	runs    map[sweep.Point]*runs
	traced  map[sweep.Point]*Traced
	account []warning.Warning // what must be said of stacks and findings
	idle    []warning.Warning // which benchmarks cannot follow the count of workers
	effort  Effort
	pairs   *curve.Pairs // of all launches
}

// Analyze makes one value of all that is known of a study. It is a pure function: the same input gives the same value.
//
//  1. The runs of each point are reduced, once, to its figures; curves and the measured ceiling are made of the timed
//     ones.
//  2. All traced runs of a point explain it; the one nearest to the median of the timed ones is shown.
//  3. Each curve is judged, laws are fitted to it, its points get speedup stacks and findings, and a count is
//     recommended.
//  4. Curves of several sizes are set beside each other: from which size more workers pay.
//  5. The workloads are set beside each other.
//  6. What must be known before any of this is relied on is gathered in one list.
func Analyze(in Input) *Study {
	a := &analysis{in: in, runs: group(in.Results), traced: map[sweep.Point]*Traced{}, Study: &Study{
		Header: in.Header, Results: in.Results, Efficiency: cmp.Or(in.Efficiency, recommend.DefaultEfficiency),
		Measure: MeasureOf(in.Header, in.Measure), Redacted: in.Redacted,
	}}
	a.effort = effortFor(&a.Header, a.Results, in.Resamples)
	a.curves()
	a.idle = a.idleBenchmarks()
	for i := range a.Workloads {
		w := &a.Workloads[i]
		a.stacks(w)
		a.judge(w)
		a.sizes(w)
		for k := range w.Curves {
			a.conclude(&w.Curves[k])
		}
		a.find(w)
	}
	a.predict()
	a.overview()
	a.Profiles = a.profiles()
	a.Warnings = a.warnings()
	return a.Study
}

// MeasureOf returns the time that the curves of a study are made of: for benchmarks, what their own timer counted.
func MeasureOf(h sweep.Header, asked curve.Measure) curve.Measure {
	if h.Benchmarks() {
		return curve.Work
	}
	return cmp.Or(asked, curve.Total)
}

// curves makes the ceiling and the curves of every workload, in the order of the study.
func (a *analysis) curves() {
	h := a.Header
	opt := a.options()
	a.pairs = curve.NewPairs(a.Results, opt)
	a.Ceiling, a.NoCeiling = curve.NewCeiling(h.Sweeps, a.Results, opt)
	a.CeilingNoisy = a.Ceiling != nil && !a.Ceiling.Known()
	for _, c := range curve.Build(h.Sweeps, a.Results, opt) {
		i := slices.IndexFunc(a.Workloads, func(w Workload) bool { return w.Program.Name == c.Sweep.Workload })
		if i < 0 {
			i = len(a.Workloads)
			a.Workloads = append(a.Workloads, Workload{Program: ProgramOf(h, c.Sweep.Workload)})
		}
		out := Curve{Curve: c, Judged: verdict.Judged(&c, len(h.Host.CPUs))}
		for _, p := range c.Points {
			out.Figures = append(out.Figures, a.figures(p.Point))
		}
		w := &a.Workloads[i]
		w.Curves = append(w.Curves, out)
		if !slices.ContainsFunc(w.Families, func(f Family) bool { return f.Of(&out) }) {
			w.Families = append(w.Families, Family{Scaling: c.Sweep.Scaling, Size: c.Sweep.Size})
		}
	}
}

// options are those that curves are made under.
func (a *analysis) options() curve.Options {
	return curve.Options{Measure: a.Measure, Seed: a.Header.Seed, Resamples: a.effort.Curves}
}

// overview sets the workloads beside each other.
func (a *analysis) overview() {
	var all []overview.Workload
	for i := range a.Workloads {
		w := &a.Workloads[i]
		o := overview.Workload{Name: w.Program.Name, Unit: w.Program.Unit}
		o.Idle = a.alone(o.Name)
		for k := range w.Families {
			o.Families = append(o.Families, w.Families[k].Headline)
		}
		for k := range w.Curves {
			o.Curves, o.Judged = append(o.Curves, &w.Curves[k].Curve), append(o.Judged, w.Curves[k].Judged)
		}
		all = append(all, o)
	}
	a.Overview = overview.Of(all, a.Results, a.options())
	for i := range a.idle {
		a.idle[i].Figures.Shown = shownOf(a.Overview, a.idle[i].Items)
	}
}

// shownOf is how many of those that are named are shown to be faster or slower; 0 without an overview.
func shownOf(o *overview.Overview, named []warning.Item) (n int) {
	if o == nil {
		return 0
	}
	for i := range o.Rows {
		r := &o.Rows[i]
		if r.Outcome().Shown() && slices.ContainsFunc(named, func(x warning.Item) bool { return x.Name == r.Headline.Workload }) {
			n++
		}
	}
	return n
}

// Curves yields the curves of all workloads, in the order of the study.
func (s *Study) Curves() iter.Seq[*Curve] {
	return func(yield func(*Curve) bool) {
		for i := range s.Workloads {
			for k := range s.Workloads[i].Curves {
				if !yield(&s.Workloads[i].Curves[k]) {
					return
				}
			}
		}
	}
}

// Law returns the model of the law that is named for c; nil if none is.
func (c *Curve) Law() *law.Model {
	if c.Laws == nil || c.Laws.Best == law.None {
		return nil
	}
	return c.Laws.Model(c.Laws.Best)
}

// Of reports whether c belongs to f.
func (f *Family) Of(c *Curve) bool { return f.Scaling == c.Sweep.Scaling && f.Size == c.Sweep.Size }

// ProgramOf returns what a study says of a workload.
func ProgramOf(h sweep.Header, name string) sweep.Program {
	for _, p := range h.Workloads {
		if p.Name == name {
			return p
		}
	}
	return sweep.Program{Name: name}
}
