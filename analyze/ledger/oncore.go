package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// An onCore divides time in which a goroutine had a thread by what the OS scheduler did with that.
type onCore struct {
	on      int64
	ready   int64 // without a core
	blocked int64 // in a system call
}

// onCore divides d, the time until b.at. Outside system calls all time without a core counts as ready: the Go runtime
// tells where else a goroutine blocks. Records that contradict the trace move the borders, never the sum.
func (b *Builder) onCore(g *goroutine, d int64) onCore {
	if b.OnCPU == nil || g.thread == replay.None {
		return onCore{on: d}
	}
	run, wait := b.OnCPU(b.threads[g.thread], b.at-clock.Time(d), b.at)
	on := min(max(int64(run), 0), d)
	if g.state != gotrace.Syscall {
		return onCore{on: on, ready: d - on}
	}
	ready := min(max(int64(wait), 0), d-on)
	return onCore{on, ready, d - on - ready}
}

// inCall divides the latest d of a goroutine whose system call has lost its P. Without records all of it is blocked.
func (b *Builder) inCall(g *goroutine, d int64) onCore {
	if b.OnCPU == nil || g.thread == replay.None {
		return onCore{blocked: d}
	}
	return b.onCore(g, d)
}

// lackCore adds time of Ps, and of a goroutine with tally a unless that is nil, whose thread had no core.
func (b *Builder) lackCore(o onCore, a *tally) {
	b.offCore[cause.Preempted] += o.ready
	b.offCore[cause.BlockSyscall] += o.blocked
	if a != nil && o.ready+o.blocked > 0 {
		a.add(cause.Preempted, o.ready)
		a.add(cause.BlockSyscall, o.blocked)
	}
}

// divideCall divides the time of the system call without a P that g is in, if it is in one. It costs idle Ps nothing
// while its thread has a core or waits for one: that part of the cost, by the time of the wait, is the core's.
func (b *Builder) divideCall(g *goroutine) {
	if w := &g.wait; b.OnCPU != nil && w.open && g.state == gotrace.Syscall && b.at > w.start {
		d := int64(b.at - w.start)
		o := b.inCall(g, d)
		w.divided = true
		w.on, w.ready = float64(o.on)/float64(d), float64(o.ready)/float64(d)
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
