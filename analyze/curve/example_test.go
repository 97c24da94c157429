package curve_test

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The speedup of a program with two workers, from five runs each with one and with two.
func Example() {
	one := sweep.Point{Workload: "sort", Procs: 1, Workers: 1, Cores: 1, Size: 1000}
	two := sweep.Point{Workload: "sort", Procs: 1, Workers: 2, Cores: 2, Size: 1000}
	var results []sweep.Result
	for rep := range 5 {
		for p, took := range map[sweep.Point]time.Duration{one: 100 * time.Millisecond, two: 60 * time.Millisecond} {
			results = append(results, sweep.Result{
				Run: sweep.Run{Point: p, Rep: rep, Kind: sweep.Timed}, Status: sweep.OK,
				Total: sweep.Seconds(took + time.Duration(rep)*time.Millisecond),
			})
		}
	}
	sweeps := []sweep.Sweep{{
		Workload: "sort", Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1000, Points: []sweep.Point{one, two},
	}}
	for _, c := range curve.Build(sweeps, results, curve.Options{}) {
		for _, p := range c.Points {
			fmt.Printf("n = %d: %.3f s, speedup %.2f, efficiency %.2f\n", p.N, p.Median, p.Speedup, p.Efficiency)
			if p.Interval != nil {
				fmt.Printf("       %.2f to %.2f (%s)\n", p.Interval.Low, p.Interval.High, p.Interval.Method)
			}
		}
	}
	// Output:
	// n = 1: 0.102 s, speedup 1.00, efficiency 1.00
	// n = 2: 0.062 s, speedup 1.65, efficiency 0.82
	//        1.59 to 1.70 (bootstrap-percentile)
}
