package replay

import "github.com/corecurve/corecurve/analyze/cause"

// A Weight ranks a wait among those that compete for the time of idle Ps.
type Weight uint8

// The weights, from the first to be charged to the last.
const (
	Active     Weight = iota // shares the idle time with all other active waits
	Joining                  // waits for others to finish: charged only when no wait is active
	Doubtful                 // charged only once it has ended, if enough work followed
	Light                    // likewise, after those: little work has followed others of its kind
	NoWeight                 // never charged: goroutines of the runtime, waits forever, coroutine switches
	NumWeights = NoWeight
)

// A Wait classifies a wait.
type Wait struct {
	Cause  cause.Cause
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
