package threads

import (
	"sort"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// Threads is where all threads of a recording were.
type Threads struct {
	Start, End clock.Time
	Threads    []Thread  // in the order in which they were first heard of
	Processes  []Process // likewise: parents come before their children
	Cores      []Core    // by number
	Locks      []Lock    // by blocked time, the largest first
	Gaps       []Gap
	// Profile[k] is how long k threads were on cores at the same time. The time inside gaps counts with those that were before.
	Profile  []time.Duration
	Warnings []warning.Warning

	joined bool              // several slices are one block
	byTID  map[int32][]int32 // threads that had the number, by start
	blocks [][]block         // by thread
	lanes  []lane
	cores  []timeline.Lane
}

// A Thread is one OS thread. OnCPU, Ready, Blocked and Unknown add up to the time from Start to End.
type Thread struct {
	PID, TID   int32
	Process    int    // index in Processes
	Name       string // the last it had
	Start, End clock.Time
	OnCPU      time.Duration // running on a core
	Ready      time.Duration // preempted, or just made: ready without a core
	Blocked    time.Duration // waiting for something
	Unknown    time.Duration // inside gaps of the recording
	Slices     int           // times that it was put on a core
	Preempted  int           // times that it was taken off while it was ready
	Migrations int           // times that it was put on another core than before
	// Waits divide Blocked by why, the longest first. They are empty, and why is not known, if the thread was never seen blocked by a
	// sample; otherwise they add up to Blocked. Shares are those of samples: Samples says how many.
	Waits []Wait
}

// A Wait is what a thread was blocked by.
type Wait struct {
	Reason  osched.Reason
	Object  uint64 // address of the futex or number of the file
	On      string // "pipe", "socket", [osched.GIL]; empty: not known
	Samples int
	Time    time.Duration
}

// Cause is what the ledger calls the wait.
func (w *Wait) Cause() cause.Cause {
	switch w.Reason {
	case osched.Futex:
		return cause.Futex
	case osched.Sleeping:
		return cause.Sleep
	case osched.Child:
		return cause.Join
	case osched.Reading, osched.Writing:
		if w.On == "socket" {
			return cause.Net
		}
		return cause.IO
	case osched.Syncing, osched.FileLock, osched.Fault:
		return cause.IO
	case osched.NoReason:
		return cause.Unknown
	default: // which of several files a poll waits for, the call does not say
		return cause.BlockSyscall
	}
}

// A Process is one process.
type Process struct {
	PID        int32
	Parent     int    // index in Processes; -1: not recorded
	Name       string // of its first thread
	Start, End clock.Time
	OnCPU      time.Duration
	Threads    int // that it ever had
}

// A Core is one core.
type Core struct {
	CPU     int32
	Busy    time.Duration // with threads of the recording
	Unknown time.Duration // inside gaps
}

// A Lock is a futex that several threads were blocked by, or Python's interpreter lock.
type Lock struct {
	Process int    // index in Processes
	Address uint64 // 0: several, which are one lock
	Name    string // [osched.GIL]; empty: not known
	Threads int
	Samples int
	Blocked time.Duration // of all its threads together
}

// A Gap is where records of a core were lost: what threads did there is not known.
type Gap struct {
	CPU      int32
	From, To clock.Time
	Lost     uint64 // records; 0: not known
}

// A block is one slice that a thread was on a core, or, where there were too many, several with what lies between them.
type block struct {
	start, end clock.Time
	on         time.Duration // while building: in the block; then: before the block
}

// OnCPU is how long the thread with that number was on a core between two times: exactly, or where the recording had too many slices
// to keep each, evenly spread over some neighbouring ones. What lies outside the recording counts as off.
func (t *Threads) OnCPU(tid int32, from, to clock.Time) time.Duration {
	if to <= from {
		return 0
	}
	var sum time.Duration
	for _, i := range t.byTID[tid] {
		if th := &t.Threads[i]; th.Start < to && th.End > from {
			sum += t.before(i, to) - t.before(i, from)
		}
	}
	return sum
}

// Exact reports whether every slice is known, rather than some neighbouring ones together.
func (t *Threads) Exact() bool { return !t.joined }

// Slices calls f with each stretch between two times, in their order, that the thread with that number was on a core. The recording must
// be Exact.
func (t *Threads) Slices(tid int32, from, to clock.Time, f func(from, to clock.Time)) {
	for _, i := range t.byTID[tid] {
		blocks := t.blocks[i]
		k := sort.Search(len(blocks), func(k int) bool { return blocks[k].end > from })
		for ; k < len(blocks) && blocks[k].start < to; k++ {
			f(max(blocks[k].start, from), min(blocks[k].end, to))
		}
	}
}

// before is how long thread i was on a core before x.
func (t *Threads) before(i int32, x clock.Time) time.Duration {
	blocks := t.blocks[i]
	k := sort.Search(len(blocks), func(k int) bool { return blocks[k].end > x })
	if k == len(blocks) {
		return t.Threads[i].OnCPU
	}
	b := blocks[k]
	if x <= b.start {
		return b.on
	}
	next := t.Threads[i].OnCPU
	if k+1 < len(blocks) {
		next = blocks[k+1].on
	}
	part, length, inside := next-b.on, b.end.Sub(b.start), x.Sub(b.start)
	if part == length {
		return b.on + inside
	}
	return b.on + time.Duration(float64(part)*float64(inside)/float64(length))
}
