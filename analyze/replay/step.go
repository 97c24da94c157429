package replay

import (
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// None is the number of a slot, P or worker that is not there.
const None = -1

// MaxProcs is the number of Ps that are believed. An event of a P beyond it is damaged.
const MaxProcs = 1 << 16

// A Kind says what a step is.
type Kind uint8

// The kinds of steps. Those from Born to Sample are about goroutine G.
const (
	Tick        Kind = iota // nothing has changed but the time
	Born                    // the slot G stands for goroutine number ID
	Named                   // where it starts is known from now on: the outermost frame is Stack, the function is called Name
	Change                  // the state has changed, from Was to State
	Lost                    // its P has been taken away: from a system call, or (Odd) because another goroutine has it
	Shift                   // what its time goes to may have changed: a range of the garbage collector
	Relabel                 // as Shift, and it is a worker of the garbage collector from now on
	Enter                   // it is worker number ID of the workload from now on
	Leave                   // it no longer is
	Refused                 // it would be worker number ID, but another goroutine is (Odd), or it is a worker already
	SerialBegin             // it begins a serial part of the workload, called Name
	SerialEnd               // it ends one; without a Name because it ends itself
	RegionBegin             // it begins another region, called Name
	RegionEnd               // it ends one that may have begun before the recording did
	Stray                   // it ends the region of a worker or a serial part that began before the recording did
	Sample                  // it was seen running at Stack
	Thread                  // the slot M stands for OS thread number ID
	Procs                   // GOMAXPROCS is ID
	Proc                    // P number P has started or stopped
	Sync                    // a generation of the trace begins, or the trace ends
	Whole                   // a whole generation has been told since the latest Gap
	Gap                     // a part of the trace could not be read; all states are unknown
)

// A Stop says whether a goroutine has stopped the world.
type Stop uint8

// The stops.
const (
	NotStopping   Stop = iota
	StoppingGC         // for the garbage collector, or on behalf of the program
	StoppingTrace      // to start or stop the tracer
)

// A Step is one thing that happened. Fields that do not apply to its kind are not set.
//
// P, M and the fields from State to Stop describe goroutine G after the step. A Step is 64 bytes: folds read many.
type Step struct {
	Time  clock.Time
	Since clock.Time // of a Change: from when on G has been in its state; Time, or earlier if the trace tells it late
	ID    int64      // the number that a slot stands for, or of a worker or of Ps

	G  int32 // slot; None
	By int32 // of a Change: slot of the goroutine that ended the wait of G or created it; None
	P  int32 // that G has; of Proc: the P that it is about; None
	M  int32 // slot of the OS thread that G is on; None

	Stack   gotrace.StackID  // where G is; of a Change: where it was, which is where it waits from now on
	ByStack gotrace.StackID  // where the event was made: by By, if there is one
	Name    gotrace.StringID // of a region, of a start function

	Kind  Kind
	From  gotrace.State // of a Change: the state that the trace says it was in
	Was   gotrace.State // of a Change: the state that it was in as far as is known
	State gotrace.State
	Code  Code // what the time of G goes to
	Wait  Wait // while State is Waiting, or G has lost its P in a system call
	Whose Whose
	Stop  Stop
	Odd   bool // the trace contradicts itself, or names a P that cannot be
}
