package history

import (
	"math"
	"slices"
)

// clearer returns those of the splits that are clearer than a drift makes them, with where they lie. The least clear
// goes first, as long as one is not: what it divided then belongs together, and counts against the others.
func (d *division) clearer(splits []split) []split {
	for len(splits) > 0 {
		rho := d.drift(splits)
		worst, most := 0, 0.0
		for i := range splits {
			lo, hi := d.around(splits, i)
			if p := d.drifts(d.medians[lo:hi], splits[i].at-lo, rho); p > most {
				worst, most = i, p
			}
		}
		if most <= d.alpha {
			break
		}
		splits = slices.Delete(splits, worst, worst+1)
	}
	for i := range splits {
		s := &splits[i]
		lo, hi := d.around(splits, i)
		s.p = max(s.p, d.drifts(d.medians[lo:hi], s.at-lo, d.drift(splits)))
		s.first, s.last = d.where(lo, s.at, hi)
	}
	return splits
}

// around returns the studies between the neighbours of a split.
func (d *division) around(splits []split, i int) (lo, hi int) {
	lo, hi = 0, len(d.medians)
	if i > 0 {
		lo = splits[i-1].at
	}
	if i+1 < len(splits) {
		hi = splits[i+1].at
	}
	return lo, hi
}

// Bounds of the coefficient of drifts.
const (
	// margin is how many standard errors are added to it. Without, one flat history in ten shows a change where each study
	// has half of what the one before had; with two, steps are missed that anybody would see.
	margin = 1.5
	// mostRho is the largest that is supposed: beyond it a drift cannot be told from a change at all.
	mostRho = 0.9
)

// drift returns how much of what sets a study apart from its segment the next one has, at the most: the autocorrelation
// of the residuals, corrected for what fitting the means and the places takes of it (about a part of n for each), and
// with a margin.
func (d *division) drift(splits []split) float64 {
	var products, squares, before float64
	n, from := float64(len(d.medians)), 0
	for i := range len(splits) + 1 {
		to := len(d.medians)
		if i < len(splits) {
			to = splits[i].at
		}
		center := mean(d.medians[from:to])
		for _, v := range d.medians[from:to] {
			products += (v - center) * before
			before = v - center
			squares += before * before
		}
		from = to
	}
	if squares == 0 {
		return 0
	}
	rho := products / squares
	fitted := float64(len(splits) + 1)
	rho += fitted * (1 + 2*max(rho, 0)) / n
	return min(mostRho, rho+margin*math.Sqrt((1-min(rho*rho, 1))/n))
}

// drifts returns the probability that studies without a change, each of which has so much of the one before, are
// divided as clearly as those of these medians at that place: that of the largest t of two means under an
// autoregressive process of first order, by simulation. It is 0 where rho is not positive: permutation has told.
func (d *division) drifts(medians []float64, at int, rho float64) float64 {
	if rho <= 0 {
		return 0
	}
	t := clearness(medians, at)
	made, reached := make([]float64, len(medians)), 0
	innovation := math.Sqrt(1 - rho*rho)
	for range d.draws {
		x := d.src.NormFloat64()
		for i := range made {
			made[i] = x
			x = rho*x + innovation*d.src.NormFloat64()
		}
		if largest(made) >= t {
			reached++
		}
	}
	return float64(reached+1) / float64(d.draws+1)
}

// clearness is the t of the two means of x before and from at.
func clearness(x []float64, at int) float64 {
	a, b := mean(x[:at]), mean(x[at:])
	within := 0.0
	for i, v := range x {
		if i < at {
			within += (v - a) * (v - a)
		} else {
			within += (v - b) * (v - b)
		}
	}
	k, m := float64(at), float64(len(x)-at)
	return math.Abs(a-b) / math.Sqrt(max(within, math.SmallestNonzeroFloat64)/(k+m-2)*(1/k+1/m))
}

// largest returns the largest t of two means of x, over all places between them.
func largest(x []float64) (most float64) {
	n := float64(len(x))
	center, squares, left := mean(x), 0.0, 0.0
	for _, v := range x {
		squares += (v - center) * (v - center)
	}
	for i, v := range x[:len(x)-leastStudies] {
		left += v - center
		k := float64(i + 1)
		between := left * left * (1/k + 1/(n-k)) // of the sum of squares
		if k >= leastStudies {
			most = max(most, between/max(squares-between, math.SmallestNonzeroFloat64))
		}
	}
	return math.Sqrt(most * (n - 2))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
