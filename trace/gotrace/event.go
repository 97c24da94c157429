package gotrace

import "github.com/corecurve/corecurve/trace/clock"

// None is the number of a goroutine, processor or thread that does not exist.
const None = -1

// An Event is one event of a trace. It has no pointers and is meant to be reused.
//
// G, P and M are the context in which the event happened: the goroutine that caused it, on its processor and thread.
// They describe the moment before the event, and each may be None. When a goroutine is woken, it is the Subject of the
// transition, and G is the one that woke it.
type Event struct {
	Time clock.Time // strictly ascending within a trace

	G, P, M int64 // context: goroutine, processor (P), OS thread; or None

	// Subject is the goroutine or processor that the event is about: of a transition, of a label, and of a range that
	// belongs to one (see RangeKind).
	Subject int64

	// Value is that of a metric. For a Sync event with a clock snapshot it is what must be added to Time to get Unix
	// nanoseconds, and 0 for one without. For an Operated event it is an amount that Task has no room for.
	Value int64

	// Task is the number of the task of a task, region or log event; Parent is that task's parent. For an Operated event
	// it is the operation, packed.
	Task, Parent uint64

	Stack        StackID // of the context
	SubjectStack StackID // of the Subject: where it blocked or, when it is created, its start function

	// Name is the type of a region or task, the category of a log event (Reader.Message has the text), a label, the
	// cause of a stop-the-world range, or the name of something that has no constant here (ReasonOther, RangeOther,
	// MetricOther, Experimental).
	Name StringID

	Kind     Kind
	From, To State // of a transition
	Reason   Reason
	Range    RangeKind
	Metric   Metric
}

// A Kind says what kind of event an event is.
type Kind uint8

// The kinds of events.
const (
	BadKind Kind = iota
	GoTransition
	ProcTransition
	RangeBegin
	RangeActive // the range began before the trace did
	RangeEnd
	MetricValue
	RegionBegin
	RegionEnd
	TaskBegin
	TaskEnd
	Log
	Operated // a goroutine has done something with a lock, a channel or the like (Event.Operation)
	Label    // names the kind of GC worker that the goroutine is from now on
	StackSample
	Sync // a generation of the trace begins, or the trace ends
	Experimental
	// Gap says that a part of the trace could not be read: what was known about goroutines and processors is void, and
	// transitions from Undetermined say what they are afterwards.
	Gap
)

// A State is the state of a goroutine or processor.
type State uint8

// The states. Processors are Running or Idle; the others are states of goroutines.
const (
	Undetermined State = iota // only as From: the state was not known, and was To all along
	NotExist
	Runnable
	Running
	Waiting
	Syscall
	Idle
)

// A Reason says why a goroutine stopped running.
type Reason uint8

// The reasons for which the Go runtime stops a goroutine.
const (
	NoReason Reason = iota // also that of a coroutine switch (iter.Pull)
	Preempted
	Gosched
	Forever // blocked for good: select {}, or a nil channel
	Network
	Select
	CondWait
	SyncWait // mutex, read-write mutex or WaitGroup: the stack says which
	ChanSend
	ChanReceive
	Sleep
	GCAssistWait
	GCSweepWait // of the background sweeper
	UntilGCEnds
	GCWeakToStrong
	SystemWait // of a goroutine of the runtime
	DebugCall
	Synctest
	Unspecified
	ReasonOther // Name says which
)

// A RangeKind says what a range is.
type RangeKind uint8

// The ranges. A stop-the-world range and a mark assist belong to a goroutine, a sweep to a processor, the mark phase to
// the process.
const (
	NoRange RangeKind = iota
	StopTheWorld
	GCMark
	GCMarkAssist
	GCSweep
	RangeOther
)

// A Metric is a number that the trace records whenever it changes.
type Metric uint8

// The metrics.
const (
	NoMetric Metric = iota
	GOMAXPROCS
	HeapObjects // bytes
	HeapGoal    // bytes
	MetricOther
)

// parseReason returns the reason that a trace calls s, or ReasonOther.
func parseReason(s string) Reason {
	switch s {
	case "":
		return NoReason
	case "preempted":
		return Preempted
	case "runtime.Gosched":
		return Gosched
	case "forever":
		return Forever
	case "network":
		return Network
	case "select":
		return Select
	case "sync.(*Cond).Wait":
		return CondWait
	case "sync":
		return SyncWait
	case "chan send":
		return ChanSend
	case "chan receive":
		return ChanReceive
	case "sleep":
		return Sleep
	case "GC mark assist wait for work":
		return GCAssistWait
	case "GC background sweeper wait":
		return GCSweepWait
	case "wait until GC ends":
		return UntilGCEnds
	case "GC weak to strong wait":
		return GCWeakToStrong
	case "system goroutine wait":
		return SystemWait
	case "wait for debug call":
		return DebugCall
	case "synctest":
		return Synctest
	case "unspecified":
		return Unspecified
	}
	return ReasonOther
}
