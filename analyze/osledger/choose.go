package osledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/osched"
)

const (
	// leastOfFirst is the least work of a worker, as a share of the busiest one's.
	leastOfFirst = 0.1
	// leastOfAll is the least work of all workers, as a share of all threads'.
	leastOfAll = 0.5
)

// A Choice says which threads of a recording count.
type Choice struct {
	Own     []bool          // by thread: in one of the run's processes or a descendant
	Workers []int           // threads that did the work, by process and start; none if they cannot be told apart
	Why     warning.Warning // Workers is empty
}

// Choose picks the threads of the processes with PIDs roots and of their descendants, and among those the given number
// of workers.
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

// works reports whether a wait is part of a worker's work rather than a wait for other threads.
func works(w *threads.Wait) bool {
	switch w.Reason {
	case osched.Sleeping, osched.Reading, osched.Writing, osched.Syncing, osched.FileLock, osched.Fault:
		return true
	}
	return false
}

// parked reports whether a thread's blocked time is mostly waiting for others to finish or to hand it something.
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

// A number is that of a worker: the rank of its process, and its own in the process.
type number struct{ rank, id int }

// numbers returns the numbers of the workers by index of thread.
func (c *Choice) numbers(t *threads.Threads) map[int]number {
	out := make(map[int]number, len(c.Workers))
	process, next := -1, number{rank: -1}
	for _, i := range c.Workers {
		if p := t.Threads[i].Process; p != process {
			process, next = p, number{rank: next.rank + 1}
		}
		out[i] = next
		next.id++
	}
	return out
}

// Ranks returns the ranks of the workers' processes by PID.
func (c *Choice) Ranks(t *threads.Threads) map[int]int {
	out := map[int]int{}
	for i, n := range c.numbers(t) {
		out[int(t.Threads[i].PID)] = n.rank
	}
	return out
}

// Timeline returns the workers, then the other threads of the run, then the cores.
func Timeline(t *threads.Threads, c *Choice) *timeline.Timeline {
	workers := c.numbers(t)
	return t.Draw(func(i int) (timeline.Lane, bool) {
		th := &t.Threads[i]
		if w, ok := workers[i]; ok {
			name := fmt.Sprintf("worker %d", w.id)
			return timeline.Lane{Kind: timeline.Worker, Rank: w.rank, ID: int64(w.id), Name: name}, true
		}
		name := fmt.Sprintf("%s %d", th.Name, th.TID)
		return timeline.Lane{Kind: timeline.Thread, Rank: th.Process, ID: int64(th.TID), Name: name}, c.Own[i]
	})
}
