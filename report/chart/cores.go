package chart

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
)

// Cores shows how many cores were busy over time, and beside it for what share of the time exactly k were.
type Cores struct {
	Words
	Use   *cores.Use
	Zero  clock.Time // the release of the workers, where the axis has its 0; 0: not known, the start of the use has it
	Start string     // what begins where the use does, without Zero; "": the trace
}

// Draw draws the picture.
func (f Cores) Draw(c draw.Canvas) {
	c = f.heading(c)
	if f.Use == nil || f.Use.End <= f.Use.Start {
		c = notes(c, f.Footnote)
		regular(labelSize, muted).put(c, c.Center().X, c.Center().Y, 0.5,
			"No time passed, so there is no core use to show.")
		return
	}
	c = notes(c, "Line: mean of each pixel. Pale band: fewest and most within it.", f.Footnote)
	zero := f.Zero
	if zero == 0 {
		zero = f.Use.Start
	}
	times := newTimeAxis(f.Use.Start.Sub(zero), f.Use.End.Sub(zero), sinceWords(f.Start, f.Zero))
	y := f.yAxis()

	left, right := beside(c, 0.68*c.Size().X, 30)
	panelHead(left, "Busy cores over time")
	panelHead(right, "Share of the time with so many busy")
	labels := f.labels(times)
	width := labelWidth(labels, 0.3*left.Size().X)
	over := panel{draw.Crop(left, y.yWidth(), -width, xBelow, -2*headSize), times.axis(), y}
	over.Min.X, over.Max.X = vg.Length(int(over.Min.X)), vg.Length(int(over.Max.X))
	over.grid()
	over.yLabels()
	over.xLabels(times.title())
	f.drawUse(over, times)
	over.endLabels(labels, width)

	shares := panel{draw.Crop(right, y.yWidth(), -70, xBelow, -2*headSize), f.shareAxis(), y}
	shares.yLabels()
	shares.xLabels("% of the time")
	f.drawShares(shares)
}

// yAxis goes to the cores or to what was seen, whichever is more.
func (f Cores) yAxis() axis {
	top := max(f.Use.Cores, 1)
	for k, d := range f.Use.Profile {
		if d > 0 {
			top = max(top, k)
		}
	}
	for _, s := range f.Use.Steps {
		top = max(top, s.Busy)
	}
	return newAxis(-0.04*float64(top), 1.08*float64(top), plot.LinearScale{}, even{most: 10, whole: true})
}

func (f Cores) shareAxis() axis {
	return newAxis(0, max(0.1, 100*slices.Max(append(f.shares(), 0))), plot.LinearScale{}, even{most: 4})
}

// shares are those of the profile in the time that it covers.
func (f Cores) shares() []float64 {
	var all time.Duration
	for _, d := range f.Use.Profile {
		all += d
	}
	shares := make([]float64, len(f.Use.Profile))
	for k, d := range f.Use.Profile {
		shares[k] = float64(d) / float64(max(all, 1))
	}
	return shares
}

func (f Cores) labels(times timeAxis) []label {
	end := times.in(times.to)
	out := []label{{name: "mean", value: words.Ratio(f.Use.Mean), hue: green, n: end, y: f.Use.Mean, tied: true}}
	if n := f.Use.Cores; n > 0 {
		out = append(out, label{name: words.Plural(n, "core", "cores"), hue: muted, n: end, y: float64(n)})
	}
	return out
}

// drawUse draws band and mean pixel by pixel, and the lines of the mean of all and of the cores.
func (f Cores) drawUse(p panel, times timeAxis) {
	bins := f.Use.Bins(int(p.Size().X))
	edge := func(i int) vg.Length { return p.Min.X + vg.Length(i) }
	var band vg.Path
	for i := 0; i < len(bins); {
		j := i + 1
		for j < len(bins) && bins[j].Min == bins[i].Min && bins[j].Max == bins[i].Max {
			j++
		}
		if bins[i].Max > bins[i].Min {
			band = append(band, box(edge(i), p.py(float64(bins[i].Min)), edge(j), p.py(float64(bins[i].Max)))...)
		}
		i = j
	}
	if len(band) > 0 {
		describe(p.Canvas, "fewest and most within a pixel", func() {
			p.SetColor(green.faded(0.3))
			p.Fill(band)
		})
	}
	var line []vg.Point
	for i, b := range bins {
		at := vg.Point{X: edge(i), Y: p.py(b.Mean)}
		if len(line) > 0 && line[len(line)-1].Y == at.Y {
			line[len(line)-1].X = edge(i + 1)
			continue
		}
		line = append(line, at, vg.Point{X: edge(i + 1), Y: at.Y})
	}
	describe(p.Canvas, "busy cores", func() {
		area := append([]vg.Point{{X: p.Min.X, Y: p.py(0)}}, line...)
		p.FillPolygon(green.faded(0.13), append(area, vg.Point{X: p.Max.X, Y: p.py(0)}))
		p.StrokeLines(draw.LineStyle{Color: green, Width: 2.5}, line)
	})
	if f.Use.Cores > 0 {
		y := p.py(float64(f.Use.Cores))
		p.StrokeLine2(draw.LineStyle{Color: muted, Width: 2, Dashes: []vg.Length{2, 5}}, p.Min.X, y, p.Max.X, y)
	}
	describe(p.Canvas, "mean "+words.Ratio(f.Use.Mean)+", "+times.between(times.from, times.to), func() {
		y := p.py(f.Use.Mean)
		p.StrokeLine2(draw.LineStyle{Color: green.readable(), Width: 3, Dashes: []vg.Length{14, 8}}, p.Min.X, y,
			p.Max.X, y)
	})
}

// drawShares draws a bar for each number of busy cores, at the height that it has in the panel beside, with its figure.
// Where bars are closer than figures, those that stick out have one.
func (f Cores) drawShares(p panel) {
	shares := f.shares()
	half := max(0.5, min(24, 0.36*(p.py(1)-p.py(0))))
	s := regular(tickSize, dark)
	for k, share := range shares {
		if share == 0 {
			continue
		}
		y, end := p.py(float64(k)), max(p.px(100*share), p.Min.X+1.5)
		figure := words.Percent(share)
		describe(p.Canvas, fmt.Sprintf("%d busy: %s of the time, %v", k, figure, f.Use.Profile[k]), func() {
			p.SetColor(green)
			if k == 0 {
				p.SetColor(middle)
			}
			p.Fill(box(p.Min.X, y-half, end, y+half))
			if peak(shares, k, int(math.Ceil(tickSize*1.1/float64(p.py(1)-p.py(0))))) {
				s.middle(p.Canvas, end+8, y, 0, figure)
			}
		})
	}
}

// peak reports whether shares[k] is the largest within reach on either side; of equal ones, the first is.
func peak(shares []float64, k, reach int) bool {
	for i := max(0, k-reach+1); i < min(k+reach, len(shares)); i++ {
		if shares[i] > shares[k] || shares[i] == shares[k] && i < k {
			return false
		}
	}
	return true
}
