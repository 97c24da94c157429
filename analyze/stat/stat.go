// Package stat holds the order statistics of the analysis: the median, quantiles, medians of resamples, and the
// rank-sum and the signed-rank test.
//
// Quantiles are of type 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50
// (1996): with the sample sorted as x₀ … xₙ₋₁ and h = (n−1)·p, the quantile is x⌊h⌋ + (h−⌊h⌋)·(x⌊h⌋₊₁ − x⌊h⌋). For p =
// 1/2 that is the ordinary median.
//
// What is not known is NaN: the median of nothing is NaN, and no function expects NaN in its input.
package stat

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Median returns the median of x, or NaN if x is empty. It does not change x.
func Median(x []float64) float64 {
	return Quantile(slices.Clone(x), 0.5)
}

// Quantile returns the quantile p, 0 ≤ p ≤ 1, of x, or NaN if x is empty. It reorders x.
func Quantile(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	h := float64(len(x)-1) * min(max(p, 0), 1)
	k := int(h)
	low := nth(x, k)
	if frac := h - float64(k); frac > 0 {
		// nth leaves nothing behind k that is smaller than x[k]: the least there is the next order statistic.
		return low + frac*(slices.Min(x[k+1:])-low)
	}
	return low
}

// nth moves to k the element that sorting would put there, smaller ones before it and greater ones behind, and returns
// it. It is Hoare's FIND with the median of three as pivot; a run of bad pivots ends in a sort, so the worst case is
// n·log n.
func nth(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for budget := 2 * bits.Len(uint(len(x))); hi-lo > 16 && budget > 0; budget-- {
		pivot := median3(x[lo], x[(lo+hi)/2], x[hi])
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default: // all elements between the two parts equal the pivot
			return x[k]
		}
	}
	slices.Sort(x[lo : hi+1])
	return x[k]
}

func median3(a, b, c float64) float64 {
	return max(min(a, b), min(max(a, b), c))
}

// ResampleMedians fills dst with the medians of len(dst) resamples of x, each of len(x) values drawn from x with
// replacement (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 6). It panics if x is empty.
//
// The draws depend only on src and the sizes, not on the values: resamples of two measures of the same launches
// correspond.
//
// A resample is drawn as counts of ranks, so that its median needs no sorting. A draw takes 32 bits; the probabilities
// of two ranks differ by less than len(x)/2³² of either.
func ResampleMedians(dst, x []float64, src *rand.PCG) {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	n := len(sorted)
	counts := make([]int, n)
	for i := range dst {
		clear(counts)
		for k := n; k > 0; k -= 2 {
			u := src.Uint64()
			counts[u>>32*uint64(n)>>32]++
			if k > 1 {
				counts[u&math.MaxUint32*uint64(n)>>32]++
			}
		}
		dst[i] = countedMedian(sorted, counts)
	}
}

// ResampleRatios fills dst with the ratios of the medians of x and y in len(dst) resamples of their pairs, each of
// len(x) pairs drawn with replacement. x and y have the same length; it panics if they are empty.
func ResampleRatios(dst, x, y []float64, src *rand.PCG) {
	sortedX, rankX := ranked(x)
	sortedY, rankY := ranked(y)
	n := len(x)
	countsX, countsY := make([]int, n), make([]int, n)
	for i := range dst {
		clear(countsX)
		clear(countsY)
		for range n {
			k := src.Uint64() >> 32 * uint64(n) >> 32
			countsX[rankX[k]]++
			countsY[rankY[k]]++
		}
		dst[i] = countedMedian(sortedX, countsX) / countedMedian(sortedY, countsY)
	}
}

// ranked returns the values of x in order, and the place of each of x among them.
func ranked(x []float64) (sorted []float64, rank []int) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	sorted, rank = make([]float64, len(x)), make([]int, len(x))
	for place, i := range order {
		sorted[place], rank[i] = x[i], place
	}
	return sorted, rank
}

// countedMedian returns the median of the sample with sorted[i] counts[i] times. The counts add up to len(sorted).
func countedMedian(sorted []float64, counts []int) float64 {
	n := len(sorted)
	i, seen := 0, counts[0]
	for seen <= (n-1)/2 {
		i++
		seen += counts[i]
	}
	low := sorted[i]
	if seen > n/2 {
		return low
	}
	for i++; counts[i] == 0; i++ { // the upper middle value is the next that occurs
	}
	return low + (sorted[i]-low)/2
}
