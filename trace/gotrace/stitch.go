package gotrace

import (
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
)

// clockSlack is how far the trace's clock may be from CLOCK_MONOTONIC and still count as the same. On Linux they differ
// by the trace's tick of 64 ns and the time between two readings; moving times by that would only add noise.
const clockSlack = clock.Time(1e6)

// A stitch is what is carried from one generation to the next, so that generations that were each read by themselves
// give the events of the whole trace:
//
//   - Each generation states every goroutine and processor that it has, as if it were new. After the first generation
//     goroutines are known, and the state is only confirmed.
//   - A processor that is new came with a larger GOMAXPROCS.
//   - A task may end in another generation than it began in, which then does not have its name.
//   - The clock's offset is that of the first generation, and times keep ascending.
//
// Not carried is which goroutine a thread has. A thread that takes a processor when it returns from a system call of
// the previous generation does so on no goroutine, until the goroutine's state is given.
type stitch struct {
	offset     clock.Time // from the trace's clock to CLOCK_MONOTONIC
	clockKnown bool

	later bool // the previous generation was read to its end
	gap   bool // a generation could not be read
	procs []carried
	tasks map[uint64]task
}

// carried is what is known about a processor.
type carried struct {
	state State
	// abandoned says that its goroutine has left it in a system call, which only the previous generation could tell.
	abandoned bool
}

type task struct {
	name   StringID
	parent uint64
}

// next is called when a generation was read to its end.
func (s *stitch) next() { s.later = true }

// lost is called when a generation could not be read: from then on nothing is known.
func (s *stitch) lost() {
	s.later, s.gap = false, true
	s.procs = s.procs[:0]
}

// deliver completes the events of the buffer. It drops the first that refers to what it cannot, and those after it. gap
// says that the first event is a Gap, which is not delivered alone.
func (r *Reader) deliver(gap bool) error {
	last := r.last
	events, stacks := r.buffer.events(), r.resolver.stacks
	var err error
	for i := range events {
		ev := &events[i]
		if stacks != nil { // else they are resolved
			stack, own := stacks[ev.Stack], stacks[ev.SubjectStack]
			if ev.Name == 0 && stack != unresolved && own != unresolved {
				ev.Stack, ev.SubjectStack = stack, own
			} else if fault := r.resolver.resolve(ev); fault != nil {
				err, r.buffer.n = fault, i
				break
			}
		}
		if ev.Kind != GoTransition || ev.From == Undetermined || ev.From == ev.To {
			r.join(ev)
		}
		last = max(ev.Time+r.stitch.offset, last+1)
		ev.Time = last
	}
	switch n := r.buffer.n; {
	case n == 0:
	case gap && n == 1:
		r.buffer.reset()
	default:
		r.stitch.gap = false
		r.last = last
		r.events += int64(n)
	}
	return err
}

// join fits an event to what was known before its generation.
func (r *Reader) join(ev *Event) {
	switch ev.Kind {
	case GoTransition:
		if ev.From == Undetermined && r.stitch.later {
			ev.From = ev.To
		}
		if ev.From == ev.To {
			ev.G, ev.P, ev.M = None, None, None
		}
	case ProcTransition:
		if r.whole == nil {
			r.stitch.proc(ev)
		}
		if ev.From == ev.To {
			ev.G, ev.P, ev.M = None, None, None
		}
	case RangeActive:
		ev.G, ev.P, ev.M = None, None, None
	case TaskBegin, TaskEnd:
		if r.whole == nil {
			r.stitch.task(ev)
		}
	case Sync:
		if !r.stitch.clockKnown && ev.Value != 0 {
			// The first snapshot serves the whole trace: a new offset for every generation could turn time back.
			r.stitch.clockKnown = true
			if d := clock.Time(int64(ev.Task)); d > clockSlack || d < -clockSlack {
				r.stitch.offset = d
			}
		}
		ev.Task = 0
	}
}

// proc completes a transition of a processor and remembers the state to which it leads.
func (s *stitch) proc(ev *Event) {
	id := ev.Subject
	if id < 0 || id >= limits.Ps {
		return
	}
	for int64(len(s.procs)) <= id {
		s.procs = append(s.procs, carried{})
	}
	p := &s.procs[id]
	switch {
	case ev.From == Undetermined && s.later:
		switch {
		case p.state == Undetermined:
			ev.From = NotExist
		case p.state == Running && ev.To == Idle:
			ev.From, ev.To = Running, Running
			p.abandoned = true
		default:
			ev.From = ev.To
		}
	case p.abandoned:
		if p.abandoned = false; ev.From == Idle && ev.To == Idle {
			ev.From = Running
		}
	}
	p.state = ev.To
}

// task remembers the name of a task until it ends.
func (s *stitch) task(ev *Event) {
	if ev.Kind == TaskBegin {
		if s.tasks == nil {
			s.tasks = make(map[uint64]task)
		}
		s.tasks[ev.Task] = task{ev.Name, ev.Parent}
		return
	}
	if t, ok := s.tasks[ev.Task]; ok {
		ev.Name, ev.Parent = t.name, t.parent
		delete(s.tasks, ev.Task)
	}
}
