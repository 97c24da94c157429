package analyze_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A noise is a distribution of the times of launches, relative to their median, which is 1.
type noise struct {
	name string
	// draw is one launch. block is a standard normal variable that all launches of a block have in common.
	draw   func(rng *rand.Rand, block float64) float64
	shared bool // draw uses block
}

func percent(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) }

// normal is noise of standard deviation sd.
func normal(sd float64) noise {
	return noise{name: "normal " + percent(sd), draw: func(rng *rand.Rand, _ float64) float64 {
		return 1 + sd*rng.NormFloat64()
	}}
}

// lognormal is skewed noise: the logarithm has the standard deviation sd.
func lognormal(sd float64) noise {
	return noise{name: "lognormal " + percent(sd), draw: func(rng *rand.Rand, _ float64) float64 {
		return math.Exp(sd * rng.NormFloat64())
	}}
}

// delayed is a time that nothing undercuts and delays on top of it, lognormal with a heavy tail: one launch in forty
// has seven times the median delay. The delays make up the share of the median.
func delayed(share float64) noise {
	return noise{name: "delays of " + percent(share), draw: func(rng *rand.Rand, _ float64) float64 {
		return 1 - share + share*math.Exp(rng.NormFloat64())
	}}
}

// launchEffect is noise with an effect of the launch (the layout of its memory, the core it landed on) of standard
// deviation sd. The noise of its iterations, ten times as large, averages out.
func launchEffect(sd float64) noise {
	const iterations = 100
	return noise{name: "launch effect " + percent(sd), draw: func(rng *rand.Rand, _ float64) float64 {
		effect, sum := math.Exp(sd*rng.NormFloat64()), 0.0
		for range iterations {
			sum += 1 + 10*sd*rng.NormFloat64()
		}
		return effect * sum / iterations
	}}
}

// layouts is noise of two levels, 8 % apart, as a launch gets one or the other layout of memory; three in ten get the
// slower one. Around the level lies normal noise of 3 %.
func layouts() noise {
	return noise{name: "two layouts", draw: func(rng *rand.Rand, _ float64) float64 {
		level := 1.0
		if rng.Float64() < 0.3 {
			level = 1.08
		}
		return level * (1 + 0.03*rng.NormFloat64())
	}}
}

// blocks is lognormal noise of which half the variance is shared by the launches of a block: the machine was in another
// state.
func blocks(sd float64) noise {
	return noise{name: "block effect " + percent(sd), shared: true, draw: func(rng *rand.Rand, block float64) float64 {
		return math.Exp(sd * math.Sqrt(0.5) * (block + rng.NormFloat64()))
	}}
}

// A cell is one case of a simulation: noise, and the rule by which studies end.
type cell struct {
	noise noise
	rule  sweep.Rule
}

func (c cell) String() string {
	return fmt.Sprintf("%s, %d to %d launches", c.noise.name, c.rule.MinRuns, c.rule.MaxRuns)
}

// adaptive is the stopping rule that studies have by default.
func adaptive() sweep.Rule { return sweep.Rule{MinRuns: 10, MaxRuns: 30, HalfWidth: 0.05} }

// fixed is the rule of a study of n launches a point.
func fixed(n int) sweep.Rule { return sweep.Rule{MinRuns: n, MaxRuns: n, HalfWidth: 0.05} }

// sweepOf is a sweep over counts of workers.
func sweepOf(workers ...int) sweep.Sweep {
	s := sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}
	for _, n := range workers {
		s.Points = append(s.Points, sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n, Size: 1})
	}
	return s
}

// study makes blocks until the rule is met. The medians are the true ones of the points, in seconds.
func (c cell) study(sweeps []sweep.Sweep, medians []float64, rng *rand.Rand) (results []sweep.Result) {
	for rep := 0; ; rep++ {
		block := rng.NormFloat64()
		for i, p := range sweeps[0].Points {
			results = append(results, launch(p, rep, medians[i]*c.noise.draw(rng, block)))
		}
		if rep+1 >= c.rule.MinRuns && curve.Converged(sweeps, results, c.rule, curve.Total).Done {
			return results
		}
	}
}

// launch is a timed run that took so long, in seconds; no program takes less than a thousandth.
func launch(p sweep.Point, rep int, seconds float64) sweep.Result {
	t := sweep.Seconds(max(seconds, 1e-3) * float64(time.Second))
	return sweep.Result{Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK, Total: t, Work: t}
}

// source is the random source of one study. PCG sources whose seeds are close run through the same sequence close to
// each other; ChaCha8 has no such kinship, and studies must be independent.
func source(study int) *rand.Rand {
	const seed = 1
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(study))
	return rand.New(rand.NewChaCha8(key))
}
