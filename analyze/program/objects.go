package program

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// objects are the locks, channels and WaitGroups that goroutines have operated on, by number.
type objects struct {
	all    []Object
	uses   []use
	latest []int32 // by the number that the replay gives; None: not used yet
}

// A use is what was done with an object.
type use struct {
	sent, foreign bool // by somebody; by the runtime
	items, free   int  // of a channel: how many were received, and sent
	locked        bool // for writing
	readers       int  // who have locked it for reading
}

// taken reports whether k acquires a lock that somebody has.
func (u *use) taken(k Kind) bool {
	return k == Lock && (u.locked || u.readers > 0) || k == RLock && u.locked
}

// follow notes what k does to a lock.
func (u *use) follow(k Kind) {
	switch k {
	case Lock:
		u.locked = true
	case Unlock:
		u.locked = false
	case RLock:
		u.readers++
	case RUnlock:
		u.readers = max(u.readers-1, 0)
	}
}

// kindOf returns the kind of operation that a trace calls op. Of a Once, whoever runs the function is one that others
// wait for, as of a WaitGroup. Waits for a Cond are kept as recorded: which one a signal wakes, and whether one has to
// wait at all, depends on what the program keeps beside it.
func kindOf(op gotrace.Op) (k Kind, ok bool) {
	switch op {
	case gotrace.OpSend:
		return Send, true
	case gotrace.OpRecv:
		return Recv, true
	case gotrace.OpClose:
		return Close, true
	case gotrace.OpLock:
		return Lock, true
	case gotrace.OpUnlock:
		return Unlock, true
	case gotrace.OpRLock:
		return RLock, true
	case gotrace.OpRUnlock:
		return RUnlock, true
	case gotrace.OpAdd, gotrace.OpOnceEnd:
		return Add, true
	case gotrace.OpWait, gotrace.OpOncePass:
		return Wait, true
	}
	return 0, false
}

// operated adds an operation on an object.
func (b *Builder) operated(s *replay.Step) {
	g := &b.slots[s.G]
	b.run(g, s.Stack)
	kind, ok := kindOf(s.Op)
	at := b.objects.of(s, kind)
	x, u := &b.objects.all[at], &b.objects.uses[at]
	u.follow(kind)
	if g.whose != replay.OfProgram {
		u.foreign = true
		return
	}
	if !ok {
		return
	}
	op := Op{Kind: kind, Ref: at, D: b.age(b.now)}
	if s.Mode&gotrace.NonBlocking != 0 {
		op.Flags |= Tried
	}
	switch kind {
	case Add:
		op.D = int64(s.Amount())
		if s.Op == gotrace.OpOnceEnd {
			op.D = -1
			x.Items++
		}
	case Send, Close:
		u.sent = true
	}
	if s.Mode&gotrace.InSelect != 0 {
		op.Flags |= Selected
	}
	if s.Mode&gotrace.OfClosed != 0 {
		op.Flags |= Ended
	}
	b.put(g, op)
}

// of returns the number of the object that a step is about, of which the program does k. A lock is told after it is
// acquired and before it is released: one that somebody has is another one, which is where that was in memory.
func (o *objects) of(s *replay.Step, k Kind) int32 {
	n := int(s.Object())
	for n >= len(o.latest) {
		o.latest = append(o.latest, None)
	}
	at := &o.latest[n]
	if *at == None || o.uses[*at].taken(k) {
		*at = int32(len(o.all))
		o.all, o.uses = append(o.all, Object{}), append(o.uses, use{})
	}
	x := &o.all[*at]
	x.Stack, _ = s.Origin()
	switch s.Op {
	case gotrace.OpMake, gotrace.OpSend, gotrace.OpRecv:
		x.Capacity = max(x.Capacity, int(s.Amount()))
	}
	return *at
}

// finish returns the objects. Where more was received within the window than sent, the rest was there before; where
// more was sent than received, there was room for it.
func (o *objects) finish(p *Program) []Object {
	last := make(map[int32]*Op) // of a lock that somebody has in the end, what acquired it
	for i := range p.Goroutines {
		ops := p.Goroutines[i].Ops
		for k := range ops {
			op := &ops[k]
			switch {
			case op.Kind == Send:
				o.uses[op.Ref].free++
			case op.Kind == Recv && op.Flags&Ended == 0:
				o.uses[op.Ref].items++
			case op.Kind == Lock && o.uses[op.Ref].locked:
				if l := last[op.Ref]; l == nil || l.D < op.D {
					last[op.Ref] = op
				}
			}
		}
	}
	for _, op := range last {
		op.Flags |= Kept
	}
	for i := range o.all {
		u := &o.uses[i]
		o.all[i].Items += max(0, u.items-u.free)
		o.all[i].Capacity = max(o.all[i].Capacity, u.free-u.items)
	}
	return o.all
}
