package document

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Of is s as report.json holds it, with these warnings.
func Of(s *study.Study, warnings []string) Document {
	d := Document{
		Schema: Schema, Study: s.Header, Stopped: s.Header.Stopped,
		Curves: []Curve{}, Sizes: []SizeAxis{}, Failures: []Failure{}, Findings: []Finding{}, Warnings: append([]string{}, warnings...),
	}
	for i := range s.Warnings {
		switch w := &s.Warnings[i]; w.Kind {
		case warning.HiddenWords:
			d.Hidden = &Hidden{Words: w.Figures.Count, Places: []string{}, Unnamed: w.Figures.Of}
			for _, p := range w.Items {
				d.Hidden.Places = append(d.Hidden.Places, p.Name)
			}
		case warning.Interrupted:
			d.Interrupted = w.Figures.Count
		}
	}
	d.Ceiling, d.CeilingReason = ceilingDoc(s)
	if d.Overview = overviewDoc(s); d.Overview == nil {
		d.OverviewReason = "there are no two workloads"
	}
	for _, f := range s.Failures() {
		d.Failures = append(d.Failures, Failure(f))
	}
	for i := range s.Workloads {
		w := &s.Workloads[i]
		for k := range w.Curves {
			d.Curves = append(d.Curves, curveDoc(s, &w.Curves[k]))
		}
		d.Grids = append(d.Grids, gridDocs(w)...)
		d.Sizes = append(d.Sizes, sizeDocs(w)...)
		for k := range w.Findings {
			d.Findings = append(d.Findings, findingDoc(&w.Findings[k]))
		}
	}
	return d
}

// Write writes report.json.
func (d *Document) Write(w io.Writer) error {
	if err := schema.Write(w, d); err != nil {
		return fmt.Errorf("report.json: %w", err)
	}
	return nil
}

// ceilingDoc is the measured ideal as report.json holds it.
func ceilingDoc(s *study.Study) (d *Ceiling, reason string) {
	if s.Ceiling == nil {
		return nil, words.NoCeiling(s.NoCeiling)
	}
	d = &Ceiling{Workload: sweep.SpinWorkload, Points: []CeilingPoint{}}
	c := s.Ceiling.Curve
	for i, p := range c.Points {
		doc := CeilingPoint{N: p.N, Runs: p.Runs}
		why := noRuns
		if i == c.Base {
			why = "this is the base"
		}
		doc.Speedup, doc.SpeedupReason = schema.NumberOf(p.Speedup, noRuns)
		doc.Interval, doc.IntervalReason = interval(p.Interval, why)
		d.Points = append(d.Points, doc)
	}
	return d, ""
}

// curveDoc is c as report.json holds it.
func curveDoc(s *study.Study, c *study.Curve) Curve {
	sw := c.Sweep
	d := Curve{
		Workload: sw.Workload, Mode: sw.Mode, Scaling: sw.Scaling, Basis: sw.Basis, Size: sw.Size, Axis: sw.Axis(), Series: sw.Series,
		Points: []Point{},
		Verdict: Verdict{
			Bound: string(c.Verdict.Bound), Certainty: c.Verdict.Certainty, BaseOnly: c.Verdict.BaseOnly, Evidence: []Evidence{},
		},
	}
	if c.Ignored != nil {
		d.Ignored = words.Warning(*c.Ignored)
	}
	lawDocs(c, &d)
	d.Prediction = prediction.ForecastOf(c)
	if a := c.Recommendation; a.At >= 0 {
		d.Recommended = &Recommended{
			N: a.N, Low: a.Low, Why: words.Plain(words.Advice(&a)),
			Likely: a.Likely.N, Untold: a.Untold.N, Beyond: words.Plain(words.Beyond(&a)),
		}
	} else {
		d.RecommendedReason = words.Plain(words.Advice(&a))
	}
	if c.Base < 0 {
		d.BaseReason = "no run of the smallest point is ok"
	} else {
		b := c.Points[c.Base]
		d.Base = &Base{Point: b.Point}
		d.Base.Median, d.Base.MedianReason = schema.NumberOf(b.Median, noRuns)
	}
	for i := range c.Points {
		d.Points = append(d.Points, pointDoc(s, c, i))
	}
	for _, e := range c.Verdict.Evidence {
		doc := Evidence{Name: string(e.Kind), Text: words.Plain(words.Evidence(sw, e))}
		doc.Value, doc.ValueReason = schema.NumberOf(e.Value, "not known")
		if e.Range != nil {
			doc.Low, doc.High = &e.Range.Low, &e.Range.High
		}
		d.Verdict.Evidence = append(d.Verdict.Evidence, doc)
	}
	return d
}

const noRuns = "no timed run of this point is ok"

// pointDoc is point i of c as report.json holds it.
func pointDoc(s *study.Study, c *study.Curve, i int) Point {
	p, f := c.Points[i], &c.Figures[i]
	noSpeedup := "the base has no run that is ok"
	if p.Runs == 0 {
		noSpeedup = noRuns
	}
	noInterval, noKarpFlatt := noSpeedup, noSpeedup
	if i == c.Base {
		noInterval, noKarpFlatt = "this is the base", "defined only beyond the base"
	}
	if c.Sweep.Scaling == sweep.Weak {
		noKarpFlatt = "not defined under weak scaling"
	}
	d := Point{
		Procs: p.Point.Procs, Workers: p.Point.Workers, Cores: p.Point.Cores, GOMAXPROCS: p.Point.GOMAXPROCS(),
		Size: p.Point.Size,
		N:    p.N, Runs: p.Runs, Failed: p.Failed, Noisy: p.Noisy, Measure: c.Measure,
		Metrics: medians(f.Metrics),
		Ledger:  ledgerDoc(f.Ledger(), mostStacks), Stack: stackDoc(f.Stack),
	}
	if d.Ledger == nil {
		d.LedgerReason = "no traced run of this point left a ledger"
	}
	if t := f.Traced; t != nil && t.Path != nil {
		d.Path = pathDoc(t.Path)
	}
	d.Median, d.MedianReason = schema.NumberOf(p.Median, noRuns)
	d.MedianInterval, d.MedianIvReason = interval(p.MedianRange, noRuns)
	d.WorkMedian, d.WorkMedianReason = schema.NumberOf(p.WorkMedian, noRuns)
	d.Startup, d.StartupReason = schema.NumberOf(p.Startup, noRuns)
	d.Speedup, d.SpeedupReason = schema.NumberOf(p.Speedup, noSpeedup)
	d.Efficiency, d.EfficiencyReason = schema.NumberOf(p.Efficiency, noSpeedup)
	d.Interval, d.IntervalReason = interval(p.Interval, noInterval)
	noCeiling := noSpeedup
	if s.Ceiling == nil {
		noCeiling = "the ceiling was not measured"
	} else if c.Verdict.Bound == verdict.IO {
		noCeiling = "the cores do not bound work that waits"
	} else if s.CeilingNoisy {
		noCeiling = "noise can explain more than a tenth of the ceiling"
	} else if last := s.Ceiling.Last(); p.Usable() > last {
		noCeiling = fmt.Sprintf("the ceiling is not known on more than %s", words.Plural(last, "core", "cores"))
	}
	d.CeilingShare, d.CeilingShareReason = schema.NumberOf(f.CeilingShare, noCeiling)
	d.KarpFlatt, d.KarpFlattReason = schema.NumberOf(p.KarpFlatt, noKarpFlatt)
	d.CPU, d.CPUReason = schema.NumberOf(p.CPU, noRuns)
	d.Sys, d.SysReason = schema.NumberOf(p.Sys, noRuns)
	if d.MaxRSS = &p.MaxRSS; p.MaxRSS == 0 {
		d.MaxRSS, d.MaxRSSReason = nil, "not reported by any run"
	}
	d.MeanBusy, d.MeanBusyReason = schema.NumberOf(p.MeanBusy, noRuns)
	d.Overhead, d.OverheadReason = schema.NumberOf(p.TraceOverhead,
		"this point has no traced and timed runs that are ok")
	d.Traced, d.TracedReason = tracedDoc(f.Traced)
	worthDocs(c, i, &d)
	return d
}

// tracedDoc is the traced run of a point as report.json holds it, or nil and why.
func tracedDoc(t *study.Traced) (d *Traced, reason string) {
	switch {
	case t == nil:
		return nil, "no traced run of this point is ok"
	case t.Use == nil || !words.Finite(t.Use.Mean):
		return nil, cmp.Or(strings.Join(words.Warnings(t.Warnings), "; "), "the trace says nothing of the cores")
	}
	d = &Traced{
		Run: t.Result.Dir(), Mean: t.Use.Mean, Window: t.Use.End.Sub(t.Use.Start).Seconds(),
		Profile: schema.Profile(t.Use.Profile), Warnings: words.Warnings(t.Warnings),
	}
	return d, ""
}

// lawDocs fills in what report.json holds of the laws of c.
func lawDocs(c *study.Curve, d *Curve) {
	d.Models, d.LawWarnings = []fit.ModelDoc{}, []string{}
	if c.Laws == nil {
		d.BestReason, d.LineReason = "there is no base", "there is no base"
		return
	}
	for i := range c.Laws.Models {
		d.Models = append(d.Models, fit.ModelOf(&c.Laws.Models[i]))
	}
	d.LawWarnings = words.PlainAll(words.LawNotes(c.Laws.Notes))
	d.BestReason = words.LawChoice(c.Laws.Choice)
	if m := c.Law(); m != nil {
		name := m.Name
		d.Best = &name
	}
	if d.KarpFlattLine = c.Laws.Check; d.KarpFlattLine == nil {
		d.LineReason = "it takes two fractions"
	}
}

func popDoc(e *pop.Efficiency) *POP {
	const why = "no worker did useful work"
	d := &POP{}
	d.LoadBalance, d.LoadReason = schema.NumberOf(e.LoadBalance, why)
	d.Communication, d.CommReason = schema.NumberOf(e.Communication, why)
	d.Parallel, d.ParallelReason = schema.NumberOf(e.Parallel, why)
	d.Computation, d.CompReason = schema.NumberOf(e.Computation, why)
	d.Global, d.GlobalReason = schema.NumberOf(e.Global, why)
	return d
}

// worthDocs fills in what report.json holds of use, cost and efficiencies of point i.
func worthDocs(c *study.Curve, i int, d *Point) {
	u := c.Figures[i].Use
	d.Voluntary, d.VoluntaryReason = schema.NumberOf(u.Voluntary, noRuns)
	d.Involuntary, d.InvoluntaryReason = schema.NumberOf(u.Involuntary, noRuns)
	d.TreeRSS, d.TreeRSSReason = schema.NumberOf(u.Tree, "not reported by any run")
	d.TreeRSSBound = u.Bound
	d.Threads, d.ThreadsReason = schema.NumberOf(u.Threads, "counted of commands only")
	cost := c.Recommendation.Costs[i]
	d.Cost.Held, d.Cost.HeldReason = schema.NumberOf(cost.Held, noRuns)
	d.Cost.CPU, d.Cost.CPUReason = schema.NumberOf(cost.CPU, noRuns)
	d.Cost.Over, d.Cost.OverReason = schema.NumberOf(cost.Over, "this point or the base has no run that is ok")
	if e := c.Figures[i].POP; e != nil {
		d.POP = popDoc(e)
	} else if c.Verdict.Bound == verdict.IO {
		d.POPReason = "waiting is what an I/O-bound program is for, so useful time says nothing of it"
	} else {
		d.POPReason = "no traced run of this point, or of the base, tells its workers apart"
	}
}

// medians are what the timed runs of a point printed of themselves, by unit; none if they printed nothing.
func medians(metrics map[string]study.Metric) map[string]float64 {
	if metrics == nil {
		return nil
	}
	out := map[string]float64{}
	for unit, m := range metrics {
		out[unit] = m.Median
	}
	return out
}

// interval is iv, or nil and why. A bound that is not finite makes no interval.
func interval(iv *curve.Interval, why string) (out *curve.Interval, reason string) {
	if iv == nil || !words.Finite(iv.Low) || !words.Finite(iv.High) || !words.Finite(iv.Level) {
		return nil, why
	}
	return iv, ""
}
