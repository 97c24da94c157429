package capture

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// BenchmarkStudy makes runs of 50 ms and reports the time of the whole divided by the sum of the runs' totals: what the
// tool itself adds to a study.
func BenchmarkStudy(b *testing.B) {
	r := newRunner(b)
	task := Task{
		Sweeps:    []sweep.Sweep{{Workload: "fifty", Points: []sweep.Point{point("fifty", 1, 1, 1, 1)}}},
		Rule:      sweep.Rule{MinRuns: b.N, MaxRuns: b.N},
		Converged: func([]sweep.Result) (bool, string) { return true, "" },
	}
	began := time.Now()
	end, err := r.Measure(b.Context(), task, nil)
	if err != nil {
		b.Fatal(err)
	}
	wall := time.Since(began)
	var sum time.Duration
	for i := range end.Results {
		sum += end.Results[i].Total.Duration()
	}
	b.ReportMetric(float64(wall)/float64(sum), "study/runs")
}
