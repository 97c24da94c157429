// Package markdown writes report.md: what stands on the first screen of report.html, the stack and the main table; the rest
// is folded away.
package markdown

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// Write writes report.md, which refers to the pictures by their file names beside it.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	m := writer{&page.Markdown{}}
	m.Line("# corecurve: %s", words.Markdown(v.Heading))
	if len(v.Workloads) != 1 {
		m.Line("\n**%s**", words.Markdown(v.Title))
	}
	m.pictures(of(pictures, "", view.Lead))
	shown := v.Ordered()
	if v.Folded() {
		shown = shown[:view.MostWhole]
	}
	if v.Overview != nil {
		m.overview(v.Overview)
	}
	for _, i := range shown {
		m.workload(&v.Workloads[i], pictures)
	}
	if more := len(v.Workloads) - len(shown); more > 0 {
		m.Para(fmt.Sprintf("%s in report.html, and the figures of all in report.json.", words.Plural(more, "more workload stands",
			"more workloads stand")))
	}
	for _, place := range []view.Place{view.Sizes, view.Causes, view.Memory, view.Below, view.Small} {
		m.pictures(of(pictures, "", place))
	}
	m.caveats(v)
	m.Line("\n## Host and method")
	m.Para(v.Ground)
	m.Fold("What was run", func() {
		m.Line("\n| | |\n|---|---|")
		for _, f := range v.Ran {
			m.Line("| %s | %s |", words.Markdown(f.Name), words.Markdown(f.Text))
		}
		m.Para(v.Method)
		m.Para(v.Embeds)
	})
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("report.md: %w", err)
	}
	return nil
}

// A writer knows how the parts of a report are set.
type writer struct{ *page.Markdown }

// mostRows is how many rows of an overview are not folded away.
const mostRows = 10

// overview sets the workloads beside each other.
func (m writer) overview(o *view.Overview) {
	m.List("", o.Said)
	t := o.Table
	if len(t.Rows) <= mostRows {
		m.Table(t)
		return
	}
	first, all := t, t
	first.Caption = fmt.Sprintf("The %d workloads that lose most core time.", mostRows)
	first.Rows, all.Caption, all.Notes = t.Rows[:mostRows], "", nil
	m.Table(first)
	m.Fold(fmt.Sprintf("All %d workloads", len(t.Rows)), func() { m.Table(all) })
}

func (m writer) workload(p *view.Workload, pictures []view.Picture) {
	m.Line("\n## %s", words.Markdown(p.Title))
	m.Line("\n*%s*", words.Markdown(p.Question))
	m.Para(p.What)
	m.Para(strings.TrimSpace(p.Bound + " " + p.First.Advice))
	m.pictures(of(pictures, p.Name, view.Lead))
	m.Para(strings.Join(p.First.Bases, " "))
	m.first(p)
	m.sizes(p, of(pictures, p.Name, view.Sizes))
	if causes := of(pictures, p.Name, view.Causes); len(causes)+len(p.Accounts) > 0 {
		m.Line("\n### Where the cores go")
		m.pictures(causes)
		m.tables(p.Accounts)
	}
	m.fold("What decided the verdict, and what is recommended", slices.Concat(p.Evidence, p.Advice))
	if len(p.Findings) > 0 {
		m.Fold(words.Plural(len(p.Findings), "finding", "findings")+" with evidence", func() { m.claims(p.Findings) })
	}
	if len(p.Others) > 0 {
		m.Fold(words.Plural(len(p.Others), "finding", "findings")+" of other counts", func() { m.claims(p.Others) })
	}
	m.Line("\n### Figures")
	for i, t := range p.Tables {
		if i == 0 {
			m.Table(t)
		} else {
			m.tables([]page.Table{t})
		}
	}
	m.foldPictures("Memory", of(pictures, p.Name, view.Memory))
	m.foldPictures("Timelines", append(of(pictures, p.Name, view.Below), of(pictures, p.Name, view.Small)...))
	if len(p.Laws) > 0 {
		m.Fold("Laws", func() {
			m.claims(p.Laws)
			for _, t := range p.LawTables {
				m.Table(t)
			}
		})
	}
}

// sizes is what the size of the work does to p.
func (m writer) sizes(p *view.Workload, pictures []view.Picture) {
	if len(p.BySize) == 0 {
		return
	}
	m.Line("\n### Size of the work")
	m.pictures(pictures)
	for _, s := range p.BySize {
		m.List("", s.Claims)
		m.tables(s.Tables)
	}
	for _, s := range p.Smaller {
		m.Fold(s.Title, func() {
			m.claims(s.Claims)
			for _, t := range s.Tables {
				m.Table(t)
			}
		})
	}
}

// first is what of p stands on the first screen beside its curve.
func (m writer) first(p *view.Workload) {
	if len(p.First.Findings) > 0 {
		m.Line("\nWhere most of the lost core time goes:\n")
		for i, c := range p.First.Findings {
			about := ""
			if c.Found.About != "" {
				about = "; without it " + c.Found.About
			}
			m.Line("%d. **%s** %s", i+1, words.Markdown(c.Found.Share),
				words.Markdown(fmt.Sprintf("%s (%s%s)", c.Found.What, c.Found.Where, about)))
		}
	}
	var caveats []string
	for _, c := range p.First.Caveats {
		caveats = append(caveats, c.Text)
	}
	if p.First.Others > 0 {
		caveats = append(caveats, fmt.Sprintf("%d more below.", p.First.Others))
	}
	m.List("Before you rely on it:", caveats)
}

// claims numbers what is concluded, with the evidence of each.
func (m writer) claims(list []view.Claim) {
	m.Line("")
	for i, c := range list {
		m.Line("%d. %s", i+1, words.Markdown(c.Text))
		for _, e := range c.Evidence {
			m.Line("   - %s", words.Markdown(e))
		}
	}
}

// mostDetails is how many warnings of one kind stand there.
const mostDetails = 100

// caveats lists the failed runs, and what was warned of, each kind once, with all there is of it folded away.
func (m writer) caveats(v *view.View) {
	if len(v.Warnings)+len(v.Failures) == 0 {
		return
	}
	m.Line("\n## Caveats")
	m.List("### Failed runs", v.Failures)
	var all []string
	for _, n := range v.Warnings {
		all = append(all, n.Text)
	}
	m.fold(words.Plural(len(all), "kind of warning", "kinds of warnings"), all)
	for _, n := range v.Warnings {
		details := n.Details
		if more := len(details) - mostDetails; more > 0 {
			details = append(slices.Clone(details[:mostDetails]), fmt.Sprintf("(%s in report.html)", words.Plural(more, "more is", "more are")))
		}
		m.fold(n.Text, details)
	}
}

// fold folds a list away; nothing for no items.
func (m writer) fold(summary string, items []string) {
	if len(items) > 0 {
		m.Fold(summary, func() { m.List("", items) })
	}
}

// tables folds tables away.
func (m writer) tables(all []page.Table) {
	for _, t := range all {
		m.Fold(cmp.Or(t.Title, t.Caption, "Table"), func() { m.Table(t) })
	}
}

// foldPictures folds pictures away; nothing for none.
func (m writer) foldPictures(summary string, all []view.Picture) {
	if len(all) > 0 {
		m.Fold(fmt.Sprintf("%s (%s)", summary, words.Plural(len(all), "picture", "pictures")), func() { m.pictures(all) })
	}
}

// of are the pictures of a workload that stand at place; those of "" belong to several.
func of(pictures []view.Picture, workload string, place view.Place) []view.Picture {
	var out []view.Picture
	for _, p := range pictures {
		if p.Workload == workload && p.Place == place {
			out = append(out, p)
		}
	}
	return out
}

// pictures puts pictures in.
func (m writer) pictures(all []view.Picture) {
	for _, p := range all {
		m.Line("\n![%s](%s.png)", words.Markdown(p.Alt), p.Name)
		m.Para(p.Caption)
	}
}
