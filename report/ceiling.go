package report

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ceilingDoc is the measured ideal as report.json holds it.
func (r *Report) ceilingDoc() (d *CeilingDoc, reason string) {
	if r.study.Ceiling == nil {
		return nil, "the study has no sweep of the spin loop"
	}
	d = &CeilingDoc{Workload: sweep.SpinWorkload, Points: []CeilingPointDoc{}}
	c := r.study.Ceiling.Curve
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
	if r.study.Ceiling == nil {
		return "not measured"
	}
	c := r.study.Ceiling.Curve
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
