package chart

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// several is a panel for each of n workloads, on threads and on processes.
func several(n int) Multiples {
	m := Multiples{Words: Words{Title: "3 of 4 workloads get faster, most w0, 3.9× on 4 workers"}}
	for i := range n {
		p := Multiple{Name: fmt.Sprintf("w%d", i), Cores: 4, Ceiling: []Reading{{1, 1}, {2, 1.97}, {4, 3.8}}}
		for _, mode := range []sweep.Mode{sweep.Threads, sweep.Procs} {
			top := 4 / (1 + float64(i))
			p.Lines = append(p.Lines, Line{
				Name:  map[sweep.Mode]string{sweep.Threads: "threads", sweep.Procs: "processes"}[mode],
				Curve: measured(p.Name, mode, map[int]float64{1: 1, 2: (1 + top) / 2, 4: top}, 1, 2, 4),
			})
		}
		m.Panels = append(m.Panels, p)
	}
	return m
}

func TestMultiples(t *testing.T) {
	m := several(4)
	m.Panels[3].Name = strings.Repeat("a workload with a name of many words ", 2)
	svg := svgOf(t, m)
	wants(t, svg, ">w0<", ">w2<", ">threads<", ">processes<", ">4.00×<", ">1.33×<", "dashed: the ceiling measured here")
	n := 0
	for _, text := range texts(t, svg) {
		n += strings.Count(text.txt, "words")
		if strings.Contains(text.txt, "…") {
			t.Errorf("%q is cut", text.txt)
		}
	}
	if n != 2 {
		t.Errorf("a long name is cut: %d of its words", n)
	}
	wants(t, svg, "<title>w0, threads, n = 4: 4.00×") // a mark says whose it is
	// All four panels have one scale, although the last falls behind the base: 1, 2 and 4 on both axes.
	for _, tick := range []string{">1<", ">2<", ">4<"} {
		if n := strings.Count(svg, tick); n < 2*4 {
			t.Errorf("the tick %[2]s stands %[1]d times, want 8", n, tick)
		}
	}
	svgOf(t, Multiples{})
	unsure := several(5) // of which the last row has fewer than the others
	unsure.Panels[1].Unsure, unsure.Panels[1].Note = true, "cannot follow the count: 1.00 of 2 cores busy"
	pale := svgOf(t, unsure)
	wants(t, pale, ">cannot follow the count: 1.00 of 2 cores busy<", "Pale: shown to be neither", ">2.00×<", ">1.96–2.04×<", ">4.00×<")
	fallen := several(2)
	for k := range fallen.Panels { // the first was best at 2, the second at its base
		l := &fallen.Panels[k].Lines[0]
		l.Curve = measured("w", sweep.Threads, map[int]float64{1: 1, 2: 1.9 - float64(k), 4: 1.2 - float64(k)/2}, 1, 2, 4)
	}
	svg = svgOf(t, fallen)
	wants(t, svg, ">1.20×<", ">best 1.90× at 2<", ">0.70×<")
	if strings.Contains(svg, "at 1<") {
		t.Error("a base is said to be the best")
	}
	far := several(2)
	far.Panels[0].Unsure = true
	for _, l := range far.Panels[0].Lines {
		l.Curve.Points[2].Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.1, High: 9, Noise: 3}
	}
	if svg := svgOf(t, far); strings.Contains(svg, "not known") || !strings.Contains(svg, ">4.00×<") {
		t.Error("an interval that is too wide to be known stands in the place of a figure")
	}
	var narrow bytes.Buffer
	if err := WritePage(&narrow, unsure, Narrow); err != nil {
		t.Fatal(err)
	}
	wants(t, words.Plain(narrow.String()), ">2.00×<", ">1.96–2.04×<")
	if n := strings.Count(pale, `stroke-opacity="0.45`); n != 4 {
		t.Errorf("%d pale parts of lines, want two of each of the two lines of one workload", n)
	}
	if n := strings.Count(pale, ">n: workers or processes (log scale)<"); n != 2 {
		t.Errorf("%d titles of axes, want one for each panel of the last row", n)
	}
	wants(t, svgOf(t, several(8)), "2 more workloads have no room here; each has a picture of its own.", ">w5<")
	one := several(2)
	for i := range one.Panels {
		one.Panels[i].Lines = one.Panels[i].Lines[:1]
	}
	if svg := svgOf(t, one); strings.Contains(svg, ">threads<") {
		t.Error("a legend of one name tells nothing apart")
	}
	for _, l := range legendOf(several(2).Panels) { // the colours are one grey
		if want := map[string]canvas.Shape{"threads": canvas.Circle, "processes": canvas.Square}[l.Name]; *l.Line != want {
			t.Errorf("in the legend the mark of %s is %v, on its lines %v", l.Name, *l.Line, want)
		}
	}
}

// On a phone there is no room for the best figure of a line: half of one is another.
func TestMultiplesCut(t *testing.T) {
	m := several(4)
	for k := range m.Panels {
		for i := range m.Panels[k].Lines {
			l := &m.Panels[k].Lines[i]
			l.Curve = measured("w", l.Curve.Sweep.Mode, map[int]float64{1: 1, 2: 1.96, 4: 1.93}, 1, 2, 4)
		}
	}
	var narrow bytes.Buffer
	if err := WritePage(&narrow, m, Narrow); err != nil {
		t.Fatal(err)
	}
	svg := words.Plain(narrow.String())
	wants(t, svg, ">1.93×<")
	if strings.Contains(svg, ">best 1…<") || strings.Contains(svg, "…<") {
		t.Error("a figure is cut")
	}
}
