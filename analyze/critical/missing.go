package critical

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// missing says what parts of the trace are missing, as far as it has been read.
type missing struct {
	now    bool // one is in progress
	since  clock.Time
	parts  int
	length time.Duration // of all
}

// lose begins a missing part. Runs and waits end here, and nobody depends on anybody across it. A goroutine that is
// there afterwards goes on at the v it had.
func (b *Builder) lose(t clock.Time) {
	b.missing.now, b.missing.since = true, t
	b.missing.parts++
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		b.run(g, 0)
		g.state, g.since, g.cause, g.outside = gotrace.Undetermined, b.now, cause.Unknown, false
		g.nap, g.handed = nap{}, handed{}
		b.mark(g)
	}
}

// regain goes on with the first event after a missing part.
func (b *Builder) regain(t clock.Time) {
	b.missing.now = false
	b.missing.length += max(t.Sub(b.missing.since), 0)
}

// warnings returns what the path may lack.
func (b *Builder) warnings() []warning.Warning {
	if b.missing.parts == 0 {
		return nil
	}
	w := warning.OfProcess(warning.PathGap, b.Rank)
	w.Figures.Count, w.Figures.Time = b.missing.parts, b.missing.length
	return []warning.Warning{w}
}
