package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A spot is a point of a curve as it is drawn.
type spot struct {
	n, value, low, high float64
	method              string // of the interval; "": none
	level               float64
	noisy               bool // noise widens the interval
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
	rival *Law      // of law; nil: none is drawn
	dodge vg.Length // so that marks at one n stand side by side
}

// dodge is that of line i of n.
func dodge(i, n int) vg.Length {
	return (vg.Length(i) - vg.Length(n-1)/2) * min(16, 48/vg.Length(n))
}

// shapeParts is the number of straight parts of which a shaped line between two spots is made.
const shapeParts = 16

// between is the place on the straight line from a to b in a panel of speedups over x, the part f of the way.
func between(x canvas.Axis, a, b spot, f float64) (n, value float64) {
	if x.Doubling() { // and so do the speedups
		return a.n * math.Pow(b.n/a.n, f), a.value * math.Pow(b.value/a.value, f)
	}
	return a.n + (b.n-a.n)*f, a.value + (b.value-a.value)*f
}

// crowd is the number of spots beyond which marks are small.
const crowd = 24

// draw draws the line with its bars and marks, as v sees them.
func (l series) draw(p canvas.Panel, v view) {
	place := func(s spot, value float64) vg.Point {
		pt := p.At(s.n, v.of(s.n, l.base, value))
		pt.X += l.dodge
		return pt
	}
	sty := draw.LineStyle{Color: l.hue, Width: 4}
	canvas.Group{Series: l.name}.Draw(p.Canvas, func() {
		for i, s := range l.spots {
			if !s.joined {
				continue
			}
			line := []vg.Point{place(l.spots[i-1], l.spots[i-1].value)}
			if v.shaped {
				for k := 1; k < shapeParts; k++ {
					n, value := between(p.XAxis, l.spots[i-1], s, float64(k)/shapeParts)
					line = append(line, place(spot{n: n}, value))
				}
			}
			p.StrokeLines(sty, append(line, place(s, s.value)))
		}
	})
	radius, rim := vg.Length(10), vg.Length(3)
	if len(l.spots) > crowd {
		radius, rim = 4, 0
	} else if v.small {
		radius, rim = 7, 2
	}
	for _, s := range l.spots {
		canvas.Group{Title: s.title, Series: l.name}.Draw(p.Canvas, func() {
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
