package compare_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
)

// drifted are the times of so many blocks on a machine that gets slower by a tenth in each, the first in block from.
func drifted(seconds float64, from, blocks int) compare.Count {
	c := compare.Count{N: 1}
	for b := from; b < from+blocks; b++ {
		c.Seconds, c.Blocks = append(c.Seconds, seconds*math.Pow(1.1, float64(b))), append(c.Blocks, b)
	}
	return c
}

// A drift that is ten times the difference hides nothing from pairs, and all of it from two sides by themselves.
func TestPairedVerdicts(t *testing.T) {
	key := compare.Key{Workload: "w"}
	base, fresh := drifted(1, 0, 10), drifted(1.02, 1, 10) // blocks 1 to 9 have both
	opt := compare.Options{Resamples: 500, Paired: true}
	p := compare.Compare(one(key, base), one(key, fresh), opt).Pairs[0].Points[0]
	// All nine pairs are slower: 2 of 2⁹ ways.
	if p.Verdict != compare.Slower || math.Abs(p.P-2./512) > 1e-15 || p.Above != 1 || p.Pairs != 9 || p.Alone != 2 {
		t.Errorf("%+v", p)
	}
	if math.Abs(p.Ratio-1.02) > 1e-12 || p.Interval.Low < 1.0199 || p.Interval.High > 1.0201 {
		t.Errorf("ratio %v, %+v", p.Ratio, p.Interval)
	}
	if p.Base.Runs != 10 || math.Abs(p.Base.Median-math.Pow(1.1, 5)) > 1e-12 {
		t.Errorf("the base: %+v", p.Base)
	}
	opt.Paired = false
	if p := compare.Compare(one(key, base), one(key, fresh), opt).Pairs[0].Points[0]; p.Verdict != compare.NoDifference || p.Pairs != 0 {
		t.Errorf("sides by themselves: %+v", p)
	}
}

// Below five pairs nothing is claimed, whatever the number of launches; without any there is no figure.
func TestFewPairs(t *testing.T) {
	key := compare.Key{Workload: "w"}
	at := func(from int) compare.Point {
		return compare.Compare(one(key, drifted(1, 0, 10)), one(key, drifted(2, from, 10)), compare.Options{Paired: true}).Pairs[0].Points[0]
	}
	p := at(6)
	if p.Verdict != compare.TooFew || p.Pairs != 4 || p.Interval == nil || p.Interval.Method != curve.MinMax || !math.IsNaN(p.P) {
		t.Errorf("four pairs: %+v, %+v", p, p.Interval)
	}
	if math.Abs(p.Interval.Low-2) > 1e-9 || math.Abs(p.Interval.High-2) > 1e-9 { // each pair's ratio is 2
		t.Errorf("range of four pairs: %+v", p.Interval)
	}
	if p := at(20); p.Verdict != compare.TooFew || p.Pairs != 0 || p.Alone != 20 || !math.IsNaN(p.Ratio) || p.Interval != nil {
		t.Errorf("no pair: %+v", p)
	}
}

// The tests of all sides against one base are one family.
func TestAll(t *testing.T) {
	key := compare.Key{Workload: "w"}
	base, opt := one(key, drifted(1, 0, 7)), compare.Options{Resamples: 200, Paired: true}
	alone := compare.Compare(base, one(key, drifted(1.1, 0, 7)), opt)
	both := compare.All(base, [][]compare.Curve{one(key, drifted(1.1, 0, 7)), one(key, drifted(1, 0, 7))}, opt)
	// Seven pairs: p = 2/2⁷, which holds alone and, of two tests, still does; of equal times p is 1.
	x, y := alone.Pairs[0].Points[0], both[0].Pairs[0].Points[0]
	if alone.Tests != 1 || x.Holm != 2./128 || both[0].Tests != 2 || both[1].Tests != 2 || y.Holm != 4./128 {
		t.Errorf("alone %d tests, adjusted %v; together %d and %d, adjusted %v", alone.Tests, x.Holm, both[0].Tests, both[1].Tests, y.Holm)
	}
	if z := both[1].Pairs[0].Points[0]; z.P != 1 || z.Verdict != compare.NoDifference {
		t.Errorf("equal times: %+v", z)
	}
}

// The least p of n pairs is 2^(1−n): of one test 6 pairs reach 0.05 (2/64), of 100 tests 12 do (2/4096 ≤ 0.0005).
func TestPairsNeeded(t *testing.T) {
	for tests, want := range map[int]int{0: 6, 1: 6, 2: 7, 100: 12} {
		if got := compare.PairsNeeded(tests); got != want {
			t.Errorf("%d tests need %d pairs, not %d", tests, got, want)
		}
	}
	key := compare.Key{Workload: "w"}
	r := compare.Compare(one(key, drifted(1, 0, 5)), one(key, drifted(2, 0, 5)), compare.Options{Resamples: 200, Paired: true})
	least, need, short := r.Short()
	if p := r.Pairs[0].Points[0]; !short || least != 5 || need != 6 || p.Verdict != compare.NoDifference {
		t.Errorf("five pairs of a double time: %v, %d of %d are short: %v", p.Verdict, least, need, short)
	}
}
