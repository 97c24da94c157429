package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Report is an analysed study, ready to be written.
type Report struct {
	Document  Document
	Workloads []Workload // in the order of the study

	study    *study.Study
	warned   []notice
	profiles []NamedProfile
}

// A Workload is the curves of one workload.
type Workload struct {
	*study.Workload
	Title  string // the finding in words
	Curves []Curve

	found []found // those of the judged points first
}

// A Curve is a curve and what it is called.
type Curve struct {
	*study.Curve
	Label string // tells the curves of a workload apart: "threads"
}

// A found is a finding and the curve it is of.
type found struct {
	finding.Finding
	curve *Curve
	main  bool // of the point that its curve is judged by
}

// release is when the workers could begin: where pictures of time have their 0.
func release(t *study.Traced) clock.Time { return clock.Time(t.Result.Start + t.Result.Startup) }

// Build puts an analysed study into words. It does not change s.
func Build(s *study.Study) *Report {
	own := *s
	r := &Report{study: &own}
	for i := range s.Workloads {
		r.Workloads = append(r.Workloads, r.workload(&s.Workloads[i]))
	}
	r.Document = Document{
		Schema:   Schema,
		Study:    s.Header,
		Stopped:  s.Header.Stopped,
		Curves:   []CurveDoc{},
		Failures: failures(s.Results),
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
	r.profiles = namedProfiles(s.Profiles)
	r.Document.Warnings = []string{}
	r.warned = r.notices()
	for _, n := range r.warned {
		r.Document.Warnings = append(r.Document.Warnings, n.lines()...)
	}
	return r
}

// workload names the curves of w and puts its findings into words.
func (r *Report) workload(w *study.Workload) Workload {
	out := Workload{Workload: w}
	for i := range w.Curves {
		out.Curves = append(out.Curves, Curve{&w.Curves[i], label(w.Curves[i].Sweep, r.study.Header.Sweeps)})
	}
	for _, f := range w.Findings {
		i := slices.IndexFunc(out.Curves, func(c Curve) bool { return c.Curve == f.Curve })
		out.found = append(out.found, found{f.Finding, &out.Curves[i], f.Judged})
	}
	var titles []string
	for i := range w.Families {
		f := &w.Families[i]
		if len(w.Families) == 1 {
			out.Title = words.Headline(f.Headline)
			return out
		}
		titles = append(titles, fmt.Sprintf("%s scaling, size %d: %s", f.Scaling, f.Size, words.Finding(f.Headline)))
	}
	out.Title = w.Program.Name + ": " + strings.Join(titles, "; ")
	return out
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
		Ignored: ignored(c),
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
	d := PointDoc{
		Procs: p.Point.Procs, Workers: p.Point.Workers, Cores: p.Point.Cores, GOMAXPROCS: p.Point.GOMAXPROCS(), Size: p.Point.Size,
		N: p.N, Runs: p.Runs, Failed: p.Failed, Noisy: p.Noisy, Measure: c.Measure,
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
	if r.study.Ceiling == nil {
		noCeiling = "the ceiling was not measured"
	} else if c.Verdict.Bound == verdict.IO {
		noCeiling = "the cores do not bound work that waits"
	}
	d.CeilingShare, d.CeilingShareReason = schema.NumberOf(f.CeilingShare, noCeiling)
	d.KarpFlatt, d.KarpFlattReason = schema.NumberOf(p.KarpFlatt, noKarpFlatt)
	d.CPU, d.CPUReason = schema.NumberOf(p.CPU, noRuns)
	d.Sys, d.SysReason = schema.NumberOf(p.Sys, noRuns)
	if d.MaxRSS = &p.MaxRSS; p.MaxRSS == 0 {
		d.MaxRSS, d.MaxRSSReason = nil, "not reported by any run"
	}
	d.MeanBusy, d.MeanBusyReason = schema.NumberOf(p.MeanBusy, noRuns)
	d.Overhead, d.OverheadReason = schema.NumberOf(p.TraceOverhead, "this point has no traced and timed runs that are ok")
	d.Traced, d.TracedReason = tracedDoc(f.Traced)
	worthDocs(c, i, &d)
	return d
}

// tracedDoc is the traced run of a point as report.json holds it, or nil and why.
func tracedDoc(t *study.Traced) (d *TracedDoc, reason string) {
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
