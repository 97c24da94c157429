package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// compose makes the curves, the ceiling and the verdicts of every workload, in the order of the study.
func (r *Report) compose() {
	h := r.in.Header
	opt := curve.Options{Measure: r.in.Measure, Seed: h.Seed}
	r.ceiling = curve.NewCeiling(h.Sweeps, r.in.Results, opt)
	for _, c := range curve.Build(h.Sweeps, r.in.Results, opt) {
		i := slices.IndexFunc(r.Workloads, func(w Workload) bool { return w.Program.Name == c.Sweep.Workload })
		if i < 0 {
			i = len(r.Workloads)
			r.Workloads = append(r.Workloads, Workload{Program: program(h, c.Sweep.Workload)})
		}
		r.explain(&c)
		r.Workloads[i].Curves = append(r.Workloads[i].Curves, Curve{Curve: c, Label: label(c.Sweep, h.Sweeps)})
	}
	for i := range r.Workloads {
		r.judge(&r.Workloads[i])
		r.fitLaws(&r.Workloads[i])
		r.account(&r.Workloads[i])
		r.advise(&r.Workloads[i])
	}
}

// ceilingDoc is the measured ideal as report.json holds it.
func (r *Report) ceilingDoc() (d *CeilingDoc, reason string) {
	if r.ceiling == nil {
		return nil, "the study has no sweep of the spin loop"
	}
	d = &CeilingDoc{Workload: sweep.SpinWorkload, Points: []CeilingPointDoc{}}
	c := r.ceiling.Curve
	for i, p := range c.Points {
		doc := CeilingPointDoc{N: p.N, Runs: p.Runs}
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

// ceilingText is the measured ideal in words.
func (r *Report) ceilingText() string {
	if r.ceiling == nil {
		return "not measured"
	}
	c := r.ceiling.Curve
	var parts []string
	for i, p := range c.Points {
		if i == c.Base {
			continue
		}
		s := fmt.Sprintf("%s on %s", words.Times(p.Speedup), words.Plural(p.N, "core", "cores"))
		if p.Interval != nil {
			s += fmt.Sprintf(" (%s, %s)", words.RatioRange(p.Interval), words.Plural(p.Runs, "run", "runs"))
		}
		parts = append(parts, s)
	}
	return cmp.Or(words.List(parts), "one core only") + ": the speedup of a loop that only counts in registers, one worker on each core"
}
