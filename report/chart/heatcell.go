package chart

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// A heatForm is how the cells of a picture say their figures, all alike: the longest form that has room in all of them.
type heatForm struct {
	figure func(v float64) string // nil: none has room
	size   vg.Length
}

// formOf is the form for cells of the size.
func (s *heatScene) formOf(width, height vg.Length) heatForm {
	plain := func(v float64) string { return strings.TrimSuffix(words.Times(v), "×") }
	short := func(v float64) string { return strings.TrimSuffix(words.TimesTitle(v), "×") }
	for _, figure := range []func(float64) string{words.Times, plain, short} {
		fits := func(size vg.Length) bool {
			bold := canvas.Bold(size.Points(), canvas.Dark)
			return 1.25*size <= height && !slices.ContainsFunc(s.Points, func(p curve.Point) bool {
				return canvas.Drawable(p.Speedup) && bold.Width(figure(p.Speedup)) > width-6
			})
		}
		if !fits(leastFigure) {
			continue
		}
		size := vg.Length(heatFigure)
		for size > leastFigure && (!fits(size) || 1.4*size > height || size > 0.3*width) {
			size--
		}
		return heatForm{figure, size}
	}
	return heatForm{}
}

// draw draws the map onto c.
func (m heatMap) draw(c draw.Canvas) {
	left := vg.Length(heatLeft)
	if m.bare {
		left = heatNumbers
	}
	if m.name != "" {
		canvas.Bold(canvas.LabelSize, canvas.Dark).Put(c, c.Min.X+left, c.Max.Y-0.9*canvas.LabelSize, 0, m.name)
		c.Max.Y -= heatName
	}
	c = draw.Crop(c, left, 0, heatBelow, 0)
	width, height := c.Size().X/vg.Length(len(m.workers)), c.Size().Y/vg.Length(len(m.procs))
	m.form = m.formOf(width-2*heatGap, height-2*heatGap)
	m.counts(c, width, height)
	// What is framed is drawn last, so that no neighbour covers its frame.
	for _, framed := range []bool{false, true} {
		for _, p := range m.points {
			if framed != (m.Best != nil && (p.Point == *m.Best || m.besides(p.Point))) {
				continue
			}
			x := c.Min.X + vg.Length(slices.Index(m.workers, p.Point.Workers))*width
			y := c.Min.Y + vg.Length(slices.Index(m.procs, p.Point.Procs))*height
			cell := c
			cell.Rectangle = vg.Rectangle{
				Min: vg.Point{X: x + heatGap, Y: y + heatGap}, Max: vg.Point{X: x + width - heatGap, Y: y + height - heatGap},
			}
			m.cell(cell, p)
		}
	}
}

// counts writes what the rows and columns count, as many as have room.
func (m heatMap) counts(c draw.Canvas, width, height vg.Length) {
	s := canvas.Regular(canvas.TickSize, canvas.Dark)
	widest := vg.Length(0)
	for _, w := range m.workers {
		widest = max(widest, s.Width(fmt.Sprint(w)))
	}
	step := func(room, need vg.Length) int {
		n := 1
		for vg.Length(n)*room < need {
			n++
		}
		return n
	}
	every := step(width, widest+6)
	for i, w := range m.workers {
		if i%every == 0 {
			s.Put(c, c.Min.X+(vg.Length(i)+0.5)*width, c.Min.Y-28, 0.5, fmt.Sprint(w))
		}
	}
	every = step(height, canvas.TickSize)
	for i, p := range m.procs {
		if i%every > 0 {
			continue
		}
		name := words.Plural(p, "process", "processes")
		if m.bare {
			name = fmt.Sprint(p)
		}
		s.Middle(c, c.Min.X-12, c.Min.Y+(vg.Length(i)+0.5)*height, 1, name)
	}
	title := canvas.Regular(canvas.LabelSize, canvas.Dark)
	titles := []string{"workers in each process", "workers in each", "workers"}
	if m.form.figure == nil {
		titles = slices.Insert(titles, 0, "workers in each process; no room for figures: the stronger, the faster",
			"workers in each; the stronger, the faster")
	}
	for _, txt := range titles {
		if title.Width(txt) <= c.Size().X {
			title.Put(c, c.Center().X, c.Min.Y-62, 0.5, txt)
			break
		}
	}
}

// lines are what is said of p below its figure, what matters most first.
func (m heatMap) lines(p curve.Point) []string {
	var out []string
	switch {
	case lost(p):
		return []string{"failed"}
	case notRun(p):
		return []string{"not run"}
	case p.Point == m.base().Point:
		return []string{"base"}
	case p.Interval != nil:
		out = append(out, words.RatioWithin(p.Interval))
	}
	if ceiling := m.ceilingAt(p); ceiling > 0 {
		out = append(out, fmt.Sprintf("%s of %s", words.Percent(p.Speedup/ceiling), words.Times(ceiling)))
	}
	if m.Best != nil && p.Point == *m.Best { // its frame says so as well
		out = append(out, "best")
	}
	return out
}

// title is all that is said of p.
func (m heatMap) title(p curve.Point) string {
	at := layout(p) + " on " + words.Plural(p.Point.Cores, "core", "cores") + ": "
	switch {
	case lost(p):
		return at + words.Plural(p.Failed, "run", "runs") + " failed"
	case notRun(p):
		return at + "not run"
	}
	parts := slices.Insert(m.lines(p), 0, words.Times(p.Speedup))
	if m.besides(p.Point) {
		parts = append(parts, "may be as fast as the best")
	}
	return at + strings.Join(parts, ", ") + runsTitle(p)
}

// cell draws p onto c.
func (m heatMap) cell(c draw.Canvas, p curve.Point) {
	canvas.Describe(c, m.title(p), func() {
		switch {
		case lost(p):
			canvas.Look{Fill: canvas.White, Pattern: cause.Outlined}.Draw(c, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
		case notRun(p), m.untold(p):
			c.SetLineStyle(draw.LineStyle{Color: canvas.Middle, Width: 1.5})
			c.Stroke(c.Path())
		default:
			c.SetColor(m.shade(p.Speedup))
			c.Fill(c.Path())
		}
		line := draw.LineStyle{Color: canvas.Black, Width: 6}
		switch {
		case m.Best != nil && p.Point == *m.Best:
			m.frame(c, line)
		case m.besides(p.Point):
			line.Dashes = []vg.Length{14, 9}
			m.frame(c, line)
		}
		m.write(c, p)
	})
}

// frame draws line along the edge of c, within it, on white.
func (m heatMap) frame(c draw.Canvas, line draw.LineStyle) {
	line.Width = max(2, min(line.Width, c.Size().X/16, c.Size().Y/12))
	c = draw.Crop(c, line.Width/2, -line.Width/2, line.Width/2, -line.Width/2)
	c.SetLineStyle(draw.LineStyle{Color: canvas.White, Width: line.Width * 2.2})
	c.Stroke(c.Path())
	c.SetLineStyle(line)
	c.Stroke(c.Path())
}

// write sets the figure of p in the middle of c, and below it as many lines as have room.
func (m heatMap) write(c draw.Canvas, p curve.Point) {
	small := canvas.Regular(canvas.SmallSize, canvas.Dark)
	figure, size := "", vg.Length(0)
	if canvas.Drawable(p.Speedup) {
		if m.form.figure == nil {
			return // the title has it
		}
		figure, size = m.form.figure(p.Speedup), m.form.size
	}
	room := max(0, int((c.Size().Y-1.5*size)/small.Leading()))
	rest := m.lines(p)
	rest = rest[:min(len(rest), room)]
	for i, txt := range rest {
		if small.Width(txt) > c.Size().X-12 {
			rest = rest[:i]
			break
		}
	}
	y := c.Center().Y + vg.Length(len(rest))*small.Leading()/2
	if figure != "" {
		canvas.Bold(size.Points(), canvas.Dark).Middle(c, c.Center().X, y, 0.5, figure)
	}
	y -= size / 2
	for _, txt := range rest {
		y -= small.Leading() * 0.95
		at := y + 0.3*small.Size()
		if lost(p) {
			half := small.Width(txt)/2 + 6
			c.SetColor(canvas.White)
			c.Fill(canvas.Box(c.Center().X-half, at-0.7*small.Size(), c.Center().X+half, at+0.7*small.Size()))
		}
		small.Middle(c, c.Center().X, at, 0.5, txt)
	}
}
