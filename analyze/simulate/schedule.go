package simulate

import "github.com/corecurve/corecurve/analyze/program"

const (
	localQueue  = 256       // a longer local queue gives half of it to the global one
	globalEvery = 61        // the global queue goes first so often
	starvation  = 1_000_000 // nanoseconds after which a lock is handed over
)

// ready makes g ready, on behalf of the goroutine on P p, or of nobody.
func (m *machine) ready(g, p int32) {
	m.gs[g].status = ready
	if p == none || m.cfg.Greedy {
		m.push(&m.queue, g)
	} else {
		of := &m.ps[p]
		if of.next == none {
			m.nexts++
		} else {
			m.enqueue(of, of.next)
		}
		of.next = g
	}
	m.wake(p)
}

// enqueue puts g at the end of a local queue.
func (m *machine) enqueue(of *processor, g int32) {
	if of.queue.n >= localQueue {
		for range localQueue / 2 {
			m.push(&m.queue, m.pop(&of.queue))
			m.local--
		}
	}
	m.push(&of.queue, g)
	m.local++
}

// wake wakes an idle P on behalf of P p, or of nobody, unless one is on its way.
func (m *machine) wake(p int32) {
	if m.cfg.unlimited {
		if len(m.idle) == 0 {
			m.idle = append(m.idle, int32(len(m.ps)))
			m.ps = append(m.ps, processor{g: none, next: none, idle: true, began: -1})
		}
	} else if m.waking > 0 {
		return
	}
	n := len(m.idle) - 1
	if n < 0 {
		return
	}
	id := m.idle[n]
	m.idle = m.idle[:n]
	of := &m.ps[id]
	of.idle = false
	m.waking++
	took := int64(m.cfg.Costs.Wake)
	if m.now-of.idleAt < int64(m.cfg.Costs.Spin) {
		took = min(took, int64(spinning))
	} else if p != none {
		m.owed += int64(m.cfg.Costs.Waker)
	}
	m.heap.push(event{at: m.now + took, id: id, kind: woke})
}

// pick returns the goroutine that P p runs next, or none. If that is the next one of another P, stealNext has begun.
func (m *machine) pick(p int32) int32 {
	of := &m.ps[p]
	of.picks++
	turn := of.until
	of.until = m.turn()
	if m.queue.n > 0 && (m.cfg.Greedy || of.picks%globalEvery == 0) {
		return m.pop(&m.queue)
	}
	if g := of.next; g != none {
		of.next = none
		m.nexts--
		of.until = max(turn, of.until-int64(m.cfg.Costs.Quantum)) // it goes on in the same turn
		return g
	}
	if of.queue.n > 0 {
		m.local--
		return m.pop(&of.queue)
	}
	if m.queue.n > 0 {
		return m.pop(&m.queue)
	}
	return m.steal(p)
}

// steal takes half of the local queue of another P, or what it runs next. It returns the first of them, none, or later
// if what is next on a busy P can only be taken later.
func (m *machine) steal(p int32) int32 {
	n := int32(len(m.ps))
	first := int32(m.draw() % uint64(n))
	for i := int32(0); i < n && m.local > 0; i++ {
		v := &m.ps[(first+i)%n]
		if v.queue.n == 0 {
			continue
		}
		half := (v.queue.n + 1) / 2
		g := m.pop(&v.queue)
		for range half - 1 {
			m.push(&m.ps[p].queue, m.pop(&v.queue))
		}
		m.local--
		return g
	}
	for i := int32(0); i < n && m.nexts > 0; i++ {
		id := (first + i) % n
		v := &m.ps[id]
		if v.next == none || id == p {
			continue
		}
		g := v.next
		if m.cfg.Costs.Steal > 0 && v.g != none {
			if m.waking > 0 {
				return none // one looks for it already
			}
			m.ps[p].victim, m.ps[p].want = id, g
			return later
		}
		v.next = none
		m.nexts--
		return g
	}
	return none
}

// later stands for a goroutine that may be taken only after a delay.
const later = -2

// draw returns a number from 0 on, in an order that is always the same (xorshift*, Vigna 2016).
func (m *machine) draw() uint64 {
	m.random ^= m.random >> 12
	m.random ^= m.random << 25
	m.random ^= m.random >> 27
	return m.random * 0x2545F4914F6CDD1D >> 33
}

// schedule lets P p go on with another goroutine.
func (m *machine) schedule(p int32) {
	if g := m.pick(p); g != none {
		m.start(p, g)
		return
	}
	m.rest(p)
}

// rest lets P p be idle.
func (m *machine) rest(p int32) {
	of := &m.ps[p]
	of.g, of.began = none, -1
	of.idle, of.idleAt = true, m.now
	m.idle = append(m.idle, p)
}

// start puts g on P p.
func (m *machine) start(p, g int32) {
	of := &m.ps[p]
	of.began = -1
	if g == later {
		of.g = none
		m.waking++
		m.heap.push(event{at: m.now + int64(m.cfg.Costs.Steal), id: p, kind: stole})
		return
	}
	of.g = g
	m.gs[g].status = running
	at := m.now + int64(m.cfg.Costs.Switch) + m.owed
	m.owed = 0
	if x := &m.gs[g]; x.pc < len(x.ops) && x.ops[x.pc].Kind == program.Run {
		if x.left == 0 {
			x.left = m.takes(&x.ops[x.pc])
		}
		if x.left > 0 {
			m.runOn(p, at)
			return
		}
	}
	// Even at no cost it begins by an event: chains of goroutines that hardly run would nest deeply otherwise.
	m.heap.push(event{at: at, id: p, kind: ranOn})
}

// ran ends what P p was doing: a switch, or a part of a Run.
func (m *machine) ran(p int32) {
	of := &m.ps[p]
	if of.began < 0 {
		m.execute(p)
		return
	}
	g := &m.gs[of.g]
	took := m.now - of.began
	of.began = -1
	m.busy += min(took, g.left)
	g.left -= took
	if g.left > 0 { // its turn is over
		of.until = m.turn()
		if m.queue.n > 0 || of.queue.n > 0 || of.next != none {
			m.preempt(p)
			return
		}
		m.runOn(p, m.now)
		return
	}
	op := &g.ops[g.pc]
	if m.cfg.unlimited {
		m.extend(g, took, op)
	}
	g.left = 0
	g.pc++
	m.execute(p)
}

// turn returns the end of a turn that begins now. Go looks at all Ps every so often, and ends turns that it has seen
// before, so they last longer than that and up to twice as long. As the program starts it looks all the time, and less
// and less often up to then: the first turns end an eighth later than that (sysmon in runtime/proc.go).
func (m *machine) turn() int64 {
	q := max(int64(m.cfg.Costs.Quantum), 1)
	first := q / 8
	return (m.now-first+q)/q*q + first + q
}

// preempt puts the goroutine on P p at the end of the global queue.
func (m *machine) preempt(p int32) {
	g := m.ps[p].g
	m.gs[g].status = ready
	m.push(&m.queue, g)
	m.wake(none)
	m.schedule(p)
}

// runOn goes on with the Run of the goroutine on P p from a time on, until its end or that of the turn.
func (m *machine) runOn(p int32, at int64) {
	of := &m.ps[p]
	g := &m.gs[of.g]
	d := g.left
	if m.cfg.Costs.Quantum > 0 {
		d = min(d, max(of.until-at, 1))
	}
	of.began = at
	m.heap.push(event{at: at + d, id: p, kind: ranOn})
}

// block takes the goroutine off P p, which goes on with another.
func (m *machine) block(p int32) {
	m.gs[m.ps[p].g].status = blocked
	m.schedule(p)
}

// unblock makes g ready again. If chain is a node, the chain of g goes on after it.
func (m *machine) unblock(g, p, chain int32) {
	x := &m.gs[g]
	if x.status != blocked {
		return
	}
	if m.cfg.unlimited && chain != 0 {
		x.node = chain
	}
	m.ready(g, p)
}

// chain returns the end of the chain of the goroutine on P p; 0: there is none.
func (m *machine) chain(p int32) int32 {
	if p == none || m.ps[p].g == none {
		return 0
	}
	return m.gs[m.ps[p].g].node
}
