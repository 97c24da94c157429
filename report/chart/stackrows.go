package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// Most bars beside each other in a figure that is so narrow that panels do not stand beside each other: fewer where
// their names ask for it, or many without names where there would be too many rows.
const (
	fewBars  = 3
	manyBars = 6
)

// Most rows of bars that have names beside them, and in a narrow figure most bars of a row.
const (
	besideRows = 2
	besideBars = 2
)

// Most rows of bars in a figure in which panels stand beside each other.
const (
	fileRows = 2 // in a file, which is no higher for them
	pageRows = 4
)

// besideIn divides the bars into as few rows as leave room for names beside each, in a figure of that size or, if it is
// for a page, as high as such rows have it there. It returns nil if none do.
func (f Stack) besideIn(width, height vg.Length) [][]Bar {
	var ways [][][]Bar
	if stacked(width) {
		ways = [][][]Bar{f.inRows(besideBars)}
	} else {
		for n := range besideRows {
			ways = append(ways, f.inParts(n+1))
		}
	}
	var narrow [][]Bar // names stand in many lines: more rows, for which a page is as high as it takes, come first
	for _, rows := range ways {
		if len(rows) > pageRows || !f.roomBeside(rows, width-axisRoom) {
			continue
		}
		page := width < amplePanels
		if page {
			height = rowsHigh(len(rows))
		}
		switch plans := f.placed(canvas.Blank(width, height), rows, true); {
		case slices.ContainsFunc(plans, stackPlan.crowded):
		case page && narrow == nil && slices.ContainsFunc(plans, stackPlan.broken):
			narrow = rows
		default:
			return rows
		}
	}
	return narrow
}

// rows divides the bars, without names beside them, into as many rows as the width asks for. Those of one n stay
// together.
func (f Stack) rows(width vg.Length) [][]Bar {
	if !stacked(width) {
		most := pageRows
		if width >= amplePanels {
			most = fileRows
		}
		return f.figured(width, most)
	}
	most := manyBars
	if len(f.Bars) <= 3*fewBars {
		name := vg.Length(0)
		for _, b := range f.Bars {
			name = max(name, nameScript(canvas.Dark).Width(b.Name))
		}
		for most = fewBars; most > 1 && name*vg.Length(float64(most)+groupRoom) > 0.9*width; {
			most--
		}
	}
	return f.inRows(most)
}

// figured divides the bars into as few rows as let each bar hold its speedup, or else into as many as may be.
func (f Stack) figured(width vg.Length, mostRows int) [][]Bar {
	needed := vg.Length(0)
	for _, b := range f.Bars {
		needed = max(needed, canvas.Bold(canvas.SmallSize, canvas.White).Width(speedupOf(b)))
	}
	var out [][]Bar
	for n := 1; n <= mostRows; n++ {
		out = f.inParts(n)
		units := vg.Length(1)
		for _, bars := range out {
			units = max(units, barUnits(bars))
		}
		if barShare*(width-axisRoom)/units-figureEdge >= needed {
			break
		}
	}
	return out
}

// inParts divides the bars into n rows of as many counts each, or one more.
func (f Stack) inParts(n int) [][]Bar {
	counts := f.inRows(1)
	var out [][]Bar
	for part := range slices.Chunk(counts, (len(counts)+n-1)/n) {
		out = append(out, slices.Concat(part...))
	}
	return out
}

// axisRoom is about what the labels of the percentages take.
const axisRoom = 50.0

// inRows divides the bars into rows of at most so many, or of those of one n if these are more.
func (f Stack) inRows(most int) [][]Bar {
	var out [][]Bar
	for from := 0; from < len(f.Bars); {
		to := from + 1
		for to < len(f.Bars) && f.Bars[to].N == f.Bars[from].N {
			to++
		}
		if last := len(out) - 1; last >= 0 && len(out[last])+to-from <= most {
			out[last] = append(out[last], f.Bars[from:to]...)
		} else {
			out = append(out, slices.Clone(f.Bars[from:to]))
		}
		from = to
	}
	return out
}
