package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An Input is what is known of a study.
type Input struct {
	Header    sweep.Header
	Results   []sweep.Result
	Explained map[sweep.Run]study.Explained // what the traced runs say; may be poorer than Results
	Measure   curve.Measure                 // which time the curves are made of; empty: total
	// Efficiency is the least that makes a count worth recommending; 0: recommend.DefaultEfficiency.
	Efficiency float64
	Stopped    string            // why the study stopped, in words; empty: as the header says
	Warnings   []warning.Warning // damage that was met while reading the study

	redacted bool
}

// A Report is a study, analysed and ready to be written.
type Report struct {
	Document  Document
	Workloads []Workload // in the order of the study

	in      Input
	ceiling *curve.Ceiling // nil: not measured
	traced  []traced       // the traced run of every point that has one, in the order of the curves
	warned  []notice

	profiles        []NamedProfile
	accountWarnings []warning.Warning // what must be said of stacks and findings
}

// A Workload is the curves of one workload.
type Workload struct {
	Program sweep.Program
	Title   string // the finding in words
	Curves  []Curve

	found []found // those of the judged points first
}

// A Curve is a curve and what bounds it.
type Curve struct {
	curve.Curve
	Label   string // tells the curves of a workload apart: "threads"
	Verdict verdict.Verdict
	Stacks  []*stack.Stack // of its points; nil where there is none, as at the base
	Laws    *law.Result    // fitted to it; nil without a base
	Advice  recommend.Recommendation
	POP     []*pop.Efficiency // of its points; nil where workers cannot be told apart
}

// A traced is the traced run that explains a point: the first that is OK.
type traced struct {
	Result *sweep.Result
	study.Explained
}

// release is when the workers could begin: where pictures of time have their 0.
func (t *traced) release() clock.Time { return clock.Time(t.Result.Start + t.Result.Startup) }

func (t *traced) warnings() []warning.Warning {
	all := slices.Clone(t.Warnings)
	if t.Timeline != nil {
		all = append(all, t.Timeline.Warnings...)
	}
	if t.Use != nil {
		all = append(all, t.Use.Warnings...)
	}
	if t.Ledger != nil {
		all = append(all, t.Ledger.Warnings...)
	}
	if t.Path != nil {
		all = append(all, t.Path.Warnings...)
	}
	return all
}

// Build analyses a study.
func Build(in Input) *Report {
	in.Efficiency = cmp.Or(in.Efficiency, recommend.DefaultEfficiency)
	in.Measure = cmp.Or(in.Measure, curve.Total)
	in.Stopped = cmp.Or(in.Stopped, in.Header.Stopped)
	r := &Report{in: in}
	r.compose()
	r.Document = Document{
		Schema:   Schema,
		Study:    in.Header,
		Stopped:  in.Stopped,
		Curves:   []CurveDoc{},
		Failures: failures(in.Results),
		Findings: []FindingDoc{},
	}
	r.Document.Ceiling, r.Document.CeilingReason = r.ceilingDoc()
	for _, w := range r.Workloads {
		for i := range w.Curves {
			r.Document.Curves = append(r.Document.Curves, r.curveDoc(&w.Curves[i]))
		}
		for i := range w.found {
			r.Document.Findings = append(r.Document.Findings, findingDoc(&w.found[i]))
		}
	}
	r.profiles = r.makeProfiles()
	r.Document.Warnings = []string{}
	r.warned = r.notices()
	for _, n := range r.warned {
		r.Document.Warnings = append(r.Document.Warnings, n.lines()...)
	}
	return r
}

// explain picks the traced run of every point of c that has one and is not picked yet.
func (r *Report) explain(c *curve.Curve) {
	for _, p := range c.Points {
		if r.tracedAt(p.Point) != nil {
			continue
		}
		if res := firstTraced(r.in.Results, p.Point); res != nil {
			x, ok := r.in.Explained[res.Run]
			if !ok {
				x.Warnings = []warning.Warning{{Kind: warning.NoTrace, Subject: warning.Subject{Run: res.Run}}}
			}
			r.traced = append(r.traced, traced{res, x})
		}
	}
}

// tracedAt is the traced run of p, or nil.
func (r *Report) tracedAt(p sweep.Point) *traced {
	i := slices.IndexFunc(r.traced, func(t traced) bool { return t.Result.Point == p })
	if i < 0 {
		return nil
	}
	return &r.traced[i]
}

// firstTraced is the traced run of p with the lowest repetition that is OK, or nil.
func firstTraced(results []sweep.Result, p sweep.Point) *sweep.Result {
	var first *sweep.Result
	for i := range results {
		res := &results[i]
		if res.Point == p && res.Kind == sweep.Traced && res.Status == sweep.OK && (first == nil || res.Rep < first.Rep) {
			first = res
		}
	}
	return first
}

// program is what the study says of a workload.
func program(h sweep.Header, name string) sweep.Program {
	for _, p := range h.Workloads {
		if p.Name == name {
			return p
		}
	}
	return sweep.Program{Name: name}
}

// label says what tells s apart from the other sweeps of its workload.
func label(s sweep.Sweep, all []sweep.Sweep) string {
	mode := map[sweep.Mode]string{sweep.Threads: "threads", sweep.Procs: "processes", sweep.Cores: "cores", sweep.Grid: "grid"}[s.Mode]
	name := cmp.Or(mode, string(s.Mode))
	var parts []string
	if len(s.Points) > 0 {
		switch p := s.Points[0]; {
		case s.Mode == sweep.Threads && p.Procs > 1:
			name += fmt.Sprintf(" in each of %d processes", p.Procs)
		case s.Mode == sweep.Procs && p.Workers > 1:
			name += fmt.Sprintf(" of %d threads each", p.Workers)
		}
	}
	if s.Series != "" {
		parts = append(parts, s.Series)
	}
	several := func(differ func(t sweep.Sweep) bool) bool {
		return slices.ContainsFunc(all, func(t sweep.Sweep) bool { return t.Workload == s.Workload && differ(t) })
	}
	if several(func(t sweep.Sweep) bool { return t.Size != s.Size }) {
		parts = append(parts, fmt.Sprintf("size %d", s.Size))
	}
	if several(func(t sweep.Sweep) bool { return t.Scaling != s.Scaling }) {
		parts = append(parts, string(s.Scaling)+" scaling")
	}
	if len(parts) == 0 {
		return name
	}
	return name + " (" + strings.Join(parts, ", ") + ")"
}

// curveDoc is c as report.json holds it.
func (r *Report) curveDoc(c *Curve) CurveDoc {
	s := c.Sweep
	d := CurveDoc{
		Workload: s.Workload, Mode: s.Mode, Scaling: s.Scaling, Size: s.Size, Axis: s.Axis(), Series: s.Series,
		Points:  []PointDoc{},
		Ignored: r.ignored(c),
		Verdict: VerdictDoc{Bound: string(c.Verdict.Bound), Evidence: []EvidenceDoc{}},
	}
	c.lawDocs(&d)
	if a := c.Advice; a.At >= 0 {
		d.Recommended = &RecommendedDoc{a.N, a.Low, words.Plain(words.Advice(&a))}
	} else {
		d.RecommendedReason = words.Plain(words.Advice(&a))
	}
	if c.Base < 0 {
		d.BaseReason = "no run of the smallest point is ok"
	} else {
		b := c.Points[c.Base]
		d.Base = &BaseDoc{Point: b.Point}
		d.Base.Median, d.Base.MedianReason = schema.NumberOf(b.Median, noRuns)
	}
	for i := range c.Points {
		d.Points = append(d.Points, r.pointDoc(c, i))
	}
	for _, e := range c.Verdict.Evidence {
		doc := EvidenceDoc{Name: string(e.Kind), Text: words.Plain(words.Evidence(s, e))}
		doc.Value, doc.ValueReason = schema.NumberOf(e.Value, "not known")
		d.Verdict.Evidence = append(d.Verdict.Evidence, doc)
	}
	return d
}

const noRuns = "no timed run of this point is ok"

// pointDoc is point i of c as report.json holds it.
func (r *Report) pointDoc(c *Curve, i int) PointDoc {
	p := c.Points[i]
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
	d := PointDoc{
		Procs: p.Point.Procs, Workers: p.Point.Workers, Cores: p.Point.Cores, GOMAXPROCS: p.Point.GOMAXPROCS(), Size: p.Point.Size,
		N: p.N, Runs: p.Runs, Failed: p.Failed, Noisy: p.Noisy, Measure: c.Measure,
		Metrics: r.metrics(p.Point),
		Ledger:  ledgerDoc(r.ledgerAt(p.Point), mostStacks), Stack: []ShareDoc{},
	}
	if d.Ledger == nil {
		d.LedgerReason = "no traced run of this point left a ledger"
	}
	if i < len(c.Stacks) {
		d.Stack = stackDoc(c.Stacks[i])
	}
	if t := r.tracedAt(p.Point); t != nil && t.Path != nil {
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
	if r.ceiling == nil {
		noCeiling = "the ceiling was not measured"
	} else if c.Verdict.Bound == verdict.IO {
		noCeiling = "the cores do not bound work that waits"
	}
	d.CeilingShare, d.CeilingShareReason = schema.NumberOf(r.ceilingShare(c, i), noCeiling)
	d.KarpFlatt, d.KarpFlattReason = schema.NumberOf(p.KarpFlatt, noKarpFlatt)
	d.CPU, d.CPUReason = schema.NumberOf(p.CPU, noRuns)
	d.Sys, d.SysReason = schema.NumberOf(p.Sys, noRuns)
	if d.MaxRSS = &p.MaxRSS; p.MaxRSS == 0 {
		d.MaxRSS, d.MaxRSSReason = nil, "not reported by any run"
	}
	d.MeanBusy, d.MeanBusyReason = schema.NumberOf(p.MeanBusy, noRuns)
	d.Overhead, d.OverheadReason = schema.NumberOf(p.TraceOverhead, "this point has no traced and timed runs that are ok")
	d.Traced, d.TracedReason = r.tracedDoc(p.Point)
	r.worthDocs(c, i, &d)
	return d
}

// tracedDoc is the traced run of p as report.json holds it, or nil and why.
func (r *Report) tracedDoc(p sweep.Point) (d *TracedDoc, reason string) {
	t := r.tracedAt(p)
	switch {
	case t == nil:
		return nil, "no traced run of this point is ok"
	case t.Use == nil || !words.Finite(t.Use.Mean):
		return nil, cmp.Or(strings.Join(words.Warnings(t.Warnings), "; "), "the trace says nothing of the cores")
	}
	d = &TracedDoc{
		Run: t.Result.Dir(), Mean: t.Use.Mean, Window: t.Use.End.Sub(t.Use.Start).Seconds(),
		Profile: schema.Profile(t.Use.Profile), Warnings: words.Warnings(t.Warnings),
	}
	return d, ""
}
