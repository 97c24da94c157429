// Package cpu does a fixed amount of integer arithmetic per worker: the example of a load that is bound by the
// processor and nothing else.
//
// Expected curve: it scales weakly, so each worker gets as much work as a single one had. Up to the number of cores the
// time stays the same and the speedup (tasks per second against one worker) equals the number of workers; beyond it the
// workers take turns and the speedup stays at the number of cores. Whatever is missing below that is the machine's
// doing: a lower clock with more cores busy, SMT siblings that share a core, a quota, other programs.
//
// The size is the number of tasks, all of the same length: 70 million dependent steps, some 0.12 to 0.14 s on one core
// of 3 to 4 GHz.
package cpu

import (
	"context"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// taskSteps is the length of a task.
const taskSteps = 70_000_000

// Workload is the example "cpu".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "cpu",
		Doc:       "the same integer loop for every worker (weak scaling): linear up to the cores, then flat",
		Size:      8,
		PerWorker: 1,
		Unit:      "loops",
		Weak:      true,
		Tasks:     func(size int64) int { return int(max(0, size)) },
		Task: func(_ context.Context, _ *workload.Env, i int) (any, error) {
			return spin.Steps(spin.Seed(i), taskSteps), nil
		},
	}
}
