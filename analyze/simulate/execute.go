package simulate

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// execute does the operations of the goroutine on P p, until it runs or leaves the P.
func (m *machine) execute(p int32) {
	id := m.ps[p].g
	for {
		g := &m.gs[id]
		if g.pc >= len(g.ops) {
			if m.more(id, p) {
				continue
			}
			return
		}
		op := &g.ops[g.pc]
		switch op.Kind {
		case program.Run:
			if g.left == 0 {
				g.left = m.takes(op)
			}
			if g.left > 0 {
				m.runOn(p, m.now)
				return
			}
			g.pc++
		case program.Outside:
			g.pc++
			m.outside(id, p, op)
			return
		case program.Create:
			g.pc++
			m.create(op.Ref, p)
		case program.Yield:
			g.pc++
			g.status = ready
			m.push(&m.queue, id)
			m.schedule(p)
			return
		case program.Collect:
			g.pc++
			m.collect(op.Ref)
		default:
			if !m.operate(id, p, op) {
				return
			}
		}
		if m.owed > 0 {
			m.pay(p)
			return
		}
	}
}

// pay lets the goroutine on P p go on once it has woken others. What it has made ready is what runs next on its P for
// as long: a P that it has woken may find it there.
func (m *machine) pay(p int32) {
	m.ps[p].began = -1
	m.heap.push(event{at: m.now + m.owed, id: p, kind: ranOn})
	m.owed = 0
}

// operate does an operation that concerns others. It returns false if the goroutine has left its P.
func (m *machine) operate(id, p int32, op *program.Op) (goesOn bool) {
	g := &m.gs[id]
	switch op.Kind {
	case program.Wake:
		goesOn = m.wakes(id, p, op)
	case program.Block:
		return m.waits(id, p, op)
	case program.Unlock:
		g.pc++
		if m.unlock(id, p, &m.objects[op.Ref]) {
			// A lock that is handed over runs its new owner at once.
			m.gs[id].status = ready
			m.enqueue(&m.ps[p], id)
			m.schedule(p)
			return false
		}
		return true
	case program.Lock:
		goesOn = m.lock(id, op)
	case program.RLock:
		goesOn = m.rlock(id, op.Ref)
	case program.RUnlock:
		m.runlock(p, &m.objects[op.Ref])
		goesOn = true
	case program.Send:
		goesOn = m.send(id, p, op)
	case program.Recv:
		if g.pool != none && !g.last && m.model.pools[g.pool].object == op.Ref {
			return m.work(id, p)
		}
		goesOn = m.receive(id, p, op)
	case program.Close:
		m.close(p, op.Ref)
		goesOn = true
	case program.Add:
		m.add(p, &m.objects[op.Ref], op.D)
		goesOn = true
	case program.Wait:
		goesOn = m.wait(id, op.Ref)
	default:
		goesOn = true
	}
	if goesOn {
		m.gs[id].pc++
		return true
	}
	m.block(p)
	return false
}

// more finds what a goroutine without operations does next. It returns false if it has left its P.
func (m *machine) more(id, p int32) bool {
	g := &m.gs[id]
	if !g.last {
		if g.pool != none {
			return m.work(id, p)
		}
		if g.actor != none && m.actors[g.actor].left > 0 {
			return m.act(id, p)
		}
	}
	m.finish(id, p)
	if m.end < 0 {
		m.schedule(p)
	}
	return false
}

// takes returns how long a Run takes.
func (m *machine) takes(op *program.Op) int64 {
	if m.cfg.NoCollector && op.Flags&program.Collecting != 0 {
		return 0
	}
	if m.cfg.Faster != nil {
		if times := m.cfg.Faster(gotrace.StackID(op.Ref)); times > 0 {
			return int64(float64(op.D) / times)
		}
	}
	return op.D
}

// outside lets a goroutine be away for a time.
func (m *machine) outside(id, p int32, op *program.Op) {
	g := &m.gs[id]
	if m.cfg.unlimited && op.D > 0 {
		g.node = m.node(node{d: op.D, before: g.node, object: none, cause: uint8(op.Ref)})
	}
	g.status = away
	m.heap.push(event{at: m.now + op.D, id: id, kind: passed})
	m.schedule(p)
}

// collect begins a cycle of the garbage collector, all of which was done in the recording. On unlimited Ps there are as
// many workers as it takes: it is in no chain.
func (m *machine) collect(cycle int32) {
	work := int64(m.model.program.Cycles[cycle])
	if m.cfg.NoCollector || work <= 0 {
		return
	}
	workers := max(1, len(m.ps)/4)
	if m.cfg.unlimited {
		workers = 1
	} else {
		m.ends += workers
	}
	for i := range workers {
		part := work*int64(i+1)/int64(workers) - work*int64(i)/int64(workers)
		m.gs = append(m.gs, goroutine{
			ops: []program.Op{{Kind: program.Run, D: part}}, pool: none, actor: none, held: none, made: true,
			must: !m.cfg.unlimited,
		})
		m.ready(int32(len(m.gs)-1), none)
	}
}

// wakes ends a recorded wait. It returns false if the one who waits must arrive first: whoever receives from a sender
// that waited has waited for it.
func (m *machine) wakes(id, p int32, op *program.Op) bool {
	w := &m.model.program.Pauses[op.Ref]
	if m.skips(w) {
		return true
	}
	at := &m.pauses[op.Ref]
	if w.Cause == cause.ChanSend && at.flags&reached == 0 && !m.gs[id].served {
		at.flags |= awaited
		at.waker = id
		return false
	}
	m.gs[id].served = false
	at.flags |= released
	m.release(op.Ref, p)
	return true
}

// waits begins a recorded wait. It returns false if the goroutine has left its P.
func (m *machine) waits(id, p int32, op *program.Op) bool {
	w := &m.model.program.Pauses[op.Ref]
	g := &m.gs[id]
	g.pc++
	if m.skips(w) {
		return true
	}
	at := &m.pauses[op.Ref]
	at.flags |= reached
	at.waiter = id
	if at.flags&awaited != 0 {
		at.flags &^= awaited
		m.gs[at.waker].served = true
		m.unblock(at.waker, p, g.node)
	}
	if w.Open { // nothing follows
		g.status = blocked
		m.done(id)
		if m.end < 0 {
			m.schedule(p)
		}
		return false
	}
	if at.flags&released != 0 && (m.missing == nil || m.missing[op.Ref] == 0) {
		at.flags |= goneOn
		return true
	}
	m.block(p)
	return false
}

// release makes the goroutine of a recorded wait ready, if nothing is missing any more.
func (m *machine) release(pause, p int32) {
	at := &m.pauses[pause]
	if at.flags&(reached|released|goneOn) == reached|released && (m.missing == nil || m.missing[pause] == 0) {
		at.flags |= goneOn
		m.unblock(at.waiter, p, m.chain(p))
	}
}

// skips reports whether a recorded wait is none in this replay: the lock that it was for is none.
func (m *machine) skips(w *program.Pause) bool {
	return m.cfg.Without != nil && (w.Cause == cause.Mutex || w.Cause == cause.RWMutex) && m.cfg.Without(w.Stack)
}

// extend adds a Run to the chain of g.
func (m *machine) extend(g *goroutine, d int64, op *program.Op) {
	g.node = m.node(node{d: d, before: g.node, stack: op.Ref, object: g.held, cause: uint8(cause.User)})
}

func (m *machine) node(n node) int32 {
	m.nodes = append(m.nodes, n)
	return int32(len(m.nodes) - 1)
}

// path returns what the longest chain consists of.
func (m *machine) path() []Step {
	type key struct {
		stack, object int32
		cause         uint8
	}
	at := make(map[key]int)
	var out []Step
	for i := m.last; i != 0; i = m.nodes[i].before {
		n := &m.nodes[i]
		k := key{n.stack, n.object, n.cause}
		j, ok := at[k]
		if !ok {
			j = len(out)
			at[k] = j
			out = append(out, Step{Stack: gotrace.StackID(n.stack), Object: n.object, Cause: cause.Cause(n.cause)})
		}
		out[j].Time += time.Duration(n.d)
	}
	return out
}
