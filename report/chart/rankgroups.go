package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

const (
	rankedBand = 30.0 // for names above and below the groups
	rankedFoot = 40.0 // for their counts, in a row
	mostEnds   = 3    // names of each of these
	leastMark  = 4.0  // radius, so that a mark is seen at half the size
	pale       = 0.16 // of a band
)

// A rankGroup is the workloads of one outcome, from the smallest speedup. They stand at from, from + 1 and so on.
type rankGroup struct {
	of    overview.Outcome
	items []RankedItem
	from  float64
}

func (g *rankGroup) to() float64 { return g.from + float64(len(g.items)-1) }

// groups sorts items by their outcome, the slower to the left; width is where the last ends.
func groups(items []RankedItem) (out []rankGroup, width float64) {
	gap := max(1, 0.012*float64(len(items)))
	order := []overview.Outcome{
		overview.Slower, overview.CannotFollow, overview.TooNoisy, overview.NoChange, overview.OneCount, overview.NoBase, overview.Faster,
	}
	at := 1.0
	for _, of := range order {
		g := rankGroup{of: of, from: at}
		g.items = slices.DeleteFunc(slices.Clone(items), func(i RankedItem) bool { return i.Outcome != of })
		if len(g.items) > 0 {
			out = append(out, g)
			width = g.to()
			at = width + 1 + gap
		}
	}
	return out, width
}

// drawGroups draws the groups beside each other, with how many are in each.
func (r Ranked) drawGroups(c draw.Canvas, items []RankedItem) {
	all, n := groups(items)
	x := canvas.NewAxis(0.5-0.01*n, n+0.5+0.01*n, canvas.LinearScale{}, canvas.Even{Most: 8})
	p := canvas.NewPanel(c, x, r.axis(items), 0, rankedFoot, 1.4*canvas.HeadSize+rankedBand)
	var names []Marker
	for _, g := range all {
		names = append(names, Marker{N: (g.from + g.to()) / 2, Label: words.Outcome(g.of) + ": " + words.Whole(int64(len(g.items)))})
	}
	flags, rows := flagsOf(p, names)
	p.Min.Y += vg.Length(rows-1)*markerRow + rankedBand
	p.Grid()
	p.YLabels()
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, p.Min.X, p.Py(1), p.Max.X, p.Py(1))
	if r.Ideal > 1 {
		p.StrokeLine2(draw.LineStyle{Color: canvas.Middle, Width: 3}, p.Min.X, p.Py(r.Ideal), p.Max.X, p.Py(r.Ideal))
		flagScript().Put(p.Canvas, p.Min.X+6, p.Py(r.Ideal)+7, 0, r.idealText())
	}
	floor := p.Min.Y - rankedBand
	for k, g := range all {
		g.draw(p)
		hue, _ := g.items[0].look()
		p.StrokeLine2(draw.LineStyle{Color: hue, Width: 5}, p.Px(g.from-0.5), floor, p.Px(g.to()+0.5), floor)
		f := flags[k]
		y := floor - 28 - vg.Length(f.row)*markerRow
		middle := p.Px(f.N)
		p.StrokeLine2(draw.LineStyle{Color: canvas.Muted, Width: 1.5}, middle, floor, middle, y+canvas.SmallSize)
	}
	for _, f := range flags {
		y := floor - 28 - vg.Length(f.row)*markerRow
		half := flagScript().Width(f.Label)/2 + 4
		p.SetColor(canvas.White)
		p.Fill(canvas.Box(f.middle-half, y-5, f.middle+half, y+canvas.SmallSize))
		canvas.Bold(canvas.SmallSize, canvas.Dark).Put(p.Canvas, f.middle, y, 0.5, f.Label)
	}
	ends(p, all)
}

// draw draws the marks of g, and the band of the intervals of what is shown to be neither faster nor slower.
func (g *rankGroup) draw(p canvas.Panel) {
	pitch := p.Px(2) - p.Px(1)
	if !g.of.Shown() {
		p.SetColor(canvas.Muted.Faded(pale))
		p.Fill(g.band(p, pitch/2))
	}
	for k, i := range g.items {
		i.draw(p, p.Px(g.from+float64(k)), max(leastMark, min(8, 0.6*pitch)))
	}
}

// band is the outline of the intervals of g, each as wide as two halves.
func (g *rankGroup) band(p canvas.Panel, half vg.Length) vg.Path {
	var pts []vg.Point
	side := func(k int, v float64, by vg.Length) {
		y := max(p.Min.Y, min(p.Py(v), p.Max.Y))
		x := p.Px(g.from + float64(k))
		pts = append(pts, vg.Point{X: x - by, Y: y}, vg.Point{X: x + by, Y: y})
	}
	for k, i := range g.items {
		_, high := i.ends()
		side(k, high, half)
	}
	for k, i := range slices.Backward(g.items) {
		low, _ := i.ends()
		side(k, low, -half)
	}
	var path vg.Path
	path.Move(pts[0])
	for _, pt := range pts[1:] {
		path.Line(pt)
	}
	path.Close()
	return path
}

// ends are those of the interval of i; its speedup if it has none.
func (i RankedItem) ends() (low, high float64) {
	if canvas.Drawable(i.Low) && canvas.Drawable(i.High) {
		return i.Low, i.High
	}
	return i.Speedup, i.Speedup
}

// look is how the mark of i is drawn.
func (i RankedItem) look() (canvas.Hue, canvas.Shape) {
	switch i.Outcome {
	case overview.Faster:
		return canvas.Blue, canvas.Circle
	case overview.Slower:
		return canvas.Vermillion, canvas.PointDown
	}
	return canvas.Middle, canvas.Square
}

// draw draws the mark of i at x, and its interval if it is shown to be faster or slower.
func (i RankedItem) draw(p canvas.Panel, x, radius vg.Length) {
	hue, shape := i.look()
	canvas.Describe(p.Canvas, i.Name+": "+words.Plain(i.Text), func() {
		if i.Outcome.Shown() && canvas.Drawable(i.Low) && canvas.Drawable(i.High) {
			p.StrokeLines(draw.LineStyle{Color: hue, Width: max(1, 0.25*radius)}, bar(p.Py(i.Low), p.Py(i.High), p.Min.Y, p.Max.Y,
				0.6*radius, func(along, across vg.Length) vg.Point { return vg.Point{X: x + across, Y: along} })...)
		}
		shape.Draw(p.Canvas, vg.Point{X: x, Y: p.Py(i.Speedup)}, radius, 0, hue, false)
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

// ends names those whose speedups are the least seen below the panel, and the most seen above it, as many as have room.
func ends(p canvas.Panel, all []rankGroup) {
	list := func(s canvas.Script, txt string, items []RankedItem) string {
		for k, i := range items[:min(mostEnds, len(items))] {
			more := txt + ", " + i.Name + " " + words.Times(i.Speedup)
			if k == 0 {
				more = s.Fit(txt+" "+i.Name, p.Size().X-s.Width(" 0.00×")) + " " + words.Times(i.Speedup)
			} else if s.Width(more) > p.Size().X {
				break
			}
			txt = more
		}
		return txt
	}
	for _, g := range all {
		hue, _ := g.items[0].look()
		s := canvas.Bold(canvas.SmallSize, hue.Readable()) // that of the group, beyond which the names go on
		switch g.of {
		case overview.Slower:
			s.Put(p.Canvas, p.Min.X, p.Min.Y-rankedBand+10, 0, list(s, "least seen:", g.items))
		case overview.Faster:
			last := slices.Clone(g.items)
			slices.Reverse(last)
			s.Put(p.Canvas, p.Max.X, p.Max.Y+rankedBand-18, 1, list(s, "most seen:", last))
		}
	}
}
