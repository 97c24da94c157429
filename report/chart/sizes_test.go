package chart_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/sweep"
)

// sizesFigure is a base and two workers that pay from size 40,000 on.
func sizesFigure() chart.Sizes {
	at := func(times []float64, bases []float64, runs int) (out []chart.SizePoint) {
		for i, v := range times {
			p := &curve.Point{Median: v, Speedup: bases[i] / v, Runs: runs}
			if runs > 0 && v != bases[i] {
				p.Interval = &curve.Interval{Method: curve.Bootstrap, Level: curve.Level, Low: p.Speedup * 0.9, High: p.Speedup * 1.1}
			}
			out = append(out, chart.SizePoint{Size: 1000 * math.Pow10(i), Point: p})
		}
		return out
	}
	base := []float64{0.001, 0.01, 0.1, 1}
	return chart.Sizes{
		Words: chart.Words{Title: "w: 2 workers pay from 40,000 darts on"}, Unit: "darts",
		Lines: []chart.SizeLine{
			{Name: "1 worker", Mode: sweep.Threads, Base: true, Points: at(base, base, 10), Pays: math.NaN()},
			{
				Name: "2 workers", Mode: sweep.Threads, Points: at([]float64{0.02, 0.025, 0.07, 0.52}, base, 10), Pays: 40_000,
				Low: 30_000, High: math.Inf(1), Label: "2 workers: 40,000",
			},
		},
		Levels: []chart.Level{{Speedup: 2, Name: "ideal 2.00×"}, {Speedup: 1.5, Name: "75 % with 2", Dashed: true}, {Speedup: 1.99, Name: "beside it"}},
	}
}

func TestSizes(t *testing.T) {
	var out bytes.Buffer
	if err := chart.WriteSVG(&out, sizesFigure()); err != nil {
		t.Fatal(err)
	}
	svg := out.String()
	for _, want := range []string{
		"size: darts (log scale)", ">10,000<", ">1 million<", ">100 ms<", ">2 workers 1.92×<", ">2 workers: 40,000<", ">1 worker 1.00\u00a0s<",
		"2 workers, 100,000 darts: 70.0 ms, 10 runs, 1.43× (95 % interval 1.29–1.57)", `data-series="2 workers"`,
		"On the line at 1: the size from which each is faster", ">ideal 2.00×<", ">75 % with 2<", "<title>beside it</title>",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q", want)
		}
	}
	for name, want := range map[string]int{">ideal 2.00×</text>": 2, ">beside it</text>": 1} { // for the keyboard, and where it has room
		if n := strings.Count(svg, name); n != want {
			t.Errorf("%q stands %d times, want %d", name, n, want)
		}
	}
	if strings.Contains(svg, "1 worker, 1000 darts: 1.00 ms, 10 runs, 1.00×") {
		t.Error("the base has a speedup")
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error("a place that is none")
	}
	few := sizesFigure()
	few.Lines[1].Points[0].Point.Runs, few.Lines[1].Points[1].Point.Noisy = 4, 5
	out.Reset()
	if err := chart.WriteSVG(&out, few); err != nil || !strings.Contains(out.String(), "Hollow: fewer than 5 runs, or half of them noisy.") {
		t.Errorf("few and noisy runs: %v", err)
	}
	out.Reset()
	if err := chart.WriteSVG(&out, chart.Sizes{}); err != nil || !strings.Contains(out.String(), "Nothing was measured.") {
		t.Errorf("nothing: %v", err)
	}
}

// The bars of the panel of times are not those of speedups.
func TestSizesBars(t *testing.T) {
	p := curve.Point{Median: 1, Speedup: 1.5, Runs: 8}
	p.Interval = &curve.Interval{Low: 1.4, High: 1.6, Method: curve.Bootstrap, Level: 0.95}
	s := chart.Sizes{Lines: []chart.SizeLine{{Name: "2 workers", Pays: math.NaN(), Points: []chart.SizePoint{{Size: 1, Point: &p}}}}}
	var b bytes.Buffer
	if err := chart.WriteSVG(&b, s); err != nil || !strings.Contains(b.String(), "interval of the time or speedup") {
		t.Errorf("%v: %s", err, b.String())
	}
}
