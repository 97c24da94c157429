package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Ranked shows the speedups of many workloads, a mark for each, from the smallest to the largest.
type Ranked struct {
	Words
	Items []RankedItem
	Ideal float64 // of all; 0: they have none in common
}

// A RankedItem is the speedup of one workload. What is not known is NaN.
type RankedItem struct {
	Name               string
	Speedup, Low, High float64
	Shown              int    // 1: to be faster; -1: to be slower; 0: neither
	Text               string // the figures, in words
}

// rankedTall is the height of the panel in a page.
const rankedTall = 460.0

func (r Ranked) tall(width vg.Length) vg.Length {
	return rankedTall + notesHeight(width, r.key(), r.Footnote)
}

// key says what the marks mean.
func (r Ranked) key() string {
	n := map[int]int{}
	for _, i := range r.measured() {
		n[i.Shown]++
	}
	key := fmt.Sprintf("Circles: shown to be faster (%d). Triangles: shown to be slower (%d). Hollow: neither is shown (%d). Bars: the intervals, "+
		"with what noise allows.", n[1], n[-1], n[0])
	if r.Ideal > 1 {
		key += " Grey line: the ideal."
	}
	if missing := len(r.Items) - len(r.measured()); missing > 0 {
		key += fmt.Sprintf(" Not drawn: %s without a speedup.", words.Plural(missing, "workload", "workloads"))
	}
	return key
}

// measured are the items that have a speedup, from the smallest.
func (r Ranked) measured() []RankedItem {
	out := slices.DeleteFunc(slices.Clone(r.Items), func(i RankedItem) bool { return !canvas.Drawable(i.Speedup) })
	slices.SortStableFunc(out, func(a, b RankedItem) int { return int(math.Copysign(1, a.Speedup-b.Speedup)) })
	return out
}

// Draw draws the picture.
func (r Ranked) Draw(c draw.Canvas) {
	items := r.measured()
	c = notes(c, r.key(), r.Footnote)
	if len(items) == 0 {
		canvas.Instead(c, "No speedup was measured.")
		return
	}
	c = canvas.PanelHead(c, "Speedup (log scale)")
	n := float64(len(items))
	x := canvas.NewAxis(0.5-0.02*n, n+0.5+0.06*n, canvas.LinearScale{}, canvas.Even{Most: 8, Whole: true})
	x.Ticks = slices.DeleteFunc(x.Ticks, func(t canvas.Tick) bool { return t.Value < 1 || t.Value > n })
	p := canvas.NewPanel(c, x, r.axis(items), 0, canvas.XBelow, 0.6*canvas.HeadSize)
	p.Grid()
	p.YLabels()
	p.XLabels("workloads, from the smallest speedup to the largest", "workloads, by speedup")
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, p.Min.X, p.Py(1), p.Max.X, p.Py(1))
	if r.Ideal > 1 {
		p.StrokeLine2(draw.LineStyle{Color: canvas.Middle, Width: 3}, p.Min.X, p.Py(r.Ideal), p.Max.X, p.Py(r.Ideal))
	}
	pitch := p.Px(2) - p.Px(1)
	for k, i := range items {
		i.draw(p, p.Px(float64(k+1)), max(2.5, min(8, 0.6*pitch)))
	}
	r.extremes(p, items)
}

// axis holds all speedups, what of their intervals is not far beyond them, 1 and the ideal.
func (r Ranked) axis(items []RankedItem) canvas.Axis {
	low, high := min(1, items[0].Speedup), max(1.1, r.Ideal, items[len(items)-1].Speedup)
	from, to := low/1.5, high*1.5
	for _, i := range items {
		for _, v := range []float64{i.Low, i.High} {
			if canvas.Drawable(v) {
				low, high = min(low, max(v, from)), max(high, min(v, to))
			}
		}
	}
	pad := math.Pow(high/low, 0.06)
	return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, canvas.Powers{Most: 8, Fill: true})
}

// draw draws the mark of i and its interval at x.
func (i RankedItem) draw(p canvas.Panel, x, radius vg.Length) {
	hue, shape := canvas.Muted, canvas.Square
	switch i.Shown {
	case 1:
		hue, shape = canvas.Blue, canvas.Circle
	case -1:
		hue, shape = canvas.Vermillion, canvas.PointDown
	}
	canvas.Describe(p.Canvas, i.Name+": "+words.Plain(i.Text), func() {
		at := func(v float64) vg.Length { return p.Py(max(p.YAxis.Min, min(v, p.YAxis.Max))) }
		if canvas.Drawable(i.Low) && canvas.Drawable(i.High) {
			p.StrokeLine2(draw.LineStyle{Color: hue, Width: max(1, 0.3*radius)}, x, at(i.Low), x, at(i.High))
		}
		shape.Draw(p.Canvas, vg.Point{X: x, Y: at(i.Speedup)}, radius, 0, hue, i.Shown == 0)
	})
}

// extremes names the first and the last of the items.
func (r Ranked) extremes(p canvas.Panel, items []RankedItem) {
	s := canvas.Bold(canvas.TickSize, canvas.Dark)
	first, last := items[0], items[len(items)-1]
	half := 0.48 * p.Size().X
	s.Put(p.Canvas, p.Min.X+8, p.Min.Y+8, 0, s.Fit(words.Times(first.Speedup)+" "+first.Name, half))
	s.Put(p.Canvas, p.Max.X-8, p.Max.Y-0.8*canvas.TickSize, 1, s.Fit(last.Name+" "+words.Times(last.Speedup), half))
}
