package finding_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace/sweep"
)

// What keeps four workers from being more than 2.2 times as fast: mostly a lock.
func Example() {
	findings, _ := finding.Rank(finding.Input{
		Workload: "w", Mode: sweep.Threads, N: 4, BaseN: 1, Seconds: 2,
		Stack: &stack.Stack{
			N: 4, Usable: 4, Speedup: 2.2, Traced: 2.2, Lanes: stack.Workers, Need: 2.5, BaseNeed: 1, Cores: 4, BaseCores: 1,
			Rows: []stack.Row{
				{Cause: cause.GCAssist, Speedup: 0.3}, {Cause: cause.Mutex, Speedup: 1.5},
			},
		},
	})
	for _, f := range findings {
		fmt.Printf("%s: %.0f %% of what is lost; without it about %.1f times as fast\n",
			f.Cause, 100*f.Share, f.AboutSpeedup)
	}
	// Output:
	// block.mutex: 83 % of what is lost; without it about 3.5 times as fast
	// gc.assist: 17 % of what is lost; without it about 2.4 times as fast
}
