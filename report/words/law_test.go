package words_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/words"
)

// once is one launch per count, from pairs of n and throughput.
func once(pairs ...float64) (out []law.Count) {
	for p := range slices.Chunk(pairs, 2) {
		out = append(out, law.Count{N: p[0], Launches: p[1:2]})
	}
	return out
}

// The ray tracer of Gunther, "Guerrilla Capacity Planning", table 5.1, as in the R package usl (data/raytracer.rda).
func raytracer() []law.Count {
	return once(1, 20, 4, 78, 8, 130, 12, 170, 16, 190, 20, 200, 24, 210, 28, 230, 32, 260, 48, 280, 64, 310)
}

// exact is a law without noise: alpha, and beta of the USL.
func exact(name law.Name, alpha, beta float64) []law.Count {
	var pairs []float64
	for n := 1.0; n <= 32; n *= 2 {
		x := n / (1 + alpha*(n-1) + beta*n*(n-1))
		if name == law.Gustafson {
			x = n - alpha*(n-1)
		}
		pairs = append(pairs, n, x)
	}
	return once(pairs...)
}

func TestLaw(t *testing.T) {
	equal := law.Options{Equal: true}
	all := law.FitCounts(raytracer(), equal)
	for _, w := range []struct {
		name  string
		model *law.Model
		want  string
	}{
		// 1/0.05777 = 17.31.
		{"limit", all.Model(law.Amdahl), "5.78\u00a0% of the work is serialised (alpha; 95\u00a0% interval"},
		{"limit", all.Model(law.Amdahl), "no number of workers gives more than 17.3 times the throughput of one"},
		{"bound", all.Model(law.USL), "No cost shows that rises with every further worker (beta; 95\u00a0% sure: at most"},
		// √((1 − 0.02444)/0.00163) = 24.5.
		{"peak", law.FitCounts(raytracer()[:6], equal).Model(law.USL), "peaks near n = 24.5, at"},
		{"peak", law.FitCounts(raytracer()[:6], equal).Model(law.USL), "an extrapolation."},
		{"no interval", law.FitCounts(exact(law.Amdahl, 0.5, 0)[:2], law.Options{}).Model(law.Amdahl), "50\u00a0% of the work is serialised (alpha)."},
		{"weak", law.FitCounts(exact(law.Gustafson, 0.1, 0), law.Options{Weak: true}).Model(law.Gustafson), "10\u00a0% of the time of each run is serial"},
		{"weak", law.FitCounts(exact(law.Gustafson, 0.1, 0), law.Options{Weak: true}).Model(law.Gustafson), "grows with n without a limit"},
		// √((1 − 0.5)/0.6) is below 1.
		{"one is best", law.FitCounts(exact(law.USL, 0.5, 0.6), law.Options{}).Model(law.USL), "one worker is the fastest"},
		{"serial", law.FitCounts(exact(law.Gustafson, 1, 0), law.Options{Weak: true}).Model(law.Gustafson), "does not grow with n"},
		{"no interval of beta", law.FitCounts(exact(law.USL, 0.1, 0.1)[:3], law.Options{}).Model(law.USL), "possible but not shown: beta has no interval."},
		{"level", law.FitCounts(once(1, 1, 2, 0.98, 3, 1.01, 4, 0.99, 5, 0.98), law.Options{}).Model(law.USL), "the throughput stays what it is with one worker, as far as the data show."},
		{"nothing shows", law.FitCounts(once(1, 1, 2, 2.1, 3, 2.8, 4, 4), law.Options{}).Model(law.Amdahl), "No part of the work surely shows as serialised"},
		{"nothing shows", law.FitCounts(once(1, 1, 2, 2.1, 3, 2.8, 4, 4), law.Options{}).Model(law.Amdahl), "does not show: the interval of alpha reaches 0."},
		{"no limit shows", law.FitCounts(once(1, 1, 2, 2.02, 4, 4.01, 8, 8.15, 16, 16.4), law.Options{}).Model(law.Amdahl), "No limit shows; if there is one, it is at least"},
		{"perfect", law.FitCounts(once(1, 1, 2, 2, 3, 3, 4, 4), law.Options{}).Model(law.Amdahl), "No part of the work shows as serialised"},
		// Amdahl's alpha on its upper bound, and the same data by the law.USL: at n → ∞ 1/2.5 of one worker.
		{"hindered", law.FitCounts(exact(law.USL, 2.5, 0), law.Options{}).Model(law.USL), "(alpha 2.5; 95\u00a0% interval 2.5 to 2.5)"},
		{"hindered", law.FitCounts(exact(law.USL, 2.5, 0), law.Options{}).Model(law.Amdahl), "100\u00a0% of the work is serialised (alpha; 95\u00a0% sure: at least"},
	} {
		if got := strings.Join(words.Law(w.model), " "); !strings.Contains(got, w.want) {
			t.Errorf("%s: %q does not say %q", w.name, got, w.want)
		}
	}
}

func TestLawNotes(t *testing.T) {
	plain := words.PlainAll(words.LawNotes([]law.Note{
		{Kind: law.BeyondCores, N: []float64{8, 16}, Value: 4},
		{Kind: law.NoBase},
		{Kind: law.FewCounts, Law: law.USL, Count: 2, Needed: 3},
		{Kind: law.OnResiduals, Count: 1, Needed: 5},
		{Kind: law.OnResiduals, Count: 3, Needed: 5},
		{Kind: law.Lacking, Law: law.Amdahl, Lack: &law.LackOfFit{F: 12.34, Law: 2, Own: 40, P: 0.00012}},
		{Kind: law.OffBase, Law: law.Amdahl, Value: -0.123},
		{Kind: law.Superlinear, N: []float64{2, 4, 8}, Value: 1.3, Few: true},
	}))
	want := []string{
		"n = 8, 16: beyond the 4 cores, where workers take turns, and not fitted",
		"n = 1 was not measured: there is no base, and so no speedup, no efficiency and no Karp–Flatt fraction",
		"USL has 3 parameters and is not fitted to 2 counts",
		"one launch per count: intervals of the parameters rest on the residuals (Wald, Student's t), not on repeats",
		"counts with fewer than 5 launches: intervals of the parameters rest on the residuals (Wald, Student's t), not on repeats",
		"Amdahl does not describe the data: it leaves 12.3 times the variance of repeats (F test at 2 and 40 degrees, p = 0.00012)",
		"n = 1 was measured 12 % below what Amdahl gives for it: speedups over the base and the law differ by as much",
		"superlinear: at n = 2, 4, 8 each worker does up to 1.30 times the work of the one at n = 1: the base is slow (its data may not fit one core's " +
			"cache), so efficiencies exceed 100 % and the laws, whose alpha cannot be negative, do not hold at the base; with so few launches it may be noise",
	}
	if d := cmp.Diff(want, plain); d != "" {
		t.Error(d)
	}
}
