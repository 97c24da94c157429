package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A spot is a point of a curve as it is drawn.
type spot struct {
	n, value, low, high float64
	method              string // of the interval; "": none
	level               float64
	hollow              bool
	joined              bool // to the spot before it
	title               string
}

// A series is a line as it is drawn.
type series struct {
	name  string
	hue   canvas.Hue
	shape canvas.Shape
	base  float64
	spots []spot
	law   *Law
	muted bool
	dodge vg.Length // so that marks at one n stand side by side
}

// dodge is that of line i of n.
func dodge(i, n int) vg.Length {
	return (vg.Length(i) - vg.Length(n-1)/2) * min(16, 48/vg.Length(n))
}

// crowd is the number of spots beyond which marks are small.
const crowd = 24

// draw draws the line with its bars and marks, with values as of turns them into those of p.
func (l series) draw(p canvas.Panel, of func(n, base, value float64) float64) {
	place := func(s spot, value float64) vg.Point {
		pt := p.At(s.n, of(s.n, l.base, value))
		pt.X += l.dodge
		return pt
	}
	for i, s := range l.spots {
		if s.joined {
			from, to := place(l.spots[i-1], l.spots[i-1].value), place(s, s.value)
			sty := draw.LineStyle{Color: l.hue, Width: 4}
			if l.muted {
				sty.Width, sty.Dashes = 3, []vg.Length{12, 9}
			}
			p.StrokeLine2(sty, from.X, from.Y, to.X, to.Y)
		}
	}
	radius, rim := vg.Length(10), vg.Length(3)
	if len(l.spots) > crowd {
		radius, rim = 4, 0
	}
	for _, s := range l.spots {
		canvas.Describe(p.Canvas, s.title, func() {
			if s.method != "" {
				bar := draw.LineStyle{Color: l.hue.Readable(), Width: 3}
				low, high := place(s, s.low), place(s, s.high)
				p.StrokeLine2(bar, low.X, low.Y, high.X, high.Y)
				for _, end := range []vg.Point{low, high} {
					p.StrokeLine2(bar, end.X-9, end.Y, end.X+9, end.Y)
				}
			}
			l.shape.Draw(p.Canvas, place(s, s.value), radius, rim, l.hue, s.hollow)
		})
	}
}
