package chart

import (
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

// An efficiency of 500 000 % presses that of 46 % beside it not flat, and one of 0.1 % is not called nothing: at each
// width the texts are whole and apart.
func TestEfficiencyExtremes(t *testing.T) {
	for _, c := range []struct {
		name     string
		speedups map[int]float64
		want     []string
	}{
		{"tiny", map[int]float64{1: 1, 2: 0.001, 4: 0.004}, []string{"threads 0.004×", "threads 0.1 %", ">100<"}},
		{"large", map[int]float64{1: 1, 2: 5, 4: 13}, []string{"threads 325 %", ">300<"}},
		{"huge", map[int]float64{1: 1, 2: 100, 4: 32}, []string{"threads 800 %", ">400<", "At the upper edge: an efficiency above 400 %."}},
		{"vast", map[int]float64{1: 1, 2: 40000, 4: 20000}, []string{"threads &gt; 999 %", ">400<", "At the upper edge"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := piPicture()
			s.Lines[0].Curve = measured("pi", sweep.Threads, c.speedups, 1, 2, 4)
			svg := svgOf(t, s)
			wants(t, svg, append(c.want, "processes 46 %")...)
		})
	}
}
