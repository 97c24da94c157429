package study

import (
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

func TestTreeRSS(t *testing.T) {
	process := func(role sweep.Role, rss int64) sweep.Process { return sweep.Process{Role: role, MaxRSS: rss} }
	for _, tt := range []struct {
		name  string
		res   sweep.Result
		sum   int64
		bound bool
	}{
		{"sampled", sweep.Result{TreeRSS: 70, MaxRSS: 50}, 70, false},
		{"a peak between samples", sweep.Result{TreeRSS: 17, MaxRSS: 19}, 19, false},
		// The service is outside the measured work.
		{
			"sum", sweep.Result{
				Processes: []sweep.Process{
					process(sweep.Coordinator, 10), process(sweep.Worker, 20), process(sweep.Worker, 30),
					process(sweep.Service, 99),
				},
			}, 60, true,
		},
		{"one", sweep.Result{Processes: []sweep.Process{process(sweep.Worker, 20)}}, 20, false},
		{
			"one lacks its own", sweep.Result{
				Run: sweep.Run{Point: sweep.Point{Procs: 2}}, MaxRSS: 30,
				Processes: []sweep.Process{process(sweep.Worker, 30), process(sweep.Worker, 0)},
			}, 0, false,
		},
	} {
		if sum, bound := treeRSS(&tt.res); sum != tt.sum || bound != tt.bound {
			t.Errorf("%s: %d, %v", tt.name, sum, bound)
		}
	}
}
