package canvas

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Shape is the form of a mark.
type Shape uint8

// The forms of marks.
const (
	Circle Shape = iota
	Square
	Diamond
	PointUp
	PointDown
	PointLeft
	PointRight
	Hexagon
)

// Draw draws the shape around pt, filled or hollow, with a white rim that sets it off from lines below it.
func (s Shape) Draw(c draw.Canvas, pt vg.Point, radius, rim vg.Length, col color.Color, hollow bool) {
	inside := col
	if hollow {
		inside = White
	}
	if rim > 0 {
		c.SetColor(White)
		c.Fill(s.path(pt, radius+rim))
	}
	c.SetColor(inside)
	c.Fill(s.path(pt, radius))
	if hollow {
		c.SetLineStyle(draw.LineStyle{Color: col, Width: 0.35 * radius})
		c.Stroke(s.path(pt, radius-1))
	}
}

// path is the outline of s. The forms have about the same area.
func (s Shape) path(pt vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	form := [...]struct {
		corners     int
		first, grow float64
	}{
		Square: {4, 45, 1.25}, Diamond: {4, 0, 1.25}, PointUp: {3, 90, 1.4}, PointDown: {3, 270, 1.4},
		PointLeft: {3, 180, 1.4}, PointRight: {3, 0, 1.4}, Hexagon: {6, 30, 1.1},
	}[s]
	if form.corners == 0 {
		p.Move(vg.Point{X: pt.X + r, Y: pt.Y})
		p.Arc(pt, r, 0, 2*math.Pi)
		p.Close()
		return p
	}
	for i := range form.corners {
		sin, cos := math.Sincos((form.first + 360*float64(i)/float64(form.corners)) * math.Pi / 180)
		q := vg.Point{X: pt.X + r*vg.Length(form.grow*cos), Y: pt.Y + r*vg.Length(form.grow*sin)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}
