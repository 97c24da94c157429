package chart

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/trace/sweep"
)

// memoryOf has curves of threads in so many processes each, of which each has 10 MB.
func memoryOf(procs ...int) Memory {
	m := Memory{Words: Words{Title: "pi: 40 MB with 4 processes"}, Cores: 2}
	for _, p := range procs {
		c := &curve.Curve{Sweep: sweep.Sweep{Mode: sweep.Grid}}
		l := MemoryLine{Name: fmt.Sprintf("threads in each of %d processes", p), Curve: c}
		for n := p; n <= 4*p; n *= 2 {
			c.Points = append(c.Points, curve.Point{N: n, Runs: 6})
			l.Largest, l.Tree = append(l.Largest, 1e7), append(l.Tree, 1e7*float64(p))
		}
		m.Lines = append(m.Lines, l)
	}
	return m
}

// The lines of a grid are of one mode: no two have the same colour and mark.
func TestMemoryOfGrid(t *testing.T) {
	m := memoryOf(1, 2, 4)
	type look struct {
		hue   canvas.Hue
		shape canvas.Shape
	}
	seen := map[look]string{}
	for _, l := range m.series(func(l MemoryLine) []float64 { return l.Tree }, view{
		of: func(_, _, bytes float64) float64 { return bytes }, format: func(float64) string { return "" },
	}) {
		if other := seen[look{l.hue, l.shape}]; other != "" {
			t.Errorf("%s looks as %s does", l.name, other)
		}
		seen[look{l.hue, l.shape}] = l.name
	}
	wants(t, svgOf(t, m), ">Largest process that works (MB)<", ">All that work together (MB)<", "40.0 MB")
}

// Where the largest process needs no picture there is one panel.
func TestMemoryOne(t *testing.T) {
	m := memoryOf(1, 4)
	m.One = true
	svg := svgOf(t, m)
	wants(t, svg, ">All that work together (MB)<", "threads in each of 4 processes, n = 8: 40.0 MB, median of 6 runs")
	if strings.Contains(svg, "Largest process") {
		t.Error("there is a panel of the largest process")
	}
}

// Every line of a grid has the point of one process as its base, which the line of one process shows: between it and four
// processes nothing was run.
func TestMemoryOfGridBase(t *testing.T) {
	m := memoryOf(1, 4)
	for i, l := range m.Lines {
		for k := range l.Curve.Points {
			l.Curve.Points[k].Point.Procs = []int{1, 4}[i]
		}
	}
	four := &m.Lines[1]
	base := curve.Point{N: 1, Runs: 6, Point: sweep.Point{Procs: 1}}
	four.Curve.Points = append([]curve.Point{base}, four.Curve.Points...)
	four.Tree = append([]float64{1e7}, four.Tree...)
	spots := func() int {
		return len(m.series(func(l MemoryLine) []float64 { return l.Tree }, view{
			of: func(_, _, bytes float64) float64 { return bytes }, format: func(float64) string { return "" },
		})[len(m.Lines)-1].spots)
	}
	if n := spots(); n != 3 {
		t.Errorf("the line of 4 processes has %d points, want its 3", n)
	}
	m.Lines = m.Lines[1:]
	if n := spots(); n != 4 {
		t.Errorf("by itself the line of 4 processes has %d points, want its base too", n)
	}
}

// One process has all memory that there is: its one panel is not of several together.
func TestMemoryAlike(t *testing.T) {
	m := memoryOf(1)
	m.One, m.Alike = true, true
	svg := svgOf(t, m)
	wants(t, svg, ">Peak memory (MB)<")
	if strings.Contains(svg, "together") {
		t.Error("one process is said to be several")
	}
}
