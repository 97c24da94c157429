package chart

import (
	"iter"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A Law is a fitted curve, or a predicted one.
type Law struct {
	Name      string
	At        func(n float64) float64 // speedup
	Low, High func(n float64) float64 // its band; nil: none is known
	DataTo    float64                 // the largest n that was measured; beyond it the curve is dashed
	To        float64                 // where the curve ends; below DataTo: at DataTo
	Replayed  bool                    // it was predicted by replays of a recording
	Best      PredictedPoint          // of it, if it was predicted
	Counts    []float64               // for which it was predicted
}

func (l *Law) end() float64 {
	if l.To > l.DataTo && !math.IsInf(l.To, 0) {
		return l.To
	}
	return l.DataTo
}

func (l *Law) samples(base float64, x canvas.Axis) iter.Seq[float64] {
	return x.Samples(base, max(base, l.end()), l.DataTo)
}

// draw draws the curve from base on over its band, with speedups as of turns them into values of p.
func (l *Law) draw(p canvas.Panel, hue canvas.Hue, base float64, of func(n, base, speedup float64) float64) {
	trace := func(f func(n float64) float64, in func(n float64) bool) (pts [][2]float64) {
		for n := range l.samples(base, p.XAxis) {
			if y := f(n); in(n) && canvas.Drawable(y) {
				pts = append(pts, [2]float64{n, of(n, base, y)})
			}
		}
		return pts
	}
	if l.Low != nil && l.High != nil {
		all := func(float64) bool { return true }
		high := trace(l.High, all)
		slices.Reverse(high)
		var outline []vg.Point
		for _, pt := range append(trace(l.Low, all), high...) {
			outline = append(outline, p.At(pt[0], pt[1]))
		}
		if len(outline) > 2 {
			p.FillPolygon(hue.Faded(0.16), p.ClipPolygonXY(outline))
		}
	}
	sty := draw.LineStyle{Color: hue, Width: 2}
	p.StrokeLines(sty, p.Polyline(trace(l.At, func(n float64) bool { return n <= l.DataTo }))...)
	sty.Dashes = []vg.Length{7, 6}
	p.StrokeLines(sty, p.Polyline(trace(l.At, func(n float64) bool { return n >= l.DataTo }))...)
}

// drawn are the law of l and what is predicted on more cores, as far as there are any.
func (l series) drawn() (out []*Law) {
	for _, law := range []*Law{l.law, l.ahead} {
		if law != nil {
			out = append(out, law)
		}
	}
	return out
}

// ink is the colour of a law of l: what is predicted is told from what was measured, where no line goes on to it.
func ink(l series, law *Law) canvas.Hue {
	if !law.Replayed || law == l.ahead {
		return l.hue
	}
	return canvas.Black
}

// marks draws the marks of l, small, where what is ahead of it was predicted.
func (l series) marks(p canvas.Panel, v view) {
	for _, n := range l.ahead.Counts {
		if at := l.ahead.At(n); canvas.Drawable(at) {
			l.shape.Draw(p.Canvas, p.At(n, v.of(n, l.base, at)), 5, 0, l.hue, false)
		}
	}
}

// lawLabels are the labels of the laws of l.
func (g curves) lawLabels(l series, v view) (out []canvas.Label) {
	for _, law := range []*Law{l.law, l.rival, l.ahead} {
		if law == nil {
			continue
		}
		end := law.end()
		at := law.At(end)
		if !canvas.Drawable(at) {
			continue
		}
		lb := canvas.Label{
			Name: law.Name, Series: l.name, Hue: ink(l, law), N: end, Y: v.of(end, l.base, at), Tied: true,
		}
		switch law {
		case l.rival:
			lb.Series, lb.Hue = law.Name, canvas.Brown
		case l.ahead:
			lb.Name = l.name + ", " + law.Name
		}
		if law.Replayed {
			lb.Value = v.format(lb.Y)
		}
		if b := v.format(law.Best.Speedup); law.Replayed && v.peaks && b != lb.Value {
			lb.More = "best " + b + " at " + canvas.PlainNumber(law.Best.N)
		}
		out = append(out, lb)
	}
	return out
}

// thin says what the thin curves of g are.
func (g curves) thin() (said []string) {
	laws, rivals, replayed := false, false, false
	ahead, band := false, false
	for _, l := range g.lines {
		for _, law := range l.drawn() {
			replayed = replayed || law.Replayed && law != l.ahead
			ahead = ahead || law == l.ahead
			band = band || law.Replayed && law.High != nil
			laws = laws || !law.Replayed && law.At(law.DataTo) > 0
		}
		rivals = rivals || l.rival != nil
	}
	ends := ""
	if band {
		ends = "; the band ends where scheduler, locks and coordinator cost nothing"
	}
	if replayed {
		said = append(said, "Thin: by replay, dashed beyond the cores of this machine"+ends+".")
	}
	if ahead {
		said = append(said, "Dashed beyond the cores: predicted by replay, for as many cores as n"+ends+".")
	}
	switch {
	case laws && rivals:
		said = append(said,
			"Thin curves are fitted, and dashed beyond the data; brown: the rival law, which fits less well.")
	case laws:
		said = append(said, "Thin curves are fitted, and dashed beyond the data.")
	}
	return said
}
