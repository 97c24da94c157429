package canvas

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Shape is the form of a mark.
type Shape uint8

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
	corners, first, grow := 0, 0.0, 1.0
	switch s {
	case Square:
		corners, first, grow = 4, 45, 1.25
	case Diamond:
		corners, first, grow = 4, 0, 1.25
	case PointUp:
		corners, first, grow = 3, 90, 1.4
	case PointDown:
		corners, first, grow = 3, 270, 1.4
	case PointLeft:
		corners, first, grow = 3, 180, 1.4
	case PointRight:
		corners, first, grow = 3, 0, 1.4
	case Hexagon:
		corners, first, grow = 6, 30, 1.1
	default:
		p.Move(vg.Point{X: pt.X + r, Y: pt.Y})
		p.Arc(pt, r, 0, 2*math.Pi)
		p.Close()
		return p
	}
	for i := range corners {
		sin, cos := math.Sincos((first + 360*float64(i)/float64(corners)) * math.Pi / 180)
		q := vg.Point{X: pt.X + r*vg.Length(grow*cos), Y: pt.Y + r*vg.Length(grow*sin)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}
