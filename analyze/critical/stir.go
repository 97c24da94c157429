package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A stir measures when anything of the program happens.
type stir struct {
	now            clock.Time
	active, ready  int   // goroutines
	quiet, crowded int64 // time without an active goroutine, and with a ready one
}

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

// mark counts g as what it is now.
func (b *Builder) mark(g *goroutine) {
	active, ready := false, false
	if g.alive && g.whose == replay.OfProgram {
		switch g.state {
		case gotrace.Running:
			active = true
		case gotrace.Runnable:
			active, ready = true, true
		case gotrace.Syscall:
			active = g.held
		case gotrace.Waiting: // the collector's time is not the program's
			active = g.cause == cause.GCAssist || g.cause == cause.GCSTW || g.cause == cause.SchedLatency
		}
	}
	s := &b.stir
	s.active += change(g.active, active)
	s.ready += change(g.ready, ready)
	g.active, g.ready = active, ready
}

// change returns by how much a count changes of what was, or was not, and now is, or is not.
func change(was, is bool) int {
	switch {
	case is && !was:
		return 1
	case was && !is:
		return -1
	}
	return 0
}
