package gotrace

import (
	"math"
	"strings"

	exptrace "golang.org/x/exp/trace"

	"github.com/corecurve/corecurve/trace/clock"
)

// Groups of events that tend to have the same stack, besides those of transitions to each state for each reason.
const (
	startStacks      = 1
	otherStacks      = 2
	annotationStacks = 8 // and the 7 after it
)

// convert fills ev from e. It takes a pointer, and does not keep it, so that e stays off the heap.
func (w *whole) convert(e *exptrace.Event, ev *Event) {
	*ev = Event{
		G: int64(e.Goroutine()), P: int64(e.Proc()), M: int64(e.Thread()),
		Subject: None,
	}
	switch kind := e.Kind(); kind {
	case exptrace.EventStateTransition:
		w.convertTransition(e, ev)
	case exptrace.EventRangeBegin, exptrace.EventRangeActive, exptrace.EventRangeEnd:
		w.convertRange(e, ev)
	case exptrace.EventSync:
		convertSync(e, ev)
	case exptrace.EventMetric:
		w.convertMetric(e, ev)
	case exptrace.EventLabel:
		l := e.Label()
		ev.Kind = Label
		ev.Name = w.symbols.Intern(l.Label)
		if l.Resource.Kind == exptrace.ResourceGoroutine {
			ev.Subject = int64(l.Resource.Goroutine())
		}
	case exptrace.EventStackSample:
		ev.Kind = StackSample
		ev.Stack = w.stack(e.Stack(), otherStacks)
	case exptrace.EventExperimental:
		ev.Kind = Experimental
		ev.Name = w.symbols.Intern(e.Experimental().Name)
	default:
		w.convertAnnotation(e, kind, ev)
	}
	ev.Time = clock.Time(e.Time())
}

func (w *whole) convertTransition(e *exptrace.Event, ev *Event) {
	s := e.StateTransition()
	switch s.Resource.Kind {
	case exptrace.ResourceGoroutine:
		from, to := s.Goroutine()
		ev.Kind = GoTransition
		ev.Subject = int64(s.Resource.Goroutine())
		ev.From, ev.To = goState(from), goState(to)
		if s.Reason != "" {
			if ev.Reason = parseReason(s.Reason); ev.Reason == ReasonOther {
				ev.Name = w.symbols.Intern(s.Reason)
			}
		}
		st := e.Stack()
		if st != exptrace.NoStack {
			ev.Stack = w.stack(st, uint8(ev.To)<<5|uint8(ev.Reason)) // there are fewer than 32 reasons
		}
		switch s.Stack {
		case st:
			ev.SubjectStack = ev.Stack
		case exptrace.NoStack:
		default:
			ev.SubjectStack = w.stack(s.Stack, startStacks)
		}
	case exptrace.ResourceProc:
		from, to := s.Proc()
		ev.Kind = ProcTransition
		ev.Subject = int64(s.Resource.Proc())
		ev.From, ev.To = procState(from), procState(to)
		if st := e.Stack(); st != exptrace.NoStack {
			ev.Stack = w.stack(st, otherStacks)
		}
	}
}

func goState(s exptrace.GoState) State {
	switch s {
	case exptrace.GoNotExist:
		return NotExist
	case exptrace.GoRunnable:
		return Runnable
	case exptrace.GoRunning:
		return Running
	case exptrace.GoWaiting:
		return Waiting
	case exptrace.GoSyscall:
		return Syscall
	default:
		return Undetermined
	}
}

func procState(s exptrace.ProcState) State {
	switch s {
	case exptrace.ProcNotExist:
		return NotExist
	case exptrace.ProcRunning:
		return Running
	case exptrace.ProcIdle:
		return Idle
	default:
		return Undetermined
	}
}

func (w *whole) convertRange(e *exptrace.Event, ev *Event) {
	switch e.Kind() {
	case exptrace.EventRangeBegin:
		ev.Kind = RangeBegin
	case exptrace.EventRangeActive:
		ev.Kind = RangeActive
	default:
		ev.Kind = RangeEnd
	}
	if st := e.Stack(); st != exptrace.NoStack {
		ev.Stack = w.stack(st, otherStacks)
	}
	g := e.Range()
	switch g.Name {
	case "GC concurrent mark phase":
		ev.Range = GCMark
	case "GC mark assist":
		ev.Range = GCMarkAssist
	case "GC incremental sweep":
		ev.Range = GCSweep
	default:
		if cause, ok := strings.CutPrefix(g.Name, "stop-the-world ("); ok {
			ev.Range = StopTheWorld
			ev.Name = w.symbols.Intern(strings.TrimSuffix(cause, ")"))
		} else {
			ev.Range = RangeOther
			ev.Name = w.symbols.Intern(g.Name)
		}
	}
	switch g.Scope.Kind {
	case exptrace.ResourceGoroutine:
		ev.Subject = int64(g.Scope.Goroutine())
	case exptrace.ResourceProc:
		ev.Subject = int64(g.Scope.Proc())
	}
}

// convertSync leaves in Task how far CLOCK_MONOTONIC is ahead of the trace's clock; only the Reader can apply that.
func convertSync(e *exptrace.Event, ev *Event) {
	ev.Kind = Sync
	snap := e.Sync().ClockSnapshot
	if snap == nil {
		return
	}
	mono := int64(snap.Mono)
	ev.Value = snap.Wall.UnixNano() - mono
	ev.Task = uint64(mono - int64(snap.Trace))
}

func (w *whole) convertMetric(e *exptrace.Event, ev *Event) {
	m := e.Metric()
	ev.Kind = MetricValue
	switch m.Name {
	case "/sched/gomaxprocs:threads":
		ev.Metric = GOMAXPROCS
	case "/memory/classes/heap/objects:bytes":
		ev.Metric = HeapObjects
	case "/gc/heap/goal:bytes":
		ev.Metric = HeapGoal
	default:
		ev.Metric = MetricOther
		ev.Name = w.symbols.Intern(m.Name)
	}
	if m.Value.Kind() == exptrace.ValueUint64 {
		ev.Value = int64(min(m.Value.Uint64(), math.MaxInt64)) // "no heap goal" is all ones
	}
	if st := e.Stack(); st != exptrace.NoStack {
		ev.Stack = w.stack(st, otherStacks)
	}
}

// convertAnnotation converts what programs put into their own traces: tasks, regions and logs.
func (w *whole) convertAnnotation(e *exptrace.Event, kind exptrace.EventKind, ev *Event) {
	switch kind {
	case exptrace.EventRegionBegin, exptrace.EventRegionEnd:
		g := e.Region()
		ev.Kind = RegionBegin
		if kind == exptrace.EventRegionEnd {
			ev.Kind = RegionEnd
		}
		ev.Task = uint64(g.Task)
		ev.Name = w.symbols.Intern(g.Type)
	case exptrace.EventTaskBegin, exptrace.EventTaskEnd:
		t := e.Task()
		ev.Kind = TaskBegin
		if kind == exptrace.EventTaskEnd {
			ev.Kind = TaskEnd
		}
		ev.Task, ev.Parent = uint64(t.ID), uint64(t.Parent)
		ev.Name = w.symbols.Intern(t.Type)
	case exptrace.EventLog:
		l := e.Log()
		ev.Kind = Log
		ev.Task = uint64(l.Task)
		ev.Name = w.symbols.Intern(l.Category)
		w.message = l.Message
		if l.Category == OperationCategory {
			operated(ev, l.Message)
		}
	default:
		return
	}
	if st := e.Stack(); st != exptrace.NoStack {
		ev.Stack = w.stack(st, annotationStacks+uint8(ev.Name%4)*2+uint8(ev.Kind)%2)
	}
}

// A knownStack is a stack of the generation with its number in the Symbols.
type knownStack struct {
	stack exptrace.Stack
	id    StackID
}

// stack interns s. It compares s with the last two stacks of similar events before it looks in the map, because
// programs do the same thing over and over.
func (w *whole) stack(s exptrace.Stack, like uint8) StackID {
	recent := &w.recent[like]
	if recent[0].stack == s {
		return recent[0].id
	}
	if recent[1].stack == s {
		recent[0], recent[1] = recent[1], recent[0]
		return recent[0].id
	}
	id, ok := w.stacks[s]
	if !ok {
		id = w.internStack(s)
	}
	recent[1] = recent[0]
	recent[0] = knownStack{stack: s, id: id}
	return id
}

func (w *whole) internStack(s exptrace.Stack) StackID {
	var frames []Frame
	for f := range s.Frames() {
		frames = append(frames, Frame{Func: f.Func, File: f.File, Line: int(min(f.Line, math.MaxInt32))})
	}
	id := w.symbols.InternStack(frames)
	w.stacks[s] = id
	return id
}
