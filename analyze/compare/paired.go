package compare

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
)

// partners returns what the launches of a block that has both sides leave of b and f, in the order of b, and sets the
// figures of p that are of these alone.
func (p *Point) partners(b, f Count) (base, fresh Count) {
	at := map[int]int{} // of f, by block
	for i, block := range f.Blocks {
		at[block] = i
	}
	base, fresh = b, f
	base.Seconds, base.Quiet, base.Blocks = nil, nil, nil
	fresh.Seconds, fresh.Quiet, fresh.Blocks = nil, nil, nil
	for i, block := range b.Blocks {
		k, both := at[block]
		if !both {
			continue
		}
		base.take(&b, i)
		fresh.take(&f, k)
	}
	p.Pairs = len(base.Seconds)
	p.Alone = len(b.Seconds) + len(f.Seconds) - 2*p.Pairs
	p.Base.Median, p.New.Median = stat.Median(base.Seconds), stat.Median(fresh.Seconds)
	return base, fresh
}

// take adds launch i of another count to c.
func (c *Count) take(from *Count, i int) {
	c.Seconds, c.Blocks = append(c.Seconds, from.Seconds[i]), append(c.Blocks, from.Blocks[i])
	if i < len(from.Quiet) {
		c.Quiet = append(c.Quiet, from.Quiet[i])
	}
}

// logRatios are the logarithms of the ratios of pairs, new over base.
func logRatios(base, fresh []float64) []float64 {
	out := make([]float64, len(base))
	for i := range out {
		out[i] = math.Log(fresh[i] / base[i])
	}
	return out
}

// seen is the range of the ratios that were seen: of the launches of either side, or of pairs.
func (r *Result) seen(base, fresh []float64) *curve.Interval {
	if !r.Options.Paired {
		return &curve.Interval{
			Method: curve.MinMax,
			Low:    slices.Min(fresh) / slices.Max(base), High: slices.Max(fresh) / slices.Min(base),
		}
	}
	d := logRatios(base, fresh)
	return &curve.Interval{Method: curve.MinMax, Low: math.Exp(slices.Min(d)), High: math.Exp(slices.Max(d))}
}

// PairsNeeded returns how many pairs a point needs for the test of a comparison of so many to show any change: the
// least p of n pairs, 2^(1−n), times the number of tests is at most [Alpha].
func PairsNeeded(tests int) int {
	return 1 + int(math.Ceil(math.Log2(float64(max(tests, 1))/Alpha)))
}

// Short returns the fewest pairs of a point that was tested, and how many [PairsNeeded] says; false if all have as
// many.
func (r *Result) Short() (least, need int, short bool) {
	if !r.Options.Paired {
		return 0, 0, false
	}
	need = PairsNeeded(r.Tests)
	least = need
	r.each(func(p *Point) {
		if !math.IsNaN(p.P) {
			least = min(least, p.Pairs)
		}
	})
	return least, need, least < need
}
