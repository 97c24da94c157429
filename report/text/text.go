// Package text writes a report for a terminal.
package text

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// Options say how text is written.
type Options struct {
	Width int  // of the terminal in columns; default 80
	Color bool // with colours; nothing depends on them
	ASCII bool // without box-drawing characters, ×, – and µ
}

// minWidth is the least width that text is laid out for.
const minWidth = 40

// mostClaims is the number of findings that the terminal gives of a workload; of each of several, one less.
const mostClaims = 3

// What the terminal gives of what a study can have any number of: workloads, tables of each, ways in which runs failed,
// characters of a paragraph.
const (
	mostFolded   = 2 // workloads of those that are folded away in other documents
	mostTables   = 64
	mostFailures = 8
	mostChars    = 2000
)

// Write writes the report for a terminal, short enough to be read there: for every workload the finding, the curve, one
// table, and what decided; then once the machine, and at the end, where a reader of a terminal looks first, failures
// and warnings. What was run and every figure stand in report.html.
func Write(w io.Writer, v *view.View, opt Options) error {
	t := &writer{
		Text: words.Text{Width: max(cmp.Or(opt.Width, 80), minWidth)}, opt: opt,
		cpus: len(v.Study.Header.Host.CPUs),
	}
	claims := mostClaims
	if len(v.Workloads) > 1 {
		claims--
	}
	shown := v.Ordered()
	if v.Folded() {
		shown = shown[:mostFolded]
	}
	if v.Overview != nil {
		t.overview(v)
	}
	for _, i := range shown {
		t.workload(&v.Workloads[i], claims)
	}
	if more := len(v.Workloads) - len(shown); more > 0 {
		t.Para(fmt.Sprintf("(%s in report.html)", words.Plural(more, "more workload", "more workloads")))
		t.Blank()
	}
	if len(v.Workloads) == 0 {
		t.strong("Nothing was measured.")
		t.Blank()
	}
	t.Para(v.Ground)
	t.Para(v.BriefNotes(shown))
	t.section("Failed runs", v.Failures[:min(len(v.Failures), mostFailures)])
	t.more(len(v.Failures)-mostFailures, "way in which runs failed", "ways in which runs failed")
	warnings, more := briefWarnings(slices.DeleteFunc(slices.Clone(v.Warnings), func(n view.Notice) bool { return n.Told }))
	t.section("Warnings", warnings)
	t.more(more, "kind of warnings", "kinds of warnings")
	if opt.ASCII {
		for i, l := range t.Lines {
			t.Lines[i] = ascii(words.Plain(l))
		}
	}
	if err := t.Write(w); err != nil {
		return fmt.Errorf("report text: %w", err)
	}
	return nil
}

// overview writes the workloads beside each other.
func (t *writer) overview(v *view.View) {
	t.strong(v.Title)
	for _, s := range v.Overview.Said {
		t.Para(s)
	}
	t.Blank()
	t.Lines = append(t.Lines, v.Overview.Brief.Text(t.Width)...)
	t.Blank()
}

// workload writes one workload with at most so many of its findings.
func (t *writer) workload(w *view.Workload, claims int) {
	t.strong(w.Title)
	t.Blank()
	if w.Brief.Sizes != "" {
		t.Para(w.Brief.Sizes)
		t.Blank()
	}
	t.Lines = append(t.Lines, graphs(w.Curves, t.cpus, t.Width, t.opt.Color)...)
	for _, tab := range w.Brief.Tables[:min(len(w.Brief.Tables), mostTables)] {
		tab.Notes = nil // they stand once, below all workloads
		t.Blank()
		t.Lines = append(t.Lines, tab.Text(t.Width)...)
	}
	t.more(len(w.Brief.Tables)-mostTables, "table", "tables")
	t.Blank()
	for _, s := range w.Brief.Why {
		t.Para(s)
	}
	t.Para(w.Brief.Advice)
	for _, p := range w.Predicted {
		t.Para(p.Text)
	}
	shown := w.Findings[:min(len(w.Findings), claims)]
	for _, c := range shown {
		t.Item("- ", c.Text)
	}
	if more := w.Told() - len(shown); more > 0 {
		t.Para(fmt.Sprintf("(%s in report.html)", words.Plural(more, "more finding", "more findings")))
	}
	t.Blank()
}

// A writer is the page and how it is written.
type writer struct {
	words.Text
	cpus int // of the machine
	opt  Options
}

// Para and Item are those of the page, of no more than a reader of a terminal reads.
func (t *writer) Para(s string) { t.Text.Para(brief(s)) }

// Item is as Para.
func (t *writer) Item(mark, s string) { t.Text.Item(mark, brief(s)) }

// more says that n of something stand in report.html alone; below 1 nothing.
func (t *writer) more(n int, one, many string) {
	if n > 0 {
		t.Para(fmt.Sprintf("(%s in report.html)", words.Plural(n, "more "+one, "more "+many)))
	}
}

// brief returns the beginning of a text that is longer than mostChars characters, and how many are left out.
func brief(s string) string {
	n, cut := 0, 0
	for i := range s {
		if n++; n == mostChars {
			cut = i
		}
	}
	if n <= mostChars {
		return s
	}
	return fmt.Sprintf("%s… (%d more characters in report.html)", s[:cut], n-mostChars+1)
}

func (t *writer) strong(s string) {
	first := len(t.Lines)
	t.Para(s)
	for i := first; t.opt.Color && i < len(t.Lines); i++ {
		t.Lines[i] = sgr("1", t.Lines[i])
	}
}

func (t *writer) section(head string, list []string) {
	if len(list) == 0 {
		return
	}
	t.Blank()
	t.strong(head)
	for _, s := range list {
		t.Item("- ", s)
	}
}

// ascii replaces what is beyond ASCII, one character by one, so that columns stay aligned.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		if i := strings.IndexRune(asciiFrom, r); i >= 0 {
			return rune(asciiTo[utf8.RuneCountInString(asciiFrom[:i])])
		}
		return '?'
	}, s)
}

// Characters and their replacements, in the same order.
const (
	asciiFrom = "×–—µ±≤≥…π·─│┤┼╭╮╰╯╴╶●■▲◆“”’"
	asciiTo   = "x--u~<>.p.-|||..''--o#^%\"\"'"
)

// mostWarnings is the number of kinds of warnings that the terminal gives.
const mostWarnings = 8

// briefWarnings are the warnings for a terminal: those that matter most if there are many, and how many more there are.
func briefWarnings(all []view.Notice) (shown []string, more int) {
	room := mostWarnings
	for _, n := range all {
		if room > 0 && !n.Minor {
			room--
		}
	}
	major := mostWarnings
	for _, n := range all {
		switch {
		case n.Minor && room > 0:
			room--
		case n.Minor || major == 0:
			more++
			continue
		default:
			major--
		}
		shown = append(shown, n.Text)
	}
	return shown, more
}
