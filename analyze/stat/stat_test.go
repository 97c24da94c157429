package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/stat"
)

func TestQuantile(t *testing.T) {
	for _, tt := range []struct {
		name string
		x    []float64
		p    float64
		want float64
	}{
		{"nothing", nil, 0.5, math.NaN()},
		{"one value is all its quantiles", []float64{7}, 0.975, 7},
		{"odd median", []float64{3, 1, 2}, 0.5, 2},
		{"even median: half way between 2 and 3", []float64{4, 1, 3, 2}, 0.5, 2.5},
		// h = 3·0.25 = 0.75: 1 + 0.75·(2−1).
		{"lower quartile of type 7", []float64{4, 1, 3, 2}, 0.25, 1.75},
		// h = 4·0.9 = 3.6: 40 + 0.6·(50−40).
		{"ninth decile of type 7", []float64{50, 20, 30, 10, 40}, 0.9, 46},
		{"least", []float64{5, 4, 6}, 0, 4},
		{"greatest", []float64{5, 4, 6}, 1, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, stat.Quantile(slices.Clone(tt.x), tt.p), cmpopts.EquateNaNs(),
				cmpopts.EquateApprox(1e-12, 0)); d != "" {
				t.Error(d)
			}
		})
	}
}

// Selection must agree with sorting on every shape of data: random, sorted, reversed, few distinct values, organ pipe.
func TestQuantileAgreesWithSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	shapes := map[string]func(i, n int) float64{
		"random":   func(int, int) float64 { return rng.Float64() },
		"sorted":   func(i, _ int) float64 { return float64(i) },
		"reversed": func(i, n int) float64 { return float64(n - i) },
		"equal":    func(int, int) float64 { return 3 },
		"few":      func(int, int) float64 { return float64(rng.IntN(4)) },
		"pipe":     func(i, n int) float64 { return float64(min(i, n-i)) },
	}
	for name, f := range shapes {
		for _, n := range []int{1, 2, 17, 18, 100, 1001} {
			x := make([]float64, n)
			for i := range x {
				x[i] = f(i, n)
			}
			sorted := slices.Sorted(slices.Values(x))
			for _, p := range []float64{0, 0.025, 0.5, 0.975, 1} {
				h := float64(n-1) * p
				k := int(h)
				want := sorted[k] + (h-float64(k))*(sorted[min(k+1, n-1)]-sorted[k])
				if got := stat.Quantile(x, p); math.Abs(got-want) > 1e-12*math.Abs(want) {
					t.Errorf("%s, n = %d, p = %v: %v, want %v", name, n, p, got, want)
				}
			}
			if slices.Sort(x); !slices.Equal(x, sorted) {
				t.Errorf("%s, n = %d: selection changed the values", name, n)
			}
		}
	}
}

func TestMedianLeavesItsInput(t *testing.T) {
	x := []float64{3, 1, 2}
	if m := stat.Median(x); m != 2 || !slices.Equal(x, []float64{3, 1, 2}) {
		t.Errorf("median %v, then x is %v", m, x)
	}
}

// With three values the resampled median has a known distribution. Of 27 resamples, the median is the least value if it
// was drawn at least twice: 3·2 + 1 = 7 of 27; the greatest likewise; the middle one in the other 13.
func TestResampleMediansDistribution(t *testing.T) {
	const n = 100_000
	dst := make([]float64, n)
	stat.ResampleMedians(dst, []float64{30, 10, 20}, rand.NewPCG(3, 4))
	got := map[float64]float64{}
	for _, m := range dst {
		got[m]++
	}
	for v, want := range map[float64]float64{10: 7. / 27, 20: 13. / 27, 30: 7. / 27} {
		// Five standard deviations of a binomial share.
		if tol := 5 * math.Sqrt(want*(1-want)/n); math.Abs(got[v]/n-want) > tol {
			t.Errorf("share of %v is %v, want %v ± %v", v, got[v]/n, want, tol)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d distinct medians, want 3", len(got))
	}
}

// With two values the median of a resample is their mean in half of the cases, and each of them in a quarter.
func TestResampleMediansEven(t *testing.T) {
	const n = 100_000
	dst := make([]float64, n)
	stat.ResampleMedians(dst, []float64{1, 2}, rand.NewPCG(3, 4))
	got := map[float64]float64{}
	for _, m := range dst {
		got[m]++
	}
	for v, want := range map[float64]float64{1: 0.25, 1.5: 0.5, 2: 0.25} {
		if math.Abs(got[v]/n-want) > 0.01 {
			t.Errorf("share of %v is %v, want %v", v, got[v]/n, want)
		}
	}
}

// The interval of a symmetric sample holds its median, shrinks as the sample grows, and is the same for the same
// source.
func TestResampleMediansProperties(t *testing.T) {
	width := func(n int) float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = 100 + float64(i-n/2)/float64(n) // the same spread for every n; n is odd, so the median is 100
		}
		a, b := make([]float64, 4000), make([]float64, 4000)
		stat.ResampleMedians(a, x, rand.NewPCG(9, uint64(n)))
		stat.ResampleMedians(b, x, rand.NewPCG(9, uint64(n)))
		if !slices.Equal(a, b) {
			t.Errorf("n = %d: the same source gave different resamples", n)
		}
		low, high := stat.Quantile(a, 0.025), stat.Quantile(a, 0.975)
		if low > 100 || high < 100 {
			t.Errorf("n = %d: interval %v … %v does not hold 100", n, low, high)
		}
		return high - low
	}
	last := math.Inf(1)
	for _, n := range []int{5, 15, 45, 135} {
		w := width(n)
		if w >= last {
			t.Errorf("n = %d: the interval is %v wide, not narrower than %v", n, w, last)
		}
		last = w
	}
}

func BenchmarkResampleMedians(b *testing.B) {
	for _, n := range []int{10, 30} {
		b.Run(fmt.Sprintf("launches=%d", n), func(b *testing.B) {
			x := make([]float64, n)
			for i := range x {
				x[i] = float64(i * i % 7)
			}
			dst := make([]float64, 10_000)
			b.ReportAllocs()
			for b.Loop() {
				stat.ResampleMedians(dst, x, rand.NewPCG(1, 1))
			}
		})
	}
}

func BenchmarkQuantile(b *testing.B) {
	x, y := make([]float64, 10_000), make([]float64, 10_000)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range x {
		x[i] = rng.Float64()
	}
	for b.Loop() {
		copy(y, x)
		stat.Quantile(y, 0.025)
		stat.Quantile(y, 0.975)
	}
}

// Of pairs whose ratio is two, resamples of the pairs have no other ratio, however the values scatter: resampled each
// by itself, they have many.
func TestResampleRatiosKeepsPairs(t *testing.T) {
	x, y := []float64{8, 2, 6, 4, 20}, []float64{4, 1, 3, 2, 10}
	dst := make([]float64, 500)
	stat.ResampleRatios(dst, x, y, rand.NewPCG(1, 2))
	for _, v := range dst {
		if v != 2 {
			t.Fatalf("a resample has the ratio %v, want 2", v)
		}
	}
	// One pair in five has another ratio: it shows.
	y[2] = 6
	stat.ResampleRatios(dst, x, y, rand.NewPCG(1, 2))
	if lo, hi := slices.Min(dst), slices.Max(dst); lo >= 2 || hi < 2 {
		t.Errorf("ratios from %v to %v", lo, hi)
	}
}
