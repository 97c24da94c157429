// Package sleep waits: the example of a load that needs workers but no cores, like programs that wait for a network or
// a disk.
//
// Expected curve: linear in the workers, on a single core too, and well beyond the cores, because waiting does not
// compete. It scales weakly by default; with a fixed size of n waits on w workers the waits come in ceil(n/w) waves, so
// the speedup is n / ceil(n/w).
//
// The size is the number of waits of a tenth of a second.
package sleep

import (
	"context"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

// latency is how long a task waits.
const latency = 100 * time.Millisecond

// Workload is the example "sleep".
func Workload() workload.Workload {
	return workload.Workload{
		Name:      "sleep",
		Doc:       "waits of 100 ms, one for every worker (weak scaling): linear far beyond the cores",
		Size:      8,
		PerWorker: 1,
		Unit:      "waits",
		Weak:      true,
		Tasks:     func(size int64) int { return int(max(0, size)) },
		Task: func(ctx context.Context, _ *workload.Env, _ int) (any, error) {
			return nil, wait(ctx, latency)
		},
	}
}

// wait returns after d, or earlier with an error if ctx is done.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
