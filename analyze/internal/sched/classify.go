package sched

import (
	"strings"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Classifier says what stacks mean, and looks at each only once.
type Classifier struct {
	Symbols *gotrace.Symbols

	stacks []stackInfo // by StackID
}

// A stackInfo is what is known of a stack.
type stackInfo struct {
	looked  bool
	sync    Wait // if a goroutine waits there for the reason "sync"
	initial Wait // if it was waiting there before the trace began, which gives no reason
	pool    bool // a receive there waits for workers to finish
	restart bool // the world is being restarted: what becomes runnable was found by the network poller
	kind    Kind // of a goroutine with this start
}

func (c *Classifier) info(id gotrace.StackID) *stackInfo {
	for int(id) >= len(c.stacks) {
		c.stacks = append(c.stacks, stackInfo{})
	}
	s := &c.stacks[id]
	if !s.looked {
		*s = look(c.Symbols.Stack(id))
	}
	return s
}

// Kind is the kind of a goroutine whose stack that is, if it is its start, or any stack of it whole.
func (c *Classifier) Kind(id gotrace.StackID) Kind { return c.info(id).kind }

// Restarts says whether that stack restarts the world.
func (c *Classifier) Restarts(id gotrace.StackID) bool { return id != 0 && c.info(id).restart }

// Initial is the wait of a goroutine that was waiting at that stack before the trace began.
func (c *Classifier) Initial(id gotrace.StackID) Wait { return c.info(id).initial }

// Wait is the wait for that reason at that stack.
func (c *Classifier) Wait(r gotrace.Reason, id gotrace.StackID) Wait {
	switch r {
	case gotrace.SyncWait:
		return c.info(id).sync
	case gotrace.ChanReceive:
		if c.info(id).pool {
			return Wait{Join, Joining}
		}
		return Wait{ChanRecv, Active}
	case gotrace.ChanSend:
		return Wait{ChanSend, Active}
	case gotrace.Select:
		return Wait{Select, Active}
	case gotrace.CondWait:
		return Wait{Cond, Active}
	case gotrace.Sleep:
		return Wait{Sleep, Active}
	case gotrace.Network:
		return Wait{Net, Active}
	case gotrace.GCAssistWait, gotrace.UntilGCEnds, gotrace.GCWeakToStrong:
		return Wait{GCAssist, Active} // all three wait for marking
	case gotrace.Preempted:
		return Wait{SchedLatency, None} // its stack is being scanned
	case gotrace.NoReason:
		return Wait{Unknown, None} // a coroutine switch is a call: the other side goes on
	case gotrace.SystemWait, gotrace.GCSweepWait:
		return Wait{Runtime, None}
	case gotrace.Forever:
		return Wait{ChanRecv, None}
	default:
		return Wait{Unknown, Active}
	}
}

// look classifies a stack.
func look(stack []gotrace.Frame) stackInfo {
	s := stackInfo{looked: true, sync: syncWait(stack), kind: kind(stack)}
	for _, f := range stack {
		s.restart = s.restart || strings.HasPrefix(f.Func, "runtime.startTheWorld")
		s.pool = s.pool || strings.HasSuffix(f.Func, "corecurve/trace/workload.(*pool).run")
	}
	s.initial = Wait{initialCode(stack, s.sync), Dormant}
	return s
}

// kind says whose goroutine it is by the outermost frame, which is that of its start function.
func kind(stack []gotrace.Frame) Kind {
	if len(stack) == 0 {
		return UserKind
	}
	start := stack[len(stack)-1].Func
	if start == "runtime.goexit" && len(stack) > 1 {
		start = stack[len(stack)-2].Func
	}
	switch {
	case start == "runtime.main" || strings.HasPrefix(start, "runtime.main."):
		return UserKind
	case start == "runtime.gcBgMarkWorker":
		return GCKind
	case strings.HasPrefix(start, "runtime/trace."), strings.HasPrefix(start, "runtime.traceStartReadCPU"),
		strings.HasPrefix(start, "runtime.(*traceAdvancerState)"), strings.HasPrefix(start, "runtime/pprof.profileWriter"):
		return TracerKind
	case strings.HasPrefix(start, "runtime."), strings.HasPrefix(start, "os/signal."):
		return RuntimeKind
	}
	return UserKind
}

// syncWait tells the waits apart for which the trace gives the one reason "sync". The frames that tell are the innermost: four
// are enough for sync.(*Mutex).Lock inside sync.(*Once).Do inside a package's own lock.
func syncWait(stack []gotrace.Frame) Wait {
	top := stack[:min(len(stack), 4)]
	for _, f := range top {
		switch {
		case strings.HasPrefix(f.Func, "sync.(*RWMutex)"):
			return Wait{RWMutex, Active}
		case strings.HasPrefix(f.Func, "sync.(*WaitGroup).Wait"): // not Go, below which whole goroutines run
			return Wait{Join, Joining}
		case strings.HasPrefix(f.Func, "internal/poll."):
			return Wait{IO, Active} // the lock of a file descriptor
		case f.Func == "runtime.gcStart", strings.HasPrefix(f.Func, "runtime.stopTheWorld"), f.Func == "runtime.GC":
			return Wait{GCSTW, Active}
		}
	}
	for _, f := range top {
		if strings.HasPrefix(f.Func, "sync.") || strings.HasPrefix(f.Func, "internal/sync.") {
			return Wait{Mutex, Active}
		}
	}
	return Wait{Unknown, Active}
}

// initialCode is the code of a wait of which only the stack is known.
func initialCode(stack []gotrace.Frame, sync Wait) Code {
	for _, f := range stack[:min(len(stack), 4)] {
		switch {
		case strings.HasPrefix(f.Func, "runtime.chansend"):
			return ChanSend
		case strings.HasPrefix(f.Func, "runtime.chanrecv"):
			return ChanRecv
		case f.Func == "runtime.selectgo", f.Func == "runtime.block":
			return Select
		case f.Func == "sync.runtime_notifyListWait", f.Func == "sync.(*Cond).Wait":
			return Cond
		case f.Func == "time.Sleep":
			return Sleep
		case f.Func == "internal/poll.runtime_pollWait":
			return Net
		}
	}
	return sync.Code
}
