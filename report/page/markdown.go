package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/report/words"
)

// A Markdown collects a document. But for [Markdown.Line], texts are words, and what is markup in them is escaped.
type Markdown struct{ b strings.Builder }

// String is the document.
func (m *Markdown) String() string { return m.b.String() }

// MostComment is how many bytes a document may have that becomes a comment on a change, or a part of one: GitHub takes
// 65,536 characters, a run that is held against gates writes two, and who sends them may add some. A summary of a step
// may have 1 MiB.
const MostComment = 32_000

// WriteComment writes the document in at most [MostComment] bytes. What does not fit is left out, each paragraph, list
// and table whole, and that it stands in rest is said at the end.
func (m *Markdown) WriteComment(w io.Writer, rest string) error {
	const room = 200 // for what is said of it
	var kept []string
	size, left := 0, 0
	for part := range strings.SplitSeq(strings.TrimRight(m.String(), "\n"), "\n\n") {
		if size+len(part)+2 > MostComment-room {
			left++
			continue
		}
		kept, size = append(kept, part), size+len(part)+2
	}
	if left > 0 {
		kept = append(kept, words.Markdown(fmt.Sprintf("(%s not fit into a comment: see %s)", words.Plural(left, "part of this does", "parts of this do"), rest)))
	}
	if _, err := io.WriteString(w, strings.Join(kept, "\n\n")+"\n"); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	return nil
}

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
