package chart

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// leastSpan is the width in pixels below which stretches beside each other cannot be told apart: together they have
// their shares.
const leastSpan = 6

// blend gives columns in which states change faster than every leastSpan pixels the mean over so many, and says which
// they are. A short stretch between two long ones stays as it is.
func blend(shares []timeline.Shares, columns []column) (mixed []bool) {
	mixed = make([]bool, len(columns))
	first, last := -1, 0 // of the narrow stretches beside each other
	flush := func() {
		if first >= 0 && last-first >= 2*leastSpan {
			for n, parts := first, (last-first)/leastSpan; parts > 0; parts-- {
				end := n + (last-n)/parts
				mean := columnOf(meanOf(shares[n:end]))
				for ; n < end; n++ {
					columns[n], mixed[n] = mean, true
				}
			}
		}
		first = -1
	}
	runs(slices.Clone(columns), func(i, j int) {
		if j-i >= leastSpan {
			flush()
			return
		}
		if first < 0 {
			first = i
		}
		last = j
	})
	flush()
	return mixed
}

// meanOf is the mean of shares.
func meanOf(shares []timeline.Shares) (mean timeline.Shares) {
	for _, s := range shares {
		for state, v := range s {
			mean[state] += v / float64(len(shares))
		}
	}
	return mean
}
