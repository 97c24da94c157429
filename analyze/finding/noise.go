package finding

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stack"
)

// A seen is what a group takes by the traced runs.
type seen struct {
	low, median, high float64
	noise             float64 // the most that noise can explain
	surplus           float64 // what the traced runs lose and the timed ones do not, all of which it may be
	spread            float64 // its part of that, if each cause has some of it as it takes
}

// seenBy returns what g takes by the traced runs of s: the point and the base vary by themselves.
func (g *group) seenBy(s *stack.Stack) seen {
	of := func(runs func(*stack.Row) []float64) []float64 {
		var sum []float64
		for _, r := range g.Rows {
			for k, v := range runs(r) {
				if k == len(sum) {
					sum = append(sum, 0)
				}
				sum[k] += v
			}
		}
		return sum
	}
	x := seen{noise: Owed(s, g.Group.Group)}
	x.low, x.median, x.high = stack.Range(g.Takes, of(func(r *stack.Row) []float64 { return r.Runs }),
		of(func(r *stack.Row) []float64 { return r.BaseRuns }))
	if traced(g.Group.Group) {
		x.surplus = s.Surplus()
		x.spread = g.Takes * min(1, x.surplus/tracedLoss(s))
	}
	return x
}

// traced reports whether only the traced runs tell how long g takes: start-up and teardown are known of the timed ones.
func traced(g cause.Group) bool { return g != cause.Overhead }

// tracedLoss returns what the causes that only the traced runs tell take together.
func tracedLoss(s *stack.Stack) float64 {
	var sum float64
	for _, g := range s.Groups() {
		if traced(g.Group) {
			sum += max(g.Takes, 0)
		}
	}
	return sum
}

// Owed returns the most that noise can explain of what g takes from the speedup.
//
//   - What runs is interrupted, and what is ready waits for a core, for as long as others have it: running code,
//     system calls, the collector (whose marking is work of the program's own, and takes no more of it than that) and
//     the wait for a core are owed to noise up to what was taken.
//   - Who waits for somebody that is interrupted waits as long, and everybody else may: locks, channels, conditions,
//     joins, serial parts, dispatching, start-up and teardown are owed to noise up to what was taken times the lanes
//     that can wait at a time.
//   - Sleeping and waiting for the network, for files or inside the kernel ends when it ends, whoever has the cores.
func Owed(s *stack.Stack, g cause.Group) float64 {
	switch g {
	case cause.Sleeping, cause.Network, cause.Files, cause.Unexplained:
		return 0
	case cause.Work, cause.Scheduling, cause.GC, cause.System, cause.SystemCalls:
		return s.Noise
	case cause.Overhead: // the other lanes are not there yet, or no longer: all of them wait
		return s.Noise + s.Waits
	default:
		return s.Waits
	}
}

// certainty says how sure it is that g takes at least the least that makes a finding, besides what noise can explain
// and what the timed runs do not lose. All of that surplus may be one cause, so none is sure that is not larger; to
// hide one, noise and its part of the surplus must be all of it, as it cannot be all of each.
func (x seen) certainty(s *stack.Stack, least float64) noise.Certainty {
	switch {
	case x.median-x.noise-x.spread < least:
		return noise.Hidden
	case x.low-x.noise-x.surplus < least:
		return noise.Likely
	case s.Runs > 1, x.noise <= minTime*s.N:
		return noise.Certain
	default:
		return noise.Likely
	}
}
