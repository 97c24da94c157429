// Package imbalance has one task that is as long as all others together, and begins it last: the example of load imbalance.
//
// The short tasks divide evenly among the workers; then one worker does the long task, and all others have nothing left to do.
//
// Expected curve: the long task is half of all work, so no number of workers can be faster than 2, and with [Short] short tasks before it
//
//	S(n) = 1 / (1/2 + ceil(32/n)/64)
//
// which is 1.33 on two workers, 1.60 on four and 1.94 on 32 or more. This looks like Amdahl's law with half of the work serial, but nothing
// here is serial: had the long task been begun first, two workers would reach 2 (Graham, "Bounds on multiprocessing timing
// anomalies", SIAM Journal on Applied Mathematics 17(2), 1969: longest first is never far from the best).
//
// The size is the number of integer steps in all tasks together.
package imbalance

import (
	"context"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// Short is the number of short tasks, whatever the size. The long one comes after them.
const Short = 32

// Workload is the example "imbalance".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "imbalance",
		Doc:       "the last task is as long as all others together: 1.33 on two workers, never above 2",
		Size:      360_000_000, // about 0.6 s on one core of 3 to 4 GHz
		PerWorker: 360_000_000,
		Unit:      "steps",
		Tasks:     func(int64) int { return Short + 1 },
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			if i == Short {
				return long(env.Size), nil
			}
			return short(env.Size, i), nil
		},
	}
}

// short is task i of the short ones: a part of the first half of the steps.
func short(size int64, i int) uint64 {
	return spin.Steps(spin.Seed(i), split.Part(size/2, Short, i))
}

// long is the last task: the other half.
func long(size int64) uint64 { return spin.Steps(spin.Seed(Short), size-size/2) }

// Speedup is that of so many workers.
func Speedup(workers int) float64 {
	if workers < 1 {
		return 0
	}
	return 1 / (0.5 + 0.5/split.Speedup(Short, workers))
}

// Limit is what no number of workers can exceed: all work over the longest task.
const Limit = 2.0
