package chart

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/report/words"
)

// Fitted shows a law over the measurements of any tool that it was fitted to, and beside it how much of each n was put to use. Without a measurement
// at n = 1 the left panel shows throughput.
type Fitted struct {
	Words
	Name    string // stands at the end of the line
	Points  []FittedPoint
	Law     *Law    // nil: none was fitted
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

// Draw draws the picture.
func (f Fitted) Draw(c draw.Canvas) {
	s := Speedup{Words: f.Words, Cores: f.Cores, Axis: f.Axis, Markers: f.Markers}
	lines := []series{f.series()}
	var counts []float64
	for _, p := range f.Points {
		counts = append(counts, p.N)
	}
	to := 0.0
	if f.Law != nil {
		to = f.Law.end()
	}
	x := countAxis(counts, to)
	var outside []string
	for _, m := range f.Markers {
		if !x.holds(m.N) {
			outside = append(outside, m.Label)
		}
	}
	c = f.heading(c)
	c = notes(c, s.key(lines, nil, outside), f.Footnote)
	left, right := c, c
	left.Max.X = c.Min.X + 0.56*c.Size().X
	right.Min.X = left.Max.X + 44
	s.panel(left, lines, x, f.absolute(s, lines, x))
	most := 100.0
	for _, p := range f.Points {
		most = max(most, 100*p.High/p.N, 100*p.Speedup/p.N)
	}
	head := "Efficiency: speedup per n (%)"
	if !f.Based {
		head = "Throughput per n (% of one as fitted)"
	}
	s.panel(right, lines, x, view{
		head:   head,
		y:      newAxis(0, most*1.06, plot.LinearScale{}, percents(most)),
		of:     func(n, _, speedup float64) float64 { return 100 * speedup / n },
		format: func(v float64) string { return fmt.Sprintf("%.0f %%", v) },
		least:  100 * recommend.DefaultEfficiency,
	})
}

// absolute is the view of the left panel.
func (f Fitted) absolute(s Speedup, lines []series, x axis) view {
	y := s.yAxis(lines, x)
	if f.Based {
		return view{
			head: "Speedup over n = 1 (×)", y: y, least: math.NaN(), peaks: true,
			of:     func(_, _, speedup float64) float64 { return speedup },
			format: func(v float64) string { return words.Ratio(v) + "×" },
		}
	}
	var ticker plot.Ticker = even{most: 8}
	if x.doubling() {
		ticker = decades{}
	}
	head := "Throughput"
	if f.Per != "" {
		head += " (" + f.Per + ")"
	}
	return view{
		head: head, y: newAxis(y.min*f.Unit, y.max*f.Unit, y.scale, ticker), least: math.NaN(),
		of:     func(_, _, speedup float64) float64 { return speedup * f.Unit },
		format: words.Ratio,
	}
}

// series is the one line of the picture.
func (f Fitted) series() series {
	out := series{name: f.Name, base: 1, law: f.Law, hue: blue, shape: circle}
	for _, p := range f.Points {
		t := fmt.Sprintf("%s, n = %s: %s×", f.Name, plainNumber(p.N), words.Ratio(p.Speedup))
		if !f.Based {
			t = strings.TrimSpace(fmt.Sprintf("%s, n = %s: %s %s", f.Name, plainNumber(p.N), words.Ratio(p.Speedup*f.Unit), f.Per))
		}
		s := spot{n: p.N, speedup: p.Speedup, low: p.Speedup, high: p.Speedup, hollow: p.Runs < 5}
		if p.Method != "" {
			s.low, s.high, s.method, s.level = min(p.Low, p.Speedup), max(p.High, p.Speedup), p.Method, p.Level
		}
		s.title = t + fmt.Sprintf(", median of %d", p.Runs)
		out.spots = append(out.spots, s)
	}
	return out
}

// decades ticks 1, 2 and 5 times the powers of ten.
type decades struct{}

// Ticks returns those from low, which is positive, to high.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high); e++ {
		for _, part := range []float64{1, 2, 5} {
			if v := part * math.Pow(10, e); v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: plainNumber(v)})
			}
		}
	}
	return ticks
}
