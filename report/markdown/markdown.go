// Package markdown writes report.md.
package markdown

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// Write writes report.md, which refers to the pictures by their file names beside it.
func Write(w io.Writer, v *view.View, pictures []view.Picture) error {
	m := &writer{}
	m.line("# corecurve: %s", words.Markdown(v.Heading))
	for i := range v.Workloads {
		m.workload(&v.Workloads[i], pictures)
	}
	if len(v.Workloads) == 0 {
		m.para("**Nothing was measured.**")
	}
	for _, place := range []view.Place{view.Lead, view.Causes, view.Memory, view.Below, view.Small} {
		m.pictures("", place, pictures)
	}
	m.line("\n## What was run\n")
	m.line("| | |\n|---|---|")
	for _, f := range v.Ran {
		m.line("| %s | %s |", words.Markdown(f.Name), words.Markdown(f.Text))
	}
	m.para(words.Markdown(v.Method))
	m.list("Failed runs", v.Failures)
	m.notices("Warnings", v.Warnings)
	m.para(words.Markdown(v.Embeds))
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(m.b.String()); err != nil {
		return fmt.Errorf("report.md: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("report.md: %w", err)
	}
	return nil
}

// A writer collects a document.
type writer struct{ b strings.Builder }

func (m *writer) line(format string, args ...any) {
	fmt.Fprintf(&m.b, format+"\n", args...)
}

func (m *writer) para(text string) {
	if text != "" {
		m.line("\n%s", text)
	}
}

func (m *writer) workload(p *view.Workload, pictures []view.Picture) {
	m.line("\n## %s", words.Markdown(p.Title))
	m.para("*" + words.Markdown(p.Question) + "*")
	m.para(words.Markdown(p.Bound))
	for _, s := range p.Advice {
		m.para(words.Markdown(s))
	}
	for _, e := range p.Evidence {
		m.line("%s- %s", m.gap(), words.Markdown(e))
	}
	m.pictures(p.Name, view.Lead, pictures)
	if len(p.Accounts) > 0 {
		m.line("\n### Where the cores go")
		m.pictures(p.Name, view.Causes, pictures)
		for _, t := range p.Accounts {
			m.table(t)
		}
	}
	if len(p.Findings)+len(p.Others) > 0 {
		m.line("\n### Findings\n")
		m.claims(p.Findings)
		if len(p.Others) > 0 {
			m.line("\n<details><summary>%d of other counts</summary>\n", len(p.Others))
			m.claims(p.Others)
			m.line("\n</details>")
		}
	}
	m.line("\n### Figures")
	for _, t := range p.Tables {
		m.table(t)
	}
	m.pictures(p.Name, view.Memory, pictures)
	if slices.ContainsFunc(pictures, func(x view.Picture) bool {
		return x.Workload == p.Name && (x.Place == view.Below || x.Place == view.Small)
	}) {
		m.line("\n### Timelines")
	}
	m.pictures(p.Name, view.Below, pictures)
	m.pictures(p.Name, view.Small, pictures)
	if len(p.Laws) > 0 {
		m.line("\n### Laws\n")
		m.claims(p.Laws)
		for _, t := range p.LawTables {
			m.table(t)
		}
	}
}

func (m *writer) claims(list []view.Claim) {
	for i, c := range list {
		m.line("%d. %s", i+1, words.Markdown(c.Text))
		for _, e := range c.Evidence {
			m.line("   - %s", words.Markdown(e))
		}
	}
}

// gap begins a list: an empty line before its first item.
func (m *writer) gap() string {
	s := m.b.String()
	if last := strings.LastIndexByte(strings.TrimSuffix(s, "\n"), '\n'); strings.HasPrefix(s[last+1:], "- ") {
		return ""
	}
	return "\n"
}

func (m *writer) list(head string, items []string) {
	if len(items) == 0 {
		return
	}
	m.line("\n## %s\n", head)
	for _, s := range items {
		m.line("- %s", words.Markdown(s))
	}
}

// notices lists what was warned of, each kind once; what there is of a kind is folded away.
func (m *writer) notices(head string, list []view.Notice) {
	if len(list) == 0 {
		return
	}
	m.line("\n## %s\n", head)
	for _, n := range list {
		m.line("- %s", words.Markdown(n.Text))
	}
	for _, n := range list {
		if len(n.Details) == 0 {
			continue
		}
		m.line("\n<details><summary>%s</summary>\n", words.Markdown(n.Text))
		for _, d := range n.Details {
			m.line("- %s", words.Markdown(d))
		}
		m.line("\n</details>")
	}
}

// pictures puts in the pictures of a workload that stand at place; those of "" belong to several.
func (m *writer) pictures(workload string, place view.Place, pictures []view.Picture) {
	for _, p := range pictures {
		if p.Workload == workload && p.Place == place {
			m.line("\n![%s](%s.png)", words.Markdown(p.Alt), p.Name)
			m.para(words.Markdown(p.Caption))
		}
	}
}

func (m *writer) table(t view.Table) {
	m.para(words.Markdown(t.Caption))
	m.line("")
	names, rules := make([]string, len(t.Head)), make([]string, len(t.Head))
	for i, h := range t.Head {
		names[i], rules[i] = words.Markdown(h.Full()), "---:"
		if h.Left {
			rules[i] = "---"
		}
	}
	m.line("| %s |", strings.Join(names, " | "))
	m.line("|%s|", strings.Join(rules, "|"))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = words.Markdown(c)
		}
		m.line("| %s |", strings.Join(cells, " | "))
	}
	if len(t.Notes) > 0 {
		m.para(words.Markdown(strings.Join(t.Notes, "; ") + "."))
	}
}
