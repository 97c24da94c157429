package timeline

import (
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// gap deals with a part of the trace that could not be read. What was known is void: what is alive is Unknown until the trace tells its
// state again, which it does for everything in the first generation after the gap.
func (b *Builder) gap() {
	b.warn(warning.TimelineGap, "", warning.Figures{})
	b.lost = 0
	for _, g := range b.gs {
		if !g.alive {
			continue
		}
		b.unbind(g)
		g.raw, g.gc = gotrace.Undetermined, 0
		if g.track.state != Absent {
			b.set(&g.track, b.now, Unknown)
		}
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.seen {
			p.sweeping = false
			b.set(&p.track, b.now, Unknown)
		}
	}
}

// forgetLost ends what a whole generation after the gap has not told of: it ended in the gap.
func (b *Builder) forgetLost() {
	for i, g := range b.gs {
		if !g.alive || g.raw != gotrace.Undetermined {
			continue
		}
		b.set(&g.track, b.now, Absent)
		for len(g.open) > 0 {
			b.endRegion(int32(i), len(g.open)-1)
		}
		b.forget(int32(i))
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.seen && p.g == noG && p.state == Unknown {
			b.set(&p.track, b.now, Absent)
		}
	}
}
