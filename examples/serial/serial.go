// Package serial does a set fraction of its work before 64 equal tasks can begin: the example of Amdahl's law.
//
// The part before runs once, on one core, in the process that hands out the tasks, while all workers wait. Then the
// tasks divide the rest evenly.
//
// Expected curve: with a fraction f before, 64 tasks take ceil(64/n)/64 of the rest on n workers, so the speedup is
//
//	S(n) = 1 / (f + (1−f)·ceil(64/n)/64)
//
// which is Amdahl's 1/(f + (1−f)/n) (Amdahl, "Validity of the single processor approach to achieving large scale
// computing capabilities", AFIPS Spring Joint Computer Conference, 1967) where n divides 64, and a little less
// elsewhere. A fraction of 0.3 gives 1.54 on two workers and at most 3.22 on 64 or more; 0.1 ("serial-10") gives 1.82
// and 8.77.
//
// The size is the number of integer steps, before and in the tasks together.
package serial

import (
	"context"
	"fmt"
	"math"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// defaultFraction is the fraction of the example "serial"; "serial-10" has 0.1.
const defaultFraction = 0.3

// taskCount is the number of tasks, whatever the size.
const taskCount = 64

// Workload is the example "serial".
func Workload() workload.Workload { return First(defaultFraction, "serial") }

// First returns a workload that does the given fraction of its steps, from 0 to 1, before the tasks.
func First(fraction float64, name string) workload.Workload {
	return workload.Workload{
		Name: name,
		Doc: fmt.Sprintf("%.0f %% of the work before %d equal tasks, Amdahl's law: %.3g on two workers, never above %.3g",
			fraction*100, taskCount, speedup(fraction, 2), limit(fraction)),
		Size:      360_000_000, // about 0.6 s on one core of 3 to 4 GHz
		PerWorker: 360_000_000,
		Unit:      "steps",
		Tasks:     func(int64) int { return taskCount },
		Before: func(_ context.Context, env *workload.Env) error {
			if fraction < 0 || fraction > 1 || math.IsNaN(fraction) {
				return fmt.Errorf("%s: fraction %g: must be between 0 and 1", name, fraction)
			}
			steps, _ := parts(env.Size, fraction)
			// Using the result keeps the loop alive; it is 0 only if the loop is broken.
			if spin.Steps(spin.Seed(taskCount), steps) == 0 {
				return fmt.Errorf("%s: the part before gave 0, which %d steps cannot give", name, steps)
			}
			return nil
		},
		Task: func(_ context.Context, env *workload.Env, i int) (any, error) {
			_, steps := parts(env.Size, fraction)
			return spin.Steps(spin.Seed(i), steps), nil
		},
	}
}

// parts returns the number of steps before the tasks and in each of them. All tasks are equal; the remainder is done
// before them.
func parts(size int64, fraction float64) (before, each int64) {
	each = int64(math.Round(float64(size) * (1 - fraction) / taskCount))
	// A fraction near 0 must not round to more than there is.
	each = max(0, min(each, size/taskCount))
	return size - taskCount*each, each
}

// speedup returns the speedup of so many workers on taskCount equal tasks after the given fraction.
func speedup(fraction float64, workers int) float64 {
	if workers < 1 {
		return 0
	}
	return 1 / (fraction + (1-fraction)/split.Speedup(taskCount, workers))
}

// limit returns the speedup on any number of workers, of which taskCount have something to do.
func limit(fraction float64) float64 { return speedup(fraction, taskCount) }
