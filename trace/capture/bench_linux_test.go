package capture

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// BenchmarkOwnCost makes runs of 50 ms, of a Go workload and of the command sleep, and reports what the tool itself adds
// to a study: the time of the whole over the sum of the runs' totals, and the median time between the end of a run and
// the start of the next, which the few runs that others disturb do not change.
//
//	go test -run xxx -bench OwnCost -benchtime 100x ./trace/capture
//
// On two cores of an AMD EPYC for which eight threads of other programs competed, the time between two runs of a command
// was 2.6 ms, and 1.4 ms at the least. Between two runs of a Go workload, whose process ends there, it was 3.8 ms. With a
// supervisor started and ended for each run of a command, and a dozen other threads, it was 28 ms, and 15 ms at the
// least.
func BenchmarkOwnCost(b *testing.B) {
	for _, name := range []string{"workload", "command"} {
		b.Run(name, func(b *testing.B) {
			r := newRunner(b)
			p := point("fifty", 1, 1, 1, 1)
			if name == "command" {
				sleeps(b, r, "0.05")
				p.Workload = "sleeps"
			}
			task := Task{
				Sweeps: []sweep.Sweep{{Workload: p.Workload, Points: []sweep.Point{p}}},
				Rule:   sweep.Rule{MinRuns: b.N, MaxRuns: b.N},
			}
			began := time.Now()
			end, err := r.Measure(b.Context(), task, nil)
			if err != nil {
				b.Fatal(err)
			}
			wall := time.Since(began)
			var sum time.Duration
			var gaps []time.Duration
			over := sweep.Seconds(-1)
			for i := range end.Results {
				res := &end.Results[i]
				sum += res.Total.Duration()
				if over >= 0 {
					gaps = append(gaps, (res.Start - over).Duration())
				}
				over = res.Start + res.Total
			}
			b.ReportMetric(float64(wall)/float64(sum), "study/runs")
			if len(gaps) > 0 {
				slices.Sort(gaps)
				b.ReportMetric(float64(gaps[len(gaps)/2]), "ns-between/op")
			}
		})
	}
}
