package replay

import "github.com/corecurve/corecurve/analyze/cause"

// A Code is a cause as a small number, so that accounts can be arrays indexed by it.
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

// Cause returns the cause that c stands for.
func (c Code) Cause() cause.Cause {
	if c >= NumCodes {
		return cause.Unknown
	}
	return [NumCodes]cause.Cause{
		cause.User, cause.GCDedicated, cause.GCIdle, cause.GCAssist, cause.GCSweep, cause.GCSTW, cause.Syscall,
		cause.Runtime,
		cause.Tracer, cause.SchedLatency, cause.Mutex, cause.RWMutex, cause.ChanSend, cause.ChanRecv, cause.Select,
		cause.Join, cause.Cond,
		cause.Sleep, cause.Net, cause.BlockSyscall, cause.IO, cause.Futex, cause.Serial, cause.Startup, cause.Teardown,
		cause.Dispatch,
		cause.Preempted, cause.Unknown,
	}[c]
}

// A Weight ranks a wait among those that compete for the time of idle Ps.
type Weight uint8

// The weights, from the first to be charged to the last.
const (
	Active     Weight = iota // shares the idle time with all other active waits
	Joining                  // waits for others to finish: charged only when no wait is active
	Dormant                  // charged only when no other wait is and nothing runs
	NoWeight                 // never charged: goroutines of the runtime, waits forever, coroutine switches
	NumWeights = NoWeight
)

// A Wait classifies a wait.
type Wait struct {
	Code   Code
	Weight Weight
}

// A Whose says who a goroutine works for.
type Whose uint8

// The possible owners of goroutines.
const (
	OfProgram Whose = iota
	OfGC            // a background worker of the garbage collector
	OfRuntime       // the rest of the Go runtime
	OfTracer        // the tracer and the profiler
)
