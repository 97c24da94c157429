// Package pop computes the efficiencies that the POP Centre of Excellence defined (POP Standard Metrics for Parallel
// Performance Analysis, pop-coe.eu), from the useful time of each worker.
//
// With the useful time uᵢ of worker i of n, in which its own code ran, and the time T of the run:
//
//   - load balance = mean(u) / max(u): what uneven shares cost;
//   - communication efficiency = max(u) / T: what even the busiest worker spends on anything but its own code;
//   - parallel efficiency = load balance × communication efficiency = mean(u) / T;
//   - computational scalability = Σu of the base / Σu, for equal work: how the work itself has grown;
//   - global efficiency = parallel efficiency × computational scalability.
//
// With a base of one worker that never waits, global efficiency is the speedup over n. POP speaks of processes and of
// time outside message passing; here a worker is one worker of one process, and every cause but user code is not
// useful: dispatch, locks, garbage collection, waiting.
package pop

import (
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
)

// A Run is the useful time of the workers of one run.
type Run struct {
	Wall   time.Duration   // T
	Useful []time.Duration // by worker
}

// Of returns the useful times in the ledger of a run, or false if it cannot tell the workers apart.
func Of(l *ledger.Ledger) (r Run, ok bool) {
	if l == nil || len(l.Workers) == 0 {
		return r, false
	}
	for _, w := range l.Workers {
		r.Wall = max(r.Wall, w.Wall)
		r.Useful = append(r.Useful, w.ByCause[cause.User])
	}
	return r, r.Wall > 0
}

// sum returns the useful time of all workers, in seconds.
func (r Run) sum() float64 {
	var sum time.Duration
	for _, u := range r.Useful {
		sum += u
	}
	return sum.Seconds()
}

// An Efficiency is the metrics of one run. What is not known is NaN.
type Efficiency struct {
	LoadBalance   float64
	Communication float64
	Parallel      float64
	Computation   float64 // scalability over the base
	Global        float64
}

// Measure returns the metrics of a run that does growth times the work of the base. For the base itself the
// computational scalability is 1.
func Measure(base, run Run, growth float64) Efficiency {
	nan := math.NaN()
	e := Efficiency{nan, nan, nan, nan, nan}
	if len(run.Useful) == 0 || run.Wall <= 0 {
		return e
	}
	most, sum := slices.Max(run.Useful).Seconds(), run.sum()
	mean, wall := sum/float64(len(run.Useful)), run.Wall.Seconds()
	e.Communication, e.Parallel = most/wall, mean/wall
	if most > 0 {
		e.LoadBalance = mean / most
	}
	if sum > 0 && len(base.Useful) > 0 {
		e.Computation = base.sum() * growth / sum
		e.Global = e.Parallel * e.Computation
	}
	return e
}

// A Grade says how good an efficiency is.
type Grade string

// The grades: by POP's rule of thumb an efficiency is good from 0.8; below 0.5 more is lost than used.
const (
	Good    Grade = "good"
	Fair    Grade = "fair"
	Poor    Grade = "poor"
	Unknown Grade = ""
)

// GradeOf returns the grade of v.
func GradeOf(v float64) Grade {
	switch {
	case math.IsNaN(v):
		return Unknown
	case v >= 0.8:
		return Good
	case v >= 0.5:
		return Fair
	default:
		return Poor
	}
}
