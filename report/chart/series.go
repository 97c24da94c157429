package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A spot is a point of a curve as it is drawn.
type spot struct {
	n, value, low, high float64
	method              string // of the interval; "": none
	level               float64
	noisy               bool // noise widens the interval
	hollow              bool
	missed              bool // by what is predicted
	joined              bool // to the spot before it
	dashed              bool // the line from there
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
	ahead *Law      // what is predicted on more cores; nil: nothing is
	dodge vg.Length // so that marks at one n stand side by side
	pale  bool      // it shows neither a gain nor a loss
	thin  bool      // it stands beside others that the picture is of
	more  string    // below the figure of its label
}

// hollow reports whether the mark of p is: of too few runs for an interval, or of as many noisy ones that the median is
// off, which takes half of them.
func hollow(p curve.Point) bool { return p.Runs < curve.MinLaunches || 2*p.Noisy >= p.Runs }

// dodge is that of line i of n.
func dodge(i, n int) vg.Length {
	return (vg.Length(i) - vg.Length(n-1)/2) * min(16, 48/vg.Length(n))
}

// barRoom is how far beyond the medians, and what they are held against, an axis goes for the bars of intervals; wider
// ones are cut, lest noise at one point press all lines flat.
const barRoom = 1.5

// cutBars says what an arrow means.
const cutBars = "Arrows: the interval goes on beyond the axis."

// withBars widens the range of an axis so that it holds the bars of lines, as far as there is room.
func withBars(lines []series, low, high float64) (from, to float64) {
	from, to = low, high
	for _, l := range lines {
		for _, p := range l.spots {
			if p.low > 0 {
				from = min(from, max(p.low, low/barRoom))
			}
			to = max(to, min(p.high, high*barRoom))
		}
	}
	return from, to
}

// cut reports whether a bar of lines goes on beyond the axis of v.
func cut(lines []series, v view) bool {
	for _, l := range lines {
		for _, p := range l.spots {
			if p.method != "" && !(v.y.Holds(v.of(p.n, l.base, p.low)) && v.y.Holds(v.of(p.n, l.base, p.high))) {
				return true
			}
		}
	}
	return false
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

// paleLine is how much of the colour of a pale line is seen.
const paleLine = 0.45

// crowd is the number of spots beyond which marks are small.
const crowd = 24

// draw draws the line through its true places, and its bars and marks beside those of other lines, as v sees them.
func (l series) draw(p canvas.Panel, v view) {
	at := func(s spot, value float64) vg.Point { return p.At(s.n, v.of(s.n, l.base, value)) }
	place := func(s spot, value float64) vg.Point {
		pt := at(s, value)
		pt.X += l.dodge
		return pt
	}
	sty, mark := draw.LineStyle{Color: l.hue, Width: 4}, color.Color(l.hue)
	if l.thin {
		sty.Width = 2
	}
	if l.pale {
		sty.Color, mark = l.hue.Faded(paleLine), l.hue.Faded(paleLine)
	}
	canvas.Group{Series: l.name}.Draw(p.Canvas, func() {
		for i, s := range l.spots {
			if !s.joined {
				continue
			}
			line := []vg.Point{at(l.spots[i-1], l.spots[i-1].value)}
			if v.shaped {
				for k := 1; k < shapeParts; k++ {
					n, value := between(p.XAxis, l.spots[i-1], s, float64(k)/shapeParts)
					line = append(line, at(spot{n: n}, value))
				}
			}
			sty.Dashes = nil
			if s.dashed {
				sty.Dashes = []vg.Length{10, 9}
			}
			p.StrokeLines(sty, append(line, at(s, s.value)))
		}
	})
	radius, rim := vg.Length(10), vg.Length(3)
	if len(l.spots) > crowd {
		radius, rim = 4, 0
	} else if v.small || l.thin {
		radius, rim = 7, 2
	}
	for _, s := range l.spots {
		canvas.Group{Title: s.title, Series: l.name}.Draw(p.Canvas, func() {
			if s.method != "" {
				bar := draw.LineStyle{Color: l.hue.Readable(), Width: 3}
				low, high := place(s, s.low), place(s, s.high)
				drawBar(p, bar, low, high)
			}
			l.shape.Draw(p.Canvas, place(s, s.value), radius, rim, mark, s.hollow)
			if s.missed {
				p.StrokeLines(draw.LineStyle{Color: canvas.Dark, Width: 3}, ring(place(s, s.value), radius+9))
			}
		})
	}
}

// drawBar draws the bar of an interval, with a cap at each end, or an arrow where the panel ends before it.
func drawBar(p canvas.Panel, sty draw.LineStyle, low, high vg.Point) {
	const half = 9
	top, foot := min(high.Y, p.Max.Y), max(low.Y, p.Min.Y)
	p.StrokeLine2(sty, low.X, foot, high.X, top)
	for _, end := range []struct{ at, is, inward vg.Length }{{foot, low.Y, half}, {top, high.Y, -half}} {
		inward := end.inward
		if end.at == end.is {
			inward = 0
		}
		p.StrokeLines(sty, []vg.Point{
			{X: low.X - half, Y: end.at + inward}, {X: low.X, Y: end.at}, {X: low.X + half, Y: end.at + inward},
		})
	}
}

// ring is a circle around at.
func ring(at vg.Point, radius vg.Length) (out []vg.Point) {
	const parts = 48
	for i := range parts + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / parts)
		out = append(out, vg.Point{X: at.X + radius*vg.Length(cos), Y: at.Y + radius*vg.Length(sin)})
	}
	return out
}
