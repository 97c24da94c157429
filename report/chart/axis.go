package chart

import (
	"iter"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// An axis maps values to places.
type axis struct {
	min, max float64
	scale    plot.Normalizer
	ticks    []plot.Tick // with their labels
}

// newAxis puts the ticker's ticks on an axis from low to high.
func newAxis(low, high float64, scale plot.Normalizer, ticker plot.Ticker) axis {
	return axis{min: low, max: high, scale: scale, ticks: ticker.Ticks(low, high)}
}

func (a axis) norm(v float64) float64 { return a.scale.Normalize(a.min, a.max, v) }

func (a axis) holds(v float64) bool { return v >= a.min && v <= a.max }

// countAxis holds the counts, and goes on to high. It doubles at equal distances if the counts are powers of two.
func countAxis(counts []float64, high float64) axis {
	if len(counts) == 0 {
		counts = append(counts, 1)
	}
	slices.Sort(counts)
	counts = slices.Compact(counts)
	low := counts[0]
	high = max(high, counts[len(counts)-1])
	notPower := func(v float64) bool { f, _ := math.Frexp(v); return f != 0.5 }
	if !slices.ContainsFunc(counts, notPower) {
		pad := math.Exp2(0.1 + 0.05*math.Log2(high/low))
		return newAxis(low/pad, high*pad, plot.LogScale{}, powers{most: 10})
	}
	pad := max(0.06*(high-low), 0.5)
	if high > counts[len(counts)-1] {
		counts = append(counts, high)
	}
	var ticker plot.Ticker = places(counts)
	if len(counts) > 16 || slices.ContainsFunc(counts, func(v float64) bool { return v != math.Trunc(v) }) {
		ticker = even{most: 7, whole: high-low > 7}
	}
	return newAxis(max(0, low-pad), high+pad, plot.LinearScale{}, ticker)
}

// doubling reports whether x doubles at equal distances.
func (a axis) doubling() bool { _, is := a.scale.(plot.LogScale); return is }

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

// drawable reports whether v is a positive number.
func drawable(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

// A panel is a data area with two axes. It is its own canvas, of the data area alone.
type panel struct {
	draw.Canvas
	x, y axis
}

func (p panel) px(v float64) vg.Length { return p.X(p.x.norm(v)) }
func (p panel) py(v float64) vg.Length { return p.Y(p.y.norm(v)) }

func (p panel) at(x, y float64) vg.Point { return vg.Point{X: p.px(x), Y: p.py(y)} }

// polyline turns points of the data into points of the canvas, cut to the data area.
func (p panel) polyline(pts [][2]float64) [][]vg.Point {
	line := make([]vg.Point, len(pts))
	for i, pt := range pts {
		line[i] = p.at(pt[0], pt[1])
	}
	if len(line) < 2 {
		return nil
	}
	return p.ClipLinesXY(line)
}

// grid draws a line for every tick of y that has a label.
func (p panel) grid() {
	for _, t := range p.y.ticks {
		if t.Label != "" && p.y.holds(t.Value) {
			p.StrokeLine2(draw.LineStyle{Color: grid, Width: 1.5}, p.Min.X, p.py(t.Value), p.Max.X, p.py(t.Value))
		}
	}
}

// yLabels writes the labels of y left of the panel.
func (p panel) yLabels() {
	s := regular(tickSize, muted)
	for _, t := range p.y.ticks {
		if p.y.holds(t.Value) {
			s.middle(p.Canvas, p.Min.X-10, p.py(t.Value), 1, t.Label)
		}
	}
}

// xBelow is the room that xLabels takes below the panel.
const xBelow = 76

// xLabels writes the labels of x below the panel, with ticks and a title.
func (p panel) xLabels(title string) {
	s := regular(tickSize, muted)
	axisLine := draw.LineStyle{Color: middle, Width: 1.5}
	p.StrokeLine2(axisLine, p.Min.X, p.Min.Y, p.Max.X, p.Min.Y)
	for _, t := range p.x.ticks {
		if !p.x.holds(t.Value) {
			continue
		}
		x := p.px(t.Value)
		p.StrokeLine2(axisLine, x, p.Min.Y-7, x, p.Min.Y)
		s.put(p.Canvas, x, p.Min.Y-30, 0.5, t.Label)
	}
	regular(labelSize, dark).put(p.Canvas, p.Center().X, p.Min.Y-64, 0.5, title)
}

// yWidth is the room that the labels of y take left of a panel.
func (a axis) yWidth() vg.Length {
	s := regular(tickSize, muted)
	w := vg.Length(0)
	for _, t := range a.ticks {
		w = max(w, s.width(t.Label))
	}
	return w + 10
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

// panelHead writes txt above what c is for.
func panelHead(c draw.Canvas, txt string) {
	s := bold(headSize, dark)
	s.put(c, c.Min.X, c.Max.Y-0.9*headSize, 0, s.fit(txt, c.Size().X))
}

// beside splits c into a part of the width, and the rest beyond a gap.
func beside(c draw.Canvas, width, gap vg.Length) (left, right draw.Canvas) {
	left, right = c, c
	left.Max.X = c.Min.X + width
	right.Min.X = left.Max.X + gap
	return left, right
}
