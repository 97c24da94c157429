package osledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

const (
	// leastOfFirst is the least work of a worker, as a share of the busiest one's.
	leastOfFirst = 0.1
	// leastOfAll is the least work of all workers, as a share of all threads'.
	leastOfAll = 0.5
	// mostBeside is how much more than their surest work workers may have done in waits that others may have ended.
	mostBeside = 4
)

// A Choice says which threads of a recording count.
type Choice struct {
	Own     []bool          // by thread: in one of the run's processes or a descendant
	Workers []int           // threads that did the work, by process and start; none if they cannot be told apart
	Why     warning.Warning // Workers is empty
}

// Choose picks the threads of the processes with PIDs roots and of their descendants, and among those the given number
// of workers: those that did the most work. Surely work is what a thread ran, slept and waited for disks. Where that
// explains little of the threads' time, what they read and wrote counts too, for then it may be all that they do;
// except in a process that let others do the work, which may have waited for them.
func Choose(t *threads.Threads, roots []int32, workers int) *Choice {
	c := &Choice{Own: make([]bool, len(t.Threads))}
	own, parent := make([]bool, len(t.Processes)), parents(t)
	for i := range t.Processes {
		p := &t.Processes[i]
		own[i] = slices.Contains(roots, p.PID) || p.Parent >= 0 && own[p.Parent]
	}
	var sure, all []candidate
	for i := range t.Threads {
		th := &t.Threads[i]
		if c.Own[i] = own[th.Process]; !c.Own[i] {
			continue
		}
		work, beside := th.OnCPU, time.Duration(0)
		for k := range th.Waits {
			switch w := &th.Waits[k]; {
			case alone(w):
				work += w.Time
			case transfers(w) && !parent[th.Process]:
				beside += w.Time
			}
		}
		sure, all = append(sure, candidate{i, work}), append(all, candidate{i, work + beside})
	}
	forgetSerial(t, sure, all)
	if len(all) < workers || workers < 1 {
		c.Why = warning.Warning{Kind: warning.FewThreads, Figures: warning.Figures{Count: len(all), Of: workers}}
		return c
	}
	did, most := rank(sure, workers), rank(all, workers)
	if did.plain && most.of <= mostBeside*did.of {
		most = did
	}
	if !most.plain {
		c.Why = warning.Warning{Kind: warning.UnequalThreads, Figures: warning.Figures{Count: workers}}
		return c
	}
	c.Workers = most.threads
	slices.SortFunc(c.Workers, func(x, y int) int {
		return cmp.Or(cmp.Compare(t.Threads[x].Process, t.Threads[y].Process), cmp.Compare(x, y))
	})
	return c
}

// forgetSerial takes from the work of a process's first thread what it ran while none of those lived that it started,
// directly or not, and that did a fair part: a serial part is nobody's share, however long it is.
func forgetSerial(t *threads.Threads, sure, all []candidate) {
	most := slices.MaxFunc(append(sure, candidate{}), func(x, y candidate) int { return cmp.Compare(x.work, y.work) }).work
	below := func(process, of int) bool {
		for process > of { // damaged records may name a parent that comes later
			process = min(t.Processes[process].Parent, process-1)
		}
		return process == of
	}
	for k, c := range sure {
		first := &t.Threads[c.thread]
		if first.TID != first.PID {
			continue
		}
		var from, to clock.Time
		for _, o := range sure {
			th := &t.Threads[o.thread]
			if o != c && below(th.Process, first.Process) && float64(o.work) >= leastOfFirst*float64(most) {
				if to == 0 {
					from, to = th.Start, th.End
				}
				from, to = min(from, th.Start), max(to, th.End)
			}
		}
		if to == 0 {
			continue
		}
		with, _ := t.OnCPU(first.TID, max(from, first.Start), min(to, first.End))
		serial := min(max(first.OnCPU-with, 0), c.work)
		sure[k].work -= serial
		all[k].work -= serial
	}
}

// parents reports, by process, whether the processes that it started ran for longer than itself.
func parents(t *threads.Threads) []bool {
	below, out := make([]time.Duration, len(t.Processes)), make([]bool, len(t.Processes))
	for i := len(t.Processes) - 1; i >= 0; i-- { // parents come before children
		p := &t.Processes[i]
		out[i] = below[i] > p.OnCPU
		if p.Parent >= 0 {
			below[p.Parent] += below[i] + p.OnCPU
		}
	}
	return out
}

// A candidate is a thread with its work.
type candidate struct {
	thread int
	work   time.Duration
}

// A ranking is the threads that did the most work.
type ranking struct {
	threads []int
	of      time.Duration // their work
	plain   bool          // they stand out against the others, and each did a fair part
}

func rank(all []candidate, workers int) ranking {
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.work, x.work) })
	var r ranking
	var sum time.Duration
	for i, c := range all {
		sum += c.work
		if i < workers {
			r.threads, r.of = append(r.threads, c.thread), r.of+c.work
		}
	}
	r.plain = float64(all[workers-1].work) >= leastOfFirst*float64(all[0].work) &&
		float64(r.of) >= leastOfAll*float64(sum)
	return r
}

// alone reports whether a wait is a thread's own work: no other thread ends it.
func alone(w *threads.Wait) bool {
	switch w.Reason {
	case osched.Sleeping, osched.Syncing, osched.FileLock, osched.Fault:
		return true
	case osched.Reading, osched.Writing:
		return w.On == "file" || w.On == "device"
	}
	return false
}

// transfers reports whether a wait is for data that may come from outside the run or from another of its threads.
func transfers(w *threads.Wait) bool { return w.Reason == osched.Reading || w.Reason == osched.Writing }

// parked reports whether a thread's blocked time is mostly waiting for others to finish or to hand it something. A
// process that lets others do the work reads from them.
func parked(th *threads.Thread, parent bool, shared func(w *threads.Wait) bool) bool {
	var idle time.Duration
	for i := range th.Waits {
		w := &th.Waits[i]
		switch {
		case w.Reason == osched.Child, w.Reason == osched.Polling, w.Reason == osched.Signal:
			idle += w.Time
		case w.Reason == osched.Futex && !shared(w), parent && transfers(w) && !alone(w):
			idle += w.Time
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

// Timeline returns the workers, then the other threads of the run, then the cores. What the run does before a worker
// begins is a serial part to it, as in the ledger.
func Timeline(t *threads.Threads, c *Choice) *timeline.Timeline {
	workers, names := c.numbers(t), c.names(t)
	out := t.Draw(func(i int) (timeline.Lane, bool) {
		th := &t.Threads[i]
		if w, ok := workers[i]; ok {
			name := fmt.Sprintf("worker %d", w.id)
			return timeline.Lane{Kind: timeline.Worker, Rank: w.rank, ID: int64(w.id), Name: name}, true
		}
		return timeline.Lane{Kind: timeline.Thread, Rank: th.Process, ID: int64(th.TID), Name: names[i]}, c.Own[i]
	})
	first := out.End
	for i, own := range c.Own {
		if own {
			first = min(first, t.Threads[i].Start)
		}
	}
	for i, w := range workers {
		out.Await(w.rank, int64(w.id), first, t.Threads[i].Start)
	}
	return out
}
