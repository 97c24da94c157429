package recommend_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Four workers are the most that are at least 75 % efficient beyond doubt; eight hold twice the cores for little more.
func Example() {
	point := func(n int, seconds, low, high float64) curve.Point {
		p := curve.Point{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n, Size: 100}, N: n, Runs: 10,
			Median: seconds, CPU: 8, Speedup: 8 / seconds,
		}
		if n > 1 {
			p.Interval = &curve.Interval{Method: curve.Bootstrap, Level: 0.95, Low: low, High: high}
		}
		return p
	}
	c := &curve.Curve{Points: []curve.Point{point(1, 8, 0, 0), point(4, 2.5, 3.1, 3.4), point(8, 2, 3.9, 4.1)}}
	r := recommend.Of(c, recommend.DefaultEfficiency, false)
	fmt.Printf("n = %d (%s): efficiency at least %.2f\n", r.N, r.Reason, r.Low)
	for i, cost := range r.Costs {
		fmt.Printf("n = %d: %.2f core-seconds per unit\n", c.Points[i].N, cost.Held)
	}
	// Output:
	// n = 4 (shown): efficiency at least 0.78
	// n = 1: 0.08 core-seconds per unit
	// n = 4: 0.10 core-seconds per unit
	// n = 8: 0.16 core-seconds per unit
}
