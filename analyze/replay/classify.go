package replay

import (
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/marker"
)

// A classifier classifies stacks, each only once.
type classifier struct {
	symbols *gotrace.Symbols
	stacks  []stackInfo // by StackID
}

// A stackInfo is what a stack tells.
type stackInfo struct {
	looked  bool
	sync    Wait // the wait of a goroutine that waits there for the reason "sync"
	initial Wait // the wait of one that was waiting there before the trace began, which comes without a reason
	join    bool // a channel receive there waits for workers to finish
	tracer  bool // it records: whatever it waits for there, the recording does
	restart bool // the world is being restarted: the network poller, not this goroutine, wakes others
	whose   Whose
}

func (c *classifier) info(id gotrace.StackID) *stackInfo {
	for int(id) >= len(c.stacks) {
		c.stacks = append(c.stacks, stackInfo{})
	}
	s := &c.stacks[id]
	if !s.looked {
		*s = look(c.symbols.Stack(id))
	}
	return s
}

// whose returns whose the goroutine is that starts at, or has as a whole, this stack.
func (c *classifier) whose(id gotrace.StackID) Whose { return c.info(id).whose }

// restarts reports whether the stack restarts the world.
func (c *classifier) restarts(id gotrace.StackID) bool { return id != 0 && c.info(id).restart }

// wait returns the wait that a transition begins. A wait of the recorder, or of a goroutine that is not the program's,
// has no weight.
func (c *classifier) wait(ev *gotrace.Event, whose Whose) Wait {
	if c.info(ev.SubjectStack).tracer {
		return Wait{cause.Tracer, NoWeight}
	}
	w := c.ofReason(ev.Reason, ev.SubjectStack)
	if ev.From == gotrace.Undetermined {
		w = c.info(ev.SubjectStack).initial
	}
	if whose != OfProgram {
		w.Weight = NoWeight
		if w.Cause == cause.Unknown {
			w.Cause = cause.Runtime
		}
	}
	return w
}

// ofReason returns the wait for reason r at stack id.
func (c *classifier) ofReason(r gotrace.Reason, id gotrace.StackID) Wait {
	switch r {
	case gotrace.SyncWait:
		return c.info(id).sync
	case gotrace.ChanReceive:
		if c.info(id).join {
			return Wait{cause.Join, Joining}
		}
		return Wait{cause.ChanRecv, Active}
	case gotrace.ChanSend:
		return Wait{cause.ChanSend, Active}
	case gotrace.Select:
		return Wait{cause.Select, Active}
	case gotrace.CondWait:
		return Wait{cause.Cond, Active}
	case gotrace.Sleep:
		return Wait{cause.Sleep, Active}
	case gotrace.Network:
		return Wait{cause.Net, Active}
	case gotrace.GCAssistWait, gotrace.UntilGCEnds, gotrace.GCWeakToStrong:
		return Wait{cause.GCAssist, Active} // all three wait for marking to end
	case gotrace.Preempted:
		return Wait{cause.SchedLatency, NoWeight} // the stack of the goroutine is being scanned
	case gotrace.NoReason:
		return Wait{cause.Unknown, NoWeight} // a coroutine switch is a call: the other side runs on
	case gotrace.SystemWait, gotrace.GCSweepWait:
		return Wait{cause.Runtime, NoWeight}
	case gotrace.Forever:
		return Wait{cause.ChanRecv, NoWeight}
	default:
		return Wait{cause.Unknown, Active}
	}
}

// endedBy returns what a wait was for that goroutine by ended, or None: a wait at a channel that nobody of the program
// ended was for a timer.
func endedBy(by int32, w Wait) Wait {
	if by == None && (w.Cause == cause.ChanRecv || w.Cause == cause.Select) {
		w.Cause = cause.Sleep
	}
	return w
}

// look classifies a stack.
func look(stack []gotrace.Frame) stackInfo {
	s := stackInfo{looked: true, sync: syncWait(stack), whose: whose(stack)}
	for _, f := range stack {
		s.restart = s.restart || strings.HasPrefix(f.Func, "runtime.startTheWorld")
		s.join = s.join || marker.IsJoin(f.Func)
		s.tracer = s.tracer || records(f.Func)
	}
	s.initial = Wait{initialCause(stack, s.sync), Doubtful}
	return s
}

// records reports whether a function of the library starts, stops or makes a recording: the program that calls it waits
// for the tracer or the profiler, or until there is enough of a recording. runtime/trace.WithRegion and
// runtime/pprof.Do are none of them: the program runs inside.
func records(f string) bool {
	switch f {
	case "runtime/trace.Start", "runtime/trace.Stop", "runtime.StartTrace", "runtime.StopTrace", "runtime.traceAdvance",
		"runtime/pprof.StartCPUProfile", "runtime/pprof.StopCPUProfile":
		return true
	}
	for _, prefix := range [...]string{
		"net/http/pprof.", "runtime/trace.(*FlightRecorder).", "golang.org/x/exp/trace.(*FlightRecorder).",
	} {
		if strings.HasPrefix(f, prefix) {
			return true
		}
	}
	return false
}

// whose tells whose a goroutine is by its outermost frame, that of its start function.
func whose(stack []gotrace.Frame) Whose {
	if len(stack) == 0 {
		return OfProgram
	}
	start := stack[len(stack)-1].Func
	if start == "runtime.goexit" && len(stack) > 1 {
		start = stack[len(stack)-2].Func
	}
	return WhoseOf(start)
}

// WhoseOf tells whose a goroutine is that starts in a function, by the names that releases of Go from 1.11 on have
// used.
func WhoseOf(start string) Whose {
	begins := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(start, p) })
	}
	switch {
	case start == "runtime.main", begins("runtime.main.", "runtime.cgocallback", "os/signal.NotifyContext"):
		return OfProgram
	case begins("runtime.gcBgMark"):
		return OfGC
	case begins("runtime/trace.", "runtime.traceStartReadCPU", "runtime.(*traceAdvancerState)",
		"runtime/pprof.profileWriter"):
		return OfTracer
	case begins("runtime.", "internal/runtime/", "os/signal.", "unique.runtime_"):
		return OfRuntime
	}
	return OfProgram
}

// syncWait tells the waits apart to which the trace gives the one reason "sync", by the four innermost frames: enough
// for sync.(*Mutex).Lock inside sync.(*Once).Do inside a lock of a package's own.
func syncWait(stack []gotrace.Frame) Wait {
	top := stack[:min(len(stack), 4)]
	for _, f := range top {
		switch {
		case strings.HasPrefix(f.Func, "sync.(*RWMutex)"):
			return Wait{cause.RWMutex, Active}
		case strings.HasPrefix(f.Func, "sync.(*WaitGroup).Wait"): // not WaitGroup.Go: whole goroutines run below that
			return Wait{cause.Join, Joining}
		case strings.HasPrefix(f.Func, "internal/poll."):
			return Wait{cause.IO, Active} // the lock of a file descriptor
		case f.Func == "runtime.gcStart", f.Func == "runtime.gcMarkDone", f.Func == "runtime.GC",
			strings.HasPrefix(f.Func, "runtime.stopTheWorld"):
			return Wait{cause.GCSTW, Active}
		}
	}
	for _, f := range top {
		if strings.HasPrefix(f.Func, "sync.") || strings.HasPrefix(f.Func, "internal/sync.") {
			return Wait{cause.Mutex, Active}
		}
	}
	return Wait{cause.Unknown, Active}
}

// initialCause returns the cause of a wait of which only the stack is known.
func initialCause(stack []gotrace.Frame, sync Wait) cause.Cause {
	for _, f := range stack[:min(len(stack), 4)] {
		switch {
		case strings.HasPrefix(f.Func, "runtime.chansend"):
			return cause.ChanSend
		case strings.HasPrefix(f.Func, "runtime.chanrecv"):
			return cause.ChanRecv
		case f.Func == "runtime.selectgo", f.Func == "runtime.block":
			return cause.Select
		case f.Func == "sync.runtime_notifyListWait", f.Func == "sync.(*Cond).Wait":
			return cause.Cond
		case f.Func == "time.Sleep":
			return cause.Sleep
		case f.Func == "internal/poll.runtime_pollWait":
			return cause.Net
		}
	}
	return sync.Cause
}
