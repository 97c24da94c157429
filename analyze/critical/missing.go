package critical

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// lose begins a missing part. Runs and waits end here, and nobody depends on anybody across it. A goroutine that is
// there afterwards goes on at the v it had. That a part is missing the ledger says.
func (b *Builder) lose() {
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
