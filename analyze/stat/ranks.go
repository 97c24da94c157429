package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// MedianRanks returns the order statistics of x that hold its median with a confidence of at least level, whatever the
// distribution: with B heads of n tosses of a coin, x₍k₎ and x₍n−k+1₎ for the largest k of P(B < k) ≤ (1 − level)/2 (Le
// Boudec, "Performance Evaluation of Computer and Communication Systems", 2010, section 2.2). Where there are too few
// for that it is the least and the greatest, of nothing NaN.
func MedianRanks(x []float64, level float64) (low, high float64) {
	n := len(x)
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	sorted := slices.Sorted(slices.Values(x))
	tosses, k := distuv.Binomial{N: float64(n), P: 0.5}, 1
	for k < (n+1)/2 && tosses.CDF(float64(k)) <= (1-level)/2 {
		k++
	}
	return sorted[k-1], sorted[n-k]
}
