package capture

import (
	"slices"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// BenchmarkOwnCost makes runs of 50 ms, of a Go workload and of the command sleep, and reports what the tool itself
// adds to a study: the time of the whole over the sum of the runs' totals, and the median time between the end of a run
// and the start of the next, which the few runs that others disturb do not change.
//
//	go test -run xxx -bench OwnCost -benchtime 100x ./trace/capture
//
// A study that a user makes takes, beside that, a run to warm up, which is in no total, and the start of the tool and
// the report.
//
// On two cores of an AMD EPYC for which a dozen threads of other programs competed, the time between two runs of a
// command was 1.3 ms, and 0.7 ms at the least, most of it the waking of one process by the other; the study took 1.03
// times the sum of its runs. Between two runs of a Go workload, whose process ends there, it was 2.5 ms. With a line
// synced for each run, signals to learn whether corecurve was stopped and two samples of the machine it was 2.9 ms for
// a command, and 1.5 ms at the least; with a supervisor started and ended for each run as well, 28 ms and 15 ms.
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
