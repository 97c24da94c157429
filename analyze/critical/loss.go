package critical

import (
	"time"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A loss is what the Builder knows of parts of the trace that could not be read.
type loss struct {
	now    bool // one is in progress
	since  clock.Time
	parts  int
	length time.Duration // of all
}

// lose deals with a part of the trace that could not be read. Runs end here, and so do waits, which make nobody depend on anybody. What happens in the part
// is on no path: a goroutine that is there afterwards goes on at the v that it had.
func (b *Builder) lose(t clock.Time) {
	b.lost.now, b.lost.since = true, t
	b.lost.parts++
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		b.run(g, 0)
		g.state, g.since, g.code, g.outside = gotrace.Undetermined, b.now, replay.Unknown, false
	}
}

// regain goes on with the event after such a part.
func (b *Builder) regain(t clock.Time) {
	b.lost.now = false
	b.lost.length += max(t.Sub(b.lost.since), 0)
}

// looseShare is the part of all waiting from which on it matters that locks and channels leave no event where nobody waits.
const looseShare = 0.05

// warnings says what the path may lack.
func (b *Builder) warnings() []warning.Warning {
	var out []warning.Warning
	if b.lost.parts > 0 {
		w := warning.OfProcess(warning.PathGap, b.Rank)
		w.Figures.Count, w.Figures.Time = b.lost.parts, b.lost.length
		out = append(out, w)
	}
	if b.Rank < 0 {
		return out // the coordinator's tasks are done by others
	}
	w := &b.waits
	if share := float64(w.locks+w.channels) / float64(max(w.all, 1)); share > looseShare {
		at := warning.PathChans
		switch {
		case w.channels == 0:
			at = warning.PathLocks
		case w.locks > 0:
			at = warning.PathLoosely
		}
		v := warning.OfProcess(at, b.Rank)
		v.Figures.Ratio = share
		out = append(out, v)
	}
	return out
}
