package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A loss is what the Builder knows of parts of the trace that could not be read.
type loss struct {
	now    bool       // one is in progress
	since  clock.Time // when the latest began
	until  clock.Time // when it ended, within the part that is wanted
	parts  int
	length time.Duration // of all
	wanted clock.Time    // of that, in the part that is wanted
	ps     int64         // core time in it

	untold int    // Ps that nothing has been told of since
	told   []bool // those of which something has
}

// lose deals with a part of the trace that could not be read. What was known is void: all waits and runs end here, and nobody is blamed for
// the end of a wait. Goroutines keep their regions, and so the workers theirs, until a whole generation has not told of them.
func (b *Builder) lose() {
	b.missing.now, b.missing.since = true, b.last
	b.missing.parts++
	b.endQuiet()
	for _, g := range b.gs {
		if g.alive {
			b.abandon(g)
		}
		g.past.forget() // no blame reaches back across it
	}
	clear(b.missing.told)
	b.runnable, b.stopped, b.tracerStops = 0, 0, 0
	b.settleActive()
	if b.serialDepth > 0 {
		b.endSerial(b.at)
		b.serialSince = b.at
	}
	for i := range b.workers {
		if w := &b.workers[i]; !w.active {
			b.endGap(w, b.at, replay.Unknown)
			w.gap = b.at
		}
	}
}

// abandon ends what goroutine g does. What it does next is unknown.
func (b *Builder) abandon(g *goroutine) {
	b.cut(g, 0)
	b.settle(g)
	if w := &g.wait; w.open {
		w.open = false
		if w.Weight != replay.NoWeight {
			b.blocked[w.Weight]--
			b.dormant.remove(b, w)
			b.charge(w, noG)
		}
	}
	if g.p != noP {
		b.release(g)
	}
	b.uncount(g)
	g.state, g.code = gotrace.Undetermined, replay.Unknown
	g.stop = replay.NotStopping
	g.now = stretch{start: b.at, waited: b.waited, growths: b.growths, kind: ready}
}

// forget empties the history, and says so.
func (h *history) forget() {
	*h = h.emptied()
	h.lost = true
}

// regain goes on with the event after a part that is missing. The Ps have been unknown meanwhile, and so have been the workers.
func (b *Builder) regain(t clock.Time) {
	m := &b.missing
	m.now = false
	m.length += max(t.Sub(m.since), 0)
	if b.To != 0 {
		t = min(t, b.To)
	}
	d := max(int64(t-b.at), 0)
	b.at += clock.Time(d)
	m.until = b.at
	m.wanted += clock.Time(d)
	m.untold = b.gomaxprocs
	b.total += int64(b.gomaxprocs) * d
	m.ps += int64(b.gomaxprocs) * d
	b.serialSince, b.activeSince = b.at, b.at
	for i := range b.workers {
		if w := &b.workers[i]; !w.active {
			w.by[replay.Unknown] += d
			w.gap = b.at
			w.serial, w.others = b.serialClock(), b.activeClock()
		}
	}
}

// learn notes that there is a P, and that its state is known from now on.
func (b *Builder) learn(p int32) {
	for int(p) >= len(b.missing.told) {
		b.missing.told = append(b.missing.told, false)
	}
	b.tell(p)
}

// tell notes that the state of a P is known from now on. Until then it is neither idle nor does anybody want it, as far as is known.
func (b *Builder) tell(p int32) {
	if p == noP || int(p) >= len(b.missing.told) || b.missing.untold == 0 || b.missing.told[p] {
		return
	}
	b.missing.told[p] = true
	b.missing.untold--
}

// backdateLost takes the d for which goroutine g, as is known now, had a P from what was put down to nothing known. For as long as on it was
// on a core with cause c; the rest has been put down already.
func (b *Builder) backdateLost(g *goroutine, c replay.Code, d, on int64) {
	b.idleNoReason = max(b.idleNoReason-d, 0)
	if g.worker != noWorker {
		w := &b.workers[g.worker]
		w.by[replay.Unknown] -= d // which it was for at least as long
		w.by[c] += on
	}
}
