package critical

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An activity is what a goroutine is to the program.
type activity uint8

// The values of activity.
const (
	idle   activity = iota
	active          // it runs, or the collector has its time
	ready           // it has no P
)

// activity returns what g is now.
func (g *goroutine) activity() activity {
	switch {
	case g.whose != replay.OfProgram:
	case g.state == gotrace.Running:
		return active
	case g.state == gotrace.Runnable:
		return ready
	case g.state == gotrace.Waiting && ofCollector(g.cause), g.state == gotrace.Syscall && g.held:
		return active
	}
	return idle
}

// A stir measures when anything of the program happens.
type stir struct {
	ready tally // goroutines of the program that are ready
	busy  tally // those that are active or ready
}

// A tally is how many there are of something, and for how long there has been any.
type tally struct {
	n     int
	since clock.Time // while n is not 0
	took  int64      // up to then
}

func (t *tally) more(now clock.Time) {
	if t.n == 0 {
		t.since = now
	}
	t.n++
}

func (t *tally) less(now clock.Time) {
	if t.n--; t.n == 0 {
		t.took += int64(now - t.since)
	}
}

// until returns for how long there has been any up to now.
func (t *tally) until(now clock.Time) int64 {
	if t.n == 0 {
		return t.took
	}
	return t.took + int64(now-t.since)
}

// quiet returns how long nothing of the program has been active or ready.
func (b *Builder) quiet() int64 { return int64(b.now-b.from) - b.stir.busy.until(b.now) }

// mark counts g as what it is now.
func (b *Builder) mark(g *goroutine) {
	was, is := g.counted, g.activity()
	if is == was {
		return
	}
	g.counted = is
	if was == idle {
		b.stir.busy.more(b.now)
	} else if is == idle {
		b.stir.busy.less(b.now)
	}
	if is == ready {
		b.stir.ready.more(b.now)
	} else if was == ready {
		b.stir.ready.less(b.now)
	}
}
