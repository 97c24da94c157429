package stack_test

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace/sweep"
)

// One worker takes 10 s; two take 6 s each, in which they wait for a lock for 2 s together: a speedup of 1.67, and the
// lock takes the rest.
func Example() {
	point := func(workers int, seconds float64) curve.Point {
		return curve.Point{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: workers, Cores: workers, Size: 1}, N: workers, Runs: 5,
			Median: seconds, TotalMedian: seconds, WorkMedian: seconds,
		}
	}
	account := func(lanes int, total time.Duration, locked time.Duration) stack.Account {
		used := ledger.CoreTime(lanes)*ledger.CoreTime(total) - ledger.CoreTime(locked)
		return stack.Account{
			Lanes: stack.Workers, Count: lanes, Total: total, Work: total, Parts: []stack.Part{
				{Cause: cause.User, Time: used}, {Cause: cause.Mutex, Time: ledger.CoreTime(locked)},
			},
		}
	}
	s := stack.Build(stack.Input{
		Curve: &curve.Curve{
			Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads}, Points: []curve.Point{point(1, 10), point(2, 6)},
		},
		At:       1,
		BaseRuns: []stack.Account{account(1, 10*time.Second, 0)},
		AtRuns:   []stack.Account{account(2, 6*time.Second, 2*time.Second)},
	})
	fmt.Printf("ideal %.0f, speedup %.2f\n", s.N, s.Speedup)
	for _, r := range s.Rows {
		fmt.Printf("%s takes %.2f\n", r.Cause, r.Speedup)
	}
	// Output:
	// ideal 2, speedup 1.67
	// block.mutex takes 0.33
	// work.inflation takes 0.00
	// not.explained takes 0.00
}
