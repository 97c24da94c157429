package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
)

// halved is a law of 4 at most, in speedups.
func halved() *Law {
	at := func(alpha float64) func(float64) float64 {
		return func(n float64) float64 { return n / (1 + alpha*(n-1)) }
	}
	return &Law{Name: "Amdahl", At: at(0.25), Low: at(0.3), High: at(0.2), DataTo: 8, To: 16}
}

func TestFittedSpeedup(t *testing.T) {
	f := Fitted{
		Words: Words{Title: "sort: 25 % of the work is serialised"}, Name: "measured", Unit: 5, Based: true,
		Axis: "n: GOMAXPROCS", Law: halved(),
		Points: []FittedPoint{
			{N: 1, Speedup: 1, Runs: 6},
			{N: 2, Speedup: 1.6, Low: 1.5, High: 1.7, Method: curve.Bootstrap, Level: 0.95, Runs: 6},
			{N: 8, Speedup: 2.9, Runs: 1},
		},
		Markers: []Marker{{8, "8 cores"}, {999, "peak far off"}},
	}
	rival := halved()
	rival.Name, rival.At = "USL (rival)", func(n float64) float64 { return n / (1 + 0.2*(n-1) + 0.01*n*(n-1)) }
	f.Rival = rival
	wants(t, svgOf(t, f), "Speedup over n = 1 (×, log scale)", "measured 2.90×", ">Amdahl<", ">USL (rival)<", "brown: the rival law", "n: GOMAXPROCS",
		"measured, n = 2: 1.60×, median of 6", "Bars: 95",
		"Hollow", "dashed beyond the data", ">8 cores<", "Outside the picture: peak far off", "measured 36 %")
}

// Without a measurement at n = 1, and at counts that are not whole, throughput is what is shown: 4.5 · 100 = 450.
func TestFittedThroughput(t *testing.T) {
	f := Fitted{
		Name: "measured", Unit: 100, Per: "op/s", Axis: "n", Law: halved(),
		Points: []FittedPoint{{N: 2.5, Speedup: 2, Runs: 1}, {N: 7.5, Speedup: 4.5, Runs: 1}},
	}
	svg := svgOf(t, f)
	wants(t, svg, "Throughput (op/s)", "measured 450", "measured, n = 7.5: 450 op/s, median of 1",
		"Throughput per n (% of one as fitted)")
	if strings.Contains(svg, ">2.5<") {
		t.Error("an axis of broken counts is to have whole ticks")
	}
}

func TestDecades(t *testing.T) {
	var got []float64
	for _, tick := range (canvas.Decades{}).Ticks(0.3, 30) {
		got = append(got, math.Round(tick.Value*1e9)/1e9)
	}
	if d := cmp.Diff([]float64{0.5, 1, 2, 5, 10, 20}, got); d != "" {
		t.Error(d)
	}
}
