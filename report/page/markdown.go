package page

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A Markdown collects a document. But for [Markdown.Line], texts are words, and what is markup in them is escaped.
type Markdown struct{ b strings.Builder }

// String is the document.
func (m *Markdown) String() string { return m.b.String() }

// Line adds a line of markup.
func (m *Markdown) Line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

// Para adds a paragraph; nothing for no text.
func (m *Markdown) Para(text string) {
	if text != "" {
		m.Line("\n%s", words.Markdown(text))
	}
}

// List adds a list under a head, which is markup; nothing for no items.
func (m *Markdown) List(head string, items []string) {
	if len(items) == 0 {
		return
	}
	if head != "" {
		m.Line("\n%s", head)
	}
	m.Line("")
	for _, s := range items {
		m.Line("- %s", words.Markdown(s))
	}
}

// Fold adds what body adds, folded away behind a summary, which is words.
func (m *Markdown) Fold(summary string, body func()) {
	m.Line("\n<details><summary>%s</summary>", words.Markdown(summary))
	body()
	m.Line("\n</details>")
}

// Table adds a table.
func (m *Markdown) Table(t Table) {
	m.Para(t.Caption)
	m.Line("")
	names, rules := make([]string, len(t.Head)), make([]string, len(t.Head))
	for i, h := range t.Head {
		names[i], rules[i] = words.Markdown(h.Full()), "---:"
		if h.Left {
			rules[i] = "---"
		}
	}
	m.Line("| %s |", strings.Join(names, " | "))
	m.Line("|%s|", strings.Join(rules, "|"))
	for r, row := range t.Rows {
		cells := make([]string, len(t.Head))
		for i, c := range row {
			cells[i] = words.Markdown(c)
			if t.Strong && t.Grade(r, i) != pop.Unknown {
				cells[i] = "**" + cells[i] + "**"
			}
		}
		m.Line("| %s |", strings.Join(cells, " | "))
	}
	if len(t.Notes) > 0 {
		m.Para(strings.Join(t.Notes, "; ") + ".")
	}
}
