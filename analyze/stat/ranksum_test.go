package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/stat"
)

func TestRankSum(t *testing.T) {
	for _, tt := range []struct {
		name     string
		a, b     []float64
		p, above float64
	}{
		// Of the C(6,3) = 20 ways to deal out six ranks two are as far apart: 2/20.
		{"apart", []float64{1, 2, 3}, []float64{4, 5, 6}, 0.1, 1},
		{"apart the other way", []float64{4, 5, 6}, []float64{1, 2, 3}, 0.1, 0},
		// Ranks of b 2, 4, 6, sum 12, the middle is 10.5; sums at most 9 or at least 12: of sums 6…15 with 1 1 2 3 3 3
		// 3 2 1 1 ways these are 7 + 7 of 20.
		{"between", []float64{1, 3, 5}, []float64{2, 4, 6}, 0.7, 6. / 9},
		{"equal", []float64{7, 7}, []float64{7, 7, 7}, 1, 0.5},
		// Mean ranks 1.5 1.5 3 4. b holds 3 and 4: the sum 7 is 2 from the middle, and so is 3: 2 of 6 ways.
		{"with ties", []float64{1, 1}, []float64{2, 3}, 2. / 6, 1},
		{"sizes differ", []float64{1}, []float64{2, 3, 4}, 0.5, 1}, // the one is first or last: 2 of 4
		{"nothing", nil, []float64{1}, math.NaN(), math.NaN()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, above := stat.RankSum(tt.a, tt.b)
			if d := cmp.Diff([]float64{tt.p, tt.above}, []float64{p, above}, cmpopts.EquateNaNs(),
				cmpopts.EquateApprox(1e-12, 0)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The approximation for many values meets the exact distribution of about as many.
func TestRankSumApproximation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	draw := func(n int, shift float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Round(100 * (rng.NormFloat64() + shift))
		}
		return x
	}
	a, b := draw(64, 0), draw(64, 0.3)
	exact, _ := stat.RankSum(a, b)
	// Nine times each value is the same question with ties everywhere; its p is that of nine times as many values, so
	// compare z instead: the rank sums' distance grows by 81, its standard deviation by 27.
	var many, more []float64
	for range 9 {
		many, more = append(many, a...), append(more, b...)
	}
	approx, _ := stat.RankSum(many, more)
	z := func(p float64) float64 { return math.Erfinv(1-p) * math.Sqrt2 }
	if d := z(approx)/z(exact) - 3; math.Abs(d) > 0.1 {
		t.Errorf("z is %v and %v with nine times the values, not 3 times as large", z(exact), z(approx))
	}
}

func TestHolm(t *testing.T) {
	// Four were asked: 0.01·4, 0.02·3 = 0.06, then 0.03·2 = 0.06, and 0.04·1 is raised to 0.06.
	got := stat.Holm([]float64{0.04, 0.01, math.NaN(), 0.03, 0.02})
	want := []float64{0.06, 0.04, math.NaN(), 0.06, 0.06}
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 0)); d != "" {
		t.Error(d)
	}
	if got := stat.Holm([]float64{0.9, 0.8}); got[0] != 1 || got[1] != 1 {
		t.Errorf("adjusted above 1: %v", got)
	}
}

func BenchmarkRankSum(b *testing.B) {
	x, y := make([]float64, 30), make([]float64, 30)
	for i := range x {
		x[i], y[i] = float64(i*7%31), float64(i*11%29)
	}
	for b.Loop() {
		stat.RankSum(x, y)
	}
}
