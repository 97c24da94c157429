package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/report/chart/canvas"
)

// A Marker is a line across the picture at n, with its name: "2 cores". The name may be empty, where another panel has
// it.
type Marker struct {
	N     float64
	Label string
}

// markerRow is the height of a row of the names of markers.
const markerRow = 26

// A flag is the name of a marker, placed above a panel.
type flag struct {
	Marker
	middle vg.Length
	row    int // from 0, the one next to the panel
}

func flagScript() canvas.Script { return canvas.Regular(canvas.SmallSize+1, canvas.Dark) }

// flagsOf places the names of the markers that lie on the axis of p, in as few rows as they need. Markers at one n
// share a line and a name.
func flagsOf(p canvas.Panel, markers []Marker) (flags []flag, rows int) {
	script := flagScript()
	on := slices.DeleteFunc(slices.Clone(markers), func(m Marker) bool { return !p.XAxis.Holds(m.N) })
	slices.SortStableFunc(on, func(a, b Marker) int { return cmp.Compare(a.N, b.N) })
	var ends []vg.Length // of the last name of each row
	for i, m := range on {
		if i > 0 && on[i-1].N == m.N {
			continue
		}
		for _, other := range on[i+1:] {
			if other.N == m.N && other.Label != "" {
				m.Label += ", " + other.Label
			}
		}
		if m.Label == "" {
			flags = append(flags, flag{m, p.Px(m.N), 0})
			continue
		}
		m.Label = script.Fit(m.Label, p.Size().X)
		half := script.Width(m.Label) / 2
		middle := max(p.Min.X+half, min(p.Px(m.N), p.Max.X-half))
		row := slices.IndexFunc(ends, func(end vg.Length) bool { return end+14 < middle-half })
		if row < 0 {
			row = len(ends)
			ends = append(ends, 0)
		}
		ends[row] = middle + half
		flags = append(flags, flag{m, middle, row})
	}
	return flags, len(ends)
}

// drawFlags draws the lines, and then the names on white, as the line of a name in a higher row may cross one below.
func drawFlags(p canvas.Panel, flags []flag) {
	script := flagScript()
	height := func(f flag) vg.Length { return p.Max.Y + 8 + vg.Length(f.row)*markerRow }
	for _, f := range flags {
		canvas.Describe(p.Canvas, f.Label, func() {
			x := p.Px(f.N)
			p.StrokeLine2(draw.LineStyle{Color: canvas.Muted, Width: 2, Dashes: []vg.Length{2, 5}}, x, p.Min.Y, x,
				height(f)-3)
		})
	}
	for _, f := range flags {
		if f.Label == "" {
			continue
		}
		half, y := script.Width(f.Label)/2+4, height(f)
		p.SetColor(canvas.White)
		p.Fill(canvas.Box(f.middle-half, y-5, f.middle+half, y+canvas.SmallSize))
		script.Put(p.Canvas, f.middle, y, 0.5, f.Label)
	}
}
