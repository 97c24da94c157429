// Package spinlock holds a lock all the time, for which workers wait by trying again and again: the example of busy
// waiting.
//
// An iteration is a number of equal integer steps, all of them under one lock. A worker that finds the lock taken does
// not block: it looks at the lock until it is free. So no worker is ever seen waiting: every core is busy, and a
// profile shows a function that hardly takes time with one worker.
//
// Expected curve: no two workers are ever under the lock together, so the speedup is 1, as in "mutex-100", while the
// CPU time grows as the workers do. With more workers than cores it falls below 1, since a worker may wait on the core
// that the holder of the lock needs (Anderson, "The performance of spin lock alternatives for shared-memory
// multiprocessors", IEEE Transactions on Parallel and Distributed Systems 1(1), 1990).
//
// The size is the number of iterations, some half a millisecond each, in up to 64 tasks of equal length.
package spinlock

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

const (
	// maxTasks is how many tasks the iterations are split into; fewer iterations than that make a task each.
	maxTasks = 64
	// iterationSteps is the length of an iteration: long against the price of taking over the lock.
	iterationSteps = 300_000
)

// Workload is the example "spinlock".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "spinlock",
		Doc:       "a lock held all the time, waited for on a core: 1, and CPU time that grows with the workers",
		Size:      1024,
		PerWorker: 1024,
		Unit:      "iterations",
		Shared:    "one lock cannot span processes",
		Tasks:     tasks,
		Open:      func(context.Context, *workload.Env) (any, error) { return &lock{}, nil },
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			l, ok := env.State.(*lock)
			if !ok {
				return nil, fmt.Errorf("spinlock: task %d: the state of the process is not a lock but %T", i, env.State)
			}
			return l.iterate(spin.Seed(i), split.Part(env.Size, tasks(env.Size), i)), nil
		},
	}
}

func tasks(size int64) int { return split.Parts(size, maxTasks) }

// lock is the state of a process.
type lock struct {
	taken atomic.Bool
	count int64 // of iterations so far; guarded by taken
}

// iterate makes n iterations from x and returns the last value, which does not depend on how workers take turns.
func (l *lock) iterate(x uint64, n int64) uint64 {
	for range n {
		l.acquire()
		l.count++
		x = spin.Steps(x, iterationSteps)
		l.release()
	}
	return x
}

// acquire takes the lock. It reads until the lock looks free, since only then a write may succeed.
func (l *lock) acquire() {
	for l.taken.Load() || !l.taken.CompareAndSwap(false, true) {
	}
}

func (l *lock) release() { l.taken.Store(false) }
