package study

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// leastUnseen is the share of the time of workers that they wait for each other at a larger count, beyond what they do
// in a recording, from which on a replay of that recording is no prediction.
const leastUnseen = 0.01

// unseen returns how workers wait for each other at larger counts of c than that of the recorded run r and do not in
// it: where they do so for the largest part of their time; nil: they do not, or it is not known. A worker that is alone
// finds every lock free, and a stock trace has no event of that. Processes wait for the coordinator, which a replay
// knows.
func (a *analysis) unseen(c *Curve, r *sweep.Result) *warning.Warning {
	x := a.in.Explained[r.Run]
	if x.Ledger == nil || dealt(&c.Sweep) {
		return nil
	}
	account, ok := stack.OfWorkers(r, x.Ledger)
	base := verdict.LoadOf(account)
	if !ok || base == nil {
		return nil
	}
	w := warning.Of(warning.PredictWaits, c.Sweep.Workload)
	w.Subject.Mode, w.Figures.Of = c.Sweep.Mode, c.Sweep.N(r.Point)
	worst := 0.0
	for i := range c.Points {
		n := c.Points[i].N
		if n <= w.Figures.Of {
			continue
		}
		load := verdict.MeanOf(a.launches(c, i).Loads)
		for _, g := range []cause.Group{cause.Lock, cause.Condition, cause.Channel} {
			at, before := load.Share(g), base.Share(g)
			if more := at - before; more >= leastUnseen && more > worst {
				worst = more
				w.Figures.Count, w.Figures.Ratio, w.Figures.AgainstRatio = n, at, before
				w.Items = []warning.Item{{Name: string(g)}}
			}
		}
	}
	if worst == 0 {
		return nil
	}
	return &w
}
