// Package timeline says who ran when: lanes of non-overlapping spans on one clock.
//
// The timeline of a run is made in three steps:
//
//  1. A [Builder] per process reads the steps of its replay. It keeps the state of every goroutine, its processor (P)
//     and its OS thread, and since when that holds. When any of it changes, it adds a span to the lanes of all three.
//  2. While a goroutine is inside a region "worker 3", and on its way there from its birth on, its spans go to the lane
//     of worker 3 instead of its own; inside a region "before" or "after" they go to the lane "serial". So each moment
//     of a goroutine is on one lane. Other regions, mainly those of tasks, become marks.
//  3. Where a worker has no goroutine it waits for the others, as in the ledger: [Join]. [Merge] joins the timelines of
//     several processes, which share a clock, and shows the workers of all as [Serial] while one process does a serial
//     part. [Timeline.Startup] and [Timeline.Ends] add what no trace can show.
//
// Memory is bounded however long the trace: a lane with too many spans is folded into a fixed number of bins that hold
// the time in each state, and their width doubles as the trace goes on; beyond a number of lanes, goroutines share
// them. Totals stay exact to the nanosecond. Rejected: thinning out short spans, for a lane with many spans consists of
// those.
package timeline

import (
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A State is what a lane is doing. Every picture has one fixed colour for each.
type State uint8

// The states of a lane.
const (
	Absent   State = iota // before its start or after its end
	Running               // user code on a P
	Ready                 // ready, without a P: runnable or preempted
	Lock                  // blocked by a lock or a condition
	Join                  // waiting for others to finish, as a worker does after its region
	Channel               // blocked by a channel operation or select
	Waiting               // sleeping, network, system call, input and output
	Dispatch              // waiting for the coordinator, which hands out tasks
	GC                    // garbage collection on the lane's own time: assist, sweep, stop the world, worker
	Serial                // nothing to do while a serial part runs
	Startup               // start and end of a process and its workers
	Others                // of a core: threads of the run that are none of its workers
	Unknown
	NumStates
)

// Shares is the fraction of an interval in each state; they add up to 1.
type Shares [NumStates]float64

// A Span is a stretch of one state.
type Span struct {
	Start, End clock.Time
	State      State
}

// A Mark is a named stretch on a lane, such as a task or a phase. Marks may overlap.
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
	P                         // a processor of Go's scheduler
	Thread                    // an OS thread
	Core                      // a processor core
)

// A Lane is one row of a timeline.
type Lane struct {
	Kind  LaneKind
	Rank  int    // of the process; -1 for the coordinator
	ID    int64  // number of the worker, goroutine, P or thread; SerialID; SharedID
	Name  string // "worker 3"
	Marks []Mark // by start
	// Spans are ordered and do not overlap. What lies between them is Absent: a P was idle or looking for work. A lane
	// with too many spans has none: use Shares, which works for all.
	Spans []Span

	bins *fold // instead of Spans

	left    clock.Time // of a worker: when it first left its region
	entered clock.Time // and when it last entered one
}

// Numbers of lanes that stand for no single worker, goroutine or thread.
const (
	SerialID = -1 // of kind Worker: the serial parts "before" and "after"
	SharedID = -2 // of kind Goroutine or Thread: all beyond the limit, by share
)

// A Timeline is the lanes of all processes of a run.
type Timeline struct {
	Start, End clock.Time // of the window
	Lanes      []Lane     // by kind, rank and number
	Warnings   []warning.Warning

	serial  []serialPart
	working []serialPart // when any worker of a process was in its region
}

// A serialPart is a serial part of the workload in one process, or a time in which it had workers.
type serialPart struct {
	rank     int
	from, to clock.Time
}
