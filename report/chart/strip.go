package chart

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
)

// rounding is a share that is no more than the rounding of sums.
const rounding = 1e-9

// grain is how finely the shares of a column are told apart. A state that occurs has at least one grain.
const grain = 64

// leastTask is the width in pixels from which the bounds of a task are drawn.
const leastTask = 5

const (
	leastWide = 3  // pixels from which on a stretch can be pointed at
	mostNamed = 64 // stretches of a row that have a title each
	fine      = 2  // pixels of the bitmap for one of the picture's, upwards, where shares of states show
)

// A strip is a row as it is drawn: columns one pixel wide, each divided among its states.
type strip struct {
	canvas.Panel
	part          // that is being drawn
	row           row
	times         timeAxis
	parts         []part // of the row, from the left to the right
	floor, height vg.Length
	looks         [timeline.NumStates]canvas.Look
	mixed         []bool // of the columns of the part: each stands for several, whose states change too fast
}

// stackOrder is the order of the states of a column, from the foot up.
func stackOrder() [timeline.NumStates - 1]timeline.State {
	return [...]timeline.State{
		timeline.Running, timeline.Others, timeline.GC, timeline.Startup, timeline.Serial, timeline.Lock, timeline.Join,
		timeline.Channel, timeline.Dispatch, timeline.Ready, timeline.Waiting, timeline.Unknown,
	}
}

// A column is the grains of each state; they add up to grain.
type column [timeline.NumStates]uint8

// columnOf rounds shares, so that equal columns can be found. The largest takes what rounding leaves.
func columnOf(s timeline.Shares) column {
	var c column
	largest, sum := 0, 0
	for i, v := range s {
		g := int(math.Round(v * grain))
		if v > rounding && g == 0 {
			g = 1
		}
		c[i] = uint8(min(g, grain))
		sum += int(c[i])
		if v > s[largest] {
			largest = i
		}
	}
	c[largest] = uint8(max(0, int(c[largest])+grain-sum))
	return c
}

// columns are the states of the row, pixel by pixel: the mean over its lanes. It says in s.mixed which are blended.
func (s *strip) columns() []column {
	n := int(s.x1 - s.x0)
	mean := timeline.MeanShares(s.row.lanes, s.row.zero+clock.Time(s.start), s.row.zero+clock.Time(s.end), n)
	out := make([]column, n)
	for i := range mean {
		out[i] = columnOf(mean[i])
	}
	s.mixed = blend(mean, out)
	return out
}

// runs calls f for every stretch i to j of equal columns.
func runs(columns []column, f func(i, j int)) {
	for i := 0; i < len(columns); {
		j := i + 1
		for j < len(columns) && columns[j] == columns[i] {
			j++
		}
		f(i, j)
		i = j
	}
}

// leastNamed is the width from which on stretches have titles: so large that there are not too many.
func (s *strip) leastNamed(columns []column) int {
	for least := leastWide; ; least *= 2 {
		n := 0
		runs(columns, func(i, j int) {
			if !s.narrow(i, j, least) && columns[i][timeline.Absent] < grain {
				n++
			}
		})
		if n <= mostNamed {
			return least
		}
	}
}

// narrow reports whether the stretch i to j of equal columns is narrower than least, or stands for such.
func (s *strip) narrow(i, j, least int) bool { return j-i < least || s.mixed[i] }

// narrowRuns counts the stretches that are too narrow to point at.
func (s *strip) narrowRuns(columns []column) (n int) {
	runs(columns, func(i, j int) {
		if s.narrow(i, j, leastWide) {
			n++
		}
	})
	return n
}

// draw draws the row.
func (s *strip) draw(t *timeline.Timeline) {
	for _, s.part = range s.parts {
		line := s.floor - 1
		s.StrokeLine2(draw.LineStyle{Color: canvas.Grid, Width: 2}, s.x0, line, s.x1, line)
		if t.End > t.Start {
			s.drawPart()
		}
	}
	if t.End > t.Start {
		s.lengths()
		s.tasks()
	}
}

// drawPart draws a part of the row. Stretches of equal columns become one rectangle for each state; those too narrow to
// point at are joined into one shape for each state or, where there are many in an SVG, into one bitmap.
func (s *strip) drawPart() {
	columns := s.columns()
	least := s.leastNamed(columns)
	if canvas.Describes(s.Canvas) && (least > leastWide || s.narrowRuns(columns) > mostNamed) {
		s.bitmap(columns, least)
		s.shapes(columns, least)
	} else {
		s.shapes(columns, leastWide)
		s.outlines(columns)
	}
}

// shapes draws the stretches from least on, each with its title.
func (s *strip) shapes(columns []column, least int) {
	runs(columns, func(i, j int) {
		if s.narrow(i, j, least) || columns[i][timeline.Absent] == grain {
			return
		}
		canvas.Group{Title: s.title(columns[i], i, j, len(columns)), Series: s.row.name}.Draw(s.Canvas, func() {
			for _, b := range s.bands(columns[i]) {
				s.looks[b.state].Draw(s.Canvas, s.x0+vg.Length(i), b.foot, s.x0+vg.Length(j), b.top)
			}
		})
	})
}

// outlines draws the stretches that are too narrow to point at, those of a state as one shape.
func (s *strip) outlines(columns []column) {
	var narrow, blended [timeline.NumStates][]vg.Rectangle
	runs(columns, func(i, j int) {
		if s.narrow(i, j, leastWide) {
			of := &narrow
			if s.mixed[i] {
				of = &blended
			}
			for _, b := range s.bands(columns[i]) {
				of[b.state] = append(of[b.state], s.box(b, i, j))
			}
		}
	})
	for _, state := range stackOrder() {
		if len(narrow[state])+len(blended[state]) > 0 {
			canvas.Group{Title: s.total(columns), Series: s.row.name}.Draw(s.Canvas, func() {
				s.looks[state].DrawThin(s.Canvas, narrow[state])
				s.looks[state].DrawBlended(s.Canvas, blended[state])
			})
		}
	}
}

// box is the place of a band of columns i to j.
func (s *strip) box(b band, i, j int) vg.Rectangle {
	return vg.Rectangle{
		Min: vg.Point{X: s.x0 + vg.Length(i), Y: b.foot}, Max: vg.Point{X: s.x0 + vg.Length(j), Y: b.top},
	}
}

// bitmap draws all stretches narrower than least. A row whose states change at every other pixel would be thousands
// of shapes in an SVG, and a report of twenty timelines would have tens of megabytes; a bitmap of one pixel for each
// takes a few kilobytes. A PNG is a bitmap anyway, and is drawn from the shapes. What a dark scheme draws in another
// colour is no part of the bitmap, whose colours stay: white is left out, and the others are drawn as shapes.
func (s *strip) bitmap(columns []column, least int) {
	palette := color.Palette{color.Transparent}
	var index [timeline.NumStates]uint8 // of the colour of a state, behind which that of its hatching stands
	var stays [timeline.NumStates]bool
	for _, state := range stackOrder() {
		fill := s.looks[state].Fill
		index[state], stays[state] = uint8(len(palette)), fill.Stays()
		palette = append(palette, fill, fill.Hatching())
		if fill == canvas.White {
			palette[index[state]] = color.Transparent
		}
	}
	var shapes [timeline.NumStates][]vg.Rectangle
	height := fine * int(s.height)
	img := image.NewPaletted(image.Rect(0, 0, len(columns), height), palette)
	runs(columns, func(i, j int) {
		if !s.narrow(i, j, least) {
			return
		}
		for _, b := range s.bands(columns[i]) {
			look := s.looks[b.state]
			white := look.Fill == canvas.White
			if !white && !stays[b.state] {
				shapes[b.state] = append(shapes[b.state], s.box(b, i, j))
				continue
			}
			top, bottom := height-int(fine*(b.top-s.floor)+0.5), height-int(fine*(b.foot-s.floor)+0.5)
			number, hatched := index[b.state], white || s.mixed[i] || j-i >= leastSpan
			for y := max(top, 0); y < min(bottom, height); y++ {
				pixels := img.Pix[y*img.Stride:][i:j]
				for x := range pixels {
					pixels[x] = number
					if hatched && look.Hatched(float64(s.x0)+float64(i+x), float64(s.floor)+float64(height-y)/fine) {
						pixels[x]++
					}
				}
			}
		}
	})
	canvas.Group{Title: s.total(columns), Series: s.row.name}.Draw(s.Canvas, func() {
		s.DrawImage(vg.Rectangle{
			Min: vg.Point{X: s.x0, Y: s.floor},
			Max: vg.Point{X: s.x1, Y: s.floor + vg.Length(height)/fine},
		}, img)
		for state, boxes := range shapes {
			if len(boxes) > 0 {
				s.looks[state].DrawThin(s.Canvas, boxes)
			}
		}
	})
}

// A band is the part of a column that one state fills.
type band struct {
	state     timeline.State
	foot, top vg.Length
}

// bands are the states of a column, from the foot up.
func (s *strip) bands(c column) []band {
	out := make([]band, 0, len(c))
	y := s.floor
	for _, state := range stackOrder() {
		if c[state] == 0 {
			continue
		}
		top := y + s.height*vg.Length(s.looks[state].Height)*vg.Length(c[state])/grain
		out = append(out, band{state, y, top})
		y = top
	}
	return out
}

// title describes columns i to j of n.
func (s *strip) title(c column, i, j, n int) string {
	length := float64(s.end - s.start)
	at := func(k int) time.Duration { return s.start + time.Duration(length*float64(k)/float64(n)) }
	return s.row.name + ": " + shares(c) + ", " + s.times.lasting(at(i), at(j))
}

// total describes all columns of a part together.
func (s *strip) total(columns []column) string {
	if len(s.parts) > 1 {
		return s.row.name + ", " + s.times.between(s.start, s.end) + " in all: " + shares(columns...)
	}
	return s.row.name + " in all: " + shares(columns...)
}

// shares names the states of columns, with the part of each if there are several.
func shares(columns ...column) string {
	var sum [timeline.NumStates]int
	for _, c := range columns {
		for state, g := range c {
			sum[state] += int(g)
		}
	}
	whole := grain * len(columns)
	var parts []string
	order := stackOrder()
	for _, state := range append(order[:], timeline.Absent) {
		switch {
		case sum[state] == whole:
			return lookOf(state).Name
		case sum[state] > 0:
			parts = append(parts, lookOf(state).Name+" "+words.Plain(words.Percent(float64(sum[state])/float64(whole))))
		}
	}
	return strings.Join(parts, ", ")
}

// tasks draws the bounds of tasks that are wide enough, and their names where they fit.
func (s *strip) tasks() {
	if len(s.row.lanes) != 1 {
		return
	}
	script := canvas.Regular(canvas.SmallSize, canvas.Black)
	busy := vg.Length(math.Inf(-1)) // up to where there is a name already
	for _, m := range s.row.lanes[0].Marks {
		x0, x1 := s.place(m.Start), s.place(m.End)
		if x1-x0 < leastTask || s.since(m.End) <= s.parts[0].start {
			continue
		}
		said := s.row.name + ", " + m.Label + ": " + s.times.lasting(s.since(m.Start), s.since(m.End))
		canvas.Group{Title: said, Series: s.row.name}.Draw(s.Canvas,
			func() {
				for _, x := range []vg.Length{x0, x1} {
					s.StrokeLine2(draw.LineStyle{Color: canvas.Dark, Width: 1.5}, x, s.floor-1, x, s.floor+s.height+2)
				}
				name := shortName(m.Label)
				half := script.Width(name)/2 + 3
				middle := (x0 + x1) / 2
				if name == "" || 2*half+4 > x1-x0 || middle-half < busy || s.height < canvas.SmallSize+3 {
					return
				}
				busy = middle + half
				y := s.floor + s.height/2
				if s.height >= 2*canvas.SmallSize { // above the foot, which waiting fills
					y = s.floor + s.height - canvas.SmallSize/2 - 2
				}
				s.SetColor(canvas.White.Faded(0.7)) // so that it can be read across states
				s.Fill(canvas.Box(middle-half, y-canvas.SmallSize/2, middle+half, y+canvas.SmallSize/2))
				script.Middle(s.Canvas, middle, y, 0.5, name)
			})
	}
}

// since is the time from the 0 of the axis to t, which place turns into a place within the row.
func (s *strip) since(t clock.Time) time.Duration { return t.Sub(s.row.zero) }

func (s *strip) place(t clock.Time) vg.Length {
	at := s.since(t)
	part := s.parts[0]
	for _, p := range s.parts[1:] {
		if at >= p.start {
			part = p
		}
	}
	f := float64(at-part.start) / float64(part.end-part.start)
	return part.x0 + (part.x1-part.x0)*vg.Length(max(0, min(f, 1)))
}

// shortName is the number that name ends in, or all of it if it ends in none.
func shortName(name string) string {
	digits := name[strings.LastIndexFunc(name, func(r rune) bool { return r < '0' || r > '9' })+1:]
	if digits == "" {
		return name
	}
	return digits
}

// skipsTasks reports whether there are tasks whose bounds are not drawn on a scale of the width.
func skipsTasks(groups []rowGroup, times stretches, width vg.Length) bool {
	least := time.Duration(leastTask * times.work().pace() / max(1, float64(width)))
	for _, g := range groups {
		for _, r := range g.rows {
			if len(r.lanes) > 1 && slices.ContainsFunc(r.lanes,
				func(l *timeline.Lane) bool { return len(l.Marks) > 0 }) {
				return true
			}
			for _, m := range r.lanes[0].Marks {
				if m.End.Sub(m.Start) < least {
					return true
				}
			}
		}
	}
	return false
}
