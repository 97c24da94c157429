package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
)

// onCore returns how much of the latest d, in which g had a P, its thread was on a core, and accounts for the rest.
func (b *Builder) onCore(g *goroutine, d int64) int64 {
	if g.thread == replay.None {
		return d
	}
	on := min(max(int64(b.OnCPU(b.threads[g.thread], b.at-clock.Time(d), b.at)), 0), d)
	if on == d {
		return d
	}
	off := cause.Preempted
	if g.cause == cause.Syscall {
		off = cause.BlockSyscall
	}
	b.offCore[off] += d - on
	if g.worker != noWorker {
		b.workers[g.worker].by[off] += d - on
	}
	return on
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
