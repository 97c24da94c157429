package program

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// change follows a goroutine from one state to the next.
func (b *Builder) change(s *replay.Step) {
	g := &b.slots[s.G]
	switch {
	case s.From == gotrace.NotExist:
		b.created(g, s)
	case s.Was == gotrace.Running:
		b.run(g, s.Stack)
	case s.Was == gotrace.Waiting:
		b.woken(g, s)
	case s.Was == gotrace.Syscall:
		b.called(g)
	}
	g.waking = false
	if woke := b.pace.change(s, b.now, g.whose); woke && s.By != replay.None {
		by := &b.slots[s.By]
		b.run(by, s.ByStack)
		by.waking = true
	}
	was := g.state
	g.state, g.since, g.thread = s.State, max(s.Since, b.from), s.M
	switch s.State {
	case gotrace.Running:
		g.cause = s.Cause
	case gotrace.Runnable:
		if was == gotrace.Running && g.whose == replay.OfProgram && b.kinds.of(s.Stack).yields {
			b.put(g, Op{Kind: Yield})
		}
	case gotrace.Waiting:
		b.waits(g, s)
	case gotrace.Syscall:
		g.cause, g.held = cause.Syscall, s.P != replay.None
		if s.Stack != 0 {
			g.last = s.Stack
		}
	case gotrace.NotExist:
		of := &b.program.Goroutines[g.index]
		of.Over, of.Died = true, b.age(b.now)
		g.alive = false
	}
}

// created begins a goroutine: on behalf of the one that created it or, if that is not of the program, after the time
// that has passed.
func (b *Builder) created(g *state, s *replay.Step) {
	of := &b.program.Goroutines[g.index]
	of.Site, of.Born = s.ByStack, b.age(b.now)
	if g.whose != replay.OfProgram || b.now <= b.from {
		return
	}
	if s.By != replay.None && b.slots[s.By].whose == replay.OfProgram {
		by := &b.slots[s.By]
		b.run(by, s.ByStack)
		of.Creator = by.index
		b.put(by, Op{Kind: Create, Ref: g.index})
		return
	}
	b.put(g, Op{Kind: Outside, Ref: int32(cause.Unknown), D: b.age(b.now)})
}

// waits begins a wait of g.
func (b *Builder) waits(g *state, s *replay.Step) {
	g.cause = s.Wait.Cause
	if g.whose != replay.OfProgram {
		return
	}
	switch g.cause {
	case cause.GCAssist, cause.GCSTW, cause.SchedLatency, cause.Tracer:
		g.skipped = true // the collector has cores of its own, and without the recording there is no recorder
		g.awaits = g.cause == cause.GCAssist && b.kinds.of(s.Stack).calls
		return
	}
	g.pause = int32(len(b.program.Pauses))
	b.program.Pauses = append(b.program.Pauses, Pause{
		G: g.index, By: None, Stack: s.Stack, Cause: g.cause, Open: true,
	})
	b.put(g, Op{Kind: Block, Ref: g.pause})
}

// woken ends a wait of g.
func (b *Builder) woken(g *state, s *replay.Step) {
	if g.skipped {
		if g.awaits {
			b.program.Awaits++
			b.program.Awaited += b.now.Sub(g.since)
		}
		g.skipped, g.awaits = false, false
		return
	}
	if g.pause == None {
		return
	}
	if b.now <= b.from {
		b.unwait(g)
		return
	}
	p := &b.program.Pauses[g.pause]
	p.Open, p.End = false, b.age(b.now)
	g.outside = s.By == replay.None
	if g.outside {
		// The wait becomes a delay.
		ops := b.program.Goroutines[g.index].Ops
		ops[len(ops)-1] = Op{Kind: Outside, Ref: int32(s.Wait.Cause), D: int64(b.now - g.since)}
		g.took += int64(b.now - g.since)
		if g.cause != cause.Net && b.pace.full() {
			b.program.Late += b.now.Sub(g.since)
		}
		g.pause = None
		return
	}
	b.waited(g)
	by := &b.slots[s.By]
	b.run(by, s.ByStack)
	p.By = by.index
	b.put(by, Op{Kind: Wake, Ref: g.pause})
	g.pause = None
}

// called ends a system call of g. With its P, or by the records of the OS a core, that is running time, and a delay
// without either.
func (b *Builder) called(g *state) {
	d := int64(b.now - g.since)
	if g.held || b.OnCPU != nil {
		s := b.onCore(g, d)
		b.works(g, s.On, g.last)
		d = s.Blocked
	}
	if g.whose == replay.OfProgram && d > 0 {
		g.outside = true
		g.took += d
		b.put(g, Op{Kind: Outside, Ref: int32(cause.BlockSyscall), D: d})
	}
}
