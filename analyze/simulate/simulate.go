package simulate

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Costs is what the scheduler takes.
type Costs struct {
	Switch  time.Duration // to put a goroutine on a P
	Wake    time.Duration // until an idle P runs
	Waker   time.Duration // of the P that wakes another
	Spin    time.Duration // how long a P that has run dry looks for work before it is idle
	Steal   time.Duration // until what runs next on a busy P may be taken
	Quantum time.Duration // how often goroutines are preempted that ran already the time before; 0: never
}

// spinning is how long a P that still looks for work takes to find some.
const spinning = 300 * time.Nanosecond

// Usual are the costs where nothing is known of the machine: those of Go 1.26 on Linux on a common server.
func Usual() Costs {
	return Costs{
		Switch: 200 * time.Nanosecond, Wake: 5 * time.Microsecond, Waker: 2 * time.Microsecond,
		Spin: 5 * time.Microsecond, Steal: 57 * time.Microsecond, Quantum: 10 * time.Millisecond,
	}
}

// Locks say how locks are handed on.
type Locks uint8

// The models of locks.
const (
	GoLocks    Locks = iota // whoever comes first, until one has waited for 1 ms
	IdealLocks              // in order of arrival, at no cost
)

// A Config says what to replay.
type Config struct {
	Ps    int // from 1 on
	Costs Costs
	Locks Locks

	Greedy      bool // no queues by P: any P that is free takes what has been ready for longest
	NoCollector bool // the garbage collector takes no time
	// Workers is how many each pool has; 0: as recorded. A pool that takes its items from a channel has no fewer than
	// there were.
	Workers int
	Even    bool // chunks of tasks are dealt evenly beforehand; otherwise, as far as the recording tells, as they were

	// Without reports whether the lock that was waited for, or used first, at a call stack is none. nil: no lock is.
	Without func(gotrace.StackID) bool
	// Faster returns how many times as fast what ran at a call stack is. nil: all of it is as it was.
	Faster func(gotrace.StackID) float64

	unlimited bool
}

// A Result is what came of a replay.
type Result struct {
	Time   time.Duration // until all had ended
	Busy   time.Duration // of all Ps, for the program
	Forced int           // operations that were forced
	Stuck  bool          // it was given up: too many had to be forced
	Path   []Step        // of Span: what the longest chain consists of, largest first
}

// A Step is the part of the longest chain that is of one kind.
type Step struct {
	Time   time.Duration
	Stack  gotrace.StackID // of what ran
	Object int32           // the lock that was held meanwhile; program.None
	Cause  cause.Cause     // User, or what was outside
}
