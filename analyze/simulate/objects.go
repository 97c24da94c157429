package simulate

import "github.com/corecurve/corecurve/analyze/program"

// An object is a lock, channel or WaitGroup of a replay.
type object struct {
	waiting   queue // for a lock, in a send, or for a WaitGroup
	receivers queue
	owner     int32 // who has locked it; none
	depth     int32 // how often the owner has locked it beside the first time, as an RWMutex does with its inner lock
	readers   int32 // who have locked it for reading
	items     int   // in a channel; the count of a WaitGroup
	capacity  int
	locked    bool
	starving  bool // it is handed over
	woken     bool // one who waited tries again
	closed    bool
	free      bool // it is none in this replay
}

// lock acquires a lock. It returns false if the goroutine has to wait. One that is kept was the last in the recording:
// it takes the lock from nobody who comes later in a replay.
func (m *machine) lock(id int32, op *program.Op) bool {
	ref := op.Ref
	o, g := &m.objects[ref], &m.gs[id]
	if o.free {
		return true
	}
	if op.Flags&program.Kept != 0 {
		g.held = ref
		return true
	}
	if g.served { // it was handed over
		g.served, g.tried, g.since = false, false, 0
		g.held = ref
		return true
	}
	if g.tried {
		g.tried, o.woken = false, false
	}
	if o.locked && o.owner == id {
		o.depth++
		return true
	}
	if !o.locked && o.readers == 0 && (!o.starving || o.waiting.n == 0) {
		o.locked, o.owner, g.since, g.held = true, id, 0, ref
		return true
	}
	if g.since == 0 {
		g.since = m.now + 1
		m.push(&o.waiting, id)
		return false
	}
	if m.now-g.since > starvation {
		o.starving = true
	}
	m.pushFront(&o.waiting, id)
	return false
}

// unlock releases a lock, and reports whether it was handed over, so that the new owner is to run at once.
func (m *machine) unlock(id, p int32, o *object) (handed bool) {
	if o.free {
		return false
	}
	if o.depth > 0 && o.owner == id {
		o.depth--
		return false
	}
	m.gs[id].held = none
	o.locked, o.owner = false, none
	if m.admitReaders(o, p); o.readers > 0 {
		return false
	}
	return m.pass(p, o)
}

// pass gives a lock that is free to who waits for it, or wakes one to try.
func (m *machine) pass(p int32, o *object) (handed bool) {
	if o.waiting.n == 0 {
		o.starving = false
		return false
	}
	if !o.starving && m.cfg.Locks == GoLocks {
		if !o.woken {
			w := m.pop(&o.waiting)
			o.woken, m.gs[w].tried = true, true
			m.unblock(w, p, m.chain(p))
		}
		return false
	}
	w := m.pop(&o.waiting)
	x := &m.gs[w]
	o.locked, o.owner = true, w
	x.served = true
	if m.now-x.since < starvation || o.waiting.n == 0 {
		o.starving = false
	}
	m.unblock(w, p, m.chain(p))
	return m.cfg.Locks == GoLocks && p != none
}

// rlock acquires a lock for reading. A writer that waits goes first.
func (m *machine) rlock(id, ref int32) bool {
	o, g := &m.objects[ref], &m.gs[id]
	if o.free || g.served {
		g.served = false
		return true
	}
	if !o.locked && o.waiting.n == 0 {
		o.readers++
		return true
	}
	m.push(&o.receivers, id)
	return false
}

func (m *machine) runlock(p int32, o *object) {
	if o.free || o.readers == 0 {
		return
	}
	if o.readers--; o.readers == 0 && !o.locked {
		m.pass(p, o)
	}
}

// admitReaders lets all readers in that wait.
func (m *machine) admitReaders(o *object, p int32) {
	for o.receivers.n > 0 {
		r := m.pop(&o.receivers)
		o.readers++
		m.gs[r].served = true
		m.unblock(r, p, m.chain(p))
	}
}

// send sends to a channel. It returns false if the goroutine has to wait. One that only tried has found room in the
// recording: where there is none in a replay, it does not wait for it either, as whoever makes room may wait for it.
func (m *machine) send(id, p int32, op *program.Op) bool {
	o, g := &m.objects[op.Ref], &m.gs[id]
	if g.served {
		g.served = false
		return true
	}
	if o.receivers.n > 0 {
		m.deliver(p, o)
		return true
	}
	if m.call(op.Ref, p) || o.items < o.capacity || op.Flags&program.Tried != 0 {
		o.items++
		return true
	}
	m.push(&o.waiting, id)
	return false
}

// deliver gives an item to the first who waits for one.
func (m *machine) deliver(p int32, o *object) {
	r := m.pop(&o.receivers)
	if m.gs[r].pool != none && !m.gs[r].last {
		o.items++ // it takes it when it runs
	} else {
		m.gs[r].served = true
	}
	m.unblock(r, p, m.chain(p))
}

// receive receives from a channel. It returns false if the goroutine has to wait.
func (m *machine) receive(id, p int32, op *program.Op) bool {
	o, g := &m.objects[op.Ref], &m.gs[id]
	if g.served {
		g.served = false
		return true
	}
	if m.take(o, p) || o.closed {
		return true
	}
	m.push(&o.receivers, id)
	return false
}

// take takes an item out of a channel, on behalf of the goroutine on P p, and reports whether there was one.
func (m *machine) take(o *object, p int32) bool {
	switch {
	case o.items > 0:
		o.items--
		if o.waiting.n > 0 {
			m.serve(o, p)
			o.items++
		}
		return true
	case o.waiting.n > 0:
		m.serve(o, p)
		return true
	}
	return false
}

// serve lets the first sender go on.
func (m *machine) serve(o *object, p int32) {
	w := m.pop(&o.waiting)
	m.gs[w].served = true
	m.unblock(w, p, m.chain(p))
}

func (m *machine) close(p, ref int32) {
	o := &m.objects[ref]
	o.closed = true
	m.call(ref, p)
	for o.receivers.n > 0 {
		r := m.pop(&o.receivers)
		if m.gs[r].pool == none || m.gs[r].last {
			m.gs[r].served = true
		}
		m.unblock(r, p, m.chain(p))
	}
}

// add adds to a WaitGroup.
func (m *machine) add(p int32, o *object, delta int64) {
	o.items += int(delta)
	for o.items <= 0 && o.waiting.n > 0 {
		w := m.pop(&o.waiting)
		m.gs[w].served = true
		m.unblock(w, p, m.chain(p))
	}
}

// wait waits for a WaitGroup. It returns false if the goroutine has to wait.
func (m *machine) wait(id, ref int32) bool {
	o, g := &m.objects[ref], &m.gs[id]
	if g.served || o.items <= 0 {
		g.served = false
		return true
	}
	m.push(&o.waiting, id)
	return false
}
