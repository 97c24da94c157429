package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// idealOnAll names the ideal of what is predicted, for which there is a core for each.
const idealOnAll = "ideal on n cores"

// ahead reports whether something is predicted beside what was measured on the cores that there are.
func (g curves) ahead() bool {
	return slices.ContainsFunc(g.lines, func(l series) bool { return l.ahead != nil })
}

// idealEnd is where the ideal and the ceiling of this machine end: where what was measured does, if what goes on is
// predicted for other machines.
func (g curves) idealEnd() float64 {
	if g.ahead() {
		return g.last
	}
	return g.end
}

// references draws the ideal and the measured ceiling, up to the last count that was measured, and the ideal of what is
// predicted beyond the cores.
func (g curves) references(p canvas.Panel, v view) {
	if g.ideal == nil {
		return
	}
	base := g.base()
	line := func(series, title string, sty draw.LineStyle, from, to float64, f func(n float64) float64) {
		var pts [][2]float64
		for n := range p.XAxis.Samples(from, max(from, to), float64(g.ideal.cores)) {
			if y := f(n); y > 0 {
				pts = append(pts, [2]float64{n, v.of(n, base, y)})
			}
		}
		canvas.Group{Title: title, Series: series}.Draw(p.Canvas, func() { p.StrokeLines(sty, p.Polyline(pts)...) })
	}
	line("ideal", "ideal", draw.LineStyle{Color: canvas.Middle, Width: 3}, base, g.idealEnd(),
		func(n float64) float64 { return g.ideal.at(n, base) })
	if len(g.ideal.ceiling) > 0 {
		sty := draw.LineStyle{Color: canvas.Ceiling, Width: 3, Dashes: []vg.Length{14, 8}}
		line("ceiling", "measured ceiling: a loop that shares nothing", sty, base, g.idealEnd(), g.ideal.ceilingAt)
	}
	if g.ahead() {
		from := g.idealEnd()
		if g.ideal.cores > 0 {
			from = min(from, max(base, float64(g.ideal.cores)))
		}
		line("ideal", idealOnAll, draw.LineStyle{Color: canvas.Middle, Width: 2, Dashes: []vg.Length{7, 6}}, from, g.end,
			func(n float64) float64 { return n / base })
	}
}

// ideals are the labels of what references draws.
func (g curves) ideals(v view) (out []canvas.Label) {
	base, end := g.base(), g.idealEnd()
	top := canvas.Label{
		Name: "ideal", Series: "ideal", Hue: canvas.Middle, N: end, Y: v.of(end, base, g.ideal.at(end, base)),
	}
	if g.ahead() && g.ideal.cores > 0 {
		top.Name += " on " + words.Plural(g.ideal.cores, "core", "cores")
	}
	if v.peaks && g.ideal.cores > 0 && end >= float64(g.ideal.cores) {
		top.Value = v.format(top.Y)
	}
	if v.peaks && top.Y > v.y.Max { // it leaves the panel before it ends
		top.N, top.Y, top.Tied, top.Plain = v.y.Max*base, v.y.Max, true, true
	}
	out = append(out, top)
	if len(g.ideal.ceiling) > 0 {
		last := g.ideal.ceilingEnd(end)
		at := g.ideal.ceilingAt(last)
		c := canvas.Label{Name: "ceiling", Series: "ceiling", Hue: canvas.Middle, N: last, Y: v.of(last, base, at)}
		if v.peaks {
			c.Value, c.More = v.format(at), "measured here"
		}
		out = append(out, c)
	}
	if g.ahead() {
		on := canvas.Label{Name: idealOnAll, Series: "ideal", Hue: canvas.Middle, N: g.end, Y: v.of(g.end, base, g.end/base)}
		if v.peaks && on.Y > v.y.Max {
			on.N, on.Y, on.Tied, on.Plain = v.y.Max*base, v.y.Max, true, true
		}
		out = append(out, on)
	}
	return out
}
