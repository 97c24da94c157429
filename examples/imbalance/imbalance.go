// Package imbalance begins its longest task last, and that task is as long as all others together: the example of load
// imbalance.
//
// The short tasks divide evenly among the workers; then one worker does the long task, and all others have nothing left
// to do.
//
// Expected curve: the long task is half of all work, so no number of workers reaches more than 2. With 32 short tasks
// before it
//
//	S(n) = 1 / (1/2 + ceil(32/n)/64)
//
// which is 1.33 on two workers, 1.60 on four and 1.94 on 32 or more. This looks like Amdahl's law with half of the work
// serial, but nothing here is serial: with the long task begun first, two workers would reach 2 (Graham, "Bounds on
// multiprocessing timing anomalies", SIAM Journal on Applied Mathematics 17(2), 1969: longest first is never far from
// the best).
//
// The size is the number of integer steps in all tasks together.
package imbalance

import (
	"context"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// shortTasks is the number of short tasks, whatever the size. The long one comes after them.
const shortTasks = 32

// Workload is the example "imbalance".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "imbalance",
		Doc:       "the last task is as long as all others together: 1.33 on two workers, never above 2",
		Size:      360_000_000, // about 0.6 s on one core of 3 to 4 GHz
		PerWorker: 360_000_000,
		Unit:      "steps",
		Tasks:     func(int64) int { return shortTasks + 1 },
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			if i == shortTasks {
				return long(env.Size), nil
			}
			return short(env.Size, i), nil
		},
	}
}

// short does task i of the short ones: a part of the first half of the steps.
func short(size int64, i int) uint64 {
	return spin.Steps(spin.Seed(i), split.Part(size/2, shortTasks, i))
}

// long does the last task: the other half.
func long(size int64) uint64 { return spin.Steps(spin.Seed(shortTasks), size-size/2) }
