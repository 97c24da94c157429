package law

import (
	"math"
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	all := FitCounts(raytracer(), Options{})
	for _, w := range []struct {
		name  string
		model *Model
		want  string
	}{
		// 1/0.05777 = 17.31.
		{"limit", all.Model(Amdahl), "5.78\u00a0% of the work is serialised (alpha; 95\u00a0% interval"},
		{"limit", all.Model(Amdahl), "no number of workers gives more than 17.3 times the throughput of one"},
		{"bound", all.Model(USL), "No cost shows that rises with every further worker (beta; 95\u00a0% sure: at most"},
		// √((1 − 0.02444)/0.00163) = 24.5.
		{"peak", FitCounts(raytracer()[:6], Options{}).Model(USL), "peaks near n = 24.5, at"},
		{"peak", FitCounts(raytracer()[:6], Options{}).Model(USL), "an extrapolation."},
		{"no interval", FitCounts(exact(Amdahl, 1, 0.5)[:2], Options{}).Model(Amdahl), "50\u00a0% of the work is serialised (alpha)."},
		{"weak", FitCounts(exact(Gustafson, 1, 0.1), Options{Weak: true}).Model(Gustafson), "10\u00a0% of the time of each run is serial"},
		{"weak", FitCounts(exact(Gustafson, 1, 0.1), Options{Weak: true}).Model(Gustafson), "grows with n without a limit"},
		// √((1 − 0.5)/0.6) is below 1.
		{"one is best", FitCounts(exact(USL, 1, 0.5, 0.6), Options{}).Model(USL), "one worker is the fastest"},
		{"perfect", FitCounts(once(1, 1, 2, 2, 3, 3, 4, 4), Options{}).Model(Amdahl), "No part of the work shows as serialised"},
		// Amdahl's alpha on its upper bound, and the same data by the USL: at n → ∞ 1/2.5 of one worker.
		{"hindered", FitCounts(exact(USL, 1, 2.5, 0), Options{}).Model(USL), "(alpha 2.5; 95\u00a0% interval 2.5 to 2.5)"},
		{"hindered", FitCounts(exact(USL, 1, 2.5, 0), Options{}).Model(Amdahl), "100\u00a0% of the work is serialised (alpha; 95\u00a0% sure: at least"},
	} {
		if got := strings.Join(w.model.Sentences(), " "); !strings.Contains(got, w.want) {
			t.Errorf("%s: %q does not say %q", w.name, got, w.want)
		}
	}
}

func TestFigure(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", 2.345: "2.35", 23.45: "23.4", 234.5: "234", 0.0123456: "0.0123", 99.99: "100", 1e-6: "1e-06", 1.5e7: "1.5e+07", -0.5: "-0.5", math.NaN(): "NaN",
	} {
		if got := figure(v); got != want {
			t.Errorf("figure(%v) = %q, want %q", v, got, want)
		}
	}
}
