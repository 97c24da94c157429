package analyze_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A machine is what happens to launches in the order in which they are made, of as many as there are, as a factor of
// their times. It is the same whatever runs.
type machine struct {
	name string
	at   func(rng *rand.Rand, launches int) []float64
}

// steady is a machine on which launches differ by 1.5 % and by nothing else.
func steady() machine {
	return machine{"launches differ by 1.5 %", func(rng *rand.Rand, launches int) []float64 {
		out := make([]float64, launches)
		for i := range out {
			out[i] = math.Exp(0.015 * rng.NormFloat64())
		}
		return out
	}}
}

// with is m with another factor of every launch, of which there is a share behind each.
func (m machine) with(name string, factor func(rng *rand.Rand, launches int) func(share float64) float64) machine {
	return machine{m.name + ", " + name, func(rng *rand.Rand, launches int) []float64 {
		out, f := m.at(rng, launches), factor(rng, launches)
		for i := range out {
			out[i] *= f(float64(i) / float64(launches))
		}
		return out
	}}
}

// drifting gets slower or faster by up to a tenth in the course of all launches.
func drifting() machine {
	return steady().with("drift to ±10 %", func(rng *rand.Rand, _ int) func(float64) float64 {
		slope := 0.2 * (rng.Float64() - 0.5)
		return func(share float64) float64 { return 1 + slope*share }
	})
}

// wandering has noise in which a launch is much like the one before: first-order autoregressive, of correlation 0.98
// and standard deviation 3 %.
func wandering() machine {
	return steady().with("autocorrelated noise of 3 %", func(rng *rand.Rand, _ int) func(float64) float64 {
		const keep, sd = 0.98, 0.03
		state := sd * rng.NormFloat64()
		return func(float64) float64 {
			state = keep*state + math.Sqrt(1-keep*keep)*sd*rng.NormFloat64()
			return math.Exp(state)
		}
	})
}

// disturbed is slower by a tenth from somewhere in the middle on.
func disturbed() machine {
	return steady().with("a disturber of 10 % from the middle on", func(rng *rand.Rand, _ int) func(float64) float64 {
		from := 0.4 + 0.2*rng.Float64()
		return func(share float64) float64 {
			if share < from {
				return 1
			}
			return 1.1
		}
	})
}

// medians are the true times of the counts of [sides], in seconds.
func medians() []float64 { return []float64{8, 4.2, 2.3, 1.4} }

// sides makes two sides of so many blocks of four points on m, the second of a program that takes slowdown times as
// long: in blocks that hold both, or the second study after the first.
func (m machine) sides(rng *rand.Rand, blocks int, slowdown float64, interleaved bool) (base, fresh []sweep.Result) {
	points := sweepOf(1, 2, 4, 8).Points
	type one struct{ block, point, side int }
	var order []one
	for s := range 2 {
		for b := range blocks {
			for p := range points {
				order = append(order, one{b, p, s})
			}
		}
	}
	size := len(points)
	if interleaved {
		order, size = order[:0], 2*len(points)
		for b := range blocks {
			for p := range points {
				order = append(order, one{b, p, 0}, one{b, p, 1})
			}
		}
	}
	for from := 0; from < len(order); from += size {
		block := order[from : from+size]
		rng.Shuffle(size, func(i, k int) { block[i], block[k] = block[k], block[i] })
	}
	factor := m.at(rng, len(order))
	for i, o := range order {
		seconds := medians()[o.point] * factor[i]
		if o.side == 0 {
			base = append(base, launch(points[o.point], o.block, seconds))
		} else {
			fresh = append(fresh, launch(points[o.point], o.block, seconds*slowdown))
		}
	}
	return base, fresh
}

// claims compares so many pairs of sides.
func (m machine) claims(pairs, blocks int, slowdown float64, interleaved bool) claims {
	const resamples = 500 // the verdict only asks on which side of 1 the interval lies
	out := claims{pairs: pairs}
	h := sweep.Header{Sweeps: []sweep.Sweep{sweepOf(1, 2, 4, 8)}}
	for k := range pairs {
		base, fresh := m.sides(source(k), blocks, slowdown, interleaved)
		r := compare.Compare(
			compare.OfStudy(&study.Study{Header: h, Results: base}), compare.OfStudy(&study.Study{Header: h, Results: fresh}),
			compare.Options{Seed: uint64(k), Resamples: resamples, NoLaws: true, Paired: interleaved})
		claimed := false
		for _, p := range r.Pairs[0].Points {
			out.points++
			claimed = claimed || p.Verdict == compare.Slower || p.Verdict == compare.Faster
			if p.Verdict == compare.Slower {
				out.slower++
			}
		}
		if claimed {
			out.claimed++
		}
	}
	return out
}

// TestBlocks: of one program measured in blocks that hold both sides package compare claims a difference in at most 5 %
// of 1,000 studies, whatever the machine does meanwhile. Of one that is 5 % slower it finds nine points in ten with
// twenty blocks; where a disturber comes in the middle, so that the median lies between two levels, eight in ten.
// Beside it, two studies of one program, one after the other, on the same machines:
//
//	a machine on which launches      a difference of one program is claimed     points found
//	differ by 1.5 %, and             by two studies     by a study of both      if 5 % slower
//	nothing else                          4.4 %               3.0 %                 100 %
//	a drift to ±10 %                     56.8 %               1.4 %                 100 %
//	autocorrelated noise of 3 %          83.6 %               2.4 %                 100 %
//	a disturber of 10 %                 100.0 %               1.4 %                  84 %
func TestBlocks(t *testing.T) {
	const pairs, blocks = 1_000, 20
	for _, c := range []struct {
		machine
		least float64 // part of the slower points that is found
	}{{steady(), 0.9}, {drifting(), 0.9}, {wandering(), 0.9}, {disturbed(), 0.75}} {
		m := c.machine
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			apart, together := m.claims(pairs/4, blocks, 1, false), m.claims(pairs, blocks, 1, true)
			found := m.claims(pairs/4, blocks, 1.05, true)
			t.Logf("of one program claimed in %.1f %% of %d pairs of studies, in %.1f %% of %d studies that hold both; "+
				"of one 5 %% slower %.1f %% of points found", 100*apart.claimedShare(), apart.pairs,
				100*together.claimedShare(), together.pairs, 100*found.found())
			if together.claimedShare() > compare.Alpha {
				t.Errorf("a difference is claimed in %d of %d studies of one program", together.claimed, together.pairs)
			}
			if found.found() < c.least {
				t.Errorf("%.1f %% of the slower points are found", 100*found.found())
			}
		})
	}
}
