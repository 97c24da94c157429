// Package mutex holds one lock for a set fraction of every iteration: the example of contention.
//
// An iteration is a number of equal integer steps. A fraction f of them is done under a lock that all workers share,
// the rest outside it. No two workers are ever under the lock together, so the lock is a resource that each iteration
// needs for f of its time.
//
// Expected curve: n workers cannot be faster than n times one, and the lock cannot be held for more than all of the
// time, so the speedup is at most min(n, 1/f). (The asymptotic bounds of Denning & Buzen, "The operational analysis of
// queueing network models", ACM Computing Surveys 10(3), 1978.) Because all iterations are equally long, workers that
// have waited for each other once fall into step, and the curve follows the bound closely: linear, then a sharp bend at
// 1/f. A fraction of 0.3 gives a limit of 3.33. With the lock held all the time ("mutex-100") more workers bring
// nothing, and handing the lock over may cost a little.
//
// This is not Amdahl's law, whose serial part runs while everybody waits ("serial"): here the rest goes on meanwhile.
//
// The size is the number of iterations, some half a millisecond each, in up to 64 tasks of equal length.
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

// defaultFraction is the fraction of the example "mutex"; "mutex-100" has 1.
const defaultFraction = 0.3

const (
	// maxTasks is how many tasks the iterations are split into; fewer iterations than that make a task each.
	maxTasks = 64
	// iterationSteps is the length of an iteration. Handing the lock to a sleeping worker takes some microseconds, on a
	// virtual machine some tens; an iteration is long against that, so that the curve shows the lock and not the price
	// of handing it over.
	iterationSteps = 300_000
)

// Workload is the example "mutex".
func Workload() workload.Workload { return Held(defaultFraction, "mutex") }

// Held returns a workload whose lock is held for the given fraction of every iteration, from 0 to 1.
func Held(fraction float64, name string) workload.Workload {
	return workload.Workload{
		Name: name,
		Doc: fmt.Sprintf("one lock held for %.0f %% of every iteration: never above %.3g, however many workers",
			fraction*100, limit(fraction)),
		Size:      1024,
		PerWorker: 1024,
		Unit:      "iterations",
		Shared:    "one lock cannot span processes",
		Tasks:     tasks,
		Open: func(context.Context, *workload.Env) (any, error) {
			if fraction < 0 || fraction > 1 || math.IsNaN(fraction) {
				return nil, fmt.Errorf("%s: fraction %g: must be between 0 and 1", name, fraction)
			}
			held := int64(math.Round(fraction * iterationSteps))
			return &lock{held: held, free: iterationSteps - held}, nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			l, ok := env.State.(*lock)
			if !ok {
				return nil, fmt.Errorf("%s: task %d: the state of the process is not a lock but %T", name, i, env.State)
			}
			return l.iterate(spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, maxTasks) }

// lock is the state of a process.
type lock struct {
	held, free int64 // steps of an iteration, under the lock and outside it

	mu    sync.Mutex
	count int64 // of iterations so far; guarded by mu
}

// iterate makes n iterations from x and returns the last value, which does not depend on how workers take turns.
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

// limit returns the speedup on any number of workers: 1/fraction, and infinite without a lock.
func limit(fraction float64) float64 {
	if fraction == 0 {
		return math.Inf(1)
	}
	return 1 / fraction
}
