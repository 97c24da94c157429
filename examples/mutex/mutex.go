// Package mutex holds one lock for a set fraction of every iteration: the example of contention.
//
// An iteration is a number of equal integer steps, of which a fraction f is done under a lock that all workers share and the rest
// outside it. No two workers are ever under the lock together, so the lock is a resource that each iteration needs for f of its time.
//
// Expected curve: n workers cannot be faster than n times one, and the lock cannot be held for more than all of the time: the speedup is at
// most min(n, 1/f): [Speedup]. (The asymptotic bounds of Denning & Buzen, "The operational analysis of queueing
// network models", ACM Computing Surveys 10(3), 1978.) Because all iterations are equally long, workers that have waited for each other once fall into
// step, and the curve follows the bound closely: linear, then a sharp bend at 1/f. A fraction of 0.3 gives a limit of 3.33; with the
// lock held all the time ("mutex-100") more workers bring nothing, and handing the lock over may cost a little.
//
// This is not Amdahl's law, whose serial part runs while everybody waits ("serial"): here the rest goes on meanwhile.
//
// The size is the number of iterations, some half a millisecond each, in up to [Tasks] tasks of equal length.
package mutex

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// Fraction is that of the example "mutex"; "mutex-100" has 1.
const Fraction = 0.3

const (
	// Tasks is how many tasks the iterations are split into, if there are that many.
	Tasks = 64
	// Steps is the length of an iteration: long against handing the lock to a worker that sleeps, which takes some microseconds and
	// on a virtual machine some tens, so that the curve shows the lock and not its price.
	Steps = 300_000
)

// Workload is the example "mutex".
func Workload() workload.Workload { return Held(Fraction, "mutex") }

// Held is a workload whose lock is held for the given fraction of every iteration, from 0 to 1.
func Held(fraction float64, name string) workload.Workload {
	return workload.Workload{
		Name:      name,
		Doc:       fmt.Sprintf("one lock held for %.0f %% of every iteration: never above %.3g, however many workers", fraction*100, Limit(fraction)),
		Size:      1024,
		PerWorker: 1024,
		Unit:      "iterations",
		Shared:    "one lock cannot span processes",
		Tasks:     tasks,
		Open: func(context.Context, *workload.Env) (any, error) {
			if fraction < 0 || fraction > 1 || math.IsNaN(fraction) {
				return nil, fmt.Errorf("%s: fraction %g: must be between 0 and 1", name, fraction)
			}
			held := int64(math.Round(fraction * Steps))
			return &lock{held: held, free: Steps - held}, nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			l, ok := env.State.(*lock)
			if !ok {
				return nil, fmt.Errorf("%s: task %d: the process has no lock but %T", name, i, env.State)
			}
			return l.iterate(spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, Tasks) }

// lock is the state of a process.
type lock struct {
	held, free int64 // steps of an iteration, under the lock and outside it

	mu    sync.Mutex
	count int64 // of iterations so far; mu guards it
}

// iterate makes n iterations and returns what x has become, which does not depend on how workers take turns.
func (l *lock) iterate(x uint64, n int64) uint64 {
	for range n {
		x = l.hold(x)
		x = spin.Steps(x, l.free)
	}
	return x
}

func (l *lock) hold(x uint64) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	return spin.Steps(x, l.held)
}

// Speedup is the most that so many workers can reach if the lock is held for the given fraction of an iteration.
func Speedup(fraction float64, workers int) float64 { return min(float64(workers), Limit(fraction)) }

// Limit is the speedup on any number of workers: 1/fraction, and infinite without a lock.
func Limit(fraction float64) float64 {
	if fraction == 0 {
		return math.Inf(1)
	}
	return 1 / fraction
}
