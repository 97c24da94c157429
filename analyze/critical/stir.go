package critical

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
)

// An activity is what a goroutine is to the program.
type activity uint8

// The values of activity.
const (
	idle   activity = iota
	active          // it runs, or the collector has its time
	ready           // it has no P
	numActivities
)

// A stir measures when anything of the program happens.
type stir struct {
	now            clock.Time
	count          [numActivities]int // goroutines of the program; of the idle ones not all
	quiet, crowded int64              // time without an active or ready goroutine, and with a ready one
}

// to goes on to t, up to which the counts hold.
func (s *stir) to(t clock.Time) {
	d := int64(t - s.now)
	s.now = t
	if s.count[ready] > 0 {
		s.crowded += d
	} else if s.count[active] == 0 {
		s.quiet += d
	}
}

// quietUntil returns the quiet time up to t.
func (s *stir) quietUntil(t clock.Time) int64 {
	s.to(t)
	return s.quiet
}

// mark counts g as what it is now.
func (b *Builder) mark(g *goroutine) {
	is := g.activity
	if g.whose != replay.OfProgram {
		is = idle
	}
	if is == g.counted {
		return
	}
	b.stir.to(b.now)
	b.stir.count[g.counted]--
	b.stir.count[is]++
	g.counted = is
}
