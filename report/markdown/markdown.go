// Package markdown writes report.md: what stands on the first screen of report.html, with the table of each curve and
// how it was measured. It is short enough to be put into a review; what it leaves out stands in report.html.
//
// [Summary] writes less of the same for where no picture can be attached: the summary of a step, a comment on a change.
package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// How much of what there may be any number of stands there.
const (
	mostWorkloads = 2  // of those that report.html folds away
	mostRows      = 10 // of an overview
	mostTables    = 4  // of a workload
	mostFailures  = 3  // ways in which runs failed
)

// elsewhere says where the rest is.
const elsewhere = "report.html has the evidence of each finding, all figures, timelines and warnings, and what was run; " +
	"report.json has the figures."

// Write writes report.md, which refers to the pictures by their file names beside it.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	m := writer{&page.Markdown{}, pictures}
	m.Line("# corecurve: %s", words.Markdown(v.Heading))
	shown := v.Ordered()
	if v.Folded() {
		shown = shown[:mostWorkloads]
	}
	if v.Overview == nil {
		m.one(v)
	} else {
		m.several(v, shown)
	}
	m.Para(v.BriefNotes(shown))
	m.failures(v)
	m.Line("\n## How it was measured")
	m.Para(v.Ground)
	if v.Command != "" {
		m.Para("Command: " + v.Command)
	}
	if v.Built != "" {
		m.Para(words.Sentence("Revision: " + v.Built))
	}
	m.Para(v.Method)
	m.Para(elsewhere)
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("report.md: %w", err)
	}
	return nil
}

// A writer knows how the parts of a report are set.
type writer struct {
	*page.Markdown
	all []view.Picture // beside the document
}

// one writes the only workload of v, or that there is none.
func (m writer) one(v *view.View) {
	if len(v.Workloads) == 0 {
		m.Line("\n**%s**", words.Markdown(v.Title))
		return
	}
	w := &v.Workloads[0]
	m.Line("\n*%s*", words.Markdown(w.Question))
	m.Line("\n**%s**", words.Markdown(v.Title))
	m.Para(strings.TrimSpace(w.Bound + " " + w.First.Advice))
	m.pictures(w.Name, view.Lead)
	m.Para(strings.Join(w.First.Bases, " "))
	m.first(&w.First, false)
	m.predicted(w)
	m.figures(w)
}

// predicted says what is predicted of w on more cores.
func (m writer) predicted(w *view.Workload) {
	var said []string
	for _, p := range w.Predicted {
		said = append(said, p.Text)
	}
	m.List("On more cores:", said)
}

// several writes the workloads of v beside each other, and those that are shown one by one.
func (m writer) several(v *view.View, shown []int) {
	m.Line("\n*%s*", words.Markdown(v.Question))
	m.Line("\n**%s**", words.Markdown(v.Title))
	m.Para(strings.TrimSpace(strings.Join(v.Overview.Said, " ") + " " + v.First.Advice))
	m.pictures("", view.Lead)
	m.Para(strings.Join(v.First.Bases, " "))
	m.first(&v.First, true)
	m.overview(v)
	if left := len(v.Workloads) - len(shown); left > 0 {
		m.Para(fmt.Sprintf("Below: the %d workloads that lose most core time; the other %d are in report.html.", len(shown), left))
	}
	for _, i := range shown {
		w := &v.Workloads[i]
		m.Line("\n## %s", words.Markdown(w.Title))
		m.Para(w.What)
		m.Para(strings.TrimSpace(w.Bound + " " + w.First.Advice))
		m.pictures(w.Name, view.Lead)
		m.Para(strings.Join(w.First.Bases, " "))
		m.predicted(w)
		m.figures(w)
	}
}

// overview is the table of the workloads of v.
func (m writer) overview(v *view.View) {
	t := v.Overview.Table
	t.Caption = ""
	more := len(t.Rows) - mostRows
	if more > 0 {
		t.Rows = t.Rows[:mostRows]
		t.Caption = fmt.Sprintf("The %d workloads that lose most core time.", mostRows)
	}
	m.Table(t)
	m.more(more, "workload", "workloads")
}

// failures are the ways in which runs failed.
func (m writer) failures(v *view.View) {
	m.List("Failed runs:", v.Failures[:min(len(v.Failures), mostFailures)])
	m.more(len(v.Failures)-mostFailures, "way in which runs failed", "ways in which runs failed")
}

// first is what stands on the first screen beside the curve.
func (m writer) first(f *view.First, several bool) {
	if len(f.Findings) > 0 {
		m.Line("\nWhere most of the lost core time goes:\n")
		for i, c := range f.Findings {
			won := ""
			if c.Found.Won != "" {
				won = "; " + c.Found.Won
			}
			where := c.Found.Where
			if several {
				where = c.Found.Whose + ", " + where
			}
			m.Line("%d. **%s** %s", i+1, words.Markdown(c.Found.Share), words.Markdown(fmt.Sprintf("%s (%s%s)", c.Found.What, where, won)))
		}
	}
	m.Para(strings.Join(f.None, " "))
	m.more(f.More, "finding", "findings")
	var caveats []string
	for _, c := range f.Caveats {
		caveats = append(caveats, c.Text)
	}
	m.List("Before you rely on it:", caveats)
	m.more(f.Others, "kind of warnings", "kinds of warnings")
}

// figures is the table of each curve of w, what its size does to it, and where the cores go.
func (m writer) figures(w *view.Workload) {
	m.tables(w)
	for _, s := range w.BySize {
		m.List("", s.Claims)
	}
	m.pictures(w.Name, view.Sizes)
	m.pictures(w.Name, view.Causes)
}

// tables are those of the curves of w.
func (m writer) tables(w *view.Workload) {
	tables := w.Brief.Tables[:min(len(w.Brief.Tables), mostTables)]
	for _, t := range tables {
		t.Notes = nil // they stand once, below all workloads
		if len(tables) == 1 {
			t.Caption = "" // its base stands above
		}
		m.Table(t)
	}
	m.more(len(w.Brief.Tables)-mostTables, "table", "tables")
}

// more says that n of something stand in report.html alone; below 1 nothing.
func (m writer) more(n int, one, many string) {
	if n > 0 {
		m.Para(fmt.Sprintf("(%s in report.html)", words.Plural(n, "more "+one, "more "+many)))
	}
}

// pictures puts the pictures of a workload in that stand at a place; those of "" belong to several.
func (m writer) pictures(workload string, at view.Place) {
	for _, p := range m.all {
		if p.Workload == workload && p.Place == at {
			m.Line("\n![%s](%s.png)", words.Markdown(p.Alt), p.Name)
		}
	}
}
