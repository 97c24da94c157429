package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder finds the critical path of one process from the steps of its replay, of which it keeps none. Set the fields
// before the first Add. The zero value is ready.
type Builder struct {
	Rank    int              // of the process
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	begun bool
	now   clock.Time // always inside the window
	over  bool       // the window has ended
	gs    []goroutine

	tree    tree
	work    int64
	ended   point // of the ended goroutine with the latest end
	waits   waits
	missing missing
}

// waits is how long goroutines of the program have waited, in waits that have ended.
type waits struct{ all, locks, channels int64 }

// A point is a place on a path: virtual time and last node.
type point struct {
	v    int64
	last int32
}

// A goroutine is what the Builder knows of one.
type goroutine struct {
	point
	id      int64
	gen     uint32 // counts the goroutines that the slot has stood for
	alive   bool
	whose   replay.Whose
	state   gotrace.State
	cause   cause.Cause // what it waits or runs for
	since   clock.Time
	stack   gotrace.StackID // where it waits
	start   gotrace.StackID
	outside bool // something outside the program ended its last wait

	creator    int32 // slot
	creatorGen uint32
	site       gotrace.StackID // of its creation
	children   []siblings
}

// siblings is the latest end of the goroutines that one goroutine created at one place.
type siblings struct {
	site gotrace.StackID
	point
}

// Add takes the next step.
func (b *Builder) Add(s *replay.Step) {
	if b.over {
		return
	}
	if !b.begun {
		b.begun, b.now = true, max(s.Time, b.From)
		b.tree.limit = firstLimit
	}
	if b.To != 0 && s.Time >= b.To {
		b.now, b.over = max(b.now, b.To), true
		return
	}
	b.now = max(b.now, s.Time)
	if b.missing.now {
		b.regain(s.Time)
	}
	switch s.Kind {
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.gs[s.G].start, b.gs[s.G].whose = s.Stack, s.Whose
	case replay.Change:
		b.change(s)
	case replay.Sample:
		b.run(&b.gs[s.G], s.Stack)
	case replay.Shift:
		g := &b.gs[s.G]
		b.run(g, s.Stack)
		if g.state == gotrace.Running {
			g.cause = runCause(s)
		}
	case replay.Relabel:
		b.gs[s.G].whose = s.Whose
	case replay.Gap:
		b.lose(s.Time)
	}
	if b.tree.live > b.tree.limit {
		b.tree.join(b.heads())
	}
}

// heads returns the nodes that goroutines refer to.
func (b *Builder) heads() []int32 {
	out := b.tree.heads[:0]
	for i := range b.gs {
		g := &b.gs[i]
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

func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, goroutine{})
	}
	g := &b.gs[s.G]
	*g = goroutine{id: s.ID, gen: g.gen + 1, alive: true, since: b.now, children: g.children[:0], cause: cause.Unknown}
}

// run adds the time since the last event of g, if it ran, to its path. It ran at stack, or at its start if that is not
// known.
func (b *Builder) run(g *goroutine, stack gotrace.StackID) {
	if g.state != gotrace.Running {
		return
	}
	d := int64(b.now - g.since)
	g.since = b.now
	if d <= 0 || g.whose != replay.OfProgram {
		return
	}
	if stack == 0 {
		stack = g.start
	}
	b.work += d
	b.add(&g.point, g.cause, stack, d)
}

// runCause returns what a goroutine of the program runs for.
func runCause(s *replay.Step) cause.Cause {
	switch s.Cause {
	case cause.GCSTW, cause.GCAssist, cause.GCSweep, cause.Tracer:
		return s.Cause
	}
	return cause.User
}

// add adds a step to the path that ends at p.
func (b *Builder) add(p *point, c cause.Cause, stack gotrace.StackID, d int64) {
	if d > 0 {
		p.v += d
		p.last = b.tree.extend(p.last, stepKey{c, stack}, d)
	}
}

// after lets p go on no earlier than q.
func (b *Builder) after(p *point, q point) {
	if q.v > p.v {
		q.last = b.tree.hold(q.last)
		b.tree.drop(p.last)
		*p = q
	}
}

func (b *Builder) change(s *replay.Step) {
	g := &b.gs[s.G]
	switch {
	case s.From == gotrace.NotExist:
		if s.By != replay.None {
			b.create(g, s.By, s.ByStack)
		}
	case s.Was == gotrace.Running:
		b.run(g, s.Stack)
	case s.Was == gotrace.Waiting:
		b.wake(g, s)
	case s.Was == gotrace.Syscall:
		if g.whose == replay.OfProgram {
			b.add(&g.point, cause.Syscall, g.stack, int64(b.now-g.since))
		}
	}
	g.state, g.since = s.State, b.now
	switch s.State {
	case gotrace.Running:
		g.cause = runCause(s)
	case gotrace.Waiting, gotrace.Syscall:
		g.stack, g.cause = s.Stack, s.Wait.Cause
	case gotrace.NotExist:
		b.end(g)
	}
}

// create starts g at the point that its creator, in slot u, has reached.
func (b *Builder) create(g *goroutine, u int32, site gotrace.StackID) {
	c := &b.gs[u]
	b.run(c, site)
	g.creator, g.creatorGen, g.site = u, c.gen, site
	if c.whose == replay.OfProgram {
		b.after(&g.point, c.point)
	}
}

func (b *Builder) end(g *goroutine) {
	if g.whose == replay.OfProgram {
		b.after(&b.ended, g.point)
		if c := b.parent(g); c != nil {
			b.after(c.childrenAt(g.site), g.point)
		}
	}
	for _, c := range g.children {
		b.tree.drop(c.last)
	}
	g.children = g.children[:0]
	b.tree.drop(g.last)
	g.point = point{}
	g.alive = false
}

// parent returns the goroutine that created g, or nil if it has ended or is not known.
func (b *Builder) parent(g *goroutine) *goroutine {
	if g.creatorGen == 0 {
		return nil
	}
	if c := &b.gs[g.creator]; c.alive && c.gen == g.creatorGen {
		return c
	}
	return nil
}

// childrenAt returns the latest end of the goroutines that g created at site.
func (g *goroutine) childrenAt(site gotrace.StackID) *point {
	for k := range g.children {
		if g.children[k].site == site {
			return &g.children[k].point
		}
	}
	g.children = append(g.children, siblings{site: site})
	return &g.children[len(g.children)-1].point
}

func (b *Builder) wake(g *goroutine, s *replay.Step) {
	if g.whose != replay.OfProgram {
		return
	}
	g.outside = false
	took := int64(b.now - g.since)
	b.waits.all += took
	switch {
	case g.cause == cause.GCAssist || g.cause == cause.GCSTW || g.cause == cause.SchedLatency:
		return // the collector would have had a core of its own
	case g.cause == cause.Tracer:
		return // without the recording there is nothing to wait for
	case s.By == replay.None:
		g.outside = true
		b.add(&g.point, g.cause, g.stack, took)
		return
	}
	w := &b.gs[s.By]
	b.run(w, s.ByStack)
	switch g.cause {
	case cause.ChanSend:
		b.after(&w.point, g.point) // the receiver waited for the sender to arrive
		b.waits.channels += took
	case cause.Join:
		if c := b.parent(w); c != nil {
			b.after(&g.point, *c.childrenAt(w.site))
		}
	case cause.Mutex, cause.RWMutex:
		b.waits.locks += took
	case cause.ChanRecv, cause.Select:
		b.waits.channels += took
	}
	b.after(&g.point, w.point)
}
