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

// Ranked shows the speedups of many workloads, a mark for each: in a row with its name, from the largest down, or where
// there are too many for that along a line, from the smallest to the largest.
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

const (
	rankedTall = 460.0 // the panel in a page
	rankedHead = 32.0  // above rows, for what a line among them is
	rankedBand = 30.0  // for names above and below the line
	mostEnds   = 3     // names at each end of the line
	mostMissed = 3     // names of what is not drawn
)

func (r Ranked) tall(width vg.Length) vg.Length {
	if n := len(r.measured()); r.inRows() {
		return vg.Length(n)*rankPitch(width) + canvas.XBelow + rankedHead + notesHeight(width, r.key(), r.Footnote)
	}
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
	items := r.measured()
	if len(items) > 0 && r.cuts(r.axis(items), items) {
		key += " " + cutBars
	}
	var missing []string
	for _, i := range r.Items {
		if !canvas.Drawable(i.Speedup) {
			missing = append(missing, i.Name)
		}
	}
	if more := len(missing) - mostMissed; more > 1 {
		missing = append(missing[:mostMissed], fmt.Sprintf("%d more", more))
	}
	if len(missing) > 0 {
		key += fmt.Sprintf(" Not drawn, as no speedup of it is known: %s.", words.List(missing))
	}
	return key
}

// cuts reports whether the interval of an item goes on beyond the axis.
func (r Ranked) cuts(a canvas.Axis, items []RankedItem) bool {
	return slices.ContainsFunc(items, func(i RankedItem) bool {
		return canvas.Drawable(i.Low) && canvas.Drawable(i.High) && !(a.Holds(i.Low) && a.Holds(i.High))
	})
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
	if r.inRows() {
		r.drawRows(c, items)
		return
	}
	c = canvas.PanelHead(c, "Speedup (×, log scale)")
	n := float64(len(items))
	x := canvas.NewAxis(0.5-0.02*n, n+0.5+0.06*n, canvas.LinearScale{}, canvas.Even{Most: 8, Whole: true})
	x.Ticks = slices.DeleteFunc(x.Ticks, func(t canvas.Tick) bool { return t.Value < 1 || t.Value > n })
	p := canvas.NewPanel(c, x, r.axis(items), 0, canvas.XBelow+rankedBand, 1.4*canvas.HeadSize+rankedBand)
	p.Grid()
	p.YLabels()
	foot := p
	foot.Min.Y -= rankedBand
	foot.XLabels("workloads, from the smallest speedup to the largest", "workloads, by speedup")
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, p.Min.X, p.Py(1), p.Max.X, p.Py(1))
	if r.Ideal > 1 {
		p.StrokeLine2(draw.LineStyle{Color: canvas.Middle, Width: 3}, p.Min.X, p.Py(r.Ideal), p.Max.X, p.Py(r.Ideal))
	}
	pitch := p.Px(2) - p.Px(1)
	for k, i := range items {
		i.draw(p, p.Px(float64(k+1)), max(2.5, min(8, 0.6*pitch)))
	}
	ends(p, items)
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

// look is how the mark of i is drawn.
func (i RankedItem) look() (canvas.Hue, canvas.Shape) {
	switch i.Shown {
	case 1:
		return canvas.Blue, canvas.Circle
	case -1:
		return canvas.Vermillion, canvas.PointDown
	}
	return canvas.Muted, canvas.Square
}

// draw draws the mark of i and its interval at x.
func (i RankedItem) draw(p canvas.Panel, x, radius vg.Length) {
	hue, shape := i.look()
	canvas.Describe(p.Canvas, i.Name+": "+words.Plain(i.Text), func() {
		if canvas.Drawable(i.Low) && canvas.Drawable(i.High) {
			p.StrokeLines(draw.LineStyle{Color: hue, Width: max(1, 0.3*radius)}, bar(p.Py(i.Low), p.Py(i.High), p.Min.Y, p.Max.Y,
				0.6*radius, func(along, across vg.Length) vg.Point { return vg.Point{X: x + across, Y: along} })...)
		}
		shape.Draw(p.Canvas, vg.Point{X: x, Y: p.Py(i.Speedup)}, radius, 0, hue, i.Shown == 0)
	})
}

// bar is the line of an interval between the ends of an axis, with an arrow at an end that lies beyond it.
func bar(low, high, from, to, half vg.Length, at func(along, across vg.Length) vg.Point) [][]vg.Point {
	foot, top := max(low, from), min(high, to)
	out := [][]vg.Point{{at(foot, 0), at(top, 0)}}
	if foot > low {
		out = append(out, []vg.Point{at(foot+2*half, -half), at(foot, 0), at(foot+2*half, half)})
	}
	if top < high {
		out = append(out, []vg.Point{at(top-2*half, -half), at(top, 0), at(top-2*half, half)})
	}
	return out
}

// ends names the first and the last of the items, as many as have room, below and above the panel, where no interval
// goes.
func ends(p canvas.Panel, items []RankedItem) {
	s := canvas.Bold(canvas.SmallSize, canvas.Dark)
	list := func(txt string, item func(k int) RankedItem) string {
		for k := range min(mostEnds, len(items)/2) {
			more := txt + ", " + item(k).Name + " " + words.Times(item(k).Speedup)
			if k == 0 {
				more = s.Fit(txt+" "+item(k).Name, p.Size().X-s.Width(" 0.00×")) + " " + words.Times(item(k).Speedup)
			} else if s.Width(more) > p.Size().X {
				break
			}
			txt = more
		}
		return txt
	}
	first := list("smallest:", func(k int) RankedItem { return items[k] })
	last := list("largest:", func(k int) RankedItem { return items[len(items)-1-k] })
	s.Put(p.Canvas, p.Min.X, p.Min.Y-rankedBand+10, 0, first)
	s.Put(p.Canvas, p.Max.X, p.Max.Y+rankedBand-18, 1, last)
}
