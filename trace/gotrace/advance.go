package gotrace

import (
	"errors"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/trace/limits"
)

var (
	errContext = errors.New("an event needs a goroutine, processor or thread that it does not have")
	errState   = errors.New("an event contradicts the state of its goroutine or processor")
	errNotYet  = errors.New("an event of another thread comes first")
)

// advance delivers the event of c, on its thread th, in ev, which must be zero, and applies it to the states of its
// goroutine, processor and thread. If the event is not possible yet it returns errNotYet and leaves all state as it
// was. Another error means that the trace is broken.
func (d *decoder) advance(c *cursor, th *thread, ev *Event) error {
	switch c.typ {
	case wireGoStart:
		return d.goStart(c, th, ev)
	case wireGoUnblock:
		return d.goUnblock(c, th, ev)
	case wireGoBlock:
		return d.goStop(c, th, ev, Waiting, wireWaiting)
	case wireGoStop:
		return d.goStop(c, th, ev, Runnable, wireRunnable)
	case wireGoDestroy:
		return d.goDestroy(c, th, ev)
	case wireGoCreate:
		return d.goCreate(c, th, ev, Runnable, wireRunnable)
	case wireGoCreateBlocked:
		return d.goCreate(c, th, ev, Waiting, wireWaiting)
	case wireGoSyscallBegin:
		return d.syscallBegin(c, th, ev)
	case wireGoSyscallEnd:
		return d.syscallEnd(c, th, ev)
	case wireGoSyscallEndBlocked:
		return d.syscallEndBlocked(c, th, ev)
	case wireGoSwitch, wireGoSwitchDestroy:
		return d.goSwitch(c, th, ev)
	case wireGoStatus, wireGoStatusStack:
		return d.goStatus(c, th, ev)
	case wireGoCreateSyscall:
		return d.createSyscall(c, th, ev)
	case wireGoDestroySyscall:
		return d.destroySyscall(c, th, ev)
	case wireProcStart, wireProcStop, wireProcSteal, wireProcStatus:
		return d.procEvent(c, th, ev)
	case wireGCActive, wireGCBegin, wireGCEnd:
		return d.gcEvent(c, th, ev)
	case noEvent:
		return c.fault
	default:
		return d.other(c, th, ev)
	}
}

// fill initialises ev, which must be zero, as the event of c on its thread. It sets field by field: a literal would be
// built elsewhere in small pieces and copied in large ones, which takes longer than all the rest.
func (d *states) fill(c *cursor, th *thread, ev *Event, kind Kind) {
	g := int64(None)
	if th.g != noG {
		g = d.gs[th.g].id
	}
	ev.Time, ev.G, ev.P, ev.M, ev.Subject, ev.Kind = c.time, g, th.p, th.id, None, kind
}

// running returns the goroutine that runs on the thread of c, which must have a processor. status is the state that it
// must have.
func (d *states) running(th *thread, status uint8) (*goroutine, error) {
	if th.g == noG || th.p == None {
		return nil, errContext
	}
	g := &d.gs[th.g]
	if g.status != status {
		return nil, errState
	}
	return g, nil
}

func (d *states) goStart(c *cursor, th *thread, ev *Event) error {
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireRunnable || c.arg(1) != d.gs[i].seq+1 {
		return errNotYet
	}
	if th.p == None || th.g != noG {
		return errContext
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Runnable, Running
	d.gs[i].status, d.gs[i].seq = wireRunning, c.arg(1)
	th.g = i
	return nil
}

func (d *states) goUnblock(c *cursor, th *thread, ev *Event) error {
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireWaiting || c.arg(1) != d.gs[i].seq+1 {
		return errNotYet
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Waiting, Runnable
	d.gs[i].status, d.gs[i].seq = wireRunnable, c.arg(1)
	var err error
	ev.Stack, err = d.stack(c.arg(2))
	return err
}

func (d *states) goStop(c *cursor, th *thread, ev *Event, to State, status uint8) error {
	g, err := d.running(th, wireRunning)
	if err != nil {
		return err
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, to
	if err := d.reason(ev, c.arg(0)); err != nil {
		return err
	}
	if ev.Stack, err = d.stack(c.arg(1)); err != nil {
		return err
	}
	ev.SubjectStack = ev.Stack
	g.status = status
	th.g = noG
	return nil
}

func (d *states) goDestroy(c *cursor, th *thread, ev *Event) error {
	g, err := d.running(th, wireRunning)
	if err != nil {
		return err
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, NotExist
	d.endG(th.g)
	th.g = noG
	return nil
}

func (d *states) goCreate(c *cursor, th *thread, ev *Event, to State, status uint8) (err error) {
	switch {
	case th.p == None:
		return errContext
	case th.g != noG && d.gs[th.g].status != wireRunning, d.find(c.arg(0)) != noG:
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), NotExist, to
	if ev.Stack, err = d.stack(c.arg(2)); err != nil {
		return err
	}
	if ev.SubjectStack, err = d.stack(c.arg(1)); err != nil {
		return err
	}
	d.newG(c.arg(0), status)
	return nil
}

// goSwitch switches from one coroutine to another: it delivers that the other is made ready, and queues that this one
// stops and the other starts.
func (d *states) goSwitch(c *cursor, th *thread, ev *Event) error {
	g, err := d.running(th, wireRunning)
	if err != nil {
		return err
	}
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireWaiting || c.arg(1) != d.gs[i].seq+1 {
		return errNotYet
	}
	d.fill(c, th, ev, GoTransition)
	stop, start := *ev, *ev
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Waiting, Runnable
	stop.Subject, stop.From, stop.To = g.id, Running, Waiting
	start.G, start.Subject, start.From, start.To = None, int64(c.arg(0)), Runnable, Running
	if c.typ == wireGoSwitchDestroy {
		stop.To = NotExist
		d.endG(th.g)
	} else {
		g.status = wireWaiting
	}
	d.queued = append(d.queued[:0], stop, start)
	d.gs[i].status, d.gs[i].seq = wireRunning, c.arg(1)
	th.g = i
	return nil
}

func (d *states) syscallBegin(c *cursor, th *thread, ev *Event) error {
	g, err := d.running(th, wireRunning)
	if err != nil {
		return err
	}
	p := d.proc(uint64(th.p))
	if p == nil || c.arg(0) != p.seq+1 {
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, Syscall
	if ev.Stack, err = d.stack(c.arg(1)); err != nil {
		return err
	}
	ev.SubjectStack = ev.Stack
	g.status = wireSyscall
	p.status, p.seq = wireProcSyscall, c.arg(0)
	return nil
}

func (d *states) syscallEnd(c *cursor, th *thread, ev *Event) error {
	g, err := d.running(th, wireSyscall)
	if err != nil {
		return err
	}
	p := d.proc(uint64(th.p))
	if p == nil || p.status != wireProcSyscall {
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Syscall, Running
	g.status, p.status = wireRunning, wireProcRunning
	return nil
}

// syscallEndBlocked ends a system call during which the processor was lost. The event that takes the processor away has
// to come first.
func (d *states) syscallEndBlocked(c *cursor, th *thread, ev *Event) error {
	if th.p != None {
		p := d.proc(uint64(th.p))
		if p == nil {
			return errState
		}
		if p.status == wireProcSyscall {
			return errNotYet
		}
	}
	if th.g == noG {
		return errContext
	}
	g := &d.gs[th.g]
	if g.status != wireSyscall {
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Syscall, Runnable
	g.status = wireRunnable
	th.g = noG
	return nil
}

// createSyscall begins a call of Go from a thread of C code.
func (d *states) createSyscall(c *cursor, th *thread, ev *Event) error {
	if th.g != noG {
		return errContext
	}
	if d.find(c.arg(0)) != noG {
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), NotExist, Syscall
	th.g = d.newG(c.arg(0), wireSyscall)
	return nil
}

// destroySyscall ends a call of Go from C. If the thread still has a processor, that counts as taken away, because the
// thread may never come back.
func (d *states) destroySyscall(c *cursor, th *thread, ev *Event) error {
	if th.g == noG {
		return errContext
	}
	if d.gs[th.g].status != wireSyscall {
		return errState
	}
	d.fill(c, th, ev, GoTransition)
	ev.Subject, ev.From, ev.To = ev.G, Syscall, NotExist
	if th.p != None {
		p := d.proc(uint64(th.p))
		if p == nil || p.status != wireProcSyscall {
			return errState
		}
		d.queued = append(d.queued[:0], *ev)
		*ev = Event{}
		d.fill(c, th, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = th.p, Running, Idle
		p.status = wireProcAbandoned
		th.p = None
	}
	d.endG(th.g)
	th.g = noG
	return nil
}

// goStatus delivers the state that a goroutine has had since before the generation.
func (d *states) goStatus(c *cursor, th *thread, ev *Event) error {
	id, m, status := c.arg(0), int64(c.arg(1)), c.arg(2)
	if status < wireRunnable || status > wireWaiting {
		return fmt.Errorf("goroutine %d has the state %d", id, status)
	}
	d.fill(c, th, ev, GoTransition)
	states := [...]State{wireRunnable: Runnable, wireRunning: Running, wireSyscall: Syscall, wireWaiting: Waiting}
	ev.Subject, ev.To = int64(id), states[status]
	i := d.find(id)
	switch {
	case i == noG:
		i = d.newG(id, uint8(status))
	case uint64(d.gs[i].status) != status:
		return errState
	default:
		ev.From = ev.To
		d.gs[i].seq = 0
	}
	if c.typ == wireGoStatusStack {
		var err error
		if ev.Stack, err = d.stack(c.arg(3)); err != nil {
			return err
		}
		ev.SubjectStack = ev.Stack
	}
	switch {
	case status == wireRunning, status == wireSyscall && m == th.id:
		th.g = i
	case status == wireSyscall && m == None:
		return errContext
	case status == wireSyscall: // on another thread, which has nothing else in this generation
		on := d.thread(m)
		if on.seen {
			if on.g != i {
				return errState
			}
			ev.G = int64(id)
		}
		on.seen, on.g = true, i
		ev.M = m
	}
	return nil
}

func (d *states) procEvent(c *cursor, th *thread, ev *Event) error {
	switch c.typ {
	case wireProcStart:
		p := d.proc(c.arg(0))
		if p == nil || p.status != wireProcIdle || c.arg(1) != p.seq+1 || th.p != None {
			return errNotYet
		}
		d.fill(c, th, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = int64(c.arg(0)), Idle, Running
		p.status, p.seq = wireProcRunning, c.arg(1)
		th.p = ev.Subject
		return nil
	case wireProcStop:
		p := d.proc(uint64(th.p))
		if p == nil || p.status != wireProcRunning && p.status != wireProcSyscall {
			return errState
		}
		d.fill(c, th, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = th.p, Running, Idle
		p.status = wireProcIdle
		th.p = None
		return nil
	case wireProcSteal:
		return d.procSteal(c, th, ev)
	default:
		return d.procStatus(c, th, ev)
	}
}

func (d *states) procSteal(c *cursor, th *thread, ev *Event) error {
	p := d.proc(c.arg(0))
	if p == nil || p.status != wireProcSyscall && p.status != wireProcAbandoned || c.arg(1) != p.seq+1 {
		return errNotYet
	}
	d.fill(c, th, ev, ProcTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Running, Idle
	if p.status == wireProcAbandoned {
		ev.From = Idle // it is unknown which thread had it
	} else {
		from := d.threads[int64(c.arg(2))]
		if from == nil || from.p != ev.Subject {
			return errState
		}
		from.p = None
	}
	p.status, p.seq = wireProcIdle, c.arg(1)
	return nil
}

func (d *states) procStatus(c *cursor, th *thread, ev *Event) error {
	id, status := c.arg(0), c.arg(1)
	if status < wireProcRunning || status > wireProcAbandoned || id >= limits.Ps {
		return fmt.Errorf("processor %d has the state %d", id, status)
	}
	if n := int(id) + 1; n > len(d.ps) {
		d.ps = slices.Grow(d.ps, n-len(d.ps))
		clear(d.ps[len(d.ps):n])
		d.ps = d.ps[:n]
	}
	d.fill(c, th, ev, ProcTransition)
	ev.Subject, ev.To = int64(id), Idle
	if status == wireProcRunning || status == wireProcSyscall {
		ev.To = Running
		th.p = ev.Subject
	}
	p := &d.ps[id]
	if p.status != 0 {
		if uint64(p.status) != status {
			return errState
		}
		ev.From = ev.To
	}
	p.status, p.seq = uint8(status), 0
	return nil
}

// gcEvent delivers a phase of garbage collection, which may begin on one thread and end on another.
func (d *states) gcEvent(c *cursor, th *thread, ev *Event) error {
	known := d.gcPhase != gcUnknown
	if known && c.arg(0) != d.gcSeq+1 || !known && c.typ == wireGCEnd {
		return errNotYet
	}
	phase := uint8(gcOn)
	switch c.typ {
	case wireGCActive:
		if known {
			return errState
		}
		d.fill(c, th, ev, RangeActive)
	case wireGCBegin:
		if d.gcPhase == gcOn {
			return errState
		}
		d.fill(c, th, ev, RangeBegin)
		var err error
		if ev.Stack, err = d.stack(c.arg(1)); err != nil {
			return err
		}
	default:
		if d.gcPhase != gcOn {
			return errState
		}
		d.fill(c, th, ev, RangeEnd)
		phase = gcOff
	}
	ev.Range = GCMark
	d.gcSeq, d.gcPhase = c.arg(0), phase
	return nil
}
