package chart

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
)

// Fitted shows a law over the measurements of any tool that it was fitted to, and beside it how much of each n was put
// to use. Without a measurement at n = 1 the left panel shows throughput.
type Fitted struct {
	Words
	Name    string // stands at the end of the line
	Points  []FittedPoint
	Law     *Law    // nil: none was fitted
	Rival   *Law    // the next best; nil: there is none
	Unit    float64 // throughput that is a speedup of 1
	Based   bool    // Unit was measured, at n = 1
	Per     string  // unit of the throughput: "op/s"
	Axis    string  // what n counts
	Cores   int     // where the ideal stops rising; 0: nowhere
	Markers []Marker
}

// A FittedPoint is one measurement, in speedups over [Fitted.Unit].
type FittedPoint struct {
	N, Speedup float64
	Low, High  float64 // of its interval
	Method     string  // of the interval; "": there is none
	Level      float64
	Runs       int
}

func (f Fitted) curves() curves {
	g := curves{lines: []series{f.series()}, title: f.Axis, markers: f.Markers, ideal: &ideal{cores: f.Cores}}
	var counts []float64
	for _, p := range f.Points {
		counts = append(counts, p.N)
	}
	g.stretch(counts)
	return g
}

func (f Fitted) tall(width vg.Length) vg.Length {
	return tallPanels(width, 2, f.curves().key(nil), f.Footnote)
}

// Draw draws the picture.
func (f Fitted) Draw(c draw.Canvas) {
	g := f.curves()
	head, left := "Efficiency: speedup per n (%)", g.speedups("Speedup over n = 1")
	if !f.Based {
		head, left = "Throughput per n (% of one as fitted)", f.throughput(g)
	}
	g.draw(c, f.Words, nil, left, g.efficiency(head, recommend.DefaultEfficiency))
}

// throughput is the view of the left panel without a base.
func (f Fitted) throughput(g curves) view {
	y := g.speedupAxis()
	var ticker canvas.Ticker = canvas.Even{Most: 8}
	if g.x.Doubling() {
		ticker = canvas.Decades{}
	}
	return view{
		head: "Throughput" + g.unit(f.Per), y: canvas.NewAxis(y.Min*f.Unit, y.Max*f.Unit, y.Scale, ticker),
		of:     func(_, _, speedup float64) float64 { return speedup * f.Unit },
		format: words.Ratio,
	}
}

// series is the one line of the picture.
func (f Fitted) series() series {
	out := series{name: f.Name, base: 1, law: f.Law, rival: f.Rival, hue: canvas.Blue, shape: canvas.Circle}
	for _, p := range f.Points {
		t := fmt.Sprintf("%s, n = %s: %s×", f.Name, canvas.PlainNumber(p.N), words.Ratio(p.Speedup))
		if !f.Based {
			t = strings.TrimSpace(fmt.Sprintf("%s, n = %s: %s %s", f.Name, canvas.PlainNumber(p.N),
				words.Ratio(p.Speedup*f.Unit), f.Per))
		}
		s := spot{n: p.N, value: p.Speedup, low: p.Speedup, high: p.Speedup, hollow: p.Runs < 5}
		if p.Method != "" {
			s.low, s.high, s.method, s.level = min(p.Low, p.Speedup), max(p.High, p.Speedup), p.Method, p.Level
		}
		s.title = t + fmt.Sprintf(", median of %d", p.Runs)
		out.spots = append(out.spots, s)
	}
	return out
}
