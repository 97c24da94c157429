package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
)

// rounding is a share that is no more than the rounding of sums.
const rounding = 1e-9

// grain is how finely the shares of a column are told apart. A state that occurs has at least one grain.
const grain = 64

// leastTask is the width in pixels from which the bounds of a task are drawn.
const leastTask = 5

// A strip is a row as it is drawn: columns one pixel wide, each divided among its states.
type strip struct {
	panel
	row           row
	times         timeAxis
	start, end    time.Duration // since the 0 of the axis
	x0, x1        vg.Length
	floor, height vg.Length
}

// stackOrder is the order of the states of a column, from the foot up.
func stackOrder() []timeline.State {
	return []timeline.State{
		timeline.Running, timeline.GC, timeline.Startup, timeline.Serial, timeline.Lock, timeline.Channel,
		timeline.Ready, timeline.Waiting, timeline.Unknown,
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

// columns are the states of the row, pixel by pixel: the mean over its lanes.
func (s strip) columns(t *timeline.Timeline) []column {
	n := int(s.x1 - s.x0)
	mean := make([]timeline.Shares, n)
	for _, l := range s.row.lanes {
		for i, shares := range l.Shares(t.Start, t.End, n) {
			for j, v := range shares {
				mean[i][j] += v / float64(len(s.row.lanes))
			}
		}
	}
	out := make([]column, n)
	for i := range mean {
		out[i] = columnOf(mean[i])
	}
	return out
}

// draw draws the row. Stretches of equal columns become one rectangle for each state; those too narrow to point at are
// joined into one shape for each state.
func (s strip) draw(t *timeline.Timeline) {
	line := s.floor - 1
	s.StrokeLine2(draw.LineStyle{Color: grid, Width: 2}, s.x0, line, s.x1, line)
	if t.End <= t.Start {
		return
	}
	columns := s.columns(t)
	if _, ok := annotatorOf(s.Canvas); ok {
		if least := leastNamed(columns); least > leastWide || narrowRuns(columns) > mostNamed {
			s.drawRaster(columns, least)
			s.tasks()
			return
		}
	}
	var narrow [timeline.NumStates]vg.Path
	for i := 0; i < len(columns); {
		j := i + 1
		for j < len(columns) && columns[j] == columns[i] {
			j++
		}
		if j-i >= leastWide {
			if columns[i][timeline.Absent] < grain {
				describe(s.Canvas, s.title(columns[i], i, j, len(columns)), func() {
					s.stack(columns[i], i, j, func(look look, x0, y0, x1, y1 vg.Length, _ timeline.State) {
						look.draw(s.Canvas, x0, y0, x1, y1)
					})
				})
			}
		} else {
			s.stack(columns[i], i, j, func(_ look, x0, y0, x1, y1 vg.Length, state timeline.State) {
				narrow[state] = append(narrow[state], box(x0, y0, x1, y1)...)
			})
		}
		i = j
	}
	for _, state := range stackOrder() {
		if len(narrow[state]) > 0 {
			describe(s.Canvas, s.total(columns), func() {
				s.SetColor(lookOf(state).thinFill())
				s.Fill(narrow[state])
			})
		}
	}
	s.tasks()
}

// stack calls rect for each state of columns i to j.
func (s strip) stack(c column, i, j int, rect func(look look, x0, y0, x1, y1 vg.Length, state timeline.State)) {
	y := s.floor
	for _, state := range stackOrder() {
		if c[state] == 0 {
			continue
		}
		look := lookOf(state)
		top := y + s.height*vg.Length(look.height)*vg.Length(c[state])/grain
		rect(look, s.x0+vg.Length(i), y, s.x0+vg.Length(j), top, state)
		y = top
	}
}

// title describes columns i to j of n.
func (s strip) title(c column, i, j, n int) string {
	length := float64(s.end - s.start)
	at := func(k int) time.Duration { return s.start + time.Duration(length*float64(k)/float64(n)) }
	return s.row.name + ": " + c.shares(grain) + ", " + s.times.between(at(i), at(j))
}

// total describes all columns together.
func (s strip) total(columns []column) string {
	var sum [timeline.NumStates]int
	for _, c := range columns {
		for state, g := range c {
			sum[state] += int(g)
		}
	}
	return s.row.name + " in all: " + sharesText(sum, grain*len(columns))
}

func (c column) shares(whole int) string {
	var sum [timeline.NumStates]int
	for state, g := range c {
		sum[state] = int(g)
	}
	return sharesText(sum, whole)
}

func sharesText(sum [timeline.NumStates]int, whole int) string {
	var parts []string
	for _, state := range append(stackOrder(), timeline.Absent) {
		switch {
		case sum[state] == whole:
			return lookOf(state).name
		case sum[state] > 0:
			parts = append(parts, fmt.Sprintf("%s %.0f %%", lookOf(state).name,
				math.Ceil(100*float64(sum[state])/float64(whole))))
		}
	}
	return strings.Join(parts, ", ")
}

// tasks draws the bounds of tasks that are wide enough, and their names where they fit.
func (s strip) tasks() {
	if len(s.row.lanes) != 1 {
		return
	}
	script := regular(smallSize, black)
	busy := vg.Length(math.Inf(-1)) // up to where there is a name already
	for _, m := range s.row.lanes[0].Marks {
		x0, x1 := s.place(m.Start), s.place(m.End)
		if x1-x0 < leastTask {
			continue
		}
		describe(s.Canvas, s.row.name+", "+m.Label+": "+s.times.between(s.since(m.Start), s.since(m.End)), func() {
			for _, x := range []vg.Length{x0, x1} {
				s.StrokeLine2(draw.LineStyle{Color: dark, Width: 1.5}, x, s.floor-1, x, s.floor+s.height+2)
			}
			name := shortName(m.Label)
			half := script.width(name)/2 + 3
			middle := (x0 + x1) / 2
			if name == "" || 2*half+4 > x1-x0 || middle-half < busy || s.height < smallSize+3 {
				return
			}
			busy = middle + half
			s.SetColor(white.faded(0.7)) // so that it can be read across states
			s.Fill(box(middle-half, s.floor+s.height/2-smallSize/2, middle+half, s.floor+s.height/2+smallSize/2))
			script.middle(s.Canvas, middle, s.floor+s.height/2, 0.5, name)
		})
	}
}

// since is the time from the 0 of the axis to t, which place turns into a place between x0 and x1.
func (s strip) since(t clock.Time) time.Duration { return t.Sub(s.row.zero) }

func (s strip) place(t clock.Time) vg.Length {
	f := float64(s.since(t)-s.start) / float64(s.end-s.start)
	return s.x0 + (s.x1-s.x0)*vg.Length(max(0, min(f, 1)))
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
func skipsTasks(groups []rowGroup, c timeAxis, width vg.Length) bool {
	least := time.Duration(leastTask * float64(c.to-c.from) / max(1, float64(width)))
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
