package replay

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// None stands for no slot, P or worker.
const None = -1

// MainGoroutine is the number of the goroutine that runs main, which every program waits for.
const MainGoroutine = 1

// A Kind says what a step is.
type Kind uint8

// The kinds of steps. Those from Born to Operated are about goroutine G.
const (
	Tick        Kind = iota // nothing but the time has changed
	Born                    // slot G stands for goroutine number ID from now on; with what Named says, if it is known
	Named                   // its start is known: the outermost frame is Stack, the function is called Name
	Change                  // the state has changed from Was to State
	Lost                    // its P was taken away: from a system call, or (Odd) because another goroutine has it
	Shift                   // what its time goes to may have changed: a range of the garbage collector
	Relabel                 // as Shift; whose it is has changed
	Enter                   // it becomes worker number ID of the workload
	Leave                   // it is a worker no longer
	Refused                 // it claims to be worker number ID, but is a worker already, or (Odd) another goroutine is
	SerialBegin             // it begins a serial part of the workload, called Name
	SerialEnd               // it ends a serial part; without a Name because the goroutine ends
	RegionBegin             // it begins any other region, called Name
	RegionEnd               // it ends such a region, which may have begun before the recording
	Stray                   // it ends the region of a worker or a serial part that began before the recording
	Sample                  // it was seen running at Stack
	Operated                // it has done Op with the channel, lock or the like that Object returns, at Stack if that is known
	Thread                  // slot M stands for OS thread number ID
	Procs                   // GOMAXPROCS is ID
	Proc                    // P has started or stopped
	Sync                    // a generation begins, or the trace ends
	Whole                   // a whole generation has been read since the latest Gap
	Gap                     // part of the trace could not be read; all states are unknown
)

// A Stop says whether, and for what, a goroutine has stopped the world.
type Stop uint8

// The values of Stop.
const (
	NotStopping   Stop = iota
	StoppingGC         // for the garbage collector, or on behalf of the program
	StoppingTrace      // to start or stop the tracer
)

// A Step is one thing that happened. Fields that its kind does not need are not set.
//
// P, M and the fields from State to Stop describe goroutine G after the step. A Step has 64 bytes, for folds read many.
type Step struct {
	Time  clock.Time
	Since clock.Time // of a Change: the time from which State holds; before Time if the trace tells it late
	ID    int64      // number of what a slot stands for, of a worker, or of Ps; of an Operated: see Object and Amount

	G  int32 // slot; None
	By int32 // of a Change: the goroutine that ended the wait of G or created it; None
	P  int32 // of G; of a Proc: the P that it is about; None
	M  int32 // slot of the OS thread of G; None

	Stack   gotrace.StackID  // where G is; of a Change: where it was, and so where it waits
	ByStack gotrace.StackID  // where the event was made: the stack of By, if set; of an Operated: see Origin
	Name    gotrace.StringID // of a region or start function; of a Shift: why the world begins to be stopped

	Kind  Kind
	From  gotrace.State // of a Change: the previous state by the trace
	Was   gotrace.State // of a Change: the previous state as far as known
	State gotrace.State
	Cause cause.Cause // what the time of G goes to from now on
	// Wait is that of G while State is Waiting, or it has lost its P in a system call; of a Change that ends a wait, what
	// that was for, which at a channel only its end tells.
	Wait  Wait
	Whose Whose
	Stop  Stop
	// Odd says that the trace contradicts itself or names an impossible P; of an Operated, that there are too many
	// objects, and all have other numbers from here on.
	Odd bool

	Op   gotrace.Op // of an Operated
	Mode gotrace.Mode
}

// Object returns the number of what an Operated step is about. Numbers count up from 0 in the order in which objects
// are first seen. Something else that later has the same address gets another number, as far as operations tell.
func (s *Step) Object() int32 { return int32(s.ID) }

// Amount returns the capacity of the channel of an Operated step, or what it adds to a WaitGroup.
func (s *Step) Amount() int32 { return int32(s.ID >> 32) }

// Origin returns where the object of an Operated step was made or, unless made is set, used first as far as the trace
// tells; 0: not known. Of locks and WaitGroups, which are just there, no trace tells where they were made.
func (s *Step) Origin() (stack gotrace.StackID, made bool) {
	return s.ByStack, s.Mode&gotrace.Made != 0
}
