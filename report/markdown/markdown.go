// Package markdown writes report.md.
package markdown

import (
	"fmt"
	"io"
	"slices"

	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// Write writes report.md, which refers to the pictures by their file names beside it.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	m := writer{&page.Markdown{}}
	m.Line("# corecurve: %s", words.Markdown(v.Heading))
	for i := range v.Workloads {
		m.workload(&v.Workloads[i], pictures)
	}
	if len(v.Workloads) == 0 {
		m.Line("\n**Nothing was measured.**")
	}
	for _, place := range []view.Place{view.Lead, view.Causes, view.Memory, view.Below, view.Small} {
		m.pictures("", place, pictures)
	}
	m.Line("\n## What was run\n")
	m.Line("| | |\n|---|---|")
	for _, f := range v.Ran {
		m.Line("| %s | %s |", words.Markdown(f.Name), words.Markdown(f.Text))
	}
	m.Para(v.Method)
	m.List("## Failed runs", v.Failures)
	m.notices("## Warnings", v.Warnings)
	m.Para(v.Embeds)
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("report.md: %w", err)
	}
	return nil
}

// A writer knows how the parts of a report are set.
type writer struct{ *page.Markdown }

func (m writer) workload(p *view.Workload, pictures []view.Picture) {
	m.Line("\n## %s", words.Markdown(p.Title))
	m.Line("\n*%s*", words.Markdown(p.Question))
	m.Para(p.Bound)
	for _, s := range p.Advice {
		m.Para(s)
	}
	m.List("", p.Evidence)
	m.pictures(p.Name, view.Lead, pictures)
	if len(p.Accounts) > 0 {
		m.Line("\n### Where the cores go")
		m.pictures(p.Name, view.Causes, pictures)
		for _, t := range p.Accounts {
			m.Table(t)
		}
	}
	if len(p.Findings)+len(p.Others) > 0 {
		m.Line("\n### Findings\n")
		m.claims(p.Findings)
		if len(p.Others) > 0 {
			m.Line("\n<details><summary>%d of other counts</summary>\n", len(p.Others))
			m.claims(p.Others)
			m.Line("\n</details>")
		}
	}
	m.Line("\n### Figures")
	for _, t := range p.Tables {
		m.Table(t)
	}
	m.pictures(p.Name, view.Memory, pictures)
	if slices.ContainsFunc(pictures, func(x view.Picture) bool {
		return x.Workload == p.Name && (x.Place == view.Below || x.Place == view.Small)
	}) {
		m.Line("\n### Timelines")
	}
	m.pictures(p.Name, view.Below, pictures)
	m.pictures(p.Name, view.Small, pictures)
	if len(p.Laws) > 0 {
		m.Line("\n### Laws\n")
		m.claims(p.Laws)
		for _, t := range p.LawTables {
			m.Table(t)
		}
	}
}

func (m writer) claims(list []view.Claim) {
	for i, c := range list {
		m.Line("%d. %s", i+1, words.Markdown(c.Text))
		for _, e := range c.Evidence {
			m.Line("   - %s", words.Markdown(e))
		}
	}
}

// notices lists what was warned of, each kind once; what there is of a kind is folded away.
func (m writer) notices(head string, list []view.Notice) {
	var all []string
	for _, n := range list {
		all = append(all, n.Text)
	}
	m.List(head, all)
	for _, n := range list {
		if len(n.Details) > 0 {
			m.List("<details><summary>"+words.Markdown(n.Text)+"</summary>", n.Details)
			m.Line("\n</details>")
		}
	}
}

// pictures puts in the pictures of a workload that stand at place; those of "" belong to several.
func (m writer) pictures(workload string, place view.Place, pictures []view.Picture) {
	for _, p := range pictures {
		if p.Workload == workload && p.Place == place {
			m.Line("\n![%s](%s.png)", words.Markdown(p.Alt), p.Name)
			m.Para(p.Caption)
		}
	}
}
