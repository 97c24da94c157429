package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
)

// onCore returns how much of d, the time until b.at in which g had a P, its thread was on a core, and adds the rest to
// the Ps without a core, by the cause that it returns. Records that contradict the trace move the border between the
// two, never the sum.
func (b *Builder) onCore(g *goroutine, d int64) (on int64, off cause.Cause) {
	off = cause.Preempted
	if g.cause == cause.Syscall {
		off = cause.BlockSyscall
	}
	if b.OnCPU == nil || g.thread == replay.None {
		return d, off
	}
	on = min(max(int64(b.OnCPU(b.threads[g.thread], b.at-clock.Time(d), b.at)), 0), d)
	b.offCore[off] += d - on
	return on, off
}

// offRows adds the rows of Ps whose goroutine had no core, at most total, and returns their sum.
func (b closing) offRows(l *Ledger, total CoreTime) CoreTime {
	var sum CoreTime
	for c, d := range b.offCore {
		t := min(CoreTime(d), total-sum)
		l.add(cause.Cause(c), b.owned(Stack{Time: t}, noWorker))
		sum += t
	}
	return sum
}
