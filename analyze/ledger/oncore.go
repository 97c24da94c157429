package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// onCore divides d, the time until b.at.
func (b *Builder) onCore(g *goroutine, d int64) replay.Stretch {
	if b.OnCPU == nil || g.thread == replay.None {
		return replay.Stretch{On: d}
	}
	return replay.Divide(b.OnCPU, b.threads[g.thread], b.at, d, g.state == gotrace.Syscall)
}

// inCall divides the latest d of a goroutine whose system call has lost its P. Without records all of it is blocked.
func (b *Builder) inCall(g *goroutine, d int64) replay.Stretch {
	if b.OnCPU == nil || g.thread == replay.None {
		return replay.Stretch{Blocked: d}
	}
	return b.onCore(g, d)
}

// lackCore adds time of Ps, and of a goroutine with tally a unless that is nil, whose thread had no core.
func (b *Builder) lackCore(o replay.Stretch, a *tally) {
	b.offCore[cause.Preempted] += o.Ready
	b.offCore[cause.BlockSyscall] += o.Blocked
	if a != nil && o.Ready+o.Blocked > 0 {
		a.add(cause.Preempted, o.Ready)
		a.add(cause.BlockSyscall, o.Blocked)
	}
}

// divideCall divides the time of the system call without a P that g is in, if it is in one. It costs idle Ps nothing
// while its thread has a core or waits for one: that part of the cost, by the time of the wait, is the core's.
func (b *Builder) divideCall(g *goroutine) {
	if w := &g.wait; b.OnCPU != nil && w.open && g.state == gotrace.Syscall && b.at > w.start {
		d := int64(b.at - w.start)
		o := b.inCall(g, d)
		w.divided = true
		w.on, w.ready = float64(o.On)/float64(d), float64(o.Ready)/float64(d)
	}
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
