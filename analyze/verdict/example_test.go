package verdict_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A program that keeps its cores busy, and is 1.9 times as fast on two.
func Example() {
	point := func(n int, seconds float64) curve.Point {
		return curve.Point{
			Point: sweep.Point{Workload: "w", Procs: 1, Workers: n, Cores: n, Size: 100}, N: n, Runs: 10,
			Median: seconds, TotalMedian: seconds, WorkMedian: seconds, Speedup: 10 / seconds, CPU: 10,
			MeanBusy: 10 / seconds,
			Interval: &curve.Interval{Method: curve.Bootstrap, Low: 9.9 / seconds, High: 10.1 / seconds},
		}
	}
	c := curve.Curve{
		Sweep: sweep.Sweep{Workload: "w", Mode: sweep.Threads}, Points: []curve.Point{point(1, 10), point(2, 5.26)},
	}
	v := verdict.Judge(c, verdict.Input{Cores: 2})
	fmt.Println(v.Bound)
	for _, e := range v.Evidence {
		fmt.Printf("%s: %.2f\n", e.Kind, e.Value)
	}
	h := verdict.HeadlineOf([]curve.Curve{c}, 2, nil, nil)
	fmt.Printf("up to %.1f times as fast with %d workers\n", h.Best.Gain, h.Best.Point.Workers)
	// Output:
	// cpu-bound
	// mean_busy_cores: 1.00
	// speedup: 1.90
	// mean_busy_cores_at_n: 1.90
	// up to 1.9 times as fast with 2 workers
}
