package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
)

// Memory shows peak memory against n: on the left that of the largest process, on the right that of all processes.
type Memory struct {
	Words
	Lines []MemoryLine
	Cores int // where a line marks the cores; 0: nowhere
}

// A MemoryLine is the memory of one curve, in bytes for each of its points; NaN: not known.
type MemoryLine struct {
	Name          string // stands at the end of the line
	Curve         *curve.Curve
	Largest, Tree []float64
}

// Draw draws the picture.
func (m Memory) Draw(c draw.Canvas) {
	s := Speedup{Words: m.Words}
	for _, l := range m.Lines {
		s.Lines = append(s.Lines, Line{Name: l.Name, Curve: l.Curve})
	}
	if m.Cores > 0 {
		label := "1 core"
		if m.Cores > 1 {
			label = fmt.Sprintf("%d cores", m.Cores)
		}
		s.Markers = []Marker{{N: float64(m.Cores), Label: label}}
	}
	x, _ := s.xAxis()
	most := 0.0
	for _, l := range m.Lines {
		for _, v := range append(append([]float64{}, l.Largest...), l.Tree...) {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				most = max(most, v)
			}
		}
	}
	unit, name := 1e6, "MB"
	if most >= 2e9 {
		unit, name = 1e9, "GB"
	}
	c = m.heading(c)
	c = notes(c, m.Footnote)
	left, right := c, c
	left.Max.X = c.Min.X + 0.5*c.Size().X - 22
	right.Min.X = left.Max.X + 44
	// Both panels have one scale, so that they can be compared; it begins at 0, as heights stand for amounts.
	v := view{
		y: newAxis(0, max(most/unit, 1e-9)*1.08, plot.LinearScale{}, even{most: 8}), least: math.NaN(),
		of:     func(_, _, bytes float64) float64 { return bytes / unit },
		format: func(v float64) string { return words.Ratio(v) + string(nbsp) + name },
	}
	v.head = "Largest process (" + name + ")"
	s.amounts(left, m.series(func(l MemoryLine) []float64 { return l.Largest }, unit, name), x, v)
	v.head = "All processes together (" + name + ")"
	s.amounts(right, m.series(func(l MemoryLine) []float64 { return l.Tree }, unit, name), x, v)
}

// series are the lines of one panel.
func (m Memory) series(of func(MemoryLine) []float64, unit float64, name string) []series {
	var out []series
	for i, l := range m.Lines {
		line := series{name: l.Name, base: 1}
		line.hue, line.shape = modeStyle(l.Curve.Sweep.Mode, i/2)
		apart := min(16, 48/vg.Length(len(m.Lines)))
		line.dodge = (vg.Length(i) - vg.Length(len(m.Lines)-1)/2) * apart
		joined := false
		for k, v := range of(l) {
			p := l.Curve.Points[k]
			if p.N < 1 || math.IsNaN(v) || math.IsInf(v, 0) {
				joined = false
				continue
			}
			line.spots = append(line.spots, spot{
				n: float64(p.N), speedup: v, low: v, high: v, joined: joined, hollow: p.Runs < 5,
				title: fmt.Sprintf("%s, n = %d: %s %s, median of %d runs", l.Name, p.N, words.Ratio(v/unit), name, p.Runs),
			})
			joined = true
		}
		out = append(out, line)
	}
	return out
}

// amounts draws a panel of lines without an ideal.
func (s Speedup) amounts(c draw.Canvas, lines []series, x axis, v view) {
	bold(headSize, dark).put(c, c.Min.X, c.Max.Y-0.9*headSize, 0, bold(headSize, dark).fit(v.head, c.Size().X))
	var labels []label
	for _, l := range lines {
		if len(l.spots) == 0 {
			continue
		}
		last := l.spots[len(l.spots)-1]
		y := v.of(last.n, l.base, last.speedup)
		labels = append(labels, label{name: l.name, value: v.format(y), hue: l.hue, n: last.n, y: y, dodge: l.dodge, tied: true})
	}
	width := labelWidth(labels, 0.42*c.Size().X)
	p := panel{draw.Crop(c, v.y.yWidth(), -width, xBelow, -1.6*headSize), x, v.y}
	flags, rows := s.flags(p)
	p.Max.Y -= vg.Length(rows) * markerRow
	p.grid()
	p.tickLabels(s.axisTitle())
	p.drawFlags(flags)
	if !anySpots(lines) {
		p.message("Not reported by these runs.")
		return
	}
	for _, l := range lines {
		l.draw(p, v)
	}
	p.endLabels(labels, width)
}
