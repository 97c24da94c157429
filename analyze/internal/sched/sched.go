// Package sched says what the events of Go's scheduler mean: which cause a wait belongs to, whose goroutine it is, and where in a dense slice
// a goroutine is kept.
package sched

import "github.com/corecurve/corecurve/analyze/cause"

// A Code is a cause as a small number, so that accounts can be arrays.
type Code uint8

// The codes, in the order of cause.All.
const (
	User Code = iota
	GCDedicated
	GCIdle
	GCAssist
	GCSweep
	GCSTW
	Syscall
	Runtime
	Tracer
	SchedLatency
	Mutex
	RWMutex
	ChanSend
	ChanRecv
	Select
	Join
	Cond
	Sleep
	Net
	BlockSyscall
	IO
	Futex
	Serial
	Startup
	Teardown
	Dispatch
	Preempted
	Unknown
	NumCodes
)

// Cause is the cause that c stands for.
func (c Code) Cause() cause.Cause {
	if c >= NumCodes {
		return cause.Unknown
	}
	return [NumCodes]cause.Cause{
		cause.User, cause.GCDedicated, cause.GCIdle, cause.GCAssist, cause.GCSweep, cause.GCSTW, cause.Syscall, cause.Runtime,
		cause.Tracer, cause.SchedLatency, cause.Mutex, cause.RWMutex, cause.ChanSend, cause.ChanRecv, cause.Select, cause.Join, cause.Cond,
		cause.Sleep, cause.Net, cause.BlockSyscall, cause.IO, cause.Futex, cause.Serial, cause.Startup, cause.Teardown, cause.Dispatch,
		cause.Preempted, cause.Unknown,
	}[c]
}

// A Weight says how a wait competes for the time of idle Ps.
type Weight uint8

// The weights of waits, from the first to be asked to the last.
const (
	Active     Weight = iota // shares the idle time with all that are blocked
	Joining                  // waits for others to finish: only when nobody of the above is blocked
	Dormant                  // only when nobody else is blocked and nobody runs
	None                     // never: goroutines of the runtime, waits for good, coroutine switches
	NumWeights = None
)

// A Wait is what a wait is.
type Wait struct {
	Code   Code
	Weight Weight
}

// A Kind says whose a goroutine is.
type Kind uint8

// The kinds of goroutines.
const (
	UserKind    Kind = iota
	GCKind           // background worker of the garbage collector
	RuntimeKind      // of the Go runtime
	TracerKind       // of the tracer and the profiler
)

// A recentSlot is a goroutine that was looked up lately.
type recentSlot struct {
	id   int64
	slot int32 // plus one; 0: none
}

// An Index finds the slot of a goroutine by its number. Its zero value is empty and ready.
type Index struct {
	slots  map[int64]int32
	recent [4096]recentSlot // by the low bits of the number
}

// Find returns the slot of goroutine id.
func (x *Index) Find(id int64) (slot int32, ok bool) {
	c := &x.recent[uint64(id)%uint64(len(x.recent))]
	if c.slot != 0 && c.id == id {
		return c.slot - 1, true
	}
	slot, ok = x.slots[id]
	if ok {
		*c = recentSlot{id, slot + 1}
	}
	return slot, ok
}

// Put gives goroutine id a slot.
func (x *Index) Put(id int64, slot int32) {
	if x.slots == nil {
		x.slots = make(map[int64]int32)
	}
	x.slots[id] = slot
	x.recent[uint64(id)%uint64(len(x.recent))] = recentSlot{id, slot + 1}
}

// Drop forgets goroutine id.
func (x *Index) Drop(id int64) {
	delete(x.slots, id)
	if c := &x.recent[uint64(id)%uint64(len(x.recent))]; c.id == id {
		c.slot = 0
	}
}
