package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one. What every stretch of running needs comes first, then what waits do.
type goroutine struct {
	point
	since   clock.Time
	ran     int64           // in all
	stack   gotrace.StackID // where it waits
	start   gotrace.StackID
	thread  int32 // slot; replay.None
	whose   replay.Whose
	state   gotrace.State
	cause   cause.Cause // what it waits or runs for
	counted activity
	alive   bool
	held    bool  // in a system call, it has its P
	outside bool  // something outside the program ended its last wait
	turns   uint8 // that it took

	nap   nap
	least ways

	delay  int64 // the most that delays take of a chain that ends here
	taken  int64 // the greatest such figure of those that it went on after
	quiet  int64 // the quiet time when its wait began
	handed handed

	id         int64
	gen        uint32 // counts the goroutines that the slot has stood for
	creator    int32  // slot
	creatorGen uint32
	site       gotrace.StackID // of its creation

	delays   []delay
	children []siblings
}

// siblings is what is known of the goroutines that one goroutine created at one place.
type siblings struct {
	site gotrace.StackID
	ends

	live        int   // of them
	short, long int64 // running times of those that have ended since none was alive
}

// ends is how far the goroutines of a set have got that have ended: each figure is the greatest.
type ends struct {
	point
	least marks
	delay int64
}

// A least is how far a goroutine gets at least if nothing counts but its own way and what it surely waits for: what
// another did before it sent what it needed next.
//
// A goroutine that gathers the results of others needs all of them, but the order in which they come is that of one
// schedule: what it does after one is not after all that came before. So the ways of others and its own since the last
// of them are kept apart from its own way.
type least struct {
	way      int64 // its own, since it went on after what it surely waited for
	own      int64 // where that way began
	sender   int64 // how far the one it waited for last had got, less the way up to then
	gathered int64 // the greatest of those that it gathered
	latest   int64 // the way up to the latest of those
}

func (l *least) at() int64 { return l.way + max(l.own, l.sender, l.gathered-l.latest) }

// advance goes on by d.
func (l *least) advance(d int64) { l.way += d }

// after goes on no earlier than v.
func (l *least) after(v int64) { *l = least{own: max(l.at(), v)} }

// follow goes on no earlier than v, as long as it waits for nobody else.
func (l *least) follow(v int64) { l.sender = v - l.way }

// gather goes on no earlier than v, one of those that are gathered.
func (l *least) gather(v int64) { l.gathered, l.latest = max(l.gathered, v), l.way }

// gatherOthers goes on after all that it gathered, to gather at another place.
func (l *least) gatherOthers() { l.own, l.gathered = max(l.own, l.gathered-l.latest), 0 }

// A ways is how far a goroutine gets at least by two readings: a system call without a P is work or a delay, or all
// that it waits for is a core, as threads do that are more than there are cores.
type ways struct {
	call, ready least
	site        gotrace.StackID // where it gathers
}

// A marks is a place on each of ways.
type marks struct{ call, ready int64 }

func (w *ways) at() marks { return marks{w.call.at(), w.ready.at()} }

func (w *ways) advance(d int64) {
	w.call.advance(d)
	w.ready.advance(d)
}

func (w *ways) after(m marks) {
	w.call.after(m.call)
	w.ready.after(m.ready)
	w.site = 0
}

func (w *ways) follow(m marks) {
	w.call.follow(m.call)
	w.ready.follow(m.ready)
}

func (w *ways) gather(site gotrace.StackID, m marks) {
	if site != w.site {
		w.call.gatherOthers()
		w.ready.gatherOthers()
		w.site = site
	}
	w.call.gather(m.call)
	w.ready.gather(m.ready)
}

// most returns the greater of both, for each.
func (m marks) most(o marks) marks { return marks{max(m.call, o.call), max(m.ready, o.ready)} }

// A nap is a delay that a timer ended, and that counts only if its goroutine has run enough afterwards: one that looks
// again and again whether others are done does not make them take that long.
type nap struct {
	took  int64 // in all; 0: there is none
	delay int64 // of that, what counts only then
	need  int64 // running time that is missing
	place int   // of it among the delays; -1: it is on the path no more
}

// runsAfter is how many times as long as its running time a nap may be.
const runsAfter = 100

// A handed is a wait that a goroutine has ended, as long as it may be the last thing that it does.
type handed struct {
	to   int32 // slot of who waited
	gen  uint32
	site gotrace.StackID // where it waited
	took int64           // 0: none
	ran  int64           // running time up to then
	v    marks           // how far it got at least up to then
}

// runsOn is how many times what a goroutine runs after it is done its whole running time is at least.
const runsOn = 50

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

// childrenAt returns what is known of the goroutines that g created at site.
func (g *goroutine) childrenAt(site gotrace.StackID) *siblings {
	for k := range g.children {
		if g.children[k].site == site {
			return &g.children[k]
		}
	}
	g.children = append(g.children, siblings{site: site})
	return &g.children[len(g.children)-1]
}

func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, goroutine{})
	}
	g := &b.gs[s.G]
	gen, delays, children := g.gen+1, g.delays[:0], g.children[:0]
	*g = goroutine{} // in place
	g.gen, g.delays, g.children = gen, delays, children
	g.id, g.alive, g.since, g.cause, g.thread = s.ID, true, b.now, cause.Unknown, replay.None
	b.named(g, s)
}

// named takes the start of g, if the step tells it.
func (b *Builder) named(g *goroutine, s *replay.Step) {
	if s.Stack != 0 {
		g.start, g.whose = s.Stack, s.Whose
		b.mark(g)
	}
}

// create starts g at the point that its creator, in slot u, has reached.
func (b *Builder) create(g *goroutine, u int32, site gotrace.StackID) {
	c := &b.gs[u]
	b.run(c, site)
	g.creator, g.creatorGen, g.site = u, c.gen, site
	if c.whose != replay.OfProgram {
		return
	}
	g.follow(&c.point, c.delay)
	g.least.after(c.least.at())
	if g.whose == replay.OfProgram {
		c.childrenAt(site).live++
	}
}

func (b *Builder) end(g *goroutine) {
	b.close(g)
	if g.whose == replay.OfProgram {
		at := g.least.at()
		b.ended.add(g, at)
		if c := b.parent(g); c != nil {
			all := c.childrenAt(g.site)
			all.add(g, at)
			b.turns.unequal = max(b.turns.unequal, all.end(g.ran))
		}
	}
	g.children = g.children[:0]
	g.point = point{}
	g.alive = false
}

// close settles what depends on whether g ends here: its latest nap was for itself, and whoever it handed something
// last waited for it.
func (b *Builder) close(g *goroutine) {
	g.settle()
	h := &g.handed
	if h.took == 0 {
		return
	}
	to := &b.gs[h.to]
	if !to.alive || to.gen != h.gen || (g.ran-h.ran)*runsOn > g.ran {
		b.loosen(g)
		return
	}
	to.least.gather(h.site, h.v)
	h.took = 0
}

// loosen takes what g handed on last for no sign that it was done.
func (b *Builder) loosen(g *goroutine) {
	b.loose.channels += g.handed.took
	g.handed.took = 0
}

// add adds the end of g, which got that far at least, to e.
func (e *ends) add(g *goroutine, least marks) {
	e.after(&g.point)
	e.least, e.delay = e.least.most(least), max(e.delay, g.delay)
}

// end takes one of the siblings out, which ran for that long. If another that was alive with it ran much less, it
// returns the longest running time.
func (s *siblings) end(ran int64) (unequal int64) {
	if s.live > 0 {
		s.live--
	}
	if s.long == 0 {
		s.short = ran
	}
	s.short, s.long = min(s.short, ran), max(s.long, ran)
	if s.short*muchLess < s.long {
		unequal = s.long
	}
	if s.live == 0 {
		s.short, s.long = 0, 0
	}
	return unequal
}

// muchLess is how many times one of some equal goroutines has run for as long as another if they may share out work
// between them.
const muchLess = 100
