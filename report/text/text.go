// Package text writes a report for a terminal.
package text

import (
	"bufio"
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

// Write writes the report for a terminal, short enough to be read there: for every workload the finding, the curve, one table, and what
// decided; then once the machine, and at the end, where a reader of a terminal looks first, failures and warnings. What was run and every
// figure stand in report.md and report.html.
func Write(w io.Writer, v *view.View, opt Options) error {
	t := &writer{width: max(cmp.Or(opt.Width, 80), minWidth), opt: opt, cpus: len(v.Study.Header.Host.CPUs)}
	claims := mostClaims
	if len(v.Workloads) > 1 {
		claims--
	}
	for i := range v.Workloads {
		t.workload(&v.Workloads[i], claims)
	}
	if len(v.Workloads) == 0 {
		t.strong("Nothing was measured.")
		t.blank()
	}
	t.para(v.Ground)
	t.para(notes(v.Workloads))
	t.section("Failed runs", v.Failures)
	warnings, more := briefWarnings(v.Warnings)
	t.section("Warnings", warnings)
	if more > 0 {
		t.para(fmt.Sprintf("(%s of warnings in report.md)", words.Plural(more, "more kind", "more kinds")))
	}
	out := bufio.NewWriter(w)
	for _, l := range t.out {
		if _, err := out.WriteString(l + "\n"); err != nil {
			return fmt.Errorf("report text: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("report text: %w", err)
	}
	return nil
}

// workload writes one workload with at most so many of its findings.
func (t *writer) workload(w *view.Workload, claims int) {
	t.strong(w.Title)
	t.blank()
	t.lines(graphs(w.Curves, t.cpus, t.width, t.opt.Color))
	for _, tab := range w.Brief.Tables {
		tab.Notes = nil // they stand once, below all workloads
		t.blank()
		t.lines(table(tab, t.width))
	}
	t.blank()
	for _, s := range w.Brief.Why {
		t.para(s)
	}
	t.para(w.Brief.Advice)
	shown := w.Findings[:min(len(w.Findings), claims)]
	for _, c := range shown {
		t.lines(words.Item("- ", c.Text, t.width))
	}
	if more := len(w.Findings) + len(w.Others) - len(shown); more > 0 {
		t.para(fmt.Sprintf("(%s in report.html)", words.Plural(more, "more finding", "more findings")))
	}
	t.blank()
}

// A writer collects lines.
type writer struct {
	width int
	cpus  int // of the machine
	opt   Options
	out   []string
}

func (t *writer) lines(lines []string) {
	for _, l := range lines {
		l = strings.TrimRight(words.Plain(l), " ")
		if t.opt.ASCII {
			l = ascii(l)
		}
		t.out = append(t.out, l)
	}
}

// blank separates; it never stands twice nor first.
func (t *writer) blank() {
	if n := len(t.out); n > 0 && t.out[n-1] != "" {
		t.out = append(t.out, "")
	}
}

func (t *writer) para(s string) { t.lines(words.Wrap(s, t.width, "", "")) }

func (t *writer) strong(s string) {
	lines := words.Wrap(s, t.width, "", "")
	if t.opt.Color {
		for i, l := range lines {
			lines[i] = sgr("1", l)
		}
	}
	t.lines(lines)
}

func (t *writer) items(list []string) {
	for _, s := range list {
		t.lines(words.Item("- ", s, t.width))
	}
}

func (t *writer) section(head string, list []string) {
	if len(list) == 0 {
		return
	}
	t.blank()
	t.strong(head)
	t.items(list)
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

// notes are those of all tables, each once and up to where its explanation begins.
func notes(workloads []view.Workload) string {
	var out []string
	for i := range workloads {
		for _, t := range workloads[i].Brief.Tables {
			for _, n := range t.Notes {
				if short, _, _ := strings.Cut(n, "; "); !slices.Contains(out, short) {
					out = append(out, short)
				}
			}
		}
	}
	return words.Sentence(strings.Join(out, "; "))
}
