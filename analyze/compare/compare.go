// Package compare tells whether a program got faster or slower between two measurements of it, count by count.
//
// How a comparison is made:
//
//  1. Curves are matched by workload, mode, scaling, series and size, and points by n. What has no partner is listed,
//     never dropped.
//  2. The figure of a point is the ratio of the medians of its launches, new over base: above 1 is slower. Its interval
//     is the percentile interval of level 0.95 of a bootstrap that resamples the launches of either side by themselves
//     (package curve, step 3), and where others took of the runs' cores, it holds what that can explain (step 6).
//  3. The test of a point is the rank-sum test of Mann and Whitney, exact over all ways to deal out the ranks
//     ([stat.RankSum]). It supposes no distribution, has no seed, and reaches p = 1e-5 with ten launches a side, so
//     that it survives the correction. Rejected: a permutation test of the ratio of medians. With five launches a side
//     its least p is 0.048, however far apart the two lie, because most permutations leave the medians where they are.
//     Where both sides were measured in the same blocks, steps 2 and 3 are of the blocks that have a launch of either:
//     they are resampled whole, and the test is that of signed ranks of the logarithms of their ratios
//     ([stat.SignedRank]). What the launches of a block have in common, a drift of the machine above all, falls on both
//     sides alike and drops out. Launches without a partner are left out and counted.
//  4. The tests of all points of all curves are one family, a point of two curves counted once: their p are adjusted by
//     Holm's method ([stat.Holm]). So the probability of any false claim in a comparison of equal programs is at most
//     0.05, however points depend on each other.
//  5. A point is faster or slower only if the adjusted p is at most 0.05, the interval excludes 1, and the ratio
//     differs from 1 by the least effect asked for. Otherwise no difference is shown; how large one may be, the
//     interval tells.
//  6. Below five launches on either side nothing is claimed, and the interval is the range seen.
//
// The test of two studies supposes that launches of a side are alike and independent. It cannot tell a change between
// the sides as wholes (another state of the machine, a drift) from a change of the program. That of blocks supposes
// that the two launches of a block might as well have come the other way round.
//
// TestPairs of package analyze measures this with the adaptive stopping rule, over pairs of studies of one program, and
// TestBlocks over studies that hold both sides, beside pairs of studies under the same drift.
package compare

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Key tells the curves of one side apart. Curves with equal keys are compared.
type Key struct {
	Workload string // or the name in a file, which may be empty
	Mode     sweep.Mode
	Scaling  sweep.Scaling
	Series   string
	Size     int64
}

// KeyOf returns the key of a sweep.
func KeyOf(s sweep.Sweep) Key { return Key{s.Workload, s.Mode, s.Scaling, s.Series, s.Size} }

// A Count is what was measured at n on one side.
type Count struct {
	N     float64
	Point sweep.Point // zero for a file, which names none
	// Seconds are the times of the launches, of equal work on both sides.
	Seconds []float64
	Quiet   []float64 // the least that each can have been on a quiet machine; nil: not known
	Blocks  []int     // that each launch belongs to; nil: not known
	Failed  int
	Noisy   int
	// Shares is the part of the core time that each cause took in a traced run; nil if not known.
	Shares map[cause.Cause]float64
	// Curve is the analysed curve that it is point At of; nil: a file, or not analysed.
	Curve *study.Curve
	At    int
}

// A Curve is what was measured of one workload on one side.
type Curve struct {
	Key    Key
	Counts []Count // by N
	Cores  int     // counts beyond are left out of the laws; 0 for none
}

// Options are what a comparison depends on beside the data.
type Options struct {
	MinEffect float64 // least |ratio − 1| that is a change; default 0.01; below 0 for none
	Seed      uint64
	Resamples int  // of points and of laws; default as many as all curves together are worth
	NoLaws    bool // leave the laws out
	// Paired: both sides were measured in the same blocks.
	Paired bool
}

// defaultMinEffect is the least change that is worth a claim.
const defaultMinEffect = 0.01

// A Side is a point on one side. What is not known is NaN.
type Side struct {
	Runs, Failed, Noisy int
	Median              float64 // seconds
}

// A Point is a count on both sides. What is not known is NaN.
type Point struct {
	N         float64
	Point     sweep.Point // of the base; zero for a file, which names none
	Base, New Side
	Ratio     float64         // of the medians, new over base: above 1 is slower
	Interval  *curve.Interval // of the ratio; nil if not measured
	P, Holm   float64         // of the test, and adjusted for all points of the comparison
	// Above is the probability that a launch of the new side takes longer than one of the base; of pairs: than that of its
	// block.
	Above   float64
	Pairs   int // blocks that have a launch of either side, of which all this is; 0 where sides are not paired
	Alone   int // launches that are left out because their block has no partner for them
	Verdict Verdict
	Causes  []Change // largest first; none if either side does not know them
	Shift   *Shift   // nil if either side does not know where its time went
}

// A Change is the share of a cause in the core time of a point, on both sides, each from one traced run.
type Change struct {
	Cause cause.Cause `json:"cause"`
	Base  float64     `json:"base_share"`
	New   float64     `json:"new_share"`
}

// A Pair is a curve on both sides.
type Pair struct {
	Key       Key
	Base, New Curve
	Points    []Point // by N
	Laws      Laws
}

// A Lone is a curve or a point that only one side has.
type Lone struct {
	Key Key
	N   []float64 // nil for the whole curve
	New bool      // the new side has it

	Reason       LoneReason
	Size         int64       // of [OtherSize]: the other side's
	Point, Other sweep.Point // of [OtherPoint]: of this side and the other
}

// A LoneReason says why something has no partner.
type LoneReason string

// The reasons.
const (
	NoCurve    LoneReason = "no-curve"
	OtherSize  LoneReason = "other-size"
	OtherPoint LoneReason = "other-point" // the counts are equal, but the points differ
	NoCount    LoneReason = "no-count"    // the other side did not measure it
)

// CoresDiffer is a point with different numbers of cores on the two sides.
type CoresDiffer struct {
	Key       Key
	N         float64
	Base, New int
}

// A Result is a comparison.
type Result struct {
	Options Options
	Pairs   []Pair
	Alone   []Lone
	Means   []Mean            // of as many workloads as are alike
	Tests   int               // number of tests that p were adjusted for
	Cores   []CoresDiffer     // points compared although their cores differ
	Fewer   []warning.Warning // of few resamples, because there is so much to compare

	effort study.Effort
}

// Compare compares two sides.
func Compare(base, fresh []Curve, opt Options) *Result {
	return All(base, [][]Curve{fresh}, opt)[0]
}

// All compares each of several sides with the base. The tests of all of them are one family.
func All(base []Curve, fresh [][]Curve, opt Options) []*Result {
	var out []*Result
	for _, f := range fresh {
		out = append(out, compareSides(base, f, opt))
	}
	judge(out)
	return out
}

// compareSides compares two sides, but gives no verdicts.
func compareSides(base, fresh []Curve, opt Options) *Result {
	opt.MinEffect = cmp.Or(opt.MinEffect, defaultMinEffect)
	r := &Result{Options: opt, effort: effortFor(base, fresh)}
	if opt.Resamples > 0 {
		r.effort.Curves, r.effort.Laws = opt.Resamples, opt.Resamples
	} else {
		r.Fewer = r.effort.Fewer()
	}
	for _, b := range base {
		i := slices.IndexFunc(fresh, func(c Curve) bool { return c.Key == b.Key })
		if i < 0 {
			r.Alone = append(r.Alone, nearest(Lone{Key: b.Key}, fresh))
			continue
		}
		r.pair(b, fresh[i])
	}
	for _, f := range fresh {
		if !slices.ContainsFunc(base, func(c Curve) bool { return c.Key == f.Key }) {
			r.Alone = append(r.Alone, nearest(Lone{Key: f.Key, New: true}, base))
		}
	}
	r.Means = r.means()
	return r
}

// effortFor returns what the larger side is worth, so that two studies are compared with as many resamples as either
// has.
func effortFor(sides ...[]Curve) study.Effort {
	points, launches := 0, 0
	for _, side := range sides {
		p, l := 0, 0
		for _, c := range side {
			p += len(c.Counts)
			for _, n := range c.Counts {
				l += len(n.Seconds)
			}
		}
		points, launches = max(points, p), max(launches, l)
	}
	return study.EffortFor(points, launches)
}

// nearest says how a curve without a partner differs from one that could have been it.
func nearest(l Lone, others []Curve) Lone {
	l.Reason = NoCurve
	for _, o := range others {
		switch q, k := o.Key, l.Key; {
		case q.Workload != k.Workload:
		case q.Mode == k.Mode && q.Scaling == k.Scaling && q.Series == k.Series:
			l.Reason, l.Size = OtherSize, q.Size
			return l
		}
	}
	return l
}

// pair compares two curves, point by point.
func (r *Result) pair(b, f Curve) {
	p := Pair{Key: b.Key, Base: b, New: f}
	var missing, added []float64
	for _, c := range b.Counts {
		i := slices.IndexFunc(f.Counts, func(d Count) bool { return d.N == c.N })
		switch {
		case i < 0:
			missing = append(missing, c.N)
		case !alike(c.Point, f.Counts[i].Point):
			r.Alone = append(r.Alone, Lone{
				Key: b.Key, N: []float64{c.N}, Reason: OtherPoint, Point: c.Point, Other: f.Counts[i].Point,
			})
		default:
			if x, y := c.Point.Cores, f.Counts[i].Point.Cores; x != y {
				r.Cores = append(r.Cores, CoresDiffer{b.Key, c.N, x, y})
			}
			p.Points = append(p.Points, r.point(b.Key, c, f.Counts[i]))
		}
	}
	for _, c := range f.Counts {
		if !slices.ContainsFunc(b.Counts, func(d Count) bool { return d.N == c.N }) {
			added = append(added, c.N)
		}
	}
	if len(missing) > 0 {
		r.Alone = append(r.Alone, Lone{Key: b.Key, N: missing, Reason: NoCount})
	}
	if len(added) > 0 {
		r.Alone = append(r.Alone, Lone{Key: b.Key, N: added, New: true, Reason: NoCount})
	}
	p.Laws.Reason = NotAsked
	if !r.Options.NoLaws {
		p.Laws = laws(b, f, law.Options{Seed: r.Options.Seed, Resamples: r.effort.Laws})
	}
	r.Pairs = append(r.Pairs, p)
}

// alike reports whether two points differ at most in cores, which the machine decides.
func alike(a, b sweep.Point) bool {
	a.Cores, b.Cores = 0, 0
	return a == b
}

// measured reports whether x has launches, each with a time.
func measured(x []float64) bool { return len(x) > 0 && slices.Min(x) > 0 }

func side(c Count) Side {
	return Side{Runs: len(c.Seconds), Failed: c.Failed, Noisy: c.Noisy, Median: stat.Median(c.Seconds)}
}

// point compares n on both sides, but gives no verdict.
func (r *Result) point(k Key, b, f Count) Point {
	nan := math.NaN()
	p := Point{
		N: b.N, Point: b.Point, Base: side(b), New: side(f), Ratio: nan, P: nan, Holm: nan, Above: nan,
		Verdict: NotMeasured,
	}
	p.Causes = changes(b.Shares, f.Shares)
	if b.Curve != nil && f.Curve != nil && b.At >= 0 && f.At >= 0 {
		p.Shift = shiftOf(b.Curve, b.At, f.Curve, f.At)
	}
	if !measured(b.Seconds) || !measured(f.Seconds) {
		return p
	}
	if r.Options.Paired {
		b, f = p.partners(b, f)
		if p.Pairs == 0 {
			p.Verdict = TooFew
			return p
		}
	}
	p.Ratio = p.New.Median / p.Base.Median
	var test float64
	if r.Options.Paired {
		test, p.Above = stat.SignedRank(logRatios(b.Seconds, f.Seconds))
	} else {
		test, p.Above = stat.RankSum(b.Seconds, f.Seconds)
	}
	if min(len(b.Seconds), len(f.Seconds)) < curve.MinLaunches {
		p.Verdict = TooFew
		p.Interval = r.seen(b.Seconds, f.Seconds)
	} else {
		p.P, p.Verdict = test, NoDifference
		p.Interval = curve.Percentile(r.ratios(k, b, f))
	}
	p.Interval.Widen(f.quiet(), b.quiet(), 1)
	return p
}

// ratios are the ratios of the medians of the resamples of two sides, new over base.
func (r *Result) ratios(k Key, b, f Count) []float64 {
	x, y := make([]float64, r.effort.Curves), make([]float64, r.effort.Curves)
	name := b.Point.String() // so that a point of two curves has the same interval in both
	if b.Point == (sweep.Point{}) {
		name = fmt.Sprintf("%v\x00%v", k, b.N)
	}
	if r.Options.Paired {
		stat.ResampleRatios(y, f.Seconds, b.Seconds, r.source(name, "blocks"))
		return y
	}
	stat.ResampleMedians(x, b.Seconds, r.source(name, "base"))
	stat.ResampleMedians(y, f.Seconds, r.source(name, "new"))
	for i := range y {
		y[i] /= x[i]
	}
	return y
}

// quiet returns what a quiet machine would have made of c.
func (c *Count) quiet() curve.Quiet { return curve.QuietOf(c.Seconds, c.Quiet) }

// changes orders the shares of two sides by how much they changed.
func changes(base, fresh map[cause.Cause]float64) []Change {
	if base == nil || fresh == nil {
		return nil
	}
	var out []Change
	for _, k := range cause.All() {
		if base[k] != 0 || fresh[k] != 0 {
			out = append(out, Change{k, base[k], fresh[k]})
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Compare(math.Abs(b.New-b.Base), math.Abs(a.New-a.Base))
	})
	return out
}

// source returns the source of the resamples of a point on one side.
func (r *Result) source(point, side string) *rand.PCG {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s\x00%s", point, side) // a hash never fails
	return rand.NewPCG(r.Options.Seed, h.Sum64())
}
