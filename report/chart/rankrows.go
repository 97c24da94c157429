package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

const (
	mostRanked  = 26   // rows
	rankedNames = 0.42 // of the width, at most
	rankedMost  = 40.0 // height of a row
	rankedOver  = 50.0 // height of a row whose name stands above its interval
)

// InRows reports whether each workload has a row; where there are more, groups of them have, which say how many they
// are.
func (r Ranked) InRows() bool { return len(r.measured()) <= mostRanked }

// rankPitch is the height of a row on a figure of the width.
func rankPitch(width vg.Length) vg.Length {
	if stacked(width) {
		return rankedOver
	}
	return 0.75 * rankedMost
}

// spare is the height that a few rows leave over of c.
func (r Ranked) spare(c draw.Canvas) vg.Length {
	n := len(r.measured())
	if n == 0 || !r.InRows() {
		return 0
	}
	room := c.Size().Y - notesHeight(c.Size().X, r.key(), r.Footnote) - canvas.XBelow - rankedHead
	return vg.Length(int(max(0, room-max(rankedMost, rankPitch(c.Size().X))*vg.Length(n))))
}

// drawRows draws a row for each item, from the largest speedup down.
func (r Ranked) drawRows(c draw.Canvas, items []RankedItem) {
	over := stacked(c.Size().X)
	name, figure := canvas.Regular(canvas.SmallSize, canvas.Dark), canvas.Bold(canvas.SmallSize, canvas.Dark)
	unsure := canvas.Regular(canvas.SmallSize, canvas.Muted)
	var names, figures vg.Length
	for _, i := range items {
		names, figures = max(names, name.Width(i.Name)+14), max(figures, figure.Width(words.Times(i.Speedup))+16)
		if !over {
			figures = max(figures, figure.Width("0.00× ")+unsure.Width(i.said())+16)
		}
	}
	if names = min(names, rankedNames*c.Size().X); over {
		names = 10
	}
	p := canvas.Panel{Canvas: draw.Crop(c, names, -figures, canvas.XBelow, -rankedHead), XAxis: r.axis(items), Room: c}
	pitch := min(max(rankedMost, rankPitch(c.Size().X)), p.Size().Y/vg.Length(len(items)))
	p.Min.Y = p.Max.Y - pitch*vg.Length(len(items))
	p.XLabels("speedup (×, log scale)")
	for _, t := range p.XAxis.Ticks {
		if t.Label != "" && p.XAxis.Holds(t.Value) {
			p.StrokeLine2(draw.LineStyle{Color: canvas.Grid, Width: 1.5}, p.Px(t.Value), p.Min.Y, p.Px(t.Value), p.Max.Y)
		}
	}
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, p.Px(1), p.Min.Y, p.Px(1), p.Max.Y)
	if r.Ideal > 1 {
		p.StrokeLine2(draw.LineStyle{Color: canvas.Middle, Width: 3}, p.Px(r.Ideal), p.Min.Y, p.Px(r.Ideal), p.Max.Y)
		txt := r.idealText()
		half := name.Width(txt) / 2
		name.Put(p.Canvas, min(p.Px(r.Ideal), c.Max.X-half), p.Max.Y+8, 0.5, txt)
	}
	y := p.Max.Y - pitch/2
	for _, i := range slices.Backward(items) {
		at := y
		if over {
			at -= 0.25 * pitch
			txt := name.Fit(i.Name, p.Size().X)
			if said := i.said(); said != "" && name.Width(i.Name+": "+said) < p.Size().X {
				txt = i.Name + ": " + said
			}
			p.SetColor(canvas.White)
			above, half := y+0.25*pitch, 0.6*vg.Length(canvas.SmallSize)
			p.Fill(canvas.Box(p.Min.X, above-half, p.Min.X+name.Width(txt)+4, above+half))
			name.Middle(p.Canvas, p.Min.X, above, 0, txt)
		} else {
			name.Middle(p.Canvas, p.Min.X-14, y, 1, name.Fit(i.Name, names-14))
		}
		i.row(p, at, min(8, 0.3*pitch))
		switch said := words.Times(i.Speedup); {
		case i.Outcome.Shown():
			figure.Middle(p.Canvas, p.Max.X+figures, at, 1, said)
		case over:
			unsure.Middle(p.Canvas, p.Max.X+figures, at, 1, said)
		default:
			unsure.Middle(p.Canvas, p.Max.X+figures, at, 1, i.said()+" "+said)
		}
		y -= pitch
	}
}

// idealText names the line of the ideal.
func (r Ranked) idealText() string { return "ideal " + canvas.PlainNumber(r.Ideal) + "×" }

// said is the outcome of what is shown to be neither faster nor slower, in words; empty for others.
func (i RankedItem) said() string {
	if i.Outcome.Shown() {
		return ""
	}
	return words.Outcome(i.Outcome)
}

// row draws the mark of i and its interval at the height y: a bar, or the band of what is shown to be neither faster
// nor slower.
func (i RankedItem) row(p canvas.Panel, y, radius vg.Length) {
	hue, shape := i.look()
	canvas.Describe(p.Canvas, i.Name+": "+words.Plain(i.Text), func() {
		low, high := i.ends()
		switch {
		case !i.Outcome.Shown():
			p.SetColor(canvas.Muted.Faded(pale))
			p.Fill(canvas.Box(max(p.Px(low), p.Min.X), y-radius, min(p.Px(high), p.Max.X), y+radius))
		case low < high:
			p.StrokeLines(draw.LineStyle{Color: hue, Width: max(1, 0.4*radius)}, bar(p.Px(low), p.Px(high), p.Min.X, p.Max.X,
				0.6*radius, func(along, across vg.Length) vg.Point { return vg.Point{X: along, Y: y + across} })...)
		}
		shape.Draw(p.Canvas, vg.Point{X: p.Px(i.Speedup), Y: y}, radius, 0, hue, false)
	})
}
