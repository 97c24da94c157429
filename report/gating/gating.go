// Package gating sums up what became of the gates of a study, for a pull request.
package gating

import (
	"fmt"
	"io"
	"slices"

	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// A Check is gates, and what became of them.
type Check struct {
	Study    string // where it lies
	Gates    []gate.Gate
	Outcomes []gate.Outcome // a gate may have several, or none if it names no measured point
}

// Failed is the outcomes that do not hold, each by its gate.
func (c *Check) Failed() []string {
	var out []string
	for _, o := range c.Outcomes {
		if !o.Holds {
			out = append(out, o.Gate.String())
		}
	}
	return out
}

// Nowhere is the gates that name no measured point.
func (c *Check) Nowhere() []string {
	var out []string
	for _, g := range c.Gates {
		if !slices.ContainsFunc(c.Outcomes, func(o gate.Outcome) bool { return o.Gate == g }) {
			out = append(out, g.String())
		}
	}
	return out
}

// mostRows is how many outcomes a summary has, those that do not hold first.
const mostRows = 40

// WriteSummary writes the outcomes as a table, for where no file can be attached.
func (c *Check) WriteSummary(w io.Writer) error {
	p := page.Page{Title: c.title(), Lead: "Study: " + c.Study, Blocks: []page.Block{
		page.Listed("Gates that name no measured point:", c.Nowhere()),
	}}
	if len(c.Outcomes) > 0 {
		p.Blocks = append(p.Blocks, page.Block{Table: c.table()})
	}
	return p.WriteSummary(w, "what check prints")
}

func (c *Check) title() string {
	failed, all := len(c.Failed()), len(c.Outcomes)
	switch {
	case len(c.Nowhere()) > 0 && failed == 0:
		return "Not all gates could be held against the study"
	case failed == 1 && all == 1:
		return "The gate does not hold"
	case failed == 1:
		return fmt.Sprintf("1 of %d gates does not hold", all)
	case failed > 1:
		return fmt.Sprintf("%d of %d gates do not hold", failed, all)
	case all == 1:
		return "The gate holds"
	}
	return fmt.Sprintf("All %d gates hold", all)
}

// table has a row for each outcome.
func (c *Check) table() *page.Table {
	rows := slices.Clone(c.Outcomes)
	slices.SortStableFunc(rows, func(a, b gate.Outcome) int {
		switch {
		case a.Holds == b.Holds:
			return 0
		case b.Holds:
			return -1
		}
		return 1
	})
	t := &page.Table{Strong: true, Head: []page.Head{
		{Name: "gate", Left: true}, {Name: "curve", Left: true}, {Name: "n"}, {Name: "figure", Left: true}, {Name: "result", Left: true},
	}}
	for _, o := range rows[:min(len(rows), mostRows)] {
		result, grade := "fails", pop.Poor
		if o.Holds {
			result, grade = "holds", pop.Unknown
		}
		t.Add(o.Gate.String(), o.Label, fmt.Sprint(o.N), words.GateFigure(&o), result)
		t.Grades = append(t.Grades, []pop.Grade{pop.Unknown, pop.Unknown, pop.Unknown, pop.Unknown, grade})
	}
	if more := len(rows) - mostRows; more > 0 {
		t.Notes = append(t.Notes, words.Plural(more, "more is", "more are")+" in what check prints")
	}
	return t
}
