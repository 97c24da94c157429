package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/stat"
)

func TestSignedRank(t *testing.T) {
	for _, tt := range []struct {
		name     string
		d        []float64
		p, above float64
	}{
		// All of one sign: 2 of the 2⁵ ways.
		{"one way", []float64{1, 2, 3, 4, 5}, 2. / 32, 1},
		{"the other way", []float64{-1, -2, -3, -4, -5}, 2. / 32, 0},
		// Ranks 1 2 3 4, those above 0 sum to 9 of 10, 4 from the middle 5: sums 9, 10, 0, 1, one way each.
		{"between", []float64{-1, 2, 3, 4}, 4. / 16, 0.75},
		// 1 + 4 = 2 + 3: in the middle.
		{"in the middle", []float64{1, -2, -3, 4}, 1, 0.5},
		// Mean ranks 1.5 1.5 3: above 0 are 1.5 + 3 of 6, 1.5 from the middle. Sums 0, 1.5 (twice), 3 (twice), 4.5
		// (twice), 6: six of eight are as far.
		{"with ties", []float64{-1, 1, 2}, 6. / 8, 2. / 3},
		// By Pratt: the zero has rank 1, the others 2 3 4, all above 0: 2 of 2³ ways.
		{"with a zero", []float64{0, 2, 3, 4}, 2. / 8, 3.5 / 4},
		// Ranks 2 3 4 by Pratt, above 0 are 3 and 4, 7 of 9: 2.5 from the middle. Sums 0 2 3 4 5 6 7 9, of which 0, 2,
		// 7 and 9 are as far. By Wilcoxon, ranks 1 2 3 and 5 of 6, it is 4 of 8 as well.
		{"with a zero and both signs", []float64{0, -2, 3, 4}, 4. / 8, 2.5 / 4},
		{"all zero", []float64{0, 0}, 1, 0.5},
		{"nothing", nil, math.NaN(), math.NaN()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, above := stat.SignedRank(tt.d)
			if d := cmp.Diff([]float64{tt.p, tt.above}, []float64{p, above}, cmpopts.EquateNaNs(),
				cmpopts.EquateApprox(1e-12, 0)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The exact p of a few differences is the share of all ways to deal out their signs, one by one, and does not depend on
// which side is which.
func TestSignedRankIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 100 {
		d := make([]float64, 1+rng.IntN(9))
		for i := range d {
			d[i] = float64(rng.IntN(11) - 5)
		}
		rank := func(i int) (r float64) { // the mean rank of its size
			for _, v := range d {
				if math.Abs(v) < math.Abs(d[i]) {
					r++
				} else if math.Abs(v) == math.Abs(d[i]) {
					r += 0.5
				}
			}
			return r + 0.5
		}
		var sum, all float64
		for i, v := range d {
			if v > 0 {
				sum += rank(i)
			}
			if v != 0 {
				all += rank(i)
			}
		}
		far := 0
		for signs := range 1 << len(d) {
			var s float64
			for i, v := range d {
				if v != 0 && signs>>i&1 == 1 {
					s += rank(i)
				}
			}
			if math.Abs(s-all/2) >= math.Abs(sum-all/2)-1e-9 {
				far++
			}
		}
		want := float64(far) / float64(int(1)<<len(d))
		p, above := stat.SignedRank(d)
		for i := range d {
			d[i] = -d[i]
		}
		q, below := stat.SignedRank(d)
		if math.Abs(p-want) > 1e-12 || math.Abs(q-want) > 1e-12 || math.Abs(above+below-1) > 1e-12 {
			t.Fatalf("%v: p %v, of the other sign %v, want %v; above %v and %v", d, p, q, want, above, below)
		}
	}
}

// Under the null hypothesis p is at most α in no more than α of the samples, and the approximation for many differences
// meets the exact distribution.
func TestSignedRankLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	const samples = 4_000
	for _, n := range []int{8, 20, 600} {
		below := 0
		for range samples {
			d := make([]float64, n)
			for i := range d {
				d[i] = math.Round(20 * rng.NormFloat64())
			}
			if p, _ := stat.SignedRank(d); p <= 0.05 {
				below++
			}
		}
		share := float64(below) / samples
		t.Logf("%d differences: p ≤ 0.05 in %.2f %% of %d samples", n, 100*share, samples)
		// Four standard errors are 1.4 %.
		if share > 0.064 || share < 0.025 {
			t.Errorf("%d differences: p ≤ 0.05 in %.2f %% of the samples", n, 100*share)
		}
	}
}

func BenchmarkSignedRank(b *testing.B) {
	d := make([]float64, 30)
	for i := range d {
		d[i] = float64(i*7%31) - 12
	}
	for b.Loop() {
		stat.SignedRank(d)
	}
}
