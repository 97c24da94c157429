package replay

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
	NoWeight                 // never: goroutines of the runtime, waits for good, coroutine switches
	NumWeights = NoWeight
)

// A Wait is what a wait is.
type Wait struct {
	Code   Code
	Weight Weight
}

// A Whose says whose a goroutine is.
type Whose uint8

// Whose goroutines there are.
const (
	OfProgram Whose = iota
	OfGC            // a background worker of the garbage collector
	OfRuntime       // of the Go runtime
	OfTracer        // of the tracer and the profiler
)
