package coverage

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Noise is a distribution of the times of launches, relative to their median, which is 1.
type Noise struct {
	Name string
	// Draw is one launch. Block is a standard normal variable that all launches of a block have in common.
	Draw func(rng *rand.Rand, block float64) float64
}

func percent(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) }

// Normal is noise of standard deviation sd that no launch shares with another.
func Normal(sd float64) Noise {
	return Noise{"normal " + percent(sd), func(rng *rand.Rand, _ float64) float64 { return 1 + sd*rng.NormFloat64() }}
}

// Lognormal is skewed noise: the logarithm has the standard deviation sd.
func Lognormal(sd float64) Noise {
	return Noise{"lognormal " + percent(sd), func(rng *rand.Rand, _ float64) float64 { return math.Exp(sd * rng.NormFloat64()) }}
}

// Delayed is a time that nothing undercuts and delays that come on top, lognormal with a heavy tail: one launch in forty has seven times the
// median delay. The delays make up the share of the median.
func Delayed(share float64) Noise {
	return Noise{"delays of " + percent(share), func(rng *rand.Rand, _ float64) float64 {
		return 1 - share + share*math.Exp(rng.NormFloat64())
	}}
}

// Launches is noise with an effect of the launch (the layout of its memory, the core it landed on) of standard deviation sd, in which tasks of
// their own noise, ten times as large, average out over iterations.
func Launches(sd float64) Noise {
	const iterations = 100
	return Noise{"launch effect " + percent(sd), func(rng *rand.Rand, _ float64) float64 {
		launch, sum := math.Exp(sd*rng.NormFloat64()), 0.0
		for range iterations {
			sum += 1 + 10*sd*rng.NormFloat64()
		}
		return launch * sum / iterations
	}}
}

// Layouts is noise of which a launch draws one of two levels, 8 % apart, as it gets one or the other layout of memory; around it lies normal noise of
// 3 %. Three in ten get the slower one.
func Layouts() Noise {
	return Noise{"two layouts", func(rng *rand.Rand, _ float64) float64 {
		level := 1.0
		if rng.Float64() < 0.3 {
			level = 1.08
		}
		return level * (1 + 0.03*rng.NormFloat64())
	}}
}

// Blocks is lognormal noise of which half the variance is shared by the launches of a block: the machine was in another state.
func Blocks(sd float64) Noise {
	return Noise{"block effect " + percent(sd), func(rng *rand.Rand, block float64) float64 {
		return math.Exp(sd * math.Sqrt(0.5) * (block + rng.NormFloat64()))
	}}
}

// A Cell is one case of the simulation: noise, and the rule by which studies end.
type Cell struct {
	Noise Noise
	Rule  sweep.Rule
}

// An Outcome is what the studies of a cell gave.
type Outcome struct {
	Cell    Cell
	Studies int
	Covered int     // studies whose interval holds the true speedup
	Below   int     // studies whose interval lies below it
	Runs    float64 // mean number of launches of a point
	Width   float64 // mean width of the interval over the true speedup
}

// Coverage is the share of the studies whose interval holds the true speedup.
func (o Outcome) Coverage() float64 { return float64(o.Covered) / float64(o.Studies) }

// Simulate makes studies of a cell, numbered from first, all of the same seed. A study has two points, whose true speedup is [Speedup], and goes
// on, block by block, until [curve.Converged] says that it is done; the interval is the one that [curve.Build] gives for it then.
func Simulate(c Cell, first, studies int, seed uint64) Outcome {
	out, launches := Outcome{Cell: c, Studies: studies}, 0
	sweeps := []sweep.Sweep{sweepOf(1, 4)}
	for k := first; k < first+studies; k++ {
		results := study(sweeps, c, []float64{Speedup, 1}, source(seed, k))
		iv := curve.Build(sweeps, results, curve.Options{Seed: uint64(k)})[0].Points[1].Interval
		launches += len(results)
		out.Width += (iv.High - iv.Low) / Speedup / float64(studies)
		switch {
		case iv.High < Speedup:
			out.Below++
		case iv.Low <= Speedup:
			out.Covered++
		}
	}
	out.Runs = float64(launches) / float64(2*studies)
	return out
}

// sweepOf is one of a workload over counts of workers.
func sweepOf(workers ...int) sweep.Sweep {
	s := sweep.Sweep{Workload: "w", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1}
	for _, n := range workers {
		s.Points = append(s.Points, sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n, Size: 1})
	}
	return s
}

// study makes blocks until the rule is met. The medians are the true ones of the points, in seconds.
func study(sweeps []sweep.Sweep, c Cell, medians []float64, rng *rand.Rand) (results []sweep.Result) {
	for rep := 0; ; rep++ {
		block := rng.NormFloat64()
		for i, p := range sweeps[0].Points {
			results = append(results, launch(p, rep, medians[i]*c.Noise.Draw(rng, block)))
		}
		if rep+1 >= c.Rule.MinRuns && curve.Converged(sweeps, results, c.Rule, curve.Total).Done {
			return results
		}
	}
}

// Speedup is the true speedup of all simulated studies.
const Speedup = 3.2

// launch is a timed run that took so long, in seconds; a time below a thousandth is none that a program could take.
func launch(p sweep.Point, rep int, seconds float64) sweep.Result {
	t := sweep.Seconds(max(seconds, 1e-3) * float64(time.Second))
	return sweep.Result{Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK, Total: t, Work: t}
}

// source is that of one study. Sources of PCG whose seeds are close run through the same sequence close to each other; ChaCha8 has no such kinship, and
// studies must be independent.
func source(seed uint64, study int) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(study))
	return rand.New(rand.NewChaCha8(key))
}
