package capture

import (
	"context"

	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// spinSteps is the length of one unit of the spin loop: about a tenth of a second on a core of 3 GHz.
const spinSteps = 100_000_000

// Spin returns the register-only loop that measures what the machine can give: one task per worker, no memory, no lock,
// no system call. A study measures it for at most a part of its time (ceiling.go). No program on this machine can have
// what its curve loses to turbo, SMT, quotas and neighbours.
func Spin() workload.Workload {
	return workload.Workload{
		Name:      sweep.SpinWorkload,
		Doc:       "the measured ceiling: a loop in registers, one per worker",
		Size:      1,
		PerWorker: 1,
		Unit:      "loops",
		Weak:      true,
		Tasks:     func(size int64) int { return int(size) },
		Task: func(_ context.Context, _ *workload.Env, _ int) (any, error) {
			return spin(spinSteps), nil
		},
	}
}

// spin takes dependent steps of xorshift64 (Marsaglia, Journal of Statistical Software 8(14), 2003). Each step needs
// the one before, so the loop's speed depends on the core's clock alone.
func spin(steps int) uint64 {
	x := uint64(88172645463325252)
	for range steps {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
