package osledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/threads"
)

// Sampled accounts for the cores and for each worker where only the times of the threads are known, and not when they ran: idle cores are
// then shared out among the workers by how long these were blocked. What the threads ran beyond the cores' time is cut off.
func (b *Builder) Sampled() *ledger.Ledger {
	b.begin()
	for i := range b.each {
		a, th := &b.each[i], &b.Threads.Threads[i]
		if !a.own {
			continue
		}
		inside := max(min(th.End, b.To).Sub(max(th.Start, b.From)), 0)
		parts := ledger.Apportion(inside, []float64{float64(th.Unknown), float64(th.OnCPU), float64(th.Ready), float64(th.Blocked)})
		copy(a.in[:], parts)
		a.ran = float64(a.in[threads.Running])
		b.sum.busy += int64(a.in[threads.Running])
		b.sum.preempted += int64(a.in[threads.Ready])
		if !a.second {
			a.cost = float64(a.in[threads.Blocked])
		}
	}
	room := int64(b.Cores) * int64(b.To-b.From)
	b.sum.busy = min(b.sum.busy, room)
	b.sum.preempted = min(b.sum.preempted, room-b.sum.busy)
	b.sum.idle = room - b.sum.busy - b.sum.preempted
	return b.Ledger()
}

// Totals accounts for the cores where nothing but the CPU time of the whole run is known.
func (b *Builder) Totals(cpu time.Duration) *ledger.Ledger {
	room := ledger.CoreTime(b.Cores) * ledger.CoreTime(b.To-b.From)
	busy := min(ledger.CoreTime(cpu), room)
	return ledger.Compose(
		b.From, b.To,
		ledger.Group{Total: busy, Shares: []ledger.Share{{Cause: cause.User, Weight: 1}}},
		ledger.Group{Total: room - busy},
	)
}
