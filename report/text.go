package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

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

// WriteText writes the report for a terminal, short enough to be read there: for every workload the finding, the curve, one table, and what
// decided; then once the machine, and at the end, where a reader of a terminal looks first, failures and warnings. What was run and every
// figure stand in report.md and report.html.
func (r *Report) WriteText(w io.Writer, opt Options) error {
	width := max(cmp.Or(opt.Width, 80), minWidth)
	v := r.view()
	t := &textWriter{width: width, opt: opt}
	claims := mostClaims
	if len(v.Parts) > 1 {
		claims--
	}
	var tables []table
	for i := range v.Parts {
		p := &v.Parts[i]
		own := r.briefTables(p.workload)
		r.textPart(t, p, own, claims)
		tables = append(tables, own...)
	}
	if len(v.Parts) == 0 {
		t.strong("Nothing was measured.")
		t.blank()
	}
	t.para(r.groundText())
	t.para(briefNotes(tables))
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

// textPart writes one workload with at most so many of its findings.
func (r *Report) textPart(t *textWriter, p *part, tables []table, claims int) {
	t.strong(p.Title)
	t.blank()
	t.lines(r.graphs(p.workload, t.width, t.opt.Color))
	for _, tab := range tables {
		tab.Notes = nil // they stand once, below all workloads
		t.blank()
		t.lines(tab.text(t.width))
	}
	t.blank()
	for _, s := range r.why(p.workload) {
		t.para(s)
	}
	if s := p.workload.briefAdvice(r.study.Efficiency); s != "" {
		t.para(s)
	}
	shown := p.Findings[:min(len(p.Findings), claims)]
	for _, c := range shown {
		t.lines(words.Item("- ", c.Text, t.width))
	}
	if more := len(p.Findings) + len(p.Others) - len(shown); more > 0 {
		t.para(fmt.Sprintf("(%s in report.html)", words.Plural(more, "more finding", "more findings")))
	}
	t.blank()
}

// A textWriter collects lines.
type textWriter struct {
	width int
	opt   Options
	out   []string
}

func (t *textWriter) lines(lines []string) {
	for _, l := range lines {
		l = strings.TrimRight(words.Plain(l), " ")
		if t.opt.ASCII {
			l = ascii(l)
		}
		t.out = append(t.out, l)
	}
}

// blank separates; it never stands twice nor first.
func (t *textWriter) blank() {
	if n := len(t.out); n > 0 && t.out[n-1] != "" {
		t.out = append(t.out, "")
	}
}

func (t *textWriter) para(s string) { t.lines(words.Wrap(s, t.width, "", "")) }

func (t *textWriter) strong(s string) {
	lines := words.Wrap(s, t.width, "", "")
	if t.opt.Color {
		for i, l := range lines {
			lines[i] = sgr("1", l)
		}
	}
	t.lines(lines)
}

func (t *textWriter) items(list []string) {
	for _, s := range list {
		t.lines(words.Item("- ", s, t.width))
	}
}

func (t *textWriter) section(head string, list []string) {
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
