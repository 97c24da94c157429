package ledger

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// missing says what parts of the trace are missing, as far as it has been read.
type missing struct {
	now    bool       // one is in progress
	since  clock.Time // when the latest began
	until  clock.Time // when it ended, within the window
	next   clock.Time // what dormancy.next was then
	parts  int
	length time.Duration // of all
	wanted clock.Time    // the part of it inside the window
	ps     int64         // core time in that

	untold int    // Ps not mentioned since
	told   []bool // by P: mentioned since
}

// lose begins a missing part at t. All knowledge is void: every wait and run ends here, and nobody is blamed for the
// end of a wait. Goroutines keep their regions, and so remain workers, until a whole generation does not mention them.
func (b *Builder) lose(t clock.Time) {
	b.missing.now, b.missing.since = true, max(b.last, t)
	b.missing.next, b.dormant.next = b.dormant.next, math.MinInt64 // whatever comes next is to catch up
	b.missing.parts++
	b.endQuiet()
	for _, g := range b.gs {
		if g.alive {
			b.abandon(g)
		}
		g.past.empty()
		g.past.lost = true // blame does not reach across it
	}
	clear(b.missing.told)
	b.runnable, b.stopped, b.tracerStops = 0, 0, 0
	b.settleActive(b.at)
	if b.serialDepth > 0 {
		b.endSerial(b.at)
		b.serialSince = b.at
	}
	for i := range b.workers {
		if w := b.workers[i]; !w.active {
			b.endGap(w, b.clocks(b.at), b.at, cause.Unknown)
			w.gap = b.at
		}
	}
}

// abandon ends what g does. What it does next is unknown.
func (b *Builder) abandon(g *goroutine) {
	b.cut(g, 0, noG)
	b.settle(g)
	b.expire(g)
	b.forgetTrial(g, true)
	if g.p != noP {
		b.release(g)
	}
	b.uncount(g)
	g.state, g.cause = gotrace.Undetermined, cause.Unknown
	g.stop = replay.NotStopping
	g.now = stretch{start: b.at, waited: b.waited, growths: b.growths, kind: ready}
}

// regain goes on with the first event after a missing part. Ps and workers were unknown meanwhile.
func (b *Builder) regain(t clock.Time) {
	m := &b.missing
	m.now = false
	b.dormant.next = m.next
	m.length += max(t.Sub(m.since), 0)
	if b.To != 0 {
		t = min(t, b.To)
	}
	d := max(int64(t-b.at), 0)
	b.at += clock.Time(d)
	m.until = b.at
	m.wanted += clock.Time(d)
	m.untold = b.gomaxprocs
	m.ps += int64(b.gomaxprocs) * d
	b.serialSince, b.activeSince = b.at, b.at
	for i := range b.workers {
		if w := b.workers[i]; !w.active {
			w.add(cause.Unknown, d)
			w.gap, w.since = b.at, b.clocks(b.at)
		}
	}
}

// learn notes that P number p exists and that its state is known from now on.
func (m *missing) learn(p int32) {
	for int(p) >= len(m.told) {
		m.told = append(m.told, false)
	}
	m.tell(p)
}

// tell notes that the state of P number p is known from now on. Until then the P is neither idle nor wanted.
func (m *missing) tell(p int32) {
	if p == noP || int(p) >= len(m.told) || m.untold == 0 || m.told[p] {
		return
	}
	m.told[p] = true
	m.untold--
}
