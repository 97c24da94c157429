package capture

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// begun is a study of one point under a budget of an hour. Nothing in these tests takes more than seconds, so how fast
// the machine is decides nothing.
func begun(t *testing.T, task Task, used time.Duration) *measuring {
	task.Sweeps = []sweep.Sweep{{
		Workload: "naps", Mode: sweep.Threads,
		Points: []sweep.Point{point("naps", 1, 1, 1, 1)},
	}}
	task.Rule.Budget = sweep.Seconds(time.Hour)
	m := newRunner(t).measuring(task, nil)
	m.start = m.start.Add(-used)
	return m
}

// Traced blocks are made as far as the budget goes, and the first in any case.
func TestTracedUnderBudget(t *testing.T) {
	tests := []struct {
		name string
		used time.Duration // of an hour
		last time.Duration // that a traced block took
		want int
	}{
		{"there is time", 30 * time.Minute, time.Minute, 3},
		{"another would end too late", 30 * time.Minute, 40 * time.Minute, 1},
		{"none is left", 90 * time.Minute, time.Minute, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := begun(t, Task{Traced: 3}, tt.used)
			for n := range 3 {
				if err := m.trace(t.Context(), n, n+1); err != nil {
					t.Fatal(err)
				}
				m.last[sweep.Traced] = tt.last
			}
			got := 0
			for _, r := range m.end.Results {
				if r.Kind != sweep.Traced || r.Rep != got || r.Status != sweep.OK {
					t.Errorf("%s is %s", r.Dir(), r.Status)
				}
				got++
			}
			if got != tt.want || m.traced != tt.want {
				t.Errorf("%d traced runs, counted as %d, want %d", got, m.traced, tt.want)
			}
		})
	}
}

// A study spreads the traced runs that it is asked for over its blocks.
func TestMeasureTraces(t *testing.T) {
	r := newRunner(t)
	p := point("naps", 1, 1, 1, 1)
	end, err := r.Measure(t.Context(), Task{
		Sweeps: []sweep.Sweep{{Workload: "naps", Points: []sweep.Point{p}}}, Traced: 3,
		Rule: sweep.Rule{MinRuns: 4, MaxRuns: 4},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, res := range end.Results {
		got += string(res.Kind) + " "
	}
	if want := "timed traced timed timed traced timed traced "; got != want || end.Why != "4 runs of every point were made, as asked" {
		t.Errorf("runs %s(%s), want %s", got, end.Why, want)
	}
}
