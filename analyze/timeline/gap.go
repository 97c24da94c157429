package timeline

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/analyze/warning"
)

// gap deals with a part of the trace that could not be read. What was known is void: what is alive is Unknown until the trace tells its
// state again, which it does for everything in the first generation after the gap.
func (b *Builder) gap() {
	b.warn(warning.TimelineGap, "", warning.Figures{})
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		if g.thread != replay.None {
			b.set(&b.threads[g.thread].track, b.now, Absent)
			b.threads[g.thread].g = replay.None
		}
		g.p, g.thread = replay.None, replay.None
		if g.track.state != Absent {
			b.set(&g.track, b.now, Unknown)
		}
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.seen {
			p.g = replay.None
			b.set(&p.track, b.now, Unknown)
		}
	}
}

// whole ends what a whole generation after a gap has not told of: it ended in the gap.
func (b *Builder) whole() {
	for i := range b.ps {
		if p := &b.ps[i]; p.seen && p.g == replay.None && p.state == Unknown {
			b.set(&p.track, b.now, Absent)
		}
	}
}
