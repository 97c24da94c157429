package canvas

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cause"
)

// A Look is how a state or a cause is shown, in every picture.
type Look struct {
	Name    string
	Fill    Hue
	Pattern cause.Pattern
	// Height is the part of its row that a state fills; a cause fills its segment. Work fills it all and waiting only
	// the foot of it, so that who runs can be seen without colour.
	Height float64
	// Line is the mark of a line of that colour, which a legend shows instead; nil: it is none.
	Line *Shape
}

const (
	hatchGap = 9   // distance of hatch lines along an edge
	dot      = 1.3 // half the width of a dot
)

// Draw fills the rectangle in the look of a state or a cause. What is too small for a pattern has the colour alone.
func (l Look) Draw(c draw.Canvas, x0, y0, x1, y1 vg.Length) {
	if min(x1-x0, y1-y0) < 5 {
		l.DrawThin(c, []vg.Rectangle{{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}})
		return
	}
	c.SetColor(l.Fill)
	c.Fill(Box(x0, y0, x1, y1))
	c.SetLineStyle(draw.LineStyle{Color: l.Fill.Hatching(), Width: 1.5})
	var lines vg.Path
	if l.Pattern == cause.Rising || l.Pattern == cause.Crossed || l.Pattern == cause.Outlined {
		lines = hatched(lines, x0, y0, x1, y1, 1)
	}
	if l.Pattern == cause.Falling || l.Pattern == cause.Crossed {
		lines = hatched(lines, x0, y0, x1, y1, -1)
	}
	if l.Pattern == cause.Level {
		lines = hatched(lines, x0, y0, x1, y1, 0)
	}
	if l.Pattern == cause.Dotted {
		c.SetColor(l.Fill.Hatching())
		c.Fill(dotted(x0+1, y0+1, x1-1, y1-1))
	}
	switch l.Pattern {
	case cause.Edged, cause.Outlined, cause.Dotted:
		lines = append(lines, Box(x0+0.75, y0+0.75, x1-0.75, y1-0.75)...)
	}
	if len(lines) > 0 {
		c.Stroke(lines)
	}
}

// DrawThin fills rectangles that have no room for the pattern: with the colour alone or, where that is white, with what
// of the hatching falls upon them, so that they do not look like what is grey. No two lie on the same pixel.
func (l Look) DrawThin(c draw.Canvas, thin []vg.Rectangle) {
	c.SetColor(l.Fill)
	fillBoxes(c, thin)
	if l.Fill != White {
		return
	}
	var lines vg.Path
	for _, r := range thin {
		lines = hatched(lines, r.Min.X, r.Min.Y, r.Max.X, r.Max.Y, 1)
		for _, y := range []vg.Length{r.Min.Y + 0.75, r.Max.Y - 0.75} {
			lines.Move(vg.Point{X: r.Min.X, Y: y})
			lines.Line(vg.Point{X: r.Max.X, Y: y})
		}
	}
	if len(lines) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: l.Fill.Hatching(), Width: 1.5})
		c.Stroke(lines)
	}
}

// fillBoxes fills boxes of which no two lie on the same pixel.
func fillBoxes(c draw.Canvas, boxes []vg.Rectangle) {
	if b, ok := bottom(c).(*bitmap); ok {
		b.fill(boxes)
		return
	}
	p := make(vg.Path, 0, 5*len(boxes))
	for _, r := range boxes {
		p.Move(r.Min)
		p.Line(vg.Point{X: r.Max.X, Y: r.Min.Y})
		p.Line(r.Max)
		p.Line(vg.Point{X: r.Min.X, Y: r.Max.Y})
		p.Close()
	}
	c.Fill(p)
}

// DrawBlended fills rectangles that stand for states which change too fast to be told apart: in the look of l, but
// for the edges, which would part what belongs together.
func (l Look) DrawBlended(c draw.Canvas, parts []vg.Rectangle) {
	c.SetColor(l.Fill)
	fillBoxes(c, parts)
	var lines vg.Path
	for _, r := range parts {
		for _, slope := range l.slopes() {
			lines = hatched(lines, r.Min.X, r.Min.Y, r.Max.X, r.Max.Y, slope)
		}
	}
	if len(lines) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: l.Fill.Hatching(), Width: 1.5})
		c.Stroke(lines)
	}
}

// slopes are those of the lines of l's hatching.
func (l Look) slopes() []vg.Length {
	switch l.Pattern {
	case cause.Rising, cause.Outlined:
		return []vg.Length{1}
	case cause.Falling:
		return []vg.Length{-1}
	case cause.Crossed:
		return []vg.Length{1, -1}
	}
	return nil
}

// Hatched reports whether a part in the look of l, drawn as pixels, is dark at a place of the picture.
func (l Look) Hatched(x, y float64) bool {
	for _, slope := range l.slopes() {
		if math.Mod(y-float64(slope)*x+hatchGap*1e6, hatchGap) < 2 {
			return true
		}
	}
	return false
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

// dotted are dots at the crossings of a grid that is the same for all rectangles, as hatching is, every other row
// shifted by half a distance.
func dotted(x0, y0, x1, y1 vg.Length) vg.Path {
	var p vg.Path
	for row := int(y0 / hatchGap); vg.Length(row)*hatchGap <= y1; row++ {
		y, shift := vg.Length(row)*hatchGap, vg.Length(row%2)*hatchGap/2
		for col := int(x0/hatchGap) - 1; vg.Length(col)*hatchGap <= x1; col++ {
			x := vg.Length(col)*hatchGap + shift
			if x-dot >= x0 && x+dot <= x1 && y-dot >= y0 && y+dot <= y1 {
				p = append(p, Box(x-dot, y-dot, x+dot, y+dot)...)
			}
		}
	}
	return p
}

// LegendRow is the height of a row of a legend.
const LegendRow = 34.0

// Legend names looks at the top of c, in as many rows as that takes, and returns the canvas below.
func Legend(c draw.Canvas, looks []Look) draw.Canvas {
	s, base := Regular(TickSize, Dark), c.Max.Y
	c.Max.Y -= legend(looks, c.Size().X, func(l Look, x, y vg.Length) {
		Group{Series: l.Name, Key: true}.Draw(c, func() {
			x, y := c.Min.X+x, base-y
			l.key(c, x, y+4)
			s.Put(c, x+46, y+7, 0, s.Fit(l.Name, c.Size().X-46))
		})
	})
	return c
}

// key draws l in a legend: what is filled as it fills, and a line with its mark.
func (l Look) key(c draw.Canvas, x, y vg.Length) {
	if l.Line == nil {
		l.Draw(c, x, y, x+36, y+vg.Length(22*l.Height))
		return
	}
	mid := vg.Point{X: x + 18, Y: y + 9}
	c.StrokeLine2(draw.LineStyle{Color: l.Fill, Width: 4}, x, mid.Y, x+36, mid.Y)
	l.Line.Draw(c, mid, 9, 2, l.Fill, false)
}

// LegendHeight is what [Legend] takes of the height of a canvas of the width.
func LegendHeight(looks []Look, width vg.Length) vg.Length {
	return legend(looks, width, func(Look, vg.Length, vg.Length) {})
}

// legend finds a place for every look, from the upper left corner, and returns the height of all.
func legend(looks []Look, width vg.Length, put func(l Look, x, y vg.Length)) vg.Length {
	if len(looks) == 0 {
		return 0
	}
	s := Regular(TickSize, Dark)
	x, y := vg.Length(0), vg.Length(LegendRow)
	for _, l := range looks {
		room := 46 + s.Width(l.Name) + 30
		if x > 0 && x+room-30 > width {
			x, y = 0, y+LegendRow
		}
		put(l, x, y)
		x += room
	}
	return y + 6
}
