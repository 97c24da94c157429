package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An activity is what a goroutine is to the program.
type activity uint8

// The values of activity.
const (
	idle activity = iota
	active
	ready // and has no P
)

// A stir measures when anything of the program happens.
type stir struct {
	now            clock.Time
	active, ready  int   // goroutines; the ready ones are active, too
	quiet, crowded int64 // time without an active goroutine, and with a ready one
}

// to goes on to t, up to which the counts hold.
func (s *stir) to(t clock.Time) {
	d := int64(t - s.now)
	s.now = t
	if s.active == 0 {
		s.quiet += d
	}
	if s.ready > 0 {
		s.crowded += d
	}
}

// quietUntil returns the quiet time up to t.
func (s *stir) quietUntil(t clock.Time) int64 {
	s.to(t)
	return s.quiet
}

// add counts n goroutines with activity a.
func (s *stir) add(a activity, n int) {
	if a != idle {
		s.active += n
	}
	if a == ready {
		s.ready += n
	}
}

// mark counts g as what it is now.
func (b *Builder) mark(g *goroutine) {
	is := g.activity()
	if is == g.counted {
		return
	}
	b.stir.to(b.now)
	b.stir.add(g.counted, -1)
	b.stir.add(is, 1)
	g.counted = is
}

// activity returns what g is now.
func (g *goroutine) activity() activity {
	if !g.alive || g.whose != replay.OfProgram {
		return idle
	}
	switch g.state {
	case gotrace.Running:
		return active
	case gotrace.Runnable:
		return ready
	case gotrace.Syscall:
		if g.held {
			return active
		}
	case gotrace.Waiting: // the collector's time is not the program's
		switch g.cause {
		case cause.GCAssist, cause.GCSTW, cause.SchedLatency:
			return active
		}
	}
	return idle
}
