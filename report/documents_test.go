package report

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNoNaN: what is not known is a dash or null, in every document of every study.
func TestNoNaN(t *testing.T) {
	bad := regexp.MustCompile(`\bNaN\b|[+-]Inf\b|%!`)
	for name, in := range studies() {
		r := Build(study.Analyze(in))
		for doc, s := range map[string]string{
			"text":     written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) }),
			"json":     written(t, r.WriteJSON),
			"markdown": written(t, func(w io.Writer) error { return r.WriteMarkdown(w, nil) }),
			"summary":  written(t, r.WriteSummary),
			"html":     written(t, func(w io.Writer) error { return r.WriteHTML(w, nil) }),
		} {
			if at := bad.FindStringIndex(s); at != nil {
				t.Errorf("%s, %s: …%s…", name, doc, s[max(0, at[0]-60):min(len(s), at[1]+20)])
			}
		}
	}
}

// TestDeterminism draws the same study again from an input that was made anew.
func TestDeterminism(t *testing.T) {
	all := func() string {
		r := Build(study.Analyze(studies()["two workloads, both modes"]))
		p := draw(t, r)
		return written(t, r.WriteJSON) + written(t, r.WriteSummary) + written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) }) +
			written(t, func(w io.Writer) error { return r.WriteMarkdown(w, p) }) + written(t, func(w io.Writer) error { return r.WriteHTML(w, p) })
	}
	first := all()
	if again := all(); again != first {
		t.Error("the same study gives other bytes")
	}
}

func TestTextWidth(t *testing.T) {
	for name, in := range studies() {
		r := Build(study.Analyze(in))
		for _, width := range []int{40, 60, 80, 132} {
			s := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{Width: width}) })
			for line := range strings.Lines(s) {
				line = strings.TrimSuffix(line, "\n")
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s: %d columns of %d: %q", name, n, width, line)
				}
				if strings.ContainsAny(line, "\x1b\u00a0\r") {
					t.Errorf("%s: %q", name, line)
				}
			}
		}
	}
}

// Where others took a quarter of the time of all runs, the tables mark the points and say what the mark means.
func TestTextMarksNoise(t *testing.T) {
	f := failing()
	for i := range f.in.Results {
		r := &f.in.Results[i]
		r.Noise.Steal, r.User, r.Sys = r.Total/4, r.User/2, r.Sys/2
	}
	r := Build(study.Analyze(f.in))
	s := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) })
	for _, want := range []string{"10~ ", "~: other programs or the hypervisor took some of its time"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
}

// TestTextOrder: the finding comes first, warnings last.
func TestTextOrder(t *testing.T) {
	f := failing()
	r := Build(study.Analyze(f.in))
	s := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) })
	if !strings.HasPrefix(s, "pi: ") {
		t.Errorf("begins with %q", s[:40])
	}
	var at []int
	for _, head := range []string{"┤", "n runs", "pi is CPU-bound on threads: with", "On AMD EPYC", "Failed runs", "Warnings"} {
		i := strings.Index(s, head)
		if i < 0 {
			t.Errorf("no %q in\n%s", head, s)
		}
		at = append(at, i)
	}
	if !slices.IsSorted(at) {
		t.Errorf("order %v in\n%s", at, s)
	}
	for _, want := range []string{"0!10", `\u001b[31m<script>`, " / boom"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
}

// TestTextLength: two workloads on threads and processes, the study that is made without arguments, can be read without
// scrolling far.
func TestTextLength(t *testing.T) {
	r := Build(study.Analyze(studies()["two workloads, both modes"]))
	s := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) })
	if n := strings.Count(s, "\n"); n > 70 {
		t.Errorf("%d lines:\n%s", n, s)
	}
}

// TestWhy merges what decided over the modes: the figures of threads, and those of processes where they differ.
func TestWhy(t *testing.T) {
	r := Build(study.Analyze(both().in))
	got := r.View.Workloads[0].Brief.Why
	if len(got) != 1 {
		t.Fatalf("got %q", got)
	}
	// Threads are 512 / 266 = 1.92× as fast, processes 512 / 277 = 1.85×, and the spin loop 2 × 96 / 98 = 1.96×.
	text := words.Plain(got[0])
	for _, want := range []string{"pi is CPU-bound on threads and processes: with 1 worker ", "its speedup is ", " (processes 9"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "as fast as") {
		t.Errorf("repeats the table: %s", text)
	}
}

func TestTextASCIIAndColor(t *testing.T) {
	r := Build(study.Analyze(both().in))
	s := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{ASCII: true}) })
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
		t.Errorf("not ASCII at %q", s[i:min(len(s), i+20)])
	}
	plain := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) })
	color := written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{Color: true}) })
	if !strings.Contains(color, "\x1b[") {
		t.Error("no colour")
	}
	if got := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(color, ""); got != plain {
		t.Errorf("colour changes the text:\n%s\n%s", got, plain)
	}
}

// TestGraph looks for every measured point above its count: marks stand in the column under which the count is written.
func TestGraph(t *testing.T) {
	f := newFake(4)
	f.sweep("pi", sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 0, 400 * ms}, spot{2, 200 * ms, 0, 400 * ms}, spot{4, 100 * ms, 0, 400 * ms}, spot{8, 100 * ms, 0, 400 * ms})
	r := Build(study.Analyze(f.in))
	all := strings.Split(written(t, func(w io.Writer) error { return r.WriteText(w, text.Options{}) }), "\n")[2:] // below the title
	lines := all[:slices.IndexFunc(all, func(l string) bool { return l == "" })]
	if len(lines) > 20 {
		t.Errorf("%d lines", len(lines))
	}
	counts := len(lines) - 2
	for _, n := range r.View.Workloads[0].Curves[0].Points {
		col := utf8.RuneCountInString(lines[counts][:strings.Index(lines[counts], fmt.Sprint(n.N))])
		marks := 0
		for _, l := range lines[:counts] {
			if line := []rune(l); col < len(line) && line[col] == '●' {
				marks++
			}
		}
		if marks != 1 {
			t.Errorf("n = %d has %d marks in column %d:\n%s", n.N, marks, col, strings.Join(lines, "\n"))
		}
	}
	// 4 workers on 4 cores are about 4×: the mark stands in the top row, and so does the ideal's end.
	if !strings.Contains(lines[0], "4.0×") || !strings.Contains(lines[0]+lines[1], "●") {
		t.Errorf("top row:\n%s", strings.Join(lines, "\n"))
	}
}

func TestMarkdown(t *testing.T) {
	r := Build(study.Analyze(failing().in))
	pictures := draw(t, r)
	s := written(t, func(w io.Writer) error { return r.WriteMarkdown(w, pictures) })
	for _, want := range []string{"# corecurve: pi\n", "](speedup.png)\n", "| n | runs |", "## How it was measured", "&lt;script&gt;", `boom \| \`} {
		if !strings.Contains(s, want) {
			t.Errorf("lacks %q", want)
		}
	}
	// Every row of a table has as many cells as its head.
	cells := 0
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if cells == 0 {
			cells = n
		}
		if n != cells {
			t.Errorf("%d cells, want %d: %s", n-1, cells-1, line)
		}
	}
}

// report.md is short: of one workload some kilobytes, of many not much more. What it leaves out is said to stand in
// report.html.
func TestMarkdownIsShort(t *testing.T) {
	many := newFake(2)
	for i := range 100 {
		many.sweep(fmt.Sprintf("package.bench-%03d", i), sweep.Threads, sweep.Strong, 5, spot{1, 400 * ms, 4 * ms, 396 * ms},
			spot{2, time.Duration(200+2*i) * ms, 4 * ms, 400 * ms})
	}
	many.in.Resamples = 50
	all := studies()
	all["a hundred workloads"] = many.in
	for name, in := range all {
		r := Build(study.Analyze(in))
		var pictures []view.Picture
		for _, f := range r.Figures() {
			pictures = append(pictures, f.Picture)
		}
		s := written(t, func(w io.Writer) error { return r.WriteMarkdown(w, pictures) })
		if most := 6<<10 + min(len(in.Header.Workloads)-1, 4)<<10; len(s) > most {
			t.Errorf("%s: %d bytes, more than %d: %s", name, len(s), most, s)
		}
		if !strings.Contains(s, "report.html has the evidence") {
			t.Errorf("%s: it is not said where the rest is: %s", name, s)
		}
		if name == "a hundred workloads" && !strings.Contains(s, "(90 more workloads in report.html)") {
			t.Errorf("%s: what is left out is not said: %s", name, s)
		}
	}
}
