package timeline

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
)

// A prelude is what a goroutine does from its birth on. It is held back until it is known whose time that is: that of
// the worker that the goroutine becomes, as in the ledger, or its own.
type prelude struct {
	spans []heldSpan
	born  clock.Time
}

// A heldSpan is a stretch of a goroutine that is on no lane yet.
type heldSpan struct {
	from, to clock.Time
	thread   int32 // that tells when it had a core
	state    State
}

// prepare begins the prelude of a goroutine that is born now.
func (g *goroutine) prepare(t clock.Time) {
	if g.prelude == nil {
		g.prelude = &prelude{}
	}
	g.prelude.spans, g.prelude.born = g.prelude.spans[:0], t
	g.held = true
}

// hold adds a stretch to the prelude of g. What does much else first was not made to be a worker.
func (b *Builder) hold(g *goroutine, from, to clock.Time, thread int32) {
	p := g.prelude
	p.spans = append(p.spans, heldSpan{from, to, thread, g.state})
	if len(p.spans) > replay.MostPrelude {
		b.release(g, g.own)
	}
}

// release puts the prelude of g, if it has one, onto a lane.
func (b *Builder) release(g *goroutine, l *laneData) {
	if !g.held {
		return
	}
	g.held = false
	for _, s := range g.prelude.spans {
		b.put(l, s.from, s.to, s.thread, s.state)
	}
	g.prelude.spans = g.prelude.spans[:0]
}

// enter begins a region of a worker: what its goroutine did before is the worker's, if it was born since the worker
// left its latest one.
func (b *Builder) enter(g *goroutine, w *laneData) {
	b.settle(g, b.now, g.thread)
	if g.held {
		to := g.own
		if g.prelude.born >= w.last {
			to = w
		}
		b.release(g, to)
	}
	w.entered = b.now
	if b.inside++; b.inside == 1 {
		b.insideFrom = b.now
	}
}

// leave ends a region of a worker.
func (b *Builder) leave(w *laneData) {
	w.last = b.now
	if w.left == 0 {
		w.left = b.now
	}
	if b.inside--; b.inside == 0 {
		b.worked(b.now)
	}
}

// worked ends a time in which there were workers in their regions. Beyond the limit pauses between such times are left
// out.
func (b *Builder) worked(t clock.Time) {
	if n := len(b.working); n == maxSerial {
		b.working[n-1].to = t
		return
	}
	b.working = append(b.working, serialPart{rank: b.Rank, from: b.insideFrom, to: t})
}
