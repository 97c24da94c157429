package program

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// objects are the locks, channels and WaitGroups that goroutines have operated on, by number.
type objects struct {
	all  []Object
	uses []use
}

// A use is what was done with an object.
type use struct {
	sent, foreign bool // by somebody; by the runtime
	items, free   int  // of a channel: how many were received, and sent
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
	x, u := b.objects.of(s)
	if g.whose != replay.OfProgram {
		u.foreign = true
		return
	}
	kind, ok := kindOf(s.Op)
	if !ok {
		return
	}
	op := Op{Kind: kind, Ref: s.Object(), D: b.age(b.now)}
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

// of returns the object that a step is about.
func (o *objects) of(s *replay.Step) (*Object, *use) {
	i := int(s.Object())
	for i >= len(o.all) {
		o.all, o.uses = append(o.all, Object{}), append(o.uses, use{})
	}
	x := &o.all[i]
	x.Stack, _ = s.Origin()
	switch s.Op {
	case gotrace.OpMake, gotrace.OpSend, gotrace.OpRecv:
		x.Capacity = max(x.Capacity, int(s.Amount()))
	}
	return x, &o.uses[i]
}

// finish returns the objects. Where more was received within the window than sent, the rest was there before; where
// more was sent than received, there was room for it.
func (o *objects) finish(p *Program) []Object {
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			switch {
			case op.Kind == Send:
				o.uses[op.Ref].free++
			case op.Kind == Recv && op.Flags&Ended == 0:
				o.uses[op.Ref].items++
			}
		}
	}
	for i := range o.all {
		u := &o.uses[i]
		o.all[i].Items += max(0, u.items-u.free)
		o.all[i].Capacity = max(o.all[i].Capacity, u.free-u.items)
	}
	return o.all
}
