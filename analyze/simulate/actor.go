package simulate

import "github.com/corecurve/corecurve/analyze/program"

// An actor is a goroutine that receives from several channels by select: what it did after a receive, it does after
// that message whenever it comes.
type actor struct {
	g        int32
	first    []program.Op // up to the first such receive
	channels []heard
	order    []message // as recorded
}

// A heard is a channel from which an actor receives.
type heard struct {
	object int32
	after  [][]program.Op // what it did after each message
	closed int            // the first that is not a message but the end of the channel; len(after): none
}

// A message is one of a channel.
type message struct{ channel, number int }

// An acting is the state of an actor in a replay.
type acting struct {
	used    []int // by channel
	left    int   // messages
	at      int   // in order: those before have been used
	waiting bool
}

// findActors finds the actors among the goroutines that belong to no pool.
func (x *Model) findActors() {
	for i := range x.program.Goroutines {
		if x.pooled[i] {
			continue
		}
		a := newActor(int32(i), x.ended(x.program.Goroutines[i].Ops))
		if len(a.channels) < 2 {
			continue
		}
		for _, c := range a.channels {
			x.actorsOf[c.object] = append(x.actorsOf[c.object], int32(len(x.actors)))
		}
		x.actors = append(x.actors, a)
	}
}

// ended returns operations without a wait at their end that did not end. Whoever takes messages or items waits like
// that once there are no more, whichever of them comes last in a replay.
func (x *Model) ended(ops []program.Op) []program.Op {
	if n := len(ops) - 1; n >= 0 && ops[n].Kind == program.Block && x.program.Pauses[ops[n].Ref].Open {
		return ops[:n]
	}
	return ops
}

func newActor(g int32, ops []program.Op) actor {
	a := actor{g: g}
	last := -1 // the latest receive
	for i := 0; i <= len(ops); i++ {
		if i < len(ops) && (ops[i].Kind != program.Recv || ops[i].Flags&program.Selected == 0) {
			continue
		}
		if last < 0 {
			a.first = ops[:i:i]
		} else {
			a.add(&ops[last], ops[last+1:i:i])
		}
		last = i
	}
	return a
}

// add adds a message and what was done after it.
func (a *actor) add(op *program.Op, after []program.Op) {
	c := 0
	for c < len(a.channels) && a.channels[c].object != op.Ref {
		c++
	}
	if c == len(a.channels) {
		a.channels = append(a.channels, heard{object: op.Ref})
	}
	of := &a.channels[c]
	if op.Flags&program.Ended == 0 && of.closed == len(of.after) {
		of.closed++
	}
	a.order = append(a.order, message{c, len(of.after)})
	of.after = append(of.after, after)
}

// act lets an actor take a message: the one that it took in the recording, if it is there, or else any. It returns
// false if there is none and the goroutine has left its P.
func (m *machine) act(id, p int32) bool {
	at := m.gs[id].actor
	a, s := &m.model.actors[at], &m.actors[at]
	for s.at < len(a.order) && a.order[s.at].number < s.used[a.order[s.at].channel] {
		s.at++
	}
	if m.hear(id, p, a.order[s.at].channel) {
		return true
	}
	for c := range a.channels {
		if m.hear(id, p, c) {
			return true
		}
	}
	m.gs[id].ops, m.gs[id].pc = nil, 0
	s.waiting = true
	m.block(p)
	return false
}

// hear takes the next message of a channel of an actor, if it is there.
func (m *machine) hear(id, p int32, channel int) bool {
	g := &m.gs[id]
	s, c := &m.actors[g.actor], &m.model.actors[g.actor].channels[channel]
	n := s.used[channel]
	o := &m.objects[c.object]
	switch {
	case n >= len(c.after):
		return false
	case n >= c.closed && (!o.closed || o.items > 0):
		return false
	case n < c.closed && !m.take(o, p):
		return false
	}
	s.used[channel]++
	s.left--
	g.ops, g.pc = c.after[n], 0
	return true
}

// call wakes an actor that waits for a channel, and reports whether there is one.
func (m *machine) call(object, p int32) bool {
	for _, at := range m.model.actorsOf[object] {
		a, s := &m.model.actors[at], &m.actors[at]
		if !s.waiting {
			continue
		}
		for c := range a.channels {
			if a.channels[c].object == object && s.used[c] < len(a.channels[c].after) {
				s.waiting = false
				m.unblock(a.g, p, m.chain(p))
				return true
			}
		}
	}
	return false
}
