package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
)

// A loose is how long goroutines of the program have waited for each other, in waits that have ended and that the path
// cannot rely on: most uses of locks and channels leave no event, and in which order the others came is a matter of
// this one schedule.
type loose struct{ locks, channels int64 }

// wait begins a wait of g, of the program, whose cause and stack are set.
func (b *Builder) wait(g *goroutine) {
	if g.cause == cause.Tracer {
		b.recording(g)
	}
	g.nap.took = 0
	b.loosen(g)
	g.quiet = b.quiet()
	if handsOn(g.cause) {
		placeAt(&b.turns.waiting, g.stack).at(g.id)
	}
}

// ofCollector reports whether a wait with that cause is for the garbage collector, whose time is not the program's.
func ofCollector(c cause.Cause) bool {
	return c == cause.GCAssist || c == cause.GCSTW || c == cause.SchedLatency
}

// recording takes g, which is inside the recorder or runs when the recording ends, for the one who ends it, if it did
// little but sleep for most of the time up to then: that this sleep took so long is no matter of the program. What it
// did before is.
func (b *Builder) recording(g *goroutine) {
	if g.nap.place >= 0 && 2*g.nap.took > int64(b.now-b.from) {
		b.leaveOut(g, g.delays[g.nap.place].key, g.nap.took, g.nap.took-g.nap.delay)
		g.nap = nap{}
	}
}

// wake ends the wait of g.
func (b *Builder) wake(g *goroutine, s *replay.Step) {
	if g.whose != replay.OfProgram {
		return
	}
	g.outside = false
	took := int64(b.now - g.since)
	switch {
	case ofCollector(g.cause):
		return // the collector would have had a core of its own
	case g.cause == cause.Tracer:
		return // without the recording there is nothing to wait for
	case s.By == replay.None:
		b.sleep(g, s.Wait.Cause, took)
		return
	}
	w := &b.gs[s.By]
	b.run(w, s.ByStack)
	if handsOn(g.cause) && placeAt(&b.turns.waiting, g.stack).at(g.id) {
		b.turns.turn(g)
	}
	b.depend(g, w, s, took)
	g.follow(&w.point, w.delay)
}

// sleep ends a wait for c that nobody of the program ended.
//
// Others of the program may still be why it took that long: the peer of a connection may be one of them, and a
// goroutine may sleep until they are done. Only while nothing of the program ran it surely was no other.
func (b *Builder) sleep(g *goroutine, c cause.Cause, took int64) {
	g.outside = true
	quiet := min(b.quiet()-g.quiet, took)
	place := b.delayed(g, c, took, quiet)
	switch {
	case c == cause.Sleep:
		g.nap = nap{took: took, delay: took - quiet, need: took/runsAfter + 1, place: place}
	case handsOn(c) && placeAt(&b.turns.waiting, g.stack).at(g.id):
		b.turns.turn(g)
	}
}

// depend notes what it tells that by ended a wait of g by step s, which took that long.
func (b *Builder) depend(g, by *goroutine, s *replay.Step, took int64) {
	switch g.cause {
	case cause.Join:
		if c := b.parent(by); c != nil {
			all := c.childrenAt(by.site)
			g.follow(&all.point, all.delay)
			g.least.after(all.least)
		}
		g.least.after(by.least.at())
	case cause.Unknown:
		g.least.after(by.least.at()) // a coroutine
	case cause.ChanSend:
		by.follow(&g.point, g.delay) // the receiver waited for the sender to arrive
		b.loosen(g)
		g.handed = handed{s.By, by.gen, g.stack, took, g.ran, g.least.at()}
		g.least.follow(by.least.at())
		if placeAt(&b.turns.ending, g.stack).at(by.id) {
			b.turns.turn(by)
		}
	case cause.ChanRecv, cause.Select:
		at := by.least.at()
		g.least.follow(at)
		b.loosen(by)
		by.handed = handed{s.G, g.gen, g.stack, took, by.ran, at}
	case cause.Mutex, cause.RWMutex, cause.Cond:
		b.loose.locks += took
	}
}
