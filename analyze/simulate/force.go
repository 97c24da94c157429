package simulate

import (
	"math"

	"github.com/corecurve/corecurve/analyze/program"
)

// force lets the operation go through that was done first in the recording, of those that wait. It returns false if
// none waits.
func (m *machine) force() bool {
	first, when := int32(none), int64(math.MaxInt64)
	for i := range m.gs {
		if g := &m.gs[i]; g.status == blocked && (g.must || g.pc < len(g.ops)) {
			if at := m.recorded(g); at < when {
				first, when = int32(i), at
			}
		}
	}
	if first == none {
		return m.bear()
	}
	m.letThrough(first)
	m.unblock(first, none, 0)
	return true
}

// bear creates the first goroutine that nobody has created though the end waits for it.
func (m *machine) bear() bool {
	for i := range m.gs {
		if g := &m.gs[i]; g.must && !g.made {
			m.create(int32(i), none)
			return true
		}
	}
	return false
}

// recorded returns when what a blocked goroutine waits for came in the recording.
func (m *machine) recorded(g *goroutine) int64 {
	if pause := m.pause(g); pause != none {
		return m.model.program.Pauses[pause].End
	}
	if g.pc < len(g.ops) {
		switch op := &g.ops[g.pc]; op.Kind {
		case program.Wake:
			return m.model.program.Pauses[op.Ref].End
		default:
			return op.D
		}
	}
	if g.actor != none && !g.last && m.actors[g.actor].left > 0 {
		return math.MaxInt64 - 1
	}
	return math.MaxInt64 // it waits for work
}

// pause returns the recorded wait that a blocked goroutine is in; none.
func (m *machine) pause(g *goroutine) int32 {
	if g.pc == 0 || g.pc > len(g.ops) || g.ops[g.pc-1].Kind != program.Block {
		return none
	}
	i := g.ops[g.pc-1].Ref
	if m.pauses[i].flags&goneOn != 0 {
		return none
	}
	return i
}

// letThrough makes true what a blocked goroutine waits for.
func (m *machine) letThrough(id int32) {
	g := &m.gs[id]
	if pause := m.pause(g); pause != none {
		m.pauses[pause].flags |= released | goneOn
		return
	}
	if g.pc >= len(g.ops) { // an actor
		a, s := &m.model.actors[g.actor], &m.actors[g.actor]
		next := a.channels[a.order[s.at].channel]
		if s.used[a.order[s.at].channel] < next.closed {
			m.objects[next.object].items++
		} else {
			m.objects[next.object].closed = true
		}
		s.waiting = false
		return
	}
	op := &g.ops[g.pc]
	g.served = true
	if op.Kind == program.Wake {
		m.pauses[op.Ref].flags &^= awaited
		return
	}
	o := &m.objects[op.Ref]
	m.remove(&o.waiting, id)
	m.remove(&o.receivers, id)
	switch op.Kind {
	case program.Send:
		o.items++
	case program.Recv:
		o.items--
	}
}
