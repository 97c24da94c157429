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
)

// advance delivers the event of c in ev, which must be zero, and applies it to the states of its goroutine, processor
// and thread. If the event is not possible yet it returns false and leaves all state as it was. An error means that the
// trace is broken.
func (d *decoder) advance(c *cursor, ev *Event) (ok bool, err error) {
	c.thread.seen = true
	switch c.typ {
	case wireGoStart:
		return d.goStart(c, ev)
	case wireGoUnblock:
		return d.goUnblock(c, ev)
	case wireGoBlock:
		return true, d.goStop(c, ev, Waiting, wireWaiting)
	case wireGoStop:
		return true, d.goStop(c, ev, Runnable, wireRunnable)
	case wireGoDestroy:
		return true, d.goDestroy(c, ev)
	case wireGoCreate:
		return true, d.goCreate(c, ev, Runnable, wireRunnable)
	case wireGoCreateBlocked:
		return true, d.goCreate(c, ev, Waiting, wireWaiting)
	case wireGoSyscallBegin:
		return true, d.syscallBegin(c, ev)
	case wireGoSyscallEnd:
		return true, d.syscallEnd(c, ev)
	case wireGoSyscallEndBlocked:
		return d.syscallEndBlocked(c, ev)
	case wireGoSwitch, wireGoSwitchDestroy:
		return d.goSwitch(c, ev)
	case wireGoStatus, wireGoStatusStack:
		return true, d.goStatus(c, ev)
	case wireGoCreateSyscall:
		return true, d.createSyscall(c, ev)
	case wireGoDestroySyscall:
		return true, d.destroySyscall(c, ev)
	case wireProcStart, wireProcStop, wireProcSteal, wireProcStatus:
		return d.procEvent(c, ev)
	case wireGCActive, wireGCBegin, wireGCEnd:
		return d.gcEvent(c, ev)
	case noEvent:
		return false, c.fault
	default:
		return true, d.other(c, ev)
	}
}

// fill initialises ev, which must be zero, as an event on the thread of c. It sets field by field: a literal would be
// built elsewhere in small pieces and copied in large ones, which takes longer than all the rest.
func (d *states) fill(c *cursor, ev *Event, kind Kind) {
	ev.Time, ev.G, ev.P, ev.M, ev.Subject, ev.Kind = c.time, None, c.thread.p, c.thread.id, None, kind
	if c.thread.g != noG {
		ev.G = d.gs[c.thread.g].id
	}
}

// running returns the goroutine that runs on the thread of c, which must have a processor. status is the state that it
// must have.
func (d *states) running(c *cursor, status uint8) (*goroutine, error) {
	if c.thread.g == noG || c.thread.p == None {
		return nil, errContext
	}
	g := &d.gs[c.thread.g]
	if g.status != status {
		return nil, errState
	}
	return g, nil
}

func (d *states) goStart(c *cursor, ev *Event) (bool, error) {
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireRunnable || c.arg(1) != d.gs[i].seq+1 {
		return false, nil
	}
	if c.thread.p == None || c.thread.g != noG {
		return false, errContext
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Runnable, Running
	d.gs[i].status, d.gs[i].seq = wireRunning, c.arg(1)
	c.thread.g = i
	return true, nil
}

func (d *states) goUnblock(c *cursor, ev *Event) (bool, error) {
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireWaiting || c.arg(1) != d.gs[i].seq+1 {
		return false, nil
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Waiting, Runnable
	d.gs[i].status, d.gs[i].seq = wireRunnable, c.arg(1)
	var err error
	ev.Stack, err = d.stack(c.arg(2))
	return true, err
}

func (d *states) goStop(c *cursor, ev *Event, to State, status uint8) error {
	g, err := d.running(c, wireRunning)
	if err != nil {
		return err
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, to
	if err := d.reason(ev, c.arg(0)); err != nil {
		return err
	}
	if ev.Stack, err = d.stack(c.arg(1)); err != nil {
		return err
	}
	ev.SubjectStack = ev.Stack
	g.status = status
	c.thread.g = noG
	return nil
}

func (d *states) goDestroy(c *cursor, ev *Event) error {
	g, err := d.running(c, wireRunning)
	if err != nil {
		return err
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, NotExist
	d.endG(c.thread.g)
	c.thread.g = noG
	return nil
}

func (d *states) goCreate(c *cursor, ev *Event, to State, status uint8) (err error) {
	switch {
	case c.thread.p == None:
		return errContext
	case c.thread.g != noG && d.gs[c.thread.g].status != wireRunning, d.find(c.arg(0)) != noG:
		return errState
	}
	d.fill(c, ev, GoTransition)
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
func (d *states) goSwitch(c *cursor, ev *Event) (bool, error) {
	g, err := d.running(c, wireRunning)
	if err != nil {
		return false, err
	}
	i := d.find(c.arg(0))
	if i == noG || d.gs[i].status != wireWaiting || c.arg(1) != d.gs[i].seq+1 {
		return false, nil
	}
	d.fill(c, ev, GoTransition)
	stop, start := *ev, *ev
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Waiting, Runnable
	stop.Subject, stop.From, stop.To = g.id, Running, Waiting
	start.G, start.Subject, start.From, start.To = None, int64(c.arg(0)), Runnable, Running
	if c.typ == wireGoSwitchDestroy {
		stop.To = NotExist
		d.endG(c.thread.g)
	} else {
		g.status = wireWaiting
	}
	d.queued = append(d.queued[:0], stop, start)
	d.gs[i].status, d.gs[i].seq = wireRunning, c.arg(1)
	c.thread.g = i
	return true, nil
}

func (d *states) syscallBegin(c *cursor, ev *Event) error {
	g, err := d.running(c, wireRunning)
	if err != nil {
		return err
	}
	p := d.proc(uint64(c.thread.p))
	if p == nil || c.arg(0) != p.seq+1 {
		return errState
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Running, Syscall
	if ev.Stack, err = d.stack(c.arg(1)); err != nil {
		return err
	}
	ev.SubjectStack = ev.Stack
	g.status = wireSyscall
	p.status, p.seq = wireProcSyscall, c.arg(0)
	return nil
}

func (d *states) syscallEnd(c *cursor, ev *Event) error {
	g, err := d.running(c, wireSyscall)
	if err != nil {
		return err
	}
	p := d.proc(uint64(c.thread.p))
	if p == nil || p.status != wireProcSyscall {
		return errState
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Syscall, Running
	g.status, p.status = wireRunning, wireProcRunning
	return nil
}

// syscallEndBlocked ends a system call during which the processor was lost. The event that takes the processor away has
// to come first.
func (d *states) syscallEndBlocked(c *cursor, ev *Event) (bool, error) {
	if c.thread.p != None {
		p := d.proc(uint64(c.thread.p))
		if p == nil {
			return false, errState
		}
		if p.status == wireProcSyscall {
			return false, nil
		}
	}
	if c.thread.g == noG {
		return false, errContext
	}
	g := &d.gs[c.thread.g]
	if g.status != wireSyscall {
		return false, errState
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = g.id, Syscall, Runnable
	g.status = wireRunnable
	c.thread.g = noG
	return true, nil
}

// createSyscall begins a call of Go from a thread of C code.
func (d *states) createSyscall(c *cursor, ev *Event) error {
	if c.thread.g != noG {
		return errContext
	}
	if d.find(c.arg(0)) != noG {
		return errState
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), NotExist, Syscall
	c.thread.g = d.newG(c.arg(0), wireSyscall)
	return nil
}

// destroySyscall ends a call of Go from C. If the thread still has a processor, that counts as taken away, because the
// thread may never come back.
func (d *states) destroySyscall(c *cursor, ev *Event) error {
	if c.thread.g == noG {
		return errContext
	}
	if d.gs[c.thread.g].status != wireSyscall {
		return errState
	}
	d.fill(c, ev, GoTransition)
	ev.Subject, ev.From, ev.To = ev.G, Syscall, NotExist
	if c.thread.p != None {
		p := d.proc(uint64(c.thread.p))
		if p == nil || p.status != wireProcSyscall {
			return errState
		}
		d.queued = append(d.queued[:0], *ev)
		*ev = Event{}
		d.fill(c, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = c.thread.p, Running, Idle
		p.status = wireProcAbandoned
		c.thread.p = None
	}
	d.endG(c.thread.g)
	c.thread.g = noG
	return nil
}

// goStatus delivers the state that a goroutine has had since before the generation.
func (d *states) goStatus(c *cursor, ev *Event) error {
	id, m, status := c.arg(0), int64(c.arg(1)), c.arg(2)
	if status < wireRunnable || status > wireWaiting {
		return fmt.Errorf("goroutine %d has the state %d", id, status)
	}
	d.fill(c, ev, GoTransition)
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
	case status == wireRunning, status == wireSyscall && m == c.thread.id:
		c.thread.g = i
	case status == wireSyscall && m == None:
		return errContext
	case status == wireSyscall: // on another thread, which has nothing else in this generation
		th := d.thread(m)
		if th.seen {
			if th.g != i {
				return errState
			}
			ev.G = int64(id)
		}
		th.seen, th.g = true, i
		ev.M = m
	}
	return nil
}

func (d *states) procEvent(c *cursor, ev *Event) (bool, error) {
	switch c.typ {
	case wireProcStart:
		p := d.proc(c.arg(0))
		if p == nil || p.status != wireProcIdle || c.arg(1) != p.seq+1 || c.thread.p != None {
			return false, nil
		}
		d.fill(c, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = int64(c.arg(0)), Idle, Running
		p.status, p.seq = wireProcRunning, c.arg(1)
		c.thread.p = ev.Subject
		return true, nil
	case wireProcStop:
		p := d.proc(uint64(c.thread.p))
		if p == nil || p.status != wireProcRunning && p.status != wireProcSyscall {
			return false, errState
		}
		d.fill(c, ev, ProcTransition)
		ev.Subject, ev.From, ev.To = c.thread.p, Running, Idle
		p.status = wireProcIdle
		c.thread.p = None
		return true, nil
	case wireProcSteal:
		return d.procSteal(c, ev)
	default:
		return true, d.procStatus(c, ev)
	}
}

func (d *states) procSteal(c *cursor, ev *Event) (bool, error) {
	p := d.proc(c.arg(0))
	if p == nil || p.status != wireProcSyscall && p.status != wireProcAbandoned || c.arg(1) != p.seq+1 {
		return false, nil
	}
	d.fill(c, ev, ProcTransition)
	ev.Subject, ev.From, ev.To = int64(c.arg(0)), Running, Idle
	if p.status == wireProcAbandoned {
		ev.From = Idle // it is unknown which thread had it
	} else {
		th := d.threads[int64(c.arg(2))]
		if th == nil || th.p != ev.Subject {
			return false, errState
		}
		th.p = None
	}
	p.status, p.seq = wireProcIdle, c.arg(1)
	return true, nil
}

func (d *states) procStatus(c *cursor, ev *Event) error {
	id, status := c.arg(0), c.arg(1)
	if status < wireProcRunning || status > wireProcAbandoned || id >= limits.Ps {
		return fmt.Errorf("processor %d has the state %d", id, status)
	}
	if n := int(id) + 1; n > len(d.ps) {
		d.ps = slices.Grow(d.ps, n-len(d.ps))
		clear(d.ps[len(d.ps):n])
		d.ps = d.ps[:n]
	}
	d.fill(c, ev, ProcTransition)
	ev.Subject, ev.To = int64(id), Idle
	if status == wireProcRunning || status == wireProcSyscall {
		ev.To = Running
		c.thread.p = ev.Subject
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
func (d *states) gcEvent(c *cursor, ev *Event) (bool, error) {
	known := d.gcPhase != gcUnknown
	if known && c.arg(0) != d.gcSeq+1 || !known && c.typ == wireGCEnd {
		return false, nil
	}
	phase := uint8(gcOn)
	switch c.typ {
	case wireGCActive:
		if known {
			return false, errState
		}
		d.fill(c, ev, RangeActive)
	case wireGCBegin:
		if d.gcPhase == gcOn {
			return false, errState
		}
		d.fill(c, ev, RangeBegin)
		var err error
		if ev.Stack, err = d.stack(c.arg(1)); err != nil {
			return false, err
		}
	default:
		if d.gcPhase != gcOn {
			return false, errState
		}
		d.fill(c, ev, RangeEnd)
		phase = gcOff
	}
	ev.Range = GCMark
	d.gcSeq, d.gcPhase = c.arg(0), phase
	return true, nil
}
