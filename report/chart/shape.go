package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A shape is the form of a mark.
type shape uint8

const (
	circle shape = iota
	square
	diamond
	pointUp
	pointDown
	pointLeft
	pointRight
	hexagon
)

// draw draws the shape around pt, filled or hollow, with a white rim that sets it off from lines below it.
func (s shape) draw(c draw.Canvas, pt vg.Point, radius, rim vg.Length, col color.Color, hollow bool) {
	inside := col
	if hollow {
		inside = white
	}
	if rim > 0 {
		c.SetColor(white)
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
func (s shape) path(pt vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	corners, first, grow := 0, 0.0, 1.0
	switch s {
	case square:
		corners, first, grow = 4, 45, 1.25
	case diamond:
		corners, first, grow = 4, 0, 1.25
	case pointUp:
		corners, first, grow = 3, 90, 1.4
	case pointDown:
		corners, first, grow = 3, 270, 1.4
	case pointLeft:
		corners, first, grow = 3, 180, 1.4
	case pointRight:
		corners, first, grow = 3, 0, 1.4
	case hexagon:
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
