package chart

import (
	"fmt"
	"image/color"
	"iter"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/words"
)

// A spot is a point of a curve as it is drawn.
type spot struct {
	n, speedup, low, high float64
	method                string // of the interval; "": none
	level                 float64
	hollow                bool
	joined                bool // to the spot before it
	title                 string
}

// A series is a line as it is drawn.
type series struct {
	name  string
	hue   hue
	shape shape
	base  float64
	spots []spot
	law   *Law
	muted bool
	dodge vg.Length // so that marks at one n stand side by side
}

// series prepares the lines, and lists what they have no figure for.
func (s Speedup) series() (lines []series, missing []string) {
	type identity struct{ workload, series string }
	var seen []identity
	for i, l := range s.Lines {
		id := identity{l.Curve.Sweep.Workload, l.Curve.Sweep.Series}
		k := 0
		for k < len(seen) && seen[k] != id {
			k++
		}
		if k == len(seen) {
			seen = append(seen, id)
		}
		out := series{name: l.Name, base: 1, law: l.Law, muted: l.Muted}
		out.hue, out.shape = modeStyle(l.Curve.Sweep.Mode, k)
		if l.Muted {
			out.hue = muted
		}
		apart := min(16, 48/vg.Length(len(s.Lines)))
		out.dodge = (vg.Length(i) - vg.Length(len(s.Lines)-1)/2) * apart
		if b := l.Curve.Base; b >= 0 && b < len(l.Curve.Points) && l.Curve.Points[b].N > 0 {
			out.base = float64(l.Curve.Points[b].N)
		}
		var lacking []string
		out.spots, lacking = spots(l)
		switch {
		case len(out.spots) == 0:
			missing = append(missing, l.Name+" (no base was measured)")
		case len(lacking) > 0:
			missing = append(missing, l.Name+" at "+strings.Join(lacking, ", "))
		}
		lines = append(lines, out)
	}
	return lines, missing
}

// spots are the points of l that have a speedup, and the counts that have none.
func spots(l Line) (out []spot, lacking []string) {
	joined := false
	for _, p := range l.Curve.Points {
		if p.N < 1 || !(p.Speedup > 0) || math.IsInf(p.Speedup, 0) {
			lacking = append(lacking, fmt.Sprint(p.N))
			joined = false
			continue
		}
		s := spot{n: float64(p.N), speedup: p.Speedup, low: p.Speedup, high: p.Speedup, joined: joined}
		// The median is off only if half of the runs are.
		s.hollow = p.Runs < 5 || 2*p.Noisy >= p.Runs
		s.title = fmt.Sprintf("%s, n = %d: %s×", l.Name, p.N, words.Ratio(p.Speedup))
		if i := p.Interval; i != nil && i.Low > 0 && i.High >= i.Low && !math.IsInf(i.High, 0) {
			s.low, s.high, s.method, s.level = min(i.Low, p.Speedup), max(i.High, p.Speedup), i.Method, i.Level
			s.title += fmt.Sprintf(" (%s to %s)", words.Ratio(i.Low), words.Ratio(i.High))
		}
		s.title += runsTitle(p)
		out = append(out, s)
		joined = true
	}
	return out, lacking
}

func runsTitle(p curve.Point) string {
	t := ""
	if p.Median > 0 && !math.IsInf(p.Median, 0) {
		t += fmt.Sprintf(", median %s ms", words.Ratio(1000*p.Median))
	}
	t += fmt.Sprintf(" of %d runs", p.Runs)
	if p.Noisy > 0 {
		t += fmt.Sprintf(", %d noisy", p.Noisy)
	}
	if p.Failed > 0 {
		t += fmt.Sprintf(", %d failed", p.Failed)
	}
	return t
}

// panel draws one of the two panels onto c.
func (s Speedup) panel(c draw.Canvas, lines []series, x axis, v view) {
	bold(headSize, dark).put(c, c.Min.X, c.Max.Y-0.9*headSize, 0, bold(headSize, dark).fit(v.head, c.Size().X))
	labels := s.labels(lines, x, v)
	width := labelWidth(labels, 0.42*c.Size().X)
	p := panel{draw.Crop(c, v.y.yWidth(), -width, xBelow, -1.6*headSize), x, v.y}
	flags, rows := s.flags(p)
	p.Max.Y -= vg.Length(rows) * markerRow
	p.grid()
	p.tickLabels(s.axisTitle())
	if !math.IsNaN(v.least) {
		y := p.py(v.least)
		p.StrokeLine2(draw.LineStyle{Color: muted, Width: 2}, p.Min.X, y, p.Max.X, y)
	}
	p.drawFlags(flags)
	if !anySpots(lines) {
		p.message("No base was measured, so there is nothing to compare with.")
		return
	}
	s.references(p, lines, v)
	for _, l := range lines {
		l.drawLaw(p, v)
	}
	for _, l := range lines {
		l.draw(p, v)
	}
	p.endLabels(labels, width)
}

// message says why the panel is empty.
func (p panel) message(txt string) {
	s := regular(labelSize, muted)
	for i, line := range s.wrap(txt, p.Size().X-40) {
		width := s.width(line)/2 + 8
		x, y := p.Center().X, p.Center().Y-vg.Length(i)*s.leading()
		p.SetColor(white)
		p.Fill(box(x-width, y-8, x+width, y+labelSize))
		s.put(p.Canvas, x, y, 0.5, line)
	}
}

func anySpots(lines []series) bool {
	for _, l := range lines {
		if len(l.spots) > 0 {
			return true
		}
	}
	return false
}

// references draws the ideal and the measured ceiling.
func (s Speedup) references(p panel, lines []series, v view) {
	base := s.base(lines)
	sample := func(f func(n float64) float64) [][2]float64 {
		var pts [][2]float64
		for n := range p.x.samples(base, p.x.max, float64(s.Cores)) {
			if y := f(n); y > 0 {
				pts = append(pts, [2]float64{n, v.of(n, base, y)})
			}
		}
		return pts
	}
	describe(p.Canvas, "ideal", func() {
		ideal := sample(func(n float64) float64 { return s.ideal(n, base) })
		p.StrokeLines(draw.LineStyle{Color: middle, Width: 3}, p.polyline(ideal)...)
	})
	if len(s.Ceiling) == 0 {
		return
	}
	describe(p.Canvas, "measured ceiling: a loop that shares nothing", func() {
		p.StrokeLines(draw.LineStyle{Color: hue(0x777777), Width: 3, Dashes: []vg.Length{14, 8}},
			p.polyline(sample(s.ceilingAt))...)
	})
}

// ceilingAt is the ceiling at n: on a straight line between readings, level after the last, 0 before the first.
func (s Speedup) ceilingAt(n float64) float64 {
	for i, r := range s.Ceiling {
		switch {
		case n == r.N:
			return r.Speedup
		case n < r.N && i == 0:
			return 0
		case n < r.N:
			q := s.Ceiling[i-1]
			return q.Speedup + (r.Speedup-q.Speedup)*(n-q.N)/(r.N-q.N)
		}
	}
	return s.Ceiling[len(s.Ceiling)-1].Speedup
}

// samples yields places from low to high that make a smooth curve, and the corner if it lies between.
func (a axis) samples(low, high, corner float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		const parts = 96
		at := func(i int) float64 {
			f := float64(i) / parts
			if a.doubling() {
				return low * math.Pow(high/low, f)
			}
			return low + (high-low)*f
		}
		for i := range parts + 1 {
			n := at(i)
			if i > 0 && at(i-1) < corner && corner < n && !yield(corner) {
				return
			}
			if !yield(n) {
				return
			}
		}
	}
}

func (l *Law) end() float64 {
	if l.To > l.DataTo && !math.IsInf(l.To, 0) {
		return l.To
	}
	return l.DataTo
}

func (l *Law) samples(base float64, x axis) iter.Seq[float64] {
	return x.samples(base, max(base, l.end()), l.DataTo)
}

// drawLaw draws the fitted curve over its band.
func (l series) drawLaw(p panel, v view) {
	if l.law == nil || l.law.At == nil {
		return
	}
	curveOf := func(f func(float64) float64, in func(n float64) bool) [][2]float64 {
		var pts [][2]float64
		for n := range l.law.samples(l.base, p.x) {
			if y := f(n); in(n) && !math.IsNaN(y) && !math.IsInf(y, 0) && y > 0 {
				pts = append(pts, [2]float64{n, v.of(n, l.base, y)})
			}
		}
		return pts
	}
	all := func(float64) bool { return true }
	describe(p.Canvas, l.name+": "+l.law.Name, func() {
		if l.law.Low != nil && l.law.High != nil {
			low, high := curveOf(l.law.Low, all), curveOf(l.law.High, all)
			var outline []vg.Point
			for _, pt := range low {
				outline = append(outline, p.at(pt[0], pt[1]))
			}
			for i := range high {
				pt := high[len(high)-1-i]
				outline = append(outline, p.at(pt[0], pt[1]))
			}
			if len(outline) > 2 {
				p.FillPolygon(l.hue.faded(0.16), p.ClipPolygonXY(outline))
			}
		}
		sty := draw.LineStyle{Color: l.hue, Width: 2}
		p.StrokeLines(sty, p.polyline(curveOf(l.law.At, func(n float64) bool { return n <= l.law.DataTo }))...)
		sty.Dashes = []vg.Length{7, 6}
		p.StrokeLines(sty, p.polyline(curveOf(l.law.At, func(n float64) bool { return n >= l.law.DataTo }))...)
	})
}

// crowd is the number of spots beyond which marks are small.
const crowd = 24

// draw draws the line with its bars and marks.
func (l series) draw(p panel, v view) {
	place := func(s spot, speedup float64) vg.Point {
		pt := p.at(s.n, v.of(s.n, l.base, speedup))
		pt.X += l.dodge
		return pt
	}
	for i, s := range l.spots {
		if s.joined {
			from, to := place(l.spots[i-1], l.spots[i-1].speedup), place(s, s.speedup)
			sty := draw.LineStyle{Color: l.hue, Width: 4}
			if l.muted {
				sty.Width, sty.Dashes = 3, []vg.Length{12, 9}
			}
			p.StrokeLine2(sty, from.X, from.Y, to.X, to.Y)
		}
	}
	for _, s := range l.spots {
		describe(p.Canvas, s.title, func() {
			if s.method != "" {
				bar := draw.LineStyle{Color: l.hue.readable(), Width: 3}
				low, high := place(s, s.low), place(s, s.high)
				p.StrokeLine2(bar, low.X, low.Y, high.X, high.Y)
				for _, end := range []vg.Point{low, high} {
					p.StrokeLine2(bar, end.X-9, end.Y, end.X+9, end.Y)
				}
			}
			if len(l.spots) > crowd {
				l.shape.draw(p.Canvas, place(s, s.speedup), 4, 0, l.hue, s.hollow)
				return
			}
			l.shape.draw(p.Canvas, place(s, s.speedup), 10, 3, l.hue, s.hollow)
		})
	}
}

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
