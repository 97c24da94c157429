package view

import (
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// MostWhole is how many workloads stand one after the other in a document. More are folded away below their overview.
const MostWhole = 4

// An Overview is the workloads of a study beside each other, in words.
type Overview struct {
	Said  []string   // sentences
	Table page.Table // a row for each workload
	Brief page.Table // for a terminal: those that lose most
	Order []int      // the workloads of the rows, by index
	Drawn string     // which workloads have pictures, a sentence; empty: all that there are data for
}

// Folded reports whether v has so many workloads that each is folded away.
func (v *View) Folded() bool { return len(v.Workloads) > MostWhole }

// Ordered are the workloads in the order in which they stand in a document: that of the study or, where they are
// folded, by the core time that they lose.
func (v *View) Ordered() []int {
	if v.Folded() {
		return v.Overview.Order
	}
	out := make([]int, len(v.Workloads))
	for i := range out {
		out[i] = i
	}
	return out
}

// mostRows is how many workloads the terminal gives.
const mostRows = 10

// overviewOf puts the overview of a study into words; nil for one workload.
func overviewOf(st *study.Study) *Overview {
	o := st.Overview
	if o == nil {
		return nil
	}
	out := &Overview{Table: page.Table{
		Title: "All workloads", Caption: "All workloads, by the core time that they lose.",
		Head: []page.Head{
			{Name: "workload", Left: true},
			{Name: "with", Left: true},
			{Name: "speedup", Unit: "×"},
			{Name: "interval"},
			{Name: "efficiency", Short: "eff.", Unit: "%"},
			{Name: "lost", Unit: "core-s"},
			{Name: "shown", Left: true},
			{Name: "bound", Left: true, Long: true},
			{Name: "largest finding", Left: true, Long: true, Prose: true},
		},
		Notes: []string{
			"lost: cores × time, less cores × time of the base for as much work, in core-seconds of a run; what the base loses " +
				"itself, and how often a workload runs elsewhere, are not in it",
			"shown: what the intervals of all counts show; the other figures are of the largest count within the cores",
		},
	}}
	for i := range o.Rows {
		r := &o.Rows[i]
		out.Order = append(out.Order, r.Workload)
		out.Table.Put(overviewRow(&st.Workloads[r.Workload], r)...)
	}
	if s := words.MostLost(o); s != "" {
		out.Said = append(out.Said, words.Upper(words.Sentence(s)))
	}
	for i := range o.Means {
		out.Said = append(out.Said, words.Upper(words.Sentence(words.MeanGain(&o.Means[i], len(o.Rows)))))
	}
	out.brief()
	out.Table = out.Table.Known()
	return out
}

// brief is the table for a terminal.
func (o *Overview) brief() {
	t := o.Table.Brief()
	t.Caption = ""
	if more := len(t.Rows) - mostRows; more > 0 {
		t.Caption = fmt.Sprintf("Those that lose most core time; %s in report.html:", words.Plural(more, "more is", "more are"))
		t.Rows, t.Values = t.Rows[:mostRows], t.Values[:mostRows]
	}
	for _, r := range t.Rows {
		r[0] = page.Shorten(r[0], nameWidth)
	}
	t.Notes = []string{"lost: cores × time beyond those of the base for as much work, in a run"}
	o.Brief = t
}

// nameWidth is how many characters of a workload's name a terminal has room for beside its figures.
const nameWidth = 26

// overviewRow is what of w stands in row r.
func overviewRow(w *study.Workload, r *overview.Row) []page.Cell {
	unknown := page.Words(words.Unknown)
	out := []page.Cell{page.Words(w.Program.Name), unknown, unknown, unknown, unknown, unknown, page.Words(words.Outcome(r.Outcome())), unknown, unknown}
	if r.Curve < 0 {
		return out
	}
	c := &w.Curves[r.Curve]
	if bound := words.Bound(&c.Verdict); bound != "" {
		out[7] = page.Words(bound)
	}
	if r.At < 0 {
		return out
	}
	p := c.Points[r.At]
	out[1] = page.Cell{Text: words.At(c.Sweep, p.Point), Value: float64(p.N)}
	out[2] = page.Cell{Text: words.Ratio(p.Speedup), Value: p.Speedup}
	out[3] = page.Cell{Text: words.RatioRange(p.Interval), Value: low(p.Interval)}
	if p.Interval != nil && p.Interval.Method == curve.MinMax {
		out[3].Text += "*"
	}
	if p.Interval.Noisy() {
		out[3].Text += "~"
	}
	out[4] = page.Cell{Text: words.PercentNumber(p.Efficiency), Value: p.Efficiency}
	out[5] = page.Cell{Text: words.CoreTime(r.Lost.Value), Value: r.Lost.Value}
	k := slices.IndexFunc(w.Findings, func(f study.Finding) bool { return f.Curve == c && f.At == r.At })
	if k >= 0 {
		f := &w.Findings[k]
		out[8] = page.Cell{Text: words.Percent(f.Share) + " " + words.Printable(words.FindingShort(&f.Finding)), Value: f.Share}
	}
	return out
}
