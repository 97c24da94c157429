package noise_test

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Runs of one second on two cores, in milliseconds.
func TestTakenAndLeast(t *testing.T) {
	for _, tt := range []struct {
		name                           string
		cpu, others, hypervisor, queue sweep.Seconds
		taken, least                   float64
	}{
		{"nobody else", 2000, 0, 0, 5, 0, 1},
		{"others on a core that nobody waited for", 1000, 900, 0, 10, 0.01, 0.99},
		{"others, whose core was waited for", 1000, 300, 0, 400, 0.3, 0.7},
		{"a command: its queue is not known", 1000, 300, 0, 0, 0.3, 0.7},
		{"the hypervisor, which no queue shows", 1000, 0, 200, 1, 0.2, 0.8},
		// Half of 1.6 s of CPU time is 0.8 s: two cores do not give it in less.
		{"work that fills both cores", 1600, 400, 0, 400, 0.4, 0.8},
		// By the ticks others took 0.3 s, and the run's own CPU time leaves 0.2.
		{"no more than there is", 1800, 300, 0, 400, 0.2, 0.9},
		{"hardly anything left", 0, 2000, 0, 0, 2, 0.1},
	} {
		const ms = 1e6
		r := &sweep.Result{
			Run: sweep.Run{Point: sweep.Point{Procs: 1, Workers: 2, Cores: 2}}, Total: 1000 * ms, User: tt.cpu * ms,
			Noise: sweep.Noise{Others: tt.others * ms, Steal: tt.hypervisor * ms, RunQueue: tt.queue * ms},
		}
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }
		if got, least := noise.Taken(r), noise.Least(r, 1); !near(got, tt.taken) || !near(least, tt.least) {
			t.Errorf("%s: taken %v, least %v; want %v and %v", tt.name, got, least, tt.taken, tt.least)
		}
	}
}

// What others took of the run's own CPUs counts, where it is known, not what they took of the whole machine.
func TestTakenOfOwnCPUs(t *testing.T) {
	r := &sweep.Result{Run: sweep.Run{Point: sweep.Point{Cores: 1}}, Total: 1e9, User: 5e8}
	r.Noise = sweep.Noise{Others: 8e9, Steal: 8e9, CPUs: &sweep.Taken{Had: 1e9, Others: 1e8, Hypervisor: 5e7}}
	if got := noise.Taken(r); math.Abs(got-0.15) > 1e-12 {
		t.Errorf("taken %v, want 0.15", got)
	}
}

// The run queues of a run with a service, or of one whose programs do its work, do not tell how long these waited.
func TestTakenOfOthersThanItsThreads(t *testing.T) {
	for name, w := range map[string]struct {
		process sweep.Process
		taken   float64
	}{
		"its own threads": {sweep.Process{Role: sweep.Worker, User: 5e8}, 0.1},
		"a service":       {sweep.Process{Role: sweep.Service}, 0.4},
		"programs":        {sweep.Process{Role: sweep.Worker, User: 5e8, Own: 1e7, Children: 49e7}, 0.4},
	} {
		r := &sweep.Result{
			Run: sweep.Run{Point: sweep.Point{Cores: 2}}, Total: 1e9, User: 5e8, Processes: []sweep.Process{w.process},
			Noise: sweep.Noise{Others: 4e8, RunQueue: 1e8},
		}
		if got := noise.Taken(r); math.Abs(got-w.taken) > 1e-12 {
			t.Errorf("%s: taken %v, want %v", name, got, w.taken)
		}
	}
}

// Of four workers one is delayed by 0.1 s: three wait for it.
func TestWaiting(t *testing.T) {
	if got := noise.Waiting(0.1, 4); math.Abs(got-0.3) > 1e-12 {
		t.Errorf("%v, want 0.3", got)
	}
	if got := noise.Waiting(0.1, 0); got != 0 {
		t.Errorf("%v of no lanes", got)
	}
}
