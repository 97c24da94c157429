package osledger

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/osched"
)

const (
	// leastOfFirst is the part of the busiest worker's work that each worker must have done.
	leastOfFirst = 0.1
	// leastOfAll is the part of all threads' work that the workers together must have done.
	leastOfAll = 0.5
)

// A Choice is which threads of a recording count.
type Choice struct {
	Own     []bool          // by thread: it is of the run's own processes, or of their descendants
	Workers []int           // threads that did the work, by process and start; none: they cannot be told apart
	Why     warning.Warning // why none was chosen
}

// Choose picks the threads of the processes with the numbers roots and their descendants, and of those the given number of workers.
func Choose(t *threads.Threads, roots []int32, workers int) *Choice {
	c := &Choice{Own: make([]bool, len(t.Threads))}
	own := make([]bool, len(t.Processes))
	for i := range t.Processes {
		p := &t.Processes[i]
		own[i] = slices.Contains(roots, p.PID) || p.Parent >= 0 && own[p.Parent]
	}
	type candidate struct {
		thread int
		work   time.Duration
	}
	var all []candidate
	var sum, most time.Duration
	for i := range t.Threads {
		th := &t.Threads[i]
		if c.Own[i] = own[th.Process]; !c.Own[i] {
			continue
		}
		w := th.OnCPU
		for k := range th.Waits {
			if works(&th.Waits[k]) {
				w += th.Waits[k].Time
			}
		}
		all = append(all, candidate{i, w})
		sum += w
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.work, x.work) })
	if len(all) < workers || workers < 1 {
		c.Why = warning.Warning{Kind: warning.FewThreads, Figures: warning.Figures{Count: len(all), Of: workers}}
		return c
	}
	for _, w := range all[:workers] {
		most += w.work
	}
	if float64(all[workers-1].work) < leastOfFirst*float64(all[0].work) || float64(most) < leastOfAll*float64(sum) {
		c.Why = warning.Warning{Kind: warning.UnequalThreads, Figures: warning.Figures{Count: workers}}
		return c
	}
	for _, w := range all[:workers] {
		c.Workers = append(c.Workers, w.thread)
	}
	slices.SortFunc(c.Workers, func(x, y int) int {
		return cmp.Or(cmp.Compare(t.Threads[x].Process, t.Threads[y].Process), cmp.Compare(x, y))
	})
	return c
}

// works reports whether a wait is part of a worker's work, rather than a wait for other threads.
func works(w *threads.Wait) bool {
	switch w.Reason {
	case osched.Sleeping, osched.Reading, osched.Writing, osched.Syncing, osched.FileLock, osched.Fault:
		return true
	}
	return false
}

// parked reports whether a thread's blocked time is mostly spent waiting for other threads to finish or to hand it something.
func parked(th *threads.Thread, shared func(w *threads.Wait) bool) bool {
	var idle time.Duration
	for i := range th.Waits {
		w := &th.Waits[i]
		switch w.Reason {
		case osched.Child, osched.Polling, osched.Signal:
			idle += w.Time
		case osched.Futex:
			if !shared(w) {
				idle += w.Time
			}
		}
	}
	return 2*idle > th.Blocked
}

// Ranks are the numbers of the workers' processes, in their order, by process number.
func (c *Choice) Ranks(t *threads.Threads) map[int]int {
	out := map[int]int{}
	for _, i := range c.Workers {
		if _, ok := out[int(t.Threads[i].PID)]; !ok {
			out[int(t.Threads[i].PID)] = len(out)
		}
	}
	return out
}
