package stat

import (
	"cmp"
	"math"
	"slices"
)

// exactWork bounds the additions for an exact distribution of the rank sum, about a tenth of a second.
const exactWork = 100_000_000

// RankSum tests whether a and b come from one distribution (Mann & Whitney, Annals of Mathematical Statistics 18,
// 1947). If they do, p is the two-sided probability of ranks at least as far apart. Above is the effect size: the
// probability that a value of b exceeds one of a, ties counted half (Vargha & Delaney, Journal of Educational and
// Behavioral Statistics 25, 2000).
//
// Equal values share their mean rank. P is exact, over all ways to deal out the ranks, ties included (Streitberg &
// Röhmel, Statistical Software Newsletter 12, 1986), up to some hundred values on either side; beyond, it is the normal
// approximation with correction for ties. Both results are NaN if a or b is empty.
func RankSum(a, b []float64) (p, above float64) {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN(), math.NaN()
	}
	ranks, sumB, ties := doubledRanks(a, b)
	n, m := len(a), len(b)
	// U of b is its rank sum less the least possible one.
	above = (float64(sumB)/2 - float64(m*(m+1))/2) / float64(n) / float64(m)
	k, sum := m, sumB
	if n < m { // as far from the middle, with less to count
		k, sum = n, (n+m)*(n+m+1)-sumB
	}
	middle := k * (n + m + 1)
	far := max(sum-middle, middle-sum)
	if far == 0 {
		return 1, above
	}
	if w := float64(k) * float64(n+m); w*w <= exactWork {
		return exactRankSum(ranks, k, middle, far), above
	}
	total := float64(n + m)
	// In doubled ranks the variance is four times that of the rank sum.
	variance := float64(n) * float64(m) / 3 * (total + 1 - ties/(total*(total-1)))
	return math.Erfc((float64(far) - 1) / math.Sqrt(2*variance)), above
}

// doubledRanks returns twice the mean ranks of all values, ascending, which are integers; the sum of those of b; and
// the sum of t³ − t over groups of t equal values.
func doubledRanks(a, b []float64) (ranks []int, sumB int, ties float64) {
	type value struct {
		v   float64
		ofB bool
	}
	all := make([]value, 0, len(a)+len(b))
	for _, v := range a {
		all = append(all, value{v, false})
	}
	for _, v := range b {
		all = append(all, value{v, true})
	}
	slices.SortFunc(all, func(x, y value) int { return cmp.Compare(x.v, y.v) })
	ranks = make([]int, len(all))
	for lo := 0; lo < len(all); {
		hi := lo
		for hi < len(all) && all[hi].v == all[lo].v {
			hi++
		}
		for i := lo; i < hi; i++ {
			ranks[i] = lo + 1 + hi
			if all[i].ofB {
				sumB += ranks[i]
			}
		}
		t := float64(hi - lo)
		ties += t*t*t - t
		lo = hi
	}
	return ranks, sumB, ties
}

// exactRankSum returns the share of the ways to choose k of the ranks whose sum is at least far from the middle.
func exactRankSum(ranks []int, k, middle, far int) float64 {
	most := 0
	for _, r := range ranks[len(ranks)-k:] {
		most += r
	}
	ways := make([][]float64, k+1) // by number chosen and their sum
	for i := range ways {
		ways[i] = make([]float64, most+1)
	}
	ways[0][0] = 1
	reach := 0
	for seen, r := range ranks {
		reach = min(reach+r, most)
		for i := min(k, seen+1); i > 0; i-- {
			to, from := ways[i][r:reach+1], ways[i-1]
			for s := range to {
				to[s] += from[s]
			}
		}
	}
	var all, out float64
	for s, w := range ways[k] {
		all += w
		if s-middle >= far || middle-s >= far {
			out += w
		}
	}
	return out / all
}

// Holm returns p adjusted for multiple tests (Holm, Scandinavian Journal of Statistics 6, 1979): the probability of any
// false claim among those with an adjusted value of at most α is at most α. A NaN was not tested and stays NaN.
func Holm(p []float64) []float64 {
	var order []int
	out := slices.Clone(p)
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	last := 0.0
	for k, i := range order {
		last = max(last, min(1, p[i]*float64(len(order)-k)))
		out[i] = last
	}
	return out
}
