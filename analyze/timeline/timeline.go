// Package timeline says who ran when: lanes of non-overlapping spans on one clock.
//
// The timeline of a run is made in three steps:
//
//  1. A [Builder] per process is fed the events of the process's trace as they are read. It keeps for every goroutine,
//     processor (P) and OS thread the state that it is in and since when, and adds a span to its lane when that changes.
//  2. While a goroutine is inside a region "worker 3", its spans go to the lane of worker 3 instead of its own; inside
//     a region "before" or "after" they go to the lane "serial". So each moment of a goroutine is on one lane. Other regions, those
//     of tasks above all, become marks.
//  3. [Merge] puts the timelines of several processes onto one axis, which their clock allows, and shows the workers of all as
//     [Serial] while one process does the serial part. [Timeline.Startup] adds what no trace can show.
//
// Memory is bounded however long the trace: a lane keeps exact spans up to a limit and then folds into a fixed number of bins that
// hold the time in each state, whose width doubles as the trace goes on; beyond a number of lanes goroutines share lanes. Totals
// stay exact to the nanosecond. Rejected: thinning out short spans, which are what a lane with many spans consists of.
package timeline

import (
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A State is what a lane was doing. Every picture has one fixed colour for each.
type State uint8

// The states of a lane.
const (
	Absent  State = iota // before its start or after its end
	Running              // user code on a P
	Ready                // runnable or preempted: ready, without a P
	Lock                 // blocked by a mutex, read-write mutex, condition or join
	Channel              // blocked by a channel operation or select
	Waiting              // sleeping, network, system call, input and output
	GC                   // garbage collection on the lane's own time: assist, sweep, stop the world, worker
	Serial               // the lane has nothing to do while a serial part runs
	Startup              // process start, dispatch, teardown
	Unknown              // not known
	NumStates
)

// Shares is the fraction of an interval that a lane spent in each state; they add up to 1.
type Shares [NumStates]float64

// A Span is a stretch of one state.
type Span struct {
	Start, End clock.Time
	State      State
}

// A Mark is a named stretch on a lane that does not exclude others: a task, a phase.
type Mark struct {
	Start, End clock.Time
	Label      string
}

// A LaneKind says what a lane stands for.
type LaneKind uint8

// The kinds of lanes.
const (
	Worker    LaneKind = iota // a worker of the workload
	Goroutine                 // any other goroutine
	P                         // a scheduler processor of a Go process
	Thread                    // an OS thread
	Core                      // a processor core
)

// A Lane is one row of a timeline.
type Lane struct {
	Kind  LaneKind
	Rank  int    // of the process; -1: the coordinator
	ID    int64  // worker, goroutine, P or thread number; SerialID: the lane of serial parts; SharedID: of those beyond the limit
	Name  string // "worker 3"
	Marks []Mark // ordered by Start; they may overlap
	// Spans are ordered and do not overlap. What lies between them is Absent: on a P it was idle or looking for work. A lane
	// that is not Exact has none: use Shares, which works for all.
	Spans []Span

	bins *fold // nil: the lane is exact
}

// Numbers of lanes that stand for no single worker, goroutine or thread.
const (
	SerialID = -1 // of kind Worker: whoever ran the serial parts "before" and "after"
	SharedID = -2 // of kind Goroutine or Thread: all beyond the limit together, by share
)

// A Timeline is all lanes of one run, of all its processes.
type Timeline struct {
	Start, End clock.Time // of the part that is shown
	Lanes      []Lane     // ordered by kind, rank and number
	Warnings   []warning.Warning

	serial []serialPart
}

// A serialPart is when a process ran a serial part of the workload.
type serialPart struct {
	rank     int
	from, to clock.Time
}
