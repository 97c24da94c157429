package chart

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Metrics shows what the runs of a workload report of themselves against n, one panel for each figure.
type Metrics struct {
	Words
	Axis   string // what n counts
	Name   string // stands at the ends of the lines
	Panels []MetricPanel
}

// A MetricPanel is one figure: its unit, and its values.
type MetricPanel struct {
	Unit   string
	Points []MetricPoint // ascending in N
}

// A MetricPoint is the median of the runs at n, and the range seen.
type MetricPoint struct {
	N, Value, Low, High float64
	Runs                int
	Noisy               int // of the runs
}

// metricGap is the space between panels.
const metricGap = 44

func (m Metrics) tall(width vg.Length) vg.Length {
	return tallPanels(width, max(1, len(m.Panels)), m.Footnote)
}

// Draw draws the picture.
func (m Metrics) Draw(c draw.Canvas) {
	c = notes(c, m.Footnote)
	if len(m.Panels) == 0 {
		return
	}
	parts := below(c, len(m.Panels))
	width := (c.Size().X - metricGap*vg.Length(len(m.Panels)-1)) / vg.Length(len(m.Panels))
	for i, data := range m.Panels {
		if !stacked(c.Size().X) {
			parts[i] = c
			parts[i].Min.X += vg.Length(i) * (width + metricGap)
			parts[i].Max.X = parts[i].Min.X + width
		}
		data.draw(parts[i], m)
	}
}

// spare is the height that a single panel leaves over of c.
func (m Metrics) spare(c draw.Canvas) vg.Length {
	if len(m.Panels) > 1 {
		return 0
	}
	return vg.Length(int(max(0, c.Size().Y-besideTall-notesHeight(c.Size().X, m.Footnote))))
}

func (d MetricPanel) draw(c draw.Canvas, m Metrics) {
	var counts []float64
	most := 0.0
	for _, p := range d.Points {
		counts = append(counts, p.N)
		most = max(most, p.High)
	}
	unit, scale := d.Unit, 1.0
	for _, s := range []struct {
		word string
		size float64
	}{{"billion", 1e9}, {"million", 1e6}, {"thousand", 1e3}} {
		if most >= 10*s.size || s.size > 1e3 && most >= s.size {
			unit, scale = s.word+" "+d.Unit, s.size
			break
		}
	}
	if most == 0 {
		most = scale
	}
	g := curves{x: canvas.CountAxis(counts, 0, canvas.Suited), title: m.Axis}
	line := series{name: m.Name, base: 1, hue: canvas.Blue, shape: canvas.Circle}
	for i, pt := range d.Points {
		s := spot{n: pt.N, value: pt.Value, low: pt.Low, high: pt.High, joined: i > 0, hollow: hollow(curve.Point{Runs: pt.Runs, Noisy: pt.Noisy})}
		if pt.Runs > 1 {
			s.method = "range"
		}
		s.title = fmt.Sprintf("n = %s: %s %s, median of %d, range %s–%s", canvas.PlainNumber(pt.N),
			words.Ratio(pt.Value), d.Unit, pt.Runs,
			words.Ratio(pt.Low), words.Ratio(pt.High))
		line.spots = append(line.spots, s)
	}
	g.lines = []series{line}
	g.panel(canvas.PanelHead(c, unit), view{
		y:  canvas.NewAxis(0, most/scale*1.06, canvas.LinearScale{}, canvas.Even{Most: 6}),
		of: func(_, _, value float64) float64 { return value / scale }, format: words.Ratio,
	})
}
