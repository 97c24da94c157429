package gate_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/gate"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A speedup of 1.9 is not enough for a gate of 1.8 while it may as well be 1.7.
func Example() {
	g, err := gate.Parse(gate.MinSpeedup, "1.8@2")
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &curve.Curve{
		Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads},
		Points: []curve.Point{
			{N: 1, Runs: 5, Speedup: 1},
			{N: 2, Runs: 5, Speedup: 1.9, Interval: &curve.Interval{Method: curve.Bootstrap, Low: 1.7, High: 2}},
		},
	}
	for _, o := range gate.Check([]gate.Gate{g}, []gate.Subject{{Label: "w", Curve: c}}) {
		fmt.Printf("%s at n = %d: %.1f, at least %.1f, holds: %v\n", o.Label, o.N, o.Value, o.Bound, o.Holds)
	}
	// Output:
	// w at n = 2: 1.9, at least 1.7, holds: false
}
