package chart

import (
	"image"
	"image/color"

	"gonum.org/v1/plot/vg"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// A row whose states change at every other pixel would be thousands of shapes in an SVG, and a report of twenty
// timelines would have tens of megabytes. What is narrow in such a row is a bitmap of one pixel for each, which takes a
// few kilobytes; stretches wide enough to point at stay shapes with titles of their own. A PNG is a bitmap anyway, and
// is drawn from the shapes.

const (
	leastWide = 3  // pixels from which on a stretch can be pointed at
	mostNamed = 64 // stretches of a row that have a title each
	fine      = 2  // pixels of the bitmap for one of the picture's, upwards, where shares of states show
)

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
func leastNamed(columns []column) int {
	for least := leastWide; ; least *= 2 {
		n := 0
		runs(columns, func(i, j int) {
			if j-i >= least && columns[i][timeline.Absent] < grain {
				n++
			}
		})
		if n <= mostNamed {
			return least
		}
	}
}

// narrowRuns counts the stretches that are too narrow to point at.
func narrowRuns(columns []column) (n int) {
	runs(columns, func(i, j int) {
		if j-i < leastWide {
			n++
		}
	})
	return n
}

// drawRaster draws the row with a bitmap of all stretches narrower than least, and the others as shapes above it.
func (s strip) drawRaster(columns []column, least int) {
	palette := color.Palette{color.Transparent}
	index := map[timeline.State]uint8{}
	for _, state := range stackOrder() {
		index[state] = uint8(len(palette))
		palette = append(palette, lookOf(state).thinFill())
	}
	height := fine * int(s.height)
	img := image.NewPaletted(image.Rect(0, 0, len(columns), height), palette)
	runs(columns, func(i, j int) {
		if j-i >= least {
			return
		}
		s.stack(columns[i], i, j, func(_ look, _, y0, _, y1 vg.Length, state timeline.State) {
			top, bottom := height-int(fine*(y1-s.floor)+0.5), height-int(fine*(y0-s.floor)+0.5)
			for y := max(top, 0); y < min(bottom, height); y++ {
				for x := i; x < j; x++ {
					img.SetColorIndex(x, y, index[state])
				}
			}
		})
	})
	describe(s.Canvas, s.total(columns), func() {
		s.DrawImage(vg.Rectangle{Min: vg.Point{X: s.x0, Y: s.floor}, Max: vg.Point{X: s.x1,
			Y: s.floor + vg.Length(height)/fine}}, img)
	})
	runs(columns, func(i, j int) {
		if j-i < least || columns[i][timeline.Absent] == grain {
			return
		}
		describe(s.Canvas, s.title(columns[i], i, j, len(columns)), func() {
			s.stack(columns[i], i, j, func(look look, x0, y0, x1, y1 vg.Length, _ timeline.State) {
				look.draw(s.Canvas, x0, y0, x1, y1)
			})
		})
	})
}
