package critical

import (
	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder finds the critical path of one process from the events of its trace, in the order of their times, and keeps none of them. The fields may be
// set before the first Add. Its zero value is ready; Symbols is needed to tell waits apart.
type Builder struct {
	Rank    int              // of the process
	Symbols *gotrace.Symbols // of the events

	// From and To are the part that is wanted. 0: from the first event, to the last.
	From, To clock.Time

	begun    bool
	now      clock.Time // never outside the part that is wanted
	over     bool       // the part that is wanted
	class    sched.Classifier
	index    sched.Index
	gs       []*goroutine // by slot; they stay where they are
	free     []int32
	sweeping []bool // Ps

	tree  tree
	work  int64
	ended point // the latest of those that have ended
	waits waits
	lost  loss
}

// waits is for how long the goroutines of the program have waited, as far as the waits have ended.
type waits struct{ all, locks, channels int64 }

// A point is a place on a path: its virtual time and last node.
type point struct {
	v    int64
	last int32
}

// A goroutine is what the Builder knows of one.
type goroutine struct {
	point
	id      int64
	gen     uint32
	alive   bool
	kind    sched.Kind
	state   gotrace.State
	code    sched.Code // of its wait
	since   clock.Time
	p       int32
	stack   gotrace.StackID // where it waits, or runs as far as is known
	start   gotrace.StackID
	stops   int8
	assists int8
	outside bool // its last wait was ended by something outside the program

	creator    int32 // slot
	creatorGen uint32
	site       gotrace.StackID // of its creation
	children   []siblings
}

// siblings is the latest of the goroutines that one created at one place and that have ended.
type siblings struct {
	site gotrace.StackID
	point
}

const noP = -1

// Add takes the next event.
func (b *Builder) Add(ev *gotrace.Event) {
	if b.over {
		return
	}
	t := ev.Time
	if !b.begun {
		b.begun, b.now = true, max(t, b.From)
		if b.Symbols == nil {
			b.Symbols = &gotrace.Symbols{}
		}
		b.class.Symbols = b.Symbols
		b.tree.limit = firstLimit
	}
	if b.To != 0 && t >= b.To {
		b.now, b.over = max(b.now, b.To), true
		return
	}
	b.now = max(b.now, t)
	if b.lost.now {
		b.regain(t)
	}
	switch ev.Kind {
	case gotrace.GoTransition:
		b.goTransition(ev)
	case gotrace.StackSample:
		if ev.G != gotrace.None {
			b.run(b.gs[b.goroutine(ev.G)], ev.Stack)
		}
	case gotrace.RangeBegin, gotrace.RangeActive, gotrace.RangeEnd:
		b.gcRange(ev)
	case gotrace.Label:
		if ev.Subject != gotrace.None {
			b.gs[b.goroutine(ev.Subject)].kind = sched.GCKind // the only ones that have labels
		}
	case gotrace.Gap:
		b.lose(t)
	case gotrace.Sync:
		if b.lost.syncs++; b.lost.syncs == 2 && b.lost.parts > 0 {
			b.forgetLost()
		}
	}
	if b.tree.live > b.tree.limit {
		b.tree.join(b.heads())
	}
}

// heads returns the nodes that are referred to from outside the tree.
func (b *Builder) heads() []int32 {
	out := b.tree.heads[:0]
	for _, g := range b.gs {
		if g.alive && g.last != 0 {
			out = append(out, g.last)
		}
		for _, c := range g.children {
			if c.last != 0 {
				out = append(out, c.last)
			}
		}
	}
	if b.ended.last != 0 {
		out = append(out, b.ended.last)
	}
	b.tree.heads = out
	return out
}

func (b *Builder) goroutine(id int64) int32 {
	if i, ok := b.index.Find(id); ok {
		return i
	}
	var i int32
	if n := len(b.free); n > 0 {
		i, b.free = b.free[n-1], b.free[:n-1]
	} else {
		i = int32(len(b.gs))
		b.gs = append(b.gs, &goroutine{})
	}
	old := b.gs[i]
	*old = goroutine{id: id, gen: old.gen + 1, alive: true, since: b.now, p: noP, children: old.children[:0], code: sched.Unknown}
	b.index.Put(id, i)
	return i
}

// run puts the time since the goroutine's last event, if it ran, onto its path. It ran at stack, as far as that is known.
func (b *Builder) run(g *goroutine, stack gotrace.StackID) {
	if g.state != gotrace.Running {
		return
	}
	d := int64(b.now - g.since)
	g.since = b.now
	if d <= 0 || g.kind != sched.UserKind {
		return
	}
	if stack == 0 {
		stack = g.start
	}
	b.work += d
	b.add(&g.point, b.runCode(g), stack, d)
}

func (b *Builder) runCode(g *goroutine) sched.Code {
	switch {
	case g.stops > 0:
		return sched.GCSTW
	case g.assists > 0:
		return sched.GCAssist
	case g.p != noP && b.sweeping[g.p]:
		return sched.GCSweep
	}
	return sched.User
}

// add adds a step to the path that ends at p.
func (b *Builder) add(p *point, c sched.Code, stack gotrace.StackID, d int64) {
	if d > 0 {
		p.v += d
		p.last = b.tree.extend(p.last, stepKey{c, stack}, d)
	}
}

// after lets what p is the end of go on no earlier than q.
func (b *Builder) after(p *point, q point) {
	if q.v > p.v {
		q.last = b.tree.hold(q.last)
		b.tree.drop(p.last)
		*p = q
	}
}

func (b *Builder) goTransition(ev *gotrace.Event) {
	if ev.Subject == gotrace.None || ev.From == ev.To {
		return // a generation repeats what is known
	}
	i := b.goroutine(ev.Subject)
	u := int32(-1)
	if (ev.From == gotrace.Waiting || ev.From == gotrace.NotExist) && ev.G != gotrace.None && ev.G != ev.Subject {
		u = b.goroutine(ev.G)
	}
	g := b.gs[i]
	if g.start == 0 && ev.SubjectStack != 0 {
		b.learnStart(g, ev.SubjectStack)
	}
	switch {
	case ev.From == gotrace.NotExist:
		if u >= 0 {
			b.create(g, u, ev.Stack)
		}
	case g.state == gotrace.Running:
		b.run(g, ev.SubjectStack)
	case g.state == gotrace.Waiting:
		b.wake(g, u, ev)
	case g.state == gotrace.Syscall:
		if g.kind == sched.UserKind {
			b.add(&g.point, sched.Syscall, g.stack, int64(b.now-g.since))
		}
	}
	g.state, g.since = ev.To, b.now
	switch ev.To {
	case gotrace.Running:
		b.bind(g, ev.P)
	case gotrace.Waiting, gotrace.Syscall:
		g.stack = ev.SubjectStack
		g.code = b.class.Wait(ev.Reason, ev.SubjectStack).Code
		if ev.From == gotrace.Undetermined {
			g.code = b.class.Initial(ev.SubjectStack).Code
		}
	case gotrace.NotExist:
		b.end(i)
	}
}

func (b *Builder) bind(g *goroutine, p int64) {
	g.p = noP
	if p >= 0 && p < int64(len(b.sweeping)) {
		g.p = int32(p)
	}
}

// learnStart notes where a goroutine starts: the only frame of a new one's stack, the outermost of one that exists.
func (b *Builder) learnStart(g *goroutine, id gotrace.StackID) {
	g.start = id
	if stack := b.Symbols.Stack(id); len(stack) > 1 {
		g.start = b.Symbols.InternStack(stack[len(stack)-1:])
	}
	if k := b.class.Kind(id); k != sched.UserKind {
		g.kind = k
	}
}

// create begins goroutine g at the point that its creator, in slot u, has reached.
func (b *Builder) create(g *goroutine, u int32, site gotrace.StackID) {
	c := b.gs[u]
	b.run(c, site)
	g.creator, g.creatorGen, g.site = u, c.gen, site
	if c.kind == sched.UserKind {
		b.after(&g.point, c.point)
	}
}

// end drops a goroutine that has ended.
func (b *Builder) end(i int32) {
	g := b.gs[i]
	if g.kind == sched.UserKind {
		b.after(&b.ended, g.point)
		if g.creatorGen != 0 && b.gs[g.creator].alive && b.gs[g.creator].gen == g.creatorGen {
			b.after(b.gs[g.creator].childrenAt(g.site), g.point)
		}
	}
	for _, c := range g.children {
		b.tree.drop(c.last)
	}
	g.children = g.children[:0]
	b.tree.drop(g.last)
	g.point = point{}
	g.alive = false
	b.index.Drop(g.id)
	b.free = append(b.free, i)
}

// childrenAt returns the latest of those that g created at that place and that have ended.
func (g *goroutine) childrenAt(site gotrace.StackID) *point {
	for k := range g.children {
		if g.children[k].site == site {
			return &g.children[k].point
		}
	}
	g.children = append(g.children, siblings{site: site})
	return &g.children[len(g.children)-1].point
}

// wake ends the wait of goroutine g; u is the slot of who ended it, negative if nobody did.
func (b *Builder) wake(g *goroutine, u int32, ev *gotrace.Event) {
	if g.kind != sched.UserKind {
		return
	}
	g.outside = false
	took := int64(b.now - g.since)
	b.waits.all += took
	switch {
	case g.code == sched.GCAssist || g.code == sched.GCSTW || g.code == sched.SchedLatency:
		return // the collector would have had a core of its own
	case u < 0 || g.code == sched.Sleep || g.code == sched.Net || b.gs[u].kind != sched.UserKind || b.class.Restarts(ev.Stack):
		g.outside = true
		b.add(&g.point, g.code, g.stack, took)
		return
	}
	w := b.gs[u]
	b.run(w, ev.Stack)
	switch g.code {
	case sched.ChanSend:
		b.after(&w.point, g.point) // the receiver has waited for the sender's arrival
		b.waits.channels += took
	case sched.Join:
		if c := w.creatorGen; c != 0 && b.gs[w.creator].alive && b.gs[w.creator].gen == c {
			b.after(&g.point, *b.gs[w.creator].childrenAt(w.site))
		}
	case sched.Mutex, sched.RWMutex:
		b.waits.locks += took
	case sched.ChanRecv, sched.Select:
		b.waits.channels += took
	}
	b.after(&g.point, w.point)
}

const maxProcs = 1 << 16 // Ps that are believed

func (b *Builder) gcRange(ev *gotrace.Event) {
	if ev.Subject == gotrace.None {
		return
	}
	switch ev.Range {
	case gotrace.StopTheWorld, gotrace.GCMarkAssist:
		g := b.gs[b.goroutine(ev.Subject)]
		b.run(g, ev.Stack)
		d := &g.stops
		if ev.Range == gotrace.GCMarkAssist {
			d = &g.assists
		}
		switch ev.Kind {
		case gotrace.RangeBegin:
			*d = min(*d, 100) + 1
		case gotrace.RangeActive:
			*d = max(*d, 1)
		default:
			*d = max(*d-1, 0)
		}
	case gotrace.GCSweep:
		if ev.Subject < 0 || ev.Subject >= maxProcs {
			return
		}
		for int64(len(b.sweeping)) <= ev.Subject {
			b.sweeping = append(b.sweeping, false)
		}
		if ev.G != gotrace.None {
			g := b.gs[b.goroutine(ev.G)]
			b.run(g, ev.Stack)
			g.p = int32(ev.Subject)
		}
		b.sweeping[ev.Subject] = ev.Kind != gotrace.RangeEnd
	}
}
