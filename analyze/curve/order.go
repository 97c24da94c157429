package curve

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// driftLevel is the p below which a drift is reported. A curve has one such test.
const driftLevel = 0.01

// driftMatters is the least drift that is reported, as a share of the times of the first half: the least change that a
// comparison of two studies claims. On a quiet machine far smaller ones are certain, and harm nothing.
const driftMatters = 0.01

// leastBlocks is the least number of blocks to test for drift: with fewer, not even steadily growing times are rare
// enough.
const leastBlocks = 6

// drift tests whether the machine became slower or faster during the study. The residual of a launch is the logarithm
// of its time over its point's median; the median residuals of the blocks are compared with their order by the rank
// correlation of Mann and Kendall (Mann, Econometrica 13, 1945; Kendall, "Rank Correlation Methods", 1975): normal
// approximation with correction for ties, two-sided. Blocks hold every point once, so a drift falls on all points alike
// and leaves ratios as they are; but launches then depend on each other, and times of two studies differ by it.
func (s *sample) drift(points []sweep.Point) []warning.Warning {
	byBlock := map[int][]float64{}
	for _, p := range points {
		l := s.at(p)
		if !l.measured() {
			continue
		}
		middle := stat.Median(l.times)
		for i, r := range l.timed {
			byBlock[r.Rep] = append(byBlock[r.Rep], math.Log(l.times[i]/middle))
		}
	}
	blocks := slices.Sorted(maps.Keys(byBlock))
	if len(blocks) < leastBlocks {
		return nil
	}
	x := make([]float64, len(blocks))
	for i, b := range blocks {
		x[i] = stat.Median(byBlock[b])
	}
	tau, p := mannKendall(x)
	if !(p < driftLevel) {
		return nil
	}
	// The medians of either half say how much.
	half := len(x) / 2
	by := math.Expm1(stat.Median(x[len(x)-half:]) - stat.Median(x[:half]))
	if math.Abs(by) < driftMatters {
		return nil
	}
	w := warning.Of(warning.Drift, points[0].Workload)
	w.Figures.Ratio = by
	w.Figures.Count, w.Figures.Tau, w.Figures.P = len(x), tau, p
	return []warning.Warning{w}
}

// mannKendall returns the rank correlation of x with its order, and its two-sided p.
func mannKendall(x []float64) (tau, p float64) {
	n := float64(len(x))
	// Of the pairs, those that fall and those that are equal are counted; the rest rise.
	sorted := slices.Clone(x)
	falls := inversions(sorted, make([]float64, len(x)))
	sum := len(x)*(len(x)-1)/2 - 2*falls
	variance := n * (n - 1) * (2*n + 5)
	for lo := 0; lo < len(sorted); {
		hi := lo
		for hi < len(sorted) && sorted[hi] == sorted[lo] {
			hi++
		}
		t := float64(hi - lo)
		sum -= (hi - lo) * (hi - lo - 1) / 2
		variance -= t * (t - 1) * (2*t + 5)
		lo = hi
	}
	if variance <= 0 || sum == 0 {
		return 0, 1
	}
	far := math.Abs(float64(sum)) - 1
	z := far / math.Sqrt(variance/18)
	return float64(sum) / (n * (n - 1) / 2), 2 * distuv.UnitNormal.Survival(z)
}

// inversions sorts x and returns how many pairs of it were in falling order (Knight, Journal of the American
// Statistical Association 61, 1966): comparing all pairs would take minutes for a hundred thousand blocks. spare is as
// long as x.
func inversions(x, spare []float64) int {
	if len(x) < 2 {
		return 0
	}
	half := len(x) / 2
	n := inversions(x[:half], spare) + inversions(x[half:], spare)
	a, b, out := x[:half], x[half:], spare[:0]
	for len(a) > 0 && len(b) > 0 {
		if b[0] < a[0] {
			n += len(a)
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	copy(x, append(append(out, a...), b...))
	return n
}

// farOut is how many interquartile ranges beyond the quartiles a launch is an outlier: Tukey's outer fences
// ("Exploratory Data Analysis", 1977, section 2E), which one in 425,000 normal values passes.
const farOut = 3

// farShare is how far from the median, as a share of it, a launch must be as well to be an outlier. The quartiles of
// launches that are nearly alike lie so close that a launch of 0.98 times the median passes the fences.
const farShare = 0.10

// outliers names the launches of p that lie far out. They stay in: a single launch hardly moves median and interval.
// But what delays one launch in twenty is a fact about the program or the machine.
func (s *sample) outliers(p sweep.Point) []warning.Warning {
	l := s.at(p)
	if len(l.times) < MinLaunches || !l.measured() {
		return nil
	}
	x := slices.Clone(l.times)
	q1, q3 := stat.Quantile(x, 0.25), stat.Quantile(x, 0.75)
	reach, middle := farOut*(q3-q1), stat.Median(l.times)
	w := warning.OfPoint(warning.Outliers, p)
	for i, r := range l.timed {
		t := l.times[i]
		if (t < q1-reach || t > q3+reach) && math.Abs(t-middle) >= farShare*middle {
			w.Items = append(w.Items, warning.Item{Rep: r.Rep, Ratio: t / middle, Noisy: r.Noise.Noisy})
		}
	}
	if len(w.Items) == 0 {
		return nil
	}
	w.Figures.Count, w.Figures.Of = len(w.Items), len(l.times)
	return []warning.Warning{w}
}
