package stat

import (
	"cmp"
	"math"
	"slices"
)

// SignedRank tests whether differences of pairs lie around 0 (Wilcoxon, Biometrics Bulletin 1, 1945). If each is as
// likely to be d as −d, p is the two-sided probability of ranks at least as far apart. Above is the share of pairs with
// a difference above 0, those of 0 counted half.
//
// Differences are ranked by size, equal ones share their mean rank. Those of 0 are ranked with the rest and then left
// out, so that they keep the ranks of others large (Pratt, Journal of the American Statistical Association 54, 1959):
// left out beforehand, as Wilcoxon has it, pairs that differ by less than a clock can tell would make p smaller.
//
// P is exact, over all ways to deal out the signs, ties included (Streitberg & Röhmel, Statistical Software Newsletter
// 12, 1986), up to some hundred differences; beyond, it is the normal approximation with correction for continuity, its
// variance that of the ranks as they are. The least p of n differences is 2^(1−n). Both results are NaN without any
// difference, and p is 1 if all are 0.
func SignedRank(d []float64) (p, above float64) {
	if len(d) == 0 {
		return math.NaN(), math.NaN()
	}
	ranks, sum := doubledSignedRanks(d)
	for _, v := range d {
		switch {
		case v > 0:
			above++
		case v == 0:
			above += 0.5
		}
	}
	above /= float64(len(d))
	all, squares := 0, 0.0
	for _, r := range ranks {
		all += r
		squares += float64(r) * float64(r)
	}
	// Far is twice the distance of the sum from its middle, in doubled ranks: an integer.
	far := max(2*sum-all, all-2*sum)
	if far == 0 {
		return 1, above
	}
	if len(ranks)*all <= exactWork {
		return exactSigns(ranks, all, far), above
	}
	return math.Erfc((float64(far) - 2) / math.Sqrt(2*squares)), above
}

// doubledSignedRanks returns twice the mean ranks of the sizes of the differences that are not 0, ascending, and the
// sum of those of differences above 0.
func doubledSignedRanks(d []float64) (ranks []int, sum int) {
	sorted := slices.Clone(d)
	slices.SortFunc(sorted, func(x, y float64) int { return cmp.Compare(math.Abs(x), math.Abs(y)) })
	for lo := 0; lo < len(sorted); {
		hi := lo
		for hi < len(sorted) && math.Abs(sorted[hi]) == math.Abs(sorted[lo]) {
			hi++
		}
		for _, v := range sorted[lo:hi] {
			if v == 0 {
				continue
			}
			ranks = append(ranks, lo+1+hi)
			if v > 0 {
				sum += lo + 1 + hi
			}
		}
		lo = hi
	}
	return ranks, sum
}

// exactSigns returns the share of the ways to deal out signs at which the sum of the ranks above 0 is at least half of
// far from its middle. All is the sum of the ranks.
func exactSigns(ranks []int, all, far int) float64 {
	share := make([]float64, all+1) // of the ways, by the sum
	share[0] = 1
	reach := 0
	for _, r := range ranks {
		reach += r
		for s := reach; s >= 0; s-- {
			share[s] /= 2
			if s >= r {
				share[s] += share[s-r] / 2
			}
		}
	}
	var out float64
	for s, w := range share {
		if 2*s-all >= far || all-2*s >= far {
			out += w
		}
	}
	return min(out, 1)
}
