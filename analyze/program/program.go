// Package program keeps what every goroutine of a recorded program did, as short lists of operations, so that package
// simulate can replay the program on other numbers of cores.
//
// A [Builder] is a fold over the steps of a replay. It
//
//  1. keeps for every goroutine of the program what it did in turn: it ran for a time, created another, waited, ended
//     the wait of another, was outside for a time. When it ran and on which P is forgotten: that is what a simulation
//     decides anew;
//  2. takes a wait that no goroutine of the program ended (a timer, the network) for a delay that takes as long as it
//     did, and one for the garbage collector or the recorder for none;
//  3. takes the operations on locks, channels and WaitGroups where the trace tells them. They then stand for the waits
//     that they ended, for whether one has to wait there depends on the schedule;
//  4. keeps which chunk of tasks a worker of a workload did, where the marks of package marker tell it: any other
//     worker could have done it;
//  5. takes out of the time that goroutines ran what it took them to wake idle Ps: which are idle is a matter of the
//     schedule, and a simulation adds it where one is;
//  6. adds up what the garbage collector ran for in each of its cycles, and measures what it costs to switch goroutines
//     and to wake an idle P.
//
// A trace without such operations does not tell all dependences. Two are added (see package critical): a join waits for
// all siblings created at the same place that had ended by then, and what ends the wait of a sender has waited for that
// sender to arrive, which package simulate sees to.
//
// An operation has 16 bytes, a wait 40; an event of a trace makes one of each at most.
package program

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// None stands for no goroutine, wait or object.
const None = -1

// A Kind says what an operation is.
type Kind uint8

// The kinds of operations. Those from Lock on need a trace that has them.
const (
	Run     Kind = iota // run for D nanoseconds; Ref is the call stack at the end of them
	Outside             // be without a P for D nanoseconds; Ref is a cause
	Create              // create goroutine Ref
	Wake                // end wait Ref
	Block               // begin wait Ref
	Yield               // let others run
	Collect             // begin cycle Ref of the garbage collector
	Take                // take Chunk Ref of a workload's tasks: what follows is what was done with it
	Leave               // find no more chunks: the goroutine is a worker of its Crew no longer
	Lock                // acquire Object Ref
	Unlock              // release it
	RLock               // acquire it for reading
	RUnlock             // release it as a reader
	Send                // send to channel Ref
	Recv                // receive from it
	Close               // close it
	Add                 // add D to WaitGroup Ref; of a Done, -1
	Wait                // wait until it is 0
)

// Flags say more about an operation.
type Flags uint8

// The flags.
const (
	Collecting Flags = 1 << iota // of a Run: it is for the garbage collector
	Selected                     // of a Send or Recv: it is a case of a select
	Ended                        // of a Recv: the channel was closed and empty
	Tried                        // it was in a select with a default, or a TryLock: it does not wait, but may not be done
	Kept                         // of a Lock: nobody unlocks it any more, nor acquires it
	waking                       // of a Run, until the program is finished: an idle P was woken at its beginning
)

// An Op is one thing that a goroutine did. Of operations that may have to wait, D is when it was done in the recording,
// in nanoseconds since the beginning.
type Op struct {
	Kind  Kind
	Flags Flags
	Ref   int32
	D     int64
}

// A Goroutine is one goroutine of the program.
type Goroutine struct {
	ID      int64
	Ops     []Op
	Start   gotrace.StackID
	Name    gotrace.StringID // of its start function
	Site    gotrace.StackID  // where it was created
	Creator int32            // None: it was there from the beginning, or nothing of the program created it
	Born    int64            // nanoseconds since the beginning
	Died    int64            // if Over
	Runtime bool             // it is not the program's, and has no operations
	Over    bool             // it ended within the recording
	Idle    bool             // at the end it waits for something outside the program: nobody waits for it
}

// A Pause is a wait of a goroutine that another one ended, or that did not end.
type Pause struct {
	G, By int32           // who waited, and who ended it
	Stack gotrace.StackID // where
	Cause cause.Cause
	Open  bool // it did not end within the recording
	// Joins are further goroutines that must have ended: Program.Joins from First on, Count of them.
	First, Count int32
	End          int64 // nanoseconds since the beginning
}

// A Chunk is tasks Lo … Hi-1 of a workload, which one worker did in a row.
type Chunk struct {
	Lo, Hi     int
	Begin, End int64 // nanoseconds since the beginning; End is 0 if the recording ends before
	Took       int64 // nanoseconds that it ran and was outside, without those for which it had no P
	Waited     bool  // for another goroutine
}

// A Crew is the workers of a workload in one process: goroutines that take chunks of tasks until there are no more.
// Which of them takes which is a matter of the schedule, unless tasks are dealt evenly beforehand.
type Crew struct {
	Workers []int32 // goroutines, in the order of the worker numbers
	Guessed bool    // no mark tells it: they ran for different times and ended together
}

// An Object is a lock, channel or WaitGroup.
type Object struct {
	Stack    gotrace.StackID // where it was made, or used first
	Capacity int             // of a channel
	Items    int             // that were in it at the beginning; of a WaitGroup, its count then
}

// A Latency is what the scheduler of the recorded program took, the median of what was seen. 0: it was not seen often
// enough.
type Latency struct {
	Switch time.Duration // from the end of one goroutine's turn to the beginning of the next on the same P
	Wake   time.Duration // until an idle P that was woken runs; the lower quartile
	Waker  time.Duration // of whoever wakes it, as far as the trace tells the operation for which it is woken
}

// A Program is what a recorded program did.
type Program struct {
	Rank       int // of the process
	Goroutines []Goroutine
	Pauses     []Pause
	Joins      []int32
	Objects    []Object
	Chunks     []Chunk
	Crews      []Crew
	Cycles     []time.Duration // running time of the garbage collector in each cycle
	Marking    time.Duration   // of that, and of what goroutines did to help it
	Awaits     int             // how often goroutines called runtime.GC and waited for the end of a cycle
	Awaited    time.Duration   // for how long, in all: no operation tells it
	Latency    Latency
	Samples    Samples // none if running times are those on cores, by records of the OS
	Symbols    *gotrace.Symbols

	Recorded time.Duration // length of the recording
	Ps       int           // the most that there were; 0: not known
	Late     time.Duration // of delays that a timer ended while no P was idle to see to it: they may have been shorter
	Lost     int           // parts of the trace that could not be read
	Synced   bool          // the trace tells the operations on locks, channels and WaitGroups
}

// Work returns how long goroutines of the program ran, without the garbage collector's workers.
func (p *Program) Work() time.Duration {
	var sum int64
	for i := range p.Goroutines {
		sum += p.Goroutines[i].Ran()
	}
	return time.Duration(sum)
}

// Main reports whether g runs main.
func (g *Goroutine) Main() bool { return g.ID == replay.MainGoroutine }

// Turns returns how often g yielded, did nothing but run for no longer than brief and yielded again, and how long it ran
// in all of these turns, of which there are so many in a row at least.
func (g *Goroutine) Turns(brief time.Duration, least int) (n int, took int64) {
	row, ran, of := 0, int64(0), int64(0)
	begun := false
	end := func() {
		if row >= least {
			n, took = n+row, took+of
		}
		row, of = 0, 0
	}
	for _, op := range g.Ops {
		switch op.Kind {
		case Run:
			ran += op.D
			continue
		case Yield:
			if begun && ran <= int64(brief) {
				row, of = row+1, of+ran
			} else {
				end()
			}
		default:
			end()
		}
		begun, ran = op.Kind == Yield, 0
	}
	end()
	return n, took
}

// Ran returns how long g ran, in nanoseconds.
func (g *Goroutine) Ran() int64 {
	var sum int64
	for _, op := range g.Ops {
		if op.Kind == Run {
			sum += op.D
		}
	}
	return sum
}
