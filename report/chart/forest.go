package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Forest shows how many times as fast one side is as the other, one row for each point, with their intervals, around
// the line of no change and the smallest change that counts.
type Forest struct {
	Words
	Slower, Faster string // what lies left and right of no change: "new is slower"
	MinEffect      float64
	Groups         []ForestGroup
}

// A ForestGroup is the points of one curve.
type ForestGroup struct {
	Title string
	Rows  []ForestRow
}

// A ForestRow is one point.
type ForestRow struct {
	Name             string // "n = 2"
	Ratio, Low, High float64
	Range            bool // Low and High are no interval: there are too few launches for one
	Shown            bool // the change is shown
	Mean             bool // it is the mean of other rows
	Text             string
}

const (
	forestNames = 130.0
	forestTexts = 470.0
	leastForest = 26.0
	mostForest  = 64.0
	overForest  = 58.0 // a row whose text stands over its interval
	forestEdge  = 14.0 // beside such rows
	tallForest  = 40   // rows in a page
)

// texts is the room right of the rows for their texts on a figure of the width. 0: they stand over their intervals.
func (f Forest) texts(width vg.Length) vg.Length {
	if stacked(width) {
		return 0
	}
	return min(forestTexts, 0.5*width)
}

// least is the least height of a row.
func (f Forest) least(width vg.Length) vg.Length {
	if f.texts(width) == 0 {
		return overForest
	}
	return leastForest
}

func (f Forest) tall(width vg.Length) vg.Length {
	rows := min(rowsIn(f.Groups)+len(f.Groups), tallForest)
	pitch := vg.Length(mostForest)
	if len(f.Groups) > 3 {
		pitch = f.least(width) * 1.2
	}
	return vg.Length(max(rows, 2))*pitch + canvas.XBelow + 1.5*canvas.HeadSize +
		notesHeight(width, f.key()+f.left(rowsIn(f.Groups)), f.Footnote)
}

// spare is the height that a few rows leave over of c.
func (f Forest) spare(c draw.Canvas) vg.Length {
	room, _, lines := f.frame(c)
	return vg.Length(int(max(0, room.Size().Y-mostForest*vg.Length(lines))))
}

// key says what the marks mean.
func (f Forest) key() string {
	key := "Each row: the ratio of the median speeds and its 95 % interval, with what noise allows. Filled: the change is shown; pale: it is not."
	if f.MinEffect > 0 {
		key += fmt.Sprintf(" Grey: changes of less than %s, which do not count.", words.Asked(f.MinEffect))
	}
	if f.has(func(r ForestRow) bool { return r.Mean }) {
		key += " Diamond: the geometric mean, as wide as its interval."
	}
	if f.has(func(r ForestRow) bool { return r.Range }) {
		key += " Dashed: smallest to largest ratio, as there are too few launches for an interval."
	}
	return key
}

// left says of how many points there is no row.
func (f Forest) left(n int) string {
	said := fmt.Sprintf(" Not drawn: %s, for which there is no room; the table has them.", words.Plural(n, "point", "points"))
	if len(f.Groups) > 1 {
		said += " Those with the largest changes stand first."
	}
	return said
}

// frame sets what stands around the rows and returns the canvas that they have, the groups for which it has room, and
// their lines.
func (f Forest) frame(c draw.Canvas) (room draw.Canvas, groups []ForestGroup, lines int) {
	key := f.key()
	within := func(c draw.Canvas) draw.Canvas {
		names, texts := vg.Length(forestNames), f.texts(c.Size().X)
		if texts == 0 {
			names, texts = forestEdge, forestEdge
		}
		return draw.Crop(c, names, -texts, canvas.XBelow, -1.5*canvas.HeadSize)
	}
	// Which rows there is room for follows from the height of the notes, which say how many there are not.
	trial := within(notes(canvas.Detached(c), key+f.left(rowsIn(f.Groups)), f.Footnote))
	groups, lines = f.fit(int(trial.Size().Y / f.least(c.Size().X)))
	if n := rowsIn(f.Groups) - rowsIn(groups); n > 0 {
		key += f.left(n)
	}
	return within(notes(c, key, f.Footnote)), groups, lines
}

func (f Forest) has(is func(ForestRow) bool) bool {
	return slices.ContainsFunc(f.Groups, func(g ForestGroup) bool { return slices.ContainsFunc(g.Rows, is) })
}

func rowsIn(groups []ForestGroup) (n int) {
	for _, g := range groups {
		n += len(g.Rows)
	}
	return n
}

// byChange are the means, then the groups with the largest change that is shown first, and those without one in their
// order.
func (f Forest) byChange() []ForestGroup {
	most := func(g ForestGroup) (change float64) {
		for _, r := range g.Rows {
			if r.Mean {
				return math.Inf(1)
			}
			if c := math.Abs(math.Log(r.Ratio)); r.Shown && c > change {
				change = c
			}
		}
		return change
	}
	out := slices.Clone(f.Groups)
	slices.SortStableFunc(out, func(a, b ForestGroup) int { return cmp.Compare(most(b), most(a)) })
	return out
}

// fit returns the groups that so many lines have room for, as far as they have, and how many they take with their
// titles. Where there is no room for all, those with the largest changes come first.
func (f Forest) fit(room int) (groups []ForestGroup, lines int) {
	from := f.Groups
	if rowsIn(from)+len(from) > room {
		from = f.byChange()
	}
	for _, g := range from {
		title := 0
		if g.Title != "" {
			title = 1
		}
		n := min(len(g.Rows), room-lines-title)
		if n <= 0 {
			break
		}
		g.Rows = g.Rows[:n]
		groups = append(groups, g)
		lines += title + n
	}
	return groups, lines
}

// Draw draws the picture.
func (f Forest) Draw(c draw.Canvas) {
	room, groups, lines := f.frame(c)
	texts := f.texts(c.Size().X)
	if !f.has(func(r ForestRow) bool { return canvas.Drawable(r.Ratio) }) {
		canvas.Instead(room, "No point was measured on both sides.")
		return
	}
	p := canvas.Panel{Canvas: room, XAxis: f.axis(), Room: c}
	pitch := min(mostForest, p.Size().Y/vg.Length(lines))
	p.Min.Y = p.Max.Y - pitch*vg.Length(lines)
	p.XLabels("speed of the new side over that of the base (log scale)", "new speed over the base’s (log scale)")
	if f.MinEffect > 0 {
		p.SetColor(canvas.Grid)
		p.Fill(canvas.Box(p.Px(max(p.XAxis.Min, 1/(1+f.MinEffect))), p.Min.Y, p.Px(min(p.XAxis.Max, f.most())), p.Max.Y))
	}
	p.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 2}, p.Px(1), p.Min.Y, p.Px(1), p.Max.Y)
	side := canvas.Bold(canvas.NoteSize, canvas.Muted)
	side.Put(p.Canvas, p.Px(1)-14, p.Max.Y+12, 1, either(side, "← "+f.Slower, "← slower", p.Px(1)-c.Min.X-14))
	side.Put(p.Canvas, p.Px(1)+14, p.Max.Y+12, 0, either(side, f.Faster+" →", "faster →", c.Max.X-p.Px(1)-14))
	y := p.Max.Y
	for _, g := range groups {
		if g.Title != "" {
			y -= pitch
			s := canvas.Bold(canvas.NoteSize, canvas.Dark)
			title := s.Fit(g.Title, c.Size().X)
			p.SetColor(canvas.White)
			p.Fill(canvas.Box(c.Min.X, y+0.3*pitch-0.3*s.Size(), c.Min.X+s.Width(title)+4, y+0.3*pitch+s.Size()))
			s.Put(p.Canvas, c.Min.X, y+0.3*pitch, 0, title)
		}
		for _, r := range g.Rows {
			y -= pitch
			r.draw(p, y+pitch/2, texts)
		}
	}
}

// either is text where there is room for it, or else short, or nothing.
func either(s canvas.Script, text, short string, room vg.Length) string {
	for _, t := range []string{text, short} {
		if s.Width(t) <= room {
			return t
		}
	}
	return ""
}

// most is the largest speed of which the time differs by less than what counts.
func (f Forest) most() float64 { return 1 / (1 - min(f.MinEffect, 0.9)) }

// axis holds all ratios and what of their intervals is not far beyond them, and 1.
func (f Forest) axis() canvas.Axis {
	low, high := 1/(1+2*max(f.MinEffect, 0.01)), 1+2*max(f.MinEffect, 0.01)
	for _, g := range f.Groups {
		for _, r := range g.Rows {
			for _, v := range []float64{r.Ratio, r.Low, r.High} {
				if canvas.Drawable(v) && math.Abs(math.Log2(v)) < 10 {
					low, high = min(low, v), max(high, v)
				}
			}
		}
	}
	pad := math.Pow(high/low, 0.05)
	if high > 4*low {
		return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, canvas.Powers{Most: 8})
	}
	return canvas.NewAxis(low/pad, high*pad, canvas.LogScale{}, canvas.Even{Most: 6})
}

// draw draws the row with its middle at y, and its text in the room right of it, or over it where there is none.
func (r ForestRow) draw(p canvas.Panel, y, texts vg.Length) {
	name, figure := canvas.Regular(canvas.TickSize, canvas.Dark), canvas.Regular(canvas.TickSize, canvas.Dark)
	if r.Shown {
		figure = canvas.Bold(canvas.TickSize, canvas.Dark)
	}
	canvas.Describe(p.Canvas, r.Name+": "+words.Plain(r.Text), func() {
		if texts > 0 {
			name.Middle(p.Canvas, p.Min.X-14, y, 1, name.Fit(r.Name, forestNames-14))
			figure.Middle(p.Canvas, p.Max.X+20, y, 0, figure.Fit(r.Text, texts-20))
		} else {
			r.over(p, y+0.6*canvas.TickSize)
			y -= 0.6 * canvas.TickSize
		}
		if !canvas.Drawable(r.Ratio) {
			return
		}
		r.mark(p, y)
	})
}

// mark draws the ratio and its interval.
func (r ForestRow) mark(p canvas.Panel, y vg.Length) {
	at := func(v float64) vg.Length { return p.Px(max(p.XAxis.Min, min(v, p.XAxis.Max))) }
	line := color.Color(canvas.Blue)
	switch {
	case r.Mean:
		line = canvas.Dark
	case !r.Shown:
		line = canvas.Muted.Faded(paleLine)
	case r.Ratio < 1:
		line = canvas.Vermillion
	}
	known := canvas.Drawable(r.Low) && canvas.Drawable(r.High)
	if r.Mean && known {
		const half = 12
		p.FillPolygon(line, []vg.Point{
			{X: at(r.Low), Y: y}, {X: at(r.Ratio), Y: y + half}, {X: at(r.High), Y: y}, {X: at(r.Ratio), Y: y - half},
		})
		return
	}
	if known {
		sty := draw.LineStyle{Color: line, Width: 4}
		if r.Range {
			sty.Width, sty.Dashes = 3, []vg.Length{9, 6}
		}
		p.StrokeLine2(sty, at(r.Low), y, at(r.High), y)
	}
	shape := canvas.Square // told apart in grey as well
	if r.Shown && r.Ratio > 1 {
		shape = canvas.PointRight
	} else if r.Shown {
		shape = canvas.PointLeft
	}
	shape.Draw(p.Canvas, vg.Point{X: at(r.Ratio), Y: y}, 9, 2, line, !r.Shown)
}

// over writes name and text above the interval, whose middle line they interrupt.
func (r ForestRow) over(p canvas.Panel, y vg.Length) {
	s := canvas.Regular(canvas.SmallSize, canvas.Dark)
	if r.Shown {
		s = canvas.Bold(canvas.SmallSize, canvas.Dark)
	}
	txt := s.Fit(r.Name+": "+r.Text, p.Room.Size().X)
	p.SetColor(canvas.White)
	p.Fill(canvas.Box(p.Room.Min.X, y-0.7*canvas.SmallSize, p.Room.Min.X+s.Width(txt)+4, y+0.6*canvas.SmallSize))
	s.Middle(p.Canvas, p.Room.Min.X, y, 0, txt)
}
