package history

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/analyze/stat"
)

// leastStudies is the least number of studies on each side of a change. One that stands alone may be an outlier.
const leastStudies = 3

// A split is a place where a sequence of studies changes, by the test alone.
type split struct {
	at          int // index of the first study after it
	first, last int // between which of them it lies, with 95 % confidence
	p           float64
}

// A division finds the changes in a sequence of studies, each of which is a sample of launches.
type division struct {
	alpha    float64     // of each test
	draws    int         // permutations of each
	distance [][]float64 // of each two studies: the mean of |x − y| over their launches x and y
	medians  []float64   // of their launches
	src      *rand.Rand
}

// divide returns the places where the samples change, in their order.
func divide(samples [][]float64, alpha float64, seed uint64) []split {
	d := division{alpha: alpha, draws: drawsFor(alpha), src: rand.New(rand.NewPCG(seed, 0))}
	sorted := make([][]float64, len(samples))
	for i, s := range samples {
		sorted[i] = slices.Sorted(slices.Values(s))
		d.medians = append(d.medians, stat.Median(s))
	}
	d.distance = make([][]float64, len(samples))
	for i := range samples {
		d.distance[i] = make([]float64, len(samples))
		for k := range i {
			v := apart(sorted[i], sorted[k])
			d.distance[i][k], d.distance[k][i] = v, v
		}
	}
	var out []split
	d.within(0, len(samples), &out)
	slices.SortFunc(out, func(a, b split) int { return a.at - b.at })
	return d.clearer(out)
}

// drawsFor returns how many permutations tell whether p is at most alpha: the least p is then a fifth of alpha.
func drawsFor(alpha float64) int { return max(999, int(math.Ceil(5/alpha))-1) }

// apart returns the mean of |x − y| over all x of a and y of b, both sorted.
func apart(a, b []float64) float64 {
	var sum, below float64 // the sum of those of b that are below x
	total := 0.0
	for _, y := range b {
		total += y
	}
	k := 0
	for _, x := range a {
		for ; k < len(b) && b[k] <= x; k++ {
			below += b[k]
		}
		sum += x*float64(k) - below + total - below - x*float64(len(b)-k)
	}
	return sum / float64(len(a)) / float64(len(b))
}

// within adds the changes of the studies from lo to hi to out.
func (d *division) within(lo, hi int, out *[]split) {
	n := hi - lo
	if leastP(n) > d.alpha {
		return
	}
	order := make([]int, n)
	for i := range order {
		order[i] = lo + i
	}
	most, at := d.best(order)
	if at == 0 {
		return
	}
	reached, allowed := 0, int(d.alpha*float64(d.draws+1))-1
	for range d.draws {
		d.src.Shuffle(n, func(i, k int) { order[i], order[k] = order[k], order[i] })
		if q, _ := d.best(order); q >= most {
			if reached++; reached > allowed { // p is above alpha, whatever the rest gives
				return
			}
		}
	}
	s := split{at: lo + at, p: float64(reached+1) / float64(d.draws+1)}
	*out = append(*out, s)
	d.within(lo, s.at, out)
	d.within(s.at, hi, out)
}

// leastP returns the least p that n studies can have: of all ways to order them, those that a change in their middle
// tells from the others.
func leastP(n int) float64 {
	if n < 2*leastStudies {
		return 1
	}
	ways, _ := math.Lgamma(float64(n + 1))
	left, _ := math.Lgamma(float64(n/2 + 1))
	right, _ := math.Lgamma(float64(n - n/2 + 1))
	return 2 / math.Exp(ways-left-right)
}

// best returns the largest statistic of the studies in that order, over all seeded intervals and places in them, and
// its place; 0 and 0 without one.
func (d *division) best(order []int) (most float64, at int) {
	for length := float64(len(order)); length >= 2*leastStudies; length /= math.Sqrt2 {
		size := int(math.Ceil(length))
		count := 1
		if size < len(order) {
			count = 2*int(math.Ceil(float64(len(order))/length)) - 1
		}
		for i := range count {
			lo := 0
			if count > 1 {
				lo = i * (len(order) - size) / (count - 1)
			}
			if q, k := d.largest(order[lo : lo+size]); q > most {
				most, at = q, lo+k
			}
		}
	}
	return most, at
}

// largest returns the largest statistic of a place in studies, and the place. The statistic is that of Matteson and
// James, mn/(m+n) · (2·B − X − Y), where B is the mean distance of two studies on different sides, and X and Y are
// those of two on the same.
func (d *division) largest(studies []int) (most float64, at int) {
	n := len(studies)
	var across, left, right float64 // sums of distances, once for each pair
	for i := range n {
		for k := range i {
			right += d.distance[studies[i]][studies[k]]
		}
	}
	for i, s := range studies[:n-1] { // s goes to the left
		row := d.distance[s]
		var toLeft, toRight float64
		for _, o := range studies[:i] {
			toLeft += row[o]
		}
		for _, o := range studies[i+1:] {
			toRight += row[o]
		}
		across += toRight - toLeft
		left += toLeft
		right -= toRight
		x, y := float64(i+1), float64(n-i-1)
		if i+1 < leastStudies || n-i-1 < leastStudies {
			continue
		}
		q := x * y / (x + y) * (2*across/(x*y) - 2*left/(x*(x-1)) - 2*right/(y*(y-1)))
		if q > most {
			most, at = q, i+1
		}
	}
	return most, at
}

// resamples is how many resamples tell where a change lies.
const resamples = 199

// where returns between which studies the change at lies, among those from lo to hi: studies of either side are
// resampled in their places, and the place found again.
func (d *division) where(lo, at, hi int) (first, last int) {
	places := make([]float64, 0, resamples)
	order := make([]int, hi-lo)
	for range resamples {
		for i := range order {
			if lo+i < at {
				order[i] = lo + d.src.IntN(at-lo)
			} else {
				order[i] = at + d.src.IntN(hi-at)
			}
		}
		if _, k := d.largest(order); k > 0 {
			places = append(places, float64(lo+k))
		}
	}
	if len(places) == 0 {
		return at, at
	}
	first = min(at, int(math.Floor(stat.Quantile(places, 0.025))))
	return first, max(at, int(math.Ceil(stat.Quantile(places, 0.975))))
}
