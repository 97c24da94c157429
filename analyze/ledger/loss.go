package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A loss is the missing parts of the trace, as far as read.
type loss struct {
	now    bool       // one is in progress
	since  clock.Time // when the latest began
	until  clock.Time // when it ended, within the window
	parts  int
	length time.Duration // of all
	wanted clock.Time    // the part of it inside the window
	ps     int64         // core time in that

	untold int    // Ps not mentioned since
	told   []bool // by P: mentioned since
}

// lose begins a missing part. All knowledge is void: every wait and run ends here, and nobody is blamed for the end of
// a wait. Goroutines keep their regions, and so remain workers, until a whole generation does not mention them.
func (b *Builder) lose() {
	b.missing.now, b.missing.since = true, b.last
	b.missing.parts++
	b.endQuiet()
	for _, g := range b.gs {
		if g.alive {
			b.abandon(g)
		}
		g.past.forget() // blame does not reach across it
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
			b.endGap(w, b.at, cause.Unknown)
			w.gap = b.at
		}
	}
}

// abandon ends what g does. What it does next is unknown.
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
	g.state, g.cause = gotrace.Undetermined, cause.Unknown
	g.stop = replay.NotStopping
	g.now = stretch{start: b.at, waited: b.waited, growths: b.growths, kind: ready}
}

// forget empties the history and marks it incomplete.
func (h *history) forget() {
	*h = h.emptied()
	h.lost = true
}

// regain goes on with the first event after a missing part. Ps and workers were unknown meanwhile.
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
			w.by[cause.Unknown] += d
			w.gap = b.at
			w.serial, w.others = b.serialClock(), b.activeClock()
		}
	}
}

// learn notes that P number p exists and that its state is known from now on.
func (b *Builder) learn(p int32) {
	for int(p) >= len(b.missing.told) {
		b.missing.told = append(b.missing.told, false)
	}
	b.tell(p)
}

// tell notes that the state of P number p is known from now on. Until then the P is neither idle nor wanted.
func (b *Builder) tell(p int32) {
	if p == noP || int(p) >= len(b.missing.told) || b.missing.untold == 0 || b.missing.told[p] {
		return
	}
	b.missing.told[p] = true
	b.missing.untold--
}

// backdateLost moves d from the unknown to goroutine g, which turns out to have had a P for that long. For the part on
// it was on a core with cause c; the rest is accounted for already.
func (b *Builder) backdateLost(g *goroutine, c cause.Cause, d, on int64) {
	b.idleNoReason = max(b.idleNoReason-d, 0)
	if g.worker != noWorker {
		w := &b.workers[g.worker]
		w.by[cause.Unknown] -= d // it was unknown for at least as long
		w.by[c] += on
	}
}
