package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart/canvas"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// gridOf is a map of the speedups of procs × workers, with intervals of ±part of the value.
func gridOf(part float64, counts []int, speedup func(procs, workers int) float64) Heat {
	f := Heat{
		Words: Words{Title: "pi: 3.6× with 2 processes × 2 workers", Subtitle: "base: 1 process × 1 worker, 512 ms"},
		Cores: 4, Ceiling: []Reading{{1, 1}, {2, 1.97}, {4, 3.8}},
	}
	for _, p := range counts {
		for _, w := range counts {
			s := speedup(p, w)
			point := curve.Point{
				Point: sweep.Point{Procs: p, Workers: w, Cores: min(p*w, 4)}, N: p * w, Runs: 10, Speedup: s, Median: 0.512 / s,
			}
			if p*w > 1 && s > 0 {
				point.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: (1 - part) * s, High: (1 + part) * s}
			}
			f.Points = append(f.Points, point)
		}
	}
	return f
}

// marked is f with the best, and with those that may be as fast, by index.
func (f Heat) marked(best int, beside ...int) Heat {
	f.Best = &f.Points[best].Point
	for _, i := range beside {
		f.Beside = append(f.Beside, f.Points[i].Point)
	}
	return f
}

func TestHeat(t *testing.T) {
	f := gridOf(0.02, []int{1, 2, 4}, func(p, w int) float64 { return min(float64(p*w), 4) * (1 - 0.05*float64(p+w-2)) })
	svg := svgOf(t, f.marked(4))
	// 2 × 2 reaches 4 · 0.9 = 3.6 of the 3.8 of the ceiling.
	wants(t, svg, ">3.60×<", ">best<", ">base<", ">3.53–3.67<", ">95 % of 3.80×<", ">2 processes<", ">workers in each process<", ">Speedup over 1 process × 1 worker (×)<", ">ideal 4.00×<",
		">ceiling, 4 cores 3.80×<", ">ceiling, 2 cores 1.97×<", "2 × 2 on 4 cores: 3.60×, 3.53–3.67, 95 % of 3.80×, best")
	wants(t, f.marked(4).key(), "Framed: the best. Each other was tested against it, launch against launch, and is slower", "and 8 are made")
	if n := strings.Count(svg, `stroke-width="6"`); n != 1 {
		t.Errorf("%d cells are framed, want 1", n)
	}
	svg = svgOf(t, f.marked(4, 2, 6))
	wants(t, svg, "the dashed may be as fast, the rest are slower",
		"1 × 4 on 4 cores: 3.40×, 3.33–3.47, 89 % of 3.80×, may be as fast as the best")
	all, dashed := strings.Count(svg, `stroke-width="6"`), strings.Count(svg, `stroke-width="6" stroke-dasharray`)
	if all != 3 || dashed != 2 {
		t.Errorf("%d cells are framed, %d of them dashed, want 3 and 2", all, dashed)
	}
	svg = svgOf(t, f)
	wants(t, words.Plain(f.key()), "None is framed: each was tested against 1 × 1, and none")
	if strings.Contains(svg, `stroke-width="6"`) {
		t.Error("a cell is framed that is not shown to be the best")
	}
}

// Two layouts on 1, 2 and 4 cores each: three maps on one scale, which goes to the 3.8 of four cores in all.
func TestHeatOfCores(t *testing.T) {
	f := gridOf(0.02, []int{1}, func(int, int) float64 { return 1 })
	f.Points = nil
	add := func(workers, cores int, s float64) {
		f.Points = append(f.Points, curve.Point{
			Point: sweep.Point{Procs: 1, Workers: workers, Cores: cores}, N: workers, Runs: 10, Speedup: s, Median: 1 / s,
		})
	}
	add(1, 1, 1)
	for _, cores := range []int{1, 2, 4} {
		add(4, cores, 0.9*float64(cores))
	}
	add(2, 1, 0.9)
	add(2, 2, 1.8)
	svg := svgOf(t, f.marked(3))
	wants(t, svg, ">on up to 1 core<", ">on up to 2 cores<", ">on up to 4 cores<", "1 × 4 on 2 cores: 1.80×, 91 % of 1.97×",
		">3.60×<", ">Speedup over 1 process × 1 worker on 1 core (×); rows: processes<")
	if n := strings.Count(svg, "<title>1 × 1 on 1 core: 1.00×, base"); n != 3 {
		t.Errorf("the base stands in %d maps, want 3", n)
	}
	_, cell, _ := strings.Cut(svg, "<title>1 × 4 on 4 cores: 3.60×")
	if cell, _, _ = strings.Cut(cell, "</g>"); !strings.Contains(cell, opacity((3.6-0.9)/(4-0.9))) {
		t.Errorf("3.6 from 0.9 to 4 has not its colour: %s", cell)
	}
}

func TestHeatEdges(t *testing.T) {
	svgOf(t, Heat{Words: Words{Title: "nothing"}})
	many := gridOf(0.02, []int{1, 2, 4, 8, 16, 32, 64}, func(p, w int) float64 { return math.Sqrt(float64(p * w)) })
	many.Cores, many.Ceiling = 64, nil
	wants(t, svgOf(t, many), ">64.0×<", ">64 processes<")
	var counts []int
	for n := range 60 {
		counts = append(counts, n+1)
	}
	crowd := gridOf(0.02, counts, func(p, w int) float64 { return math.Sqrt(float64(p * w)) })
	wants(t, svgOf(t, crowd.marked(3599)), "no room for figures", "60 × 60 on 4 cores: 60.0×, 58.8–61.2, ", ", best")
	gaps := gridOf(0.02, []int{1, 2}, func(p, w int) float64 {
		if p*w == 4 {
			return math.NaN()
		}
		return float64(p * w)
	})
	wants(t, svgOf(t, gaps), ">not run<", "Outlined: not run.")
	gaps.Points[3].Failed = 2
	gaps.Points[3].Runs = 0
	wants(t, svgOf(t, gaps), ">failed<", "Hatched: all runs failed.", "2 × 2 on 4 cores: 2 runs failed")
	waits := gridOf(0.02, []int{1, 8}, func(p, w int) float64 { return 0.9 * float64(p*w) })
	waits.Cores, waits.Ceiling = 0, nil
	if svg := svgOf(t, waits); strings.Contains(svg, ">ideal") {
		t.Error("the cores are no ideal of work that waits")
	}
}

// opacity is how the colour of the part v of the scale stands in an SVG.
func opacity(v float64) string {
	return fmt.Sprintf(`fill="#0072b2" fill-opacity="%s"`, strconv.FormatFloat(math.Round(100*float64(heatShade(v).A)/255)/100, 'f', -1, 64))
}

// over is h through which so much of the ground is seen as alpha leaves.
func over(h, ground canvas.Hue, alpha float64) canvas.Hue {
	part := func(shift int) canvas.Hue {
		a, b := float64(ground>>shift&0xFF), float64(h>>shift&0xFF)
		return canvas.Hue(math.Round(a+(b-a)*alpha)) << shift
	}
	return part(16) | part(8) | part(0)
}

// In grey a faster cell is darker than a slower one by day, and lighter by night; and figures stand out from both.
func TestHeatShades(t *testing.T) {
	night := map[canvas.Hue]canvas.Hue{}
	for _, s := range canvas.Shades() {
		night[s.Day] = s.Night
	}
	dayBefore, nightBefore := 2.0, -1.0
	for v := 0; v <= 100; v += 4 {
		alpha := float64(heatShade(float64(v)/100).A) / 255
		day, dark := over(canvas.Blue, canvas.White, alpha), over(night[canvas.Blue], night[canvas.White], alpha)
		if day.Luminance() >= dayBefore || dark.Luminance() <= nightBefore {
			t.Errorf("%d %% is not told from %d %% by day and by night: %s and %s", v, v-4, day, dark)
		}
		dayBefore, nightBefore = day.Luminance(), dark.Luminance()
		if a, b := canvas.Dark.Contrast(day), night[canvas.Dark].Contrast(dark); a < 7 || b < 4.5 {
			t.Errorf("at %d %% texts have a contrast of %.1f by day and %.1f by night", v, a, b)
		}
	}
}

// TestHeatUntold: a cell whose interval noise widens across 1 has no colour; a ceiling that is the ideal stands with
// it.
func TestHeatUntold(t *testing.T) {
	f := gridOf(0.02, []int{1, 2}, func(p, w int) float64 { return float64(p * w) })
	f.Ceiling = []Reading{{1, 1}, {2, 2}, {4, 4}}
	plain := svgOf(t, f)
	wants(t, plain, ">ideal and ceiling 4.00×<", ">ceiling, 2 cores 2.00×<")
	if strings.Contains(plain, "1 core 1.00×") || strings.Contains(plain, "Without colour") {
		t.Error("the base is held against itself, or a quiet cell has no colour")
	}
	f.Points[1].Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: 0.5, High: 3, Noise: 2}
	noisy := svgOf(t, f)
	wants(t, words.Plain(f.key()), "Without colour: noise hides whether it is faster than 1 × 1.")
	of := opacity(1. / 3)
	if before, after := strings.Count(plain, of), strings.Count(noisy, of); before != after+1 {
		t.Errorf("%d cells of 2× have a colour, then %d; want one less", before, after)
	}
}
