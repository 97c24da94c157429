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
	Processes  []Process // likewise; parents come before children
	Locks      []Lock    // by blocked time, largest first
	Gaps       []Gap
	Warnings   []warning.Warning

	from, to clock.Time // what lanes show

	joined bool              // several slices make one block
	byTID  map[int32][]int32 // threads by number, then by start
	blocks [][]block         // by thread
	lanes  []lane
	cores  []timeline.Lane
}

// A Thread is one OS thread. OnCPU, Ready, Blocked and Unknown add up to the time from Start to End.
type Thread struct {
	PID, TID   int32
	Process    int    // index in Processes
	Name       string // its last
	Start, End clock.Time
	OnCPU      time.Duration // running on a core
	Ready      time.Duration // without a core: preempted, or just made
	Blocked    time.Duration // waiting for something
	Unknown    time.Duration // inside gaps of the recording
	Slices     int           // how often it was put on a core
	Preempted  int           // how often it was taken off while ready
	Migrations int           // how often it was put on another core than before
	// Waits divide Blocked by reason, the longest first. They are empty if no sample ever saw the thread blocked, and
	// otherwise add up to Blocked. Each has the time of the stretches that it was seen in, and a share of those in which
	// nothing was seen.
	Waits []Wait
}

// A Wait is one reason why a thread was blocked.
type Wait struct {
	Reason  osched.Reason
	Object  uint64 // address of the futex or number of the file
	On      string // "pipe", "socket", [osched.GIL], [osched.HeldLock]; empty if not known
	Samples int
	Time    time.Duration
}

// Cause returns the cause of the wait in the ledger.
func (w *Wait) Cause() cause.Cause {
	switch w.Reason {
	case osched.Futex:
		switch w.On {
		case osched.GIL, osched.HeldLock:
			return cause.Futex
		case osched.ThreadEnd:
			return cause.Join
		}
		return cause.Cond // a condition, a semaphore, a barrier, or a lock that does not show as one
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
	default: // a poll does not say which of its files it waits for
		return cause.BlockSyscall
	}
}

// A Process is one process.
type Process struct {
	PID        int32
	Parent     int    // index in Processes; -1 if not recorded
	Name       string // of its first thread
	Start, End clock.Time
	OnCPU      time.Duration
	Threads    int // how many it ever had
}

// A Lock is a futex that blocked several threads, or one that is known to be a lock.
type Lock struct {
	Process int    // index in Processes
	Address uint64 // 0: several that are one lock
	Name    string // [osched.GIL], [osched.HeldLock]; empty if not known to be one
	Threads int
	Samples int
	Blocked time.Duration // of all its threads together
}

// A Gap is a part in which records of a core were lost.
type Gap struct {
	CPU      int32
	From, To clock.Time
	Lost     uint64 // records; 0 if not known
}

// A block is one slice of a thread on a core, or several with what lies between them. Until the next block begins the
// thread is off its core.
type block struct {
	start, end clock.Time
	// While building: in the block, and ready from its start to that of the next; then: before it.
	on, ready time.Duration
}

// OnCPU returns how long thread tid was on a core between two times, and how long it was ready without one: exactly or,
// where the recording had too many slices to keep, spread evenly over neighbouring ones. The rest it was blocked, or
// outside the recording.
func (t *Threads) OnCPU(tid int32, from, to clock.Time) (on, ready time.Duration) {
	if to <= from {
		return 0, 0
	}
	for _, i := range t.byTID[tid] {
		if th := &t.Threads[i]; th.Start < to && th.End > from {
			on0, ready0 := t.before(i, from)
			on1, ready1 := t.before(i, to)
			on, ready = on+on1-on0, ready+ready1-ready0
		}
	}
	return on, ready
}

// Exact reports whether every slice is known.
func (t *Threads) Exact() bool { return !t.joined }

// Slices calls f, in time order, with each stretch between two times that thread tid was on a core. The recording must
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

// before returns how long thread i was on a core, and how long ready, before x.
func (t *Threads) before(i int32, x clock.Time) (on, ready time.Duration) {
	blocks, th := t.blocks[i], &t.Threads[i]
	k := sort.Search(len(blocks), func(k int) bool { return blocks[k].start > x }) - 1
	if k < 0 {
		return 0, 0
	}
	b, next := blocks[k], block{start: th.End, on: th.OnCPU, ready: th.Ready}
	if k+1 < len(blocks) {
		next = blocks[k+1]
	}
	x = min(x, next.start)
	on = part(next.on-b.on, min(x, b.end).Sub(b.start), b.end.Sub(b.start))
	// Ready time is off the core, so inside a joined block it grows as the time off the core does.
	off, all := x.Sub(b.start)-on, next.start.Sub(b.start)-(next.on-b.on)
	return b.on + on, b.ready + part(next.ready-b.ready, off, all)
}

// part returns the part of d that lies in the first x of a length.
func part(d, x, length time.Duration) time.Duration {
	if x == length {
		return d
	}
	if d == length {
		return x
	}
	return time.Duration(float64(d) * float64(x) / float64(length))
}
