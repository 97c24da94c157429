package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
)

// hatchGap is the distance of hatch lines along an edge.
const hatchGap = 9

// draw fills the rectangle in the look of a state or a cause. What is too small for a pattern has the colour alone.
func (l look) draw(c draw.Canvas, x0, y0, x1, y1 vg.Length) {
	if min(x1-x0, y1-y0) < 5 {
		c.SetColor(l.thinFill())
		c.Fill(box(x0, y0, x1, y1))
		return
	}
	c.SetColor(l.fill)
	c.Fill(box(x0, y0, x1, y1))
	c.SetLineStyle(draw.LineStyle{Color: l.fill.hatching(), Width: 1.5})
	var lines vg.Path
	if l.pattern == cause.Rising || l.pattern == cause.Crossed || l.pattern == cause.Outlined {
		lines = hatched(lines, x0, y0, x1, y1, 1)
	}
	if l.pattern == cause.Falling || l.pattern == cause.Crossed || l.pattern == cause.Framed {
		lines = hatched(lines, x0, y0, x1, y1, -1)
	}
	if l.pattern == cause.Level {
		lines = hatched(lines, x0, y0, x1, y1, 0)
	}
	if l.pattern == cause.Edged || l.pattern == cause.Outlined || l.pattern == cause.Framed {
		lines = append(lines, box(x0+0.75, y0+0.75, x1-0.75, y1-0.75)...)
	}
	if len(lines) > 0 {
		c.Stroke(lines)
	}
}

// thinFill is the colour where there is no room for the pattern: that of the hatching where the ground is white.
func (l look) thinFill() color.Color {
	if l.fill == white {
		return l.fill.hatching()
	}
	return l.fill
}

// hatched adds the lines y = slope·x + k·hatchGap within the rectangle. They are the same for all rectangles, so that
// the hatching goes on across neighbours.
func hatched(p vg.Path, x0, y0, x1, y1, slope vg.Length) vg.Path {
	low, high := y0-max(slope*x0, slope*x1), y1-min(slope*x0, slope*x1)
	for k := int(low/hatchGap) - 1; vg.Length(k)*hatchGap <= high; k++ {
		at := vg.Length(k) * hatchGap
		if slope == 0 {
			if at > y0+1 && at < y1-1 {
				p.Move(vg.Point{X: x0, Y: at})
				p.Line(vg.Point{X: x1, Y: at})
			}
			continue
		}
		// Where the line meets the upper and the lower edge.
		a, b := (y0-at)/slope, (y1-at)/slope
		from, to := max(x0, min(a, b)), min(x1, max(a, b))
		if to-from < 0.5 {
			continue
		}
		p.Move(vg.Point{X: from, Y: slope*from + at})
		p.Line(vg.Point{X: to, Y: slope*to + at})
	}
	return p
}

// legendRow is the height of a row of a legend.
const legendRow = 34.0

// legend names looks at the top of c, in as many rows as that takes, and returns the canvas below.
func legend(c draw.Canvas, looks []look) draw.Canvas {
	if len(looks) == 0 {
		return c
	}
	s := regular(tickSize, dark)
	x, y := c.Min.X, c.Max.Y-legendRow
	for _, l := range looks {
		width := 46 + s.width(l.name) + 30
		if x > c.Min.X && x+width-30 > c.Max.X {
			x, y = c.Min.X, y-legendRow
		}
		l.draw(c, x, y+4, x+36, y+4+vg.Length(22*l.height))
		s.put(c, x+46, y+7, 0, l.name)
		x += width
	}
	c.Max.Y = y - 6
	return c
}
