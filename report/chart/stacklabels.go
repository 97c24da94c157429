package chart

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Room of a bar that has the names of what is lost at its right: the bar, and the names behind the lines that lead to
// them.
const (
	besideGap   = 0.14 // between groups, in such rooms
	besideBar   = 0.38 // the part of the room that the bar has
	leastCell   = 205.0
	mostCell    = 560.0
	besideLine  = 24.0 // from the bar to the names
	besideSpace = 14.0 // behind them
)

// roomBeside reports whether bars in such rows, so wide, leave room for names beside them.
func (f Stack) roomBeside(rows [][]Bar, width vg.Length) bool {
	return !slices.ContainsFunc(rows, func(bars []Bar) bool {
		return width/(vg.Length(len(bars))+besideGap*vg.Length(countsOf(bars))) < leastCell
	})
}

// A sideLabel stands right of a bar.
type sideLabel struct {
	lines  []string
	script canvas.Script
	series string
	title  string
	want   vg.Length // its middle
	tied   bool      // to the bar at that height
}

func (l sideLabel) height() vg.Length { return lineRoom*vg.Length(len(l.lines)) + 3 }

// labelsOf are those of p, from the top down: how much is lost, and what each cause takes of that.
func (s stackPlan) labelsOf(p pillar) []sideLabel {
	if len(p.segments) == 0 {
		return nil
	}
	width := p.end - p.x1 - besideLine - besideSpace
	plain, bold := canvas.Regular(canvas.SmallSize, canvas.Dark), canvas.Bold(canvas.SmallSize, canvas.Dark)
	muted := canvas.Regular(canvas.SmallSize, canvas.Muted)
	lost := words.Taken(p.Stack.N-p.Stack.Speedup) + "× lost"
	first := sideLabel{script: muted, want: s.Py(p.top)}
	if p.segments[0].order == math.MaxInt { // causes that are all too small to be told
		first.lines = muted.Wrap(lost, width)
		return []sideLabel{first}
	}
	first.lines = muted.Wrap(lost+":", width)
	out := []sideLabel{first}
	for _, seg := range slices.Backward(p.segments) {
		if seg.share < leastMerged { // which nobody sees
			continue
		}
		l := sideLabel{script: plain, series: seg.Name, title: seg.title, tied: true}
		l.want = (s.Py(seg.low) + s.Py(seg.high)) / 2
		if seg.told {
			l.script = bold
		}
		l.lines = l.script.Wrap(seg.Name+" "+seg.figure, width)
		out = append(out, l)
	}
	return out
}

// crowded reports whether the labels of a bar are wider or higher than their room.
func (s stackPlan) crowded() bool {
	for _, p := range s.pillars {
		width, high := p.end-p.x1-besideLine, vg.Length(0)
		for _, l := range s.labelsOf(p) {
			high += l.height()
			if slices.ContainsFunc(l.lines, func(line string) bool { return l.script.Width(line) > width }) {
				return true
			}
		}
		if high > s.Py(p.top)-s.Py(0) {
			return true
		}
	}
	return false
}

// broken reports whether a label stands in more than two lines.
func (s stackPlan) broken() bool {
	return slices.ContainsFunc(s.pillars, func(p pillar) bool {
		return slices.ContainsFunc(s.labelsOf(p), func(l sideLabel) bool { return len(l.lines) > 2 })
	})
}

// labels writes the labels of p, moved apart where they meet, each with a line to what it names.
func (s stackPlan) labels(p pillar) {
	all := s.labelsOf(p)
	var wants, heights []vg.Length
	for _, l := range all {
		wants, heights = append(wants, l.want), append(heights, l.height())
	}
	x := p.x1 + besideLine
	for i, y := range canvas.Spread(wants, heights, s.Py(0), s.Py(p.top)+4) {
		l := all[i]
		canvas.Group{Title: strings.TrimSpace(l.title), Series: l.series, Over: true}.Draw(s.Canvas, func() {
			if l.tied {
				line := draw.LineStyle{Color: canvas.Muted, Width: 1.5}
				s.StrokeLines(line, []vg.Point{{X: p.x1 + 2, Y: l.want}, {X: p.x1 + 8, Y: l.want}, {X: x - 5, Y: y}})
			}
			at := y + vg.Length(len(l.lines)-1)*lineRoom/2
			for _, txt := range l.lines {
				s.SetColor(canvas.White) // on lines of the grid
				s.Fill(canvas.Box(x-2, at-lineRoom/2, x+l.script.Width(txt)+3, at+lineRoom/2))
				l.script.Middle(s.Canvas, x, at, 0, txt)
				at -= lineRoom
			}
		})
	}
}

// looksOf are those of all segments that are not named beside their bars, each once, in the order of the bars from the
// foot up.
func looksOf(plans []stackPlan) []canvas.Look {
	var found []segment
	for _, s := range plans {
		if s.beside {
			continue // where all are named
		}
		for _, p := range s.pillars {
			for _, seg := range p.segments {
				if !slices.ContainsFunc(found, func(o segment) bool { return o.Look == seg.Look }) {
					found = append(found, seg)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b segment) int { return cmp.Compare(a.order, b.order) })
	var out []canvas.Look
	for _, seg := range found {
		out = append(out, seg.Look)
	}
	return out
}

// text is what is written in a segment: name and figure in as many lines as they need, or else the figure, as the
// legend has the name, or nothing if there is no room for either.
func (s stackPlan) text(p pillar, seg segment) []string {
	room, width := float64(s.Py(seg.high)-s.Py(seg.low)), p.x1-p.x0-12
	script := canvas.Regular(canvas.SmallSize, canvas.Black)
	for _, txt := range []string{seg.Name + " " + seg.figure, seg.figure} {
		lines := script.Wrap(txt, width)
		// A word that is wider than the bar is not broken.
		wide := func(l string) bool { return script.Width(l) > width }
		if !slices.ContainsFunc(lines, wide) && room >= lineRoom*float64(len(lines)) {
			return lines
		}
	}
	return nil
}

// write writes into a segment, on a pale ground.
func (s stackPlan) write(p pillar, seg segment, lines []string) {
	low, high := s.clear(p, seg.low, seg.high)
	if room := lineRoom * vg.Length(len(lines)); high-low < room { // no part has room for it
		low, high = s.Py(seg.low), s.Py(seg.high)
	}
	script := canvas.Regular(canvas.SmallSize, canvas.Black)
	y := (low+high)/2 + vg.Length(len(lines)-1)*lineRoom/2
	for _, l := range lines {
		mid := (p.x0 + p.x1) / 2
		half := script.Width(l)/2 + 4
		s.SetColor(canvas.White.Faded(0.85))
		s.Fill(canvas.Box(max(p.x0, mid-half), y-lineRoom/2+1, min(p.x1, mid+half), y+lineRoom/2-1))
		script.Middle(s.Canvas, mid, y, 0.5, l)
		y -= lineRoom
	}
}
