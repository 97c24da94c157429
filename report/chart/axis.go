package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"

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

// tickLabels writes the labels of y left of the panel, and those of x with ticks and a title below it.
func (p panel) tickLabels(title string) {
	s := regular(tickSize, muted)
	for _, t := range p.y.ticks {
		if p.y.holds(t.Value) {
			s.middle(p.Canvas, p.Min.X-10, p.py(t.Value), 1, t.Label)
		}
	}
	p.xLabels(title)
}

// xBelow is the room that xLabels takes below the panel.
const xBelow = 76

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

// powers ticks 1, 2, 4, 8 … and fractions below 1. gonum's LogTicks knows decades only.
type powers struct {
	most int // labels; if there are more powers, every second, third … is labelled
	fill bool
}

// Ticks returns the powers of two from low to high. With fill, an axis shorter than two doublings has
// a label at the half of each as well, lest it have only one or two in all.
func (p powers) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Ceil(math.Log2(low)-1e-9)), int(math.Floor(math.Log2(high)+1e-9))
	step := 1 + (last-first)/max(1, p.most)
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		t := plot.Tick{Value: math.Exp2(float64(e))}
		if (e%step+step)%step == 0 {
			t.Label = plainNumber(t.Value)
		}
		ticks = append(ticks, t)
	}
	if !p.fill || math.Log2(high/low) > 2.5 {
		return ticks
	}
	for e := first - 1; e <= last; e++ {
		for _, part := range []float64{1.25, 1.5, 1.75} {
			v := part * math.Exp2(float64(e))
			if v >= low && v <= high && (part == 1.5 || math.Log2(high/low) < 1.5) {
				ticks = append(ticks, plot.Tick{Value: v, Label: plainNumber(v)})
			}
		}
	}
	slices.SortFunc(ticks, func(a, b plot.Tick) int { return int(math.Copysign(1, a.Value-b.Value)) })
	return ticks
}

// even ticks multiples of 1, 2 or 5 times a power of ten.
type even struct {
	most int
	// whole keeps to whole numbers: there is no half worker.
	whole bool
}

// Ticks returns at most e.most ticks, rounded up to two.
func (e even) Ticks(low, high float64) []plot.Tick {
	if high <= low || math.IsInf(high-low, 0) {
		return nil
	}
	step := math.Pow10(int(math.Floor(math.Log10((high - low) / float64(e.most)))))
	for _, f := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*f) <= float64(e.most) {
			step *= f
			break
		}
	}
	if e.whole {
		step = max(step, 1)
	}
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		v := i * step
		ticks = append(ticks, plot.Tick{Value: v, Label: plainNumber(v)})
	}
	return ticks
}

// places ticks the values given, in ascending order, and labels those that have room.
type places []float64

// Ticks returns the places between low and high. The first has a label, and then, from the last down, each that has room
// between the labels beside it on an axis 340 pixels long, the shortest in use.
func (p places) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, v := range p {
		if v >= low && v <= high {
			ticks = append(ticks, plot.Tick{Value: v})
		}
	}
	next := math.Inf(1)
	for i := range slices.Backward(ticks) {
		v := ticks[i].Value
		label := plainNumber(v)
		room := (high - low) * (0.035 + 0.034*float64(len(label)))
		if i == 0 || next-v >= room && v-ticks[0].Value >= room {
			ticks[i].Label, next = label, v
		}
	}
	return ticks
}

// plainNumber writes v without an exponent, to six significant digits.
func plainNumber(v float64) string {
	digits := 6
	if v != 0 {
		digits = max(0, 5-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	unit := math.Pow10(min(digits, 300))
	if v = math.Round(v*unit) / unit; v == 0 {
		return "0" // and not -0
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1)
}
