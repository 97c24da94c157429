package ledger

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one. What most events need comes first, to lie in few cache lines.
type goroutine struct {
	slot    int32
	gen     uint32 // counts the goroutines that the slot has stood for
	p       int32  // or noP
	worker  int32  // whose region it is in; noWorker
	start   gotrace.StackID
	thread  int32      // slot of its latest thread; replay.None
	since   clock.Time // up to which its time is accounted for, if it has a P or a tally
	busy    *busyTimes // where its times go
	tally   *tally     // likewise, if it is a worker or has been none yet; else nil
	origin  origin     // why it runs
	alive   bool
	counted bool // among present.running
	orphan  bool // a timer has made it
	whose   replay.Whose
	state   gotrace.State
	cause   cause.Cause // what its time goes to
	stop    replay.Stop
	alone   float64 // sums.alone when it was last charged
	spared  float64 // likewise
	lent    float64 // likewise
	now     stretch
	past    history
	wait    wait
	owed    owed

	early   busyTimes // its times until its start function is known
	created clock.Time
	creator ref
	score   score
	trial   trial // of its latest wait that something outside ended
	taken   taken // crew.taken at since, if it has a tally
	prelude *prelude
}

// born starts the goroutine that has the slot from now on. Until then the one before can still be blamed.
func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, &goroutine{slot: int32(len(b.gs))})
	}
	g := b.gs[s.G]
	b.forgetTrial(g, false)
	g.gen++
	g.p, g.worker, g.thread, g.start = noP, noWorker, replay.None, 0
	g.since, g.created, g.creator = b.at, b.at, ref{}
	g.alive, g.counted, g.orphan = true, false, false
	g.whose, g.state, g.cause, g.stop = replay.OfProgram, gotrace.Undetermined, cause.Unknown, replay.NotStopping
	g.alone, g.spared, g.lent, g.score = 0, 0, 0, score{}
	g.wait.open, g.owed = false, owed{}
	g.now = stretch{start: b.at, waited: b.waited, growths: b.growths, kind: ready}
	g.past.empty()
	b.prepare(g, b.at, b.missing.wanted)
	if s.Stack != 0 {
		b.named(s)
	} else {
		g.busy = &g.early
	}
}

// named learns where a goroutine has started, and whose it therefore is.
func (b *Builder) named(s *replay.Step) {
	g := b.gs[s.G]
	g.start = s.Stack
	if g.busy == &g.early {
		b.busyStart.keep(g)
	}
	g.busy = b.busyStart.of(g.start)
	b.setWhose(g, s.Whose)
	if s.Whose != replay.OfProgram && g.preparing() {
		g.tally = nil // it will be no worker
	}
}

func (b *blamer) ref(i int32) ref {
	if i == noG {
		return ref{}
	}
	return ref{slot: i, gen: b.gs[i].gen}
}

// get returns the slot of r, or noG if another goroutine has it by now.
func (b *blamer) get(r ref) int32 {
	if r.gen == 0 || b.gs[r.slot].gen != r.gen {
		return noG
	}
	return r.slot
}

// step takes a step. Most are Changes: it follows a goroutine into another state.
func (b *Builder) step(s *replay.Step) {
	if s.Time > b.at || b.missing.now {
		b.advance(s.Time)
	}
	if s.Kind != replay.Change {
		b.apply(s)
		return
	}
	g := b.gs[s.G]
	switch {
	case g.state == gotrace.Runnable:
		b.runnable--
		b.cut(g, 0, noG)
	case g.state == gotrace.Running, g.state == gotrace.Syscall && g.p != noP:
		b.cut(g, s.Stack, noG)
	case g.state == gotrace.Waiting, g.state == gotrace.Syscall:
		if s.By != noG {
			b.cut(b.gs[s.By], s.ByStack, noG)
		}
		if b.OnCPU != nil {
			b.divideCall(g)
		}
		b.learn(g, s)
		b.unblock(g, s.By)
	case s.From == gotrace.NotExist:
		if s.By != noG {
			b.cut(b.gs[s.By], s.ByStack, noG)
		}
		b.create(g, s.By)
	}
	if g.p != noP || g.tally != nil {
		b.settle(g)
	}
	if g.p != noP && s.P == noP {
		b.release(g)
	}
	g.state = s.State
	switch s.State {
	case gotrace.Running:
		b.run(g, s)
	case gotrace.Syscall:
		g.now.kind, g.now.stack = inSyscall, s.Stack
		if g.p == noP { // in the system call since before the trace began
			b.block(s.G, g, s.Wait, s.Stack)
		} else {
			b.show(g, s)
		}
	case gotrace.Waiting:
		b.block(s.G, g, s.Wait, s.Stack)
	case gotrace.Runnable:
		b.runnable++
		g.now.kind = ready
		g.cause = cause.SchedLatency
	case gotrace.NotExist:
		if g.busy == &g.early {
			b.busyStart.keep(g)
		}
		g.alive = false
	}
	if s.Stop != g.stop {
		b.setStop(g, s.Stop)
	}
}

// create notes that goroutine by, or a timer, has made g.
func (b *Builder) create(g *goroutine, by int32) {
	b.cut(g, 0, noG)
	g.created, g.creator = b.at, b.ref(by)
	if g.orphan = by == noG; !g.orphan {
		g.origin = b.gs[by].origin
	}
}

// run lets g run, whose time is settled, on the P that a step says.
func (b *Builder) run(g *goroutine, s *replay.Step) {
	g.now.kind = running
	g.thread = s.M
	if g.p != s.P {
		b.bind(g, s.P)
	}
	g.cause = s.Cause
	switch {
	case g.p == noP:
		g.cause = cause.Unknown
	case s.Since < s.Time:
		b.backdate(g, s)
	}
	b.count(g)
}

// setWhose sets whose goroutine g is.
func (b *present) setWhose(g *goroutine, w replay.Whose) {
	if g.p != noP {
		b.collecting += toInt(w == replay.OfGC) - toInt(g.whose == replay.OfGC)
	}
	g.whose = w
}

// setStop sets whether, and for what, g has stopped the world.
func (b *present) setStop(g *goroutine, s replay.Stop) {
	b.stopped += toInt(s != replay.NotStopping) - toInt(g.stop != replay.NotStopping)
	b.tracerStops += toInt(s == replay.StoppingTrace) - toInt(g.stop == replay.StoppingTrace)
	g.stop = s
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bind gives P number p, or none, to g, whose time is settled.
func (b *Builder) bind(g *goroutine, p int32) {
	if g.p != noP {
		b.release(g)
	}
	if p == noP {
		return
	}
	if b.missing.untold > 0 || int(p) >= len(b.missing.told) {
		b.missing.learn(p)
	}
	g.p, g.since = p, b.at
	b.busy++
	if g.whose == replay.OfGC {
		b.collecting++
	}
}

// release takes the P from g, whose time is settled.
func (b *present) release(g *goroutine) {
	b.uncount(g)
	g.p = noP
	b.busy--
	if g.whose == replay.OfGC {
		b.collecting--
	}
}

// show updates what the time of g goes to, and whether g counts as running, from a step.
func (b *Builder) show(g *goroutine, s *replay.Step) {
	c := s.Cause
	if g.p == noP {
		if g.state != gotrace.Running {
			return
		}
		c = cause.Unknown
	}
	if c != g.cause {
		b.settle(g)
		g.cause = c
	}
	b.count(g)
}

// count counts g among the running if it is one.
func (b *Builder) count(g *goroutine) {
	if g.p != noP && g.whose == replay.OfProgram && !g.counted {
		g.counted = true
		g.alone, g.spared, g.lent = b.alone, b.spared, b.lent
		b.running++
	}
}

// uncount stops counting g among the running.
func (b *present) uncount(g *goroutine) {
	if g.counted {
		g.counted = false
		b.running--
	}
}

// backdate counts the P of g as busy since g has had it, where the trace tells that late.
func (b *Builder) backdate(g *goroutine, s *replay.Step) {
	d := int64(b.at - max(b.begin, s.Since, b.missing.until))
	if d <= 0 {
		return
	}
	o := b.onCore(g, d)
	g.busy[busySlot(s.Cause)] += o.On
	b.lackCore(o, nil)
	if b.missing.parts > 0 {
		// It was unknown for at least as long. What it was not on a core for is accounted for already.
		b.idleNoReason = max(b.idleNoReason-d, 0)
		if a := g.tally; a != nil {
			d = min(d, a.of(cause.Unknown))
			on := min(o.On, d)
			ready := min(o.Ready, d-on)
			a.add(cause.Unknown, -d)
			a.add(s.Cause, on)
			a.add(cause.Preempted, ready)
			a.add(cause.BlockSyscall, d-on-ready)
		}
		return
	}
	b.backdated += d
}

// lost takes the P from a goroutine, which is blocked from now on if it is in a system call.
func (b *Builder) lost(s *replay.Step) {
	b.contradictions += toInt(s.Odd)
	g := b.gs[s.G]
	b.cut(g, 0, noG)
	b.settle(g)
	b.release(g)
	if g.state == gotrace.Syscall {
		b.block(s.G, g, s.Wait, g.now.stack)
	}
	b.show(g, s)
}

// shift follows what a goroutine's time goes to.
func (b *Builder) shift(s *replay.Step) {
	g := b.gs[s.G]
	if s.Kind == replay.Relabel {
		b.cut(g, 0, noG)
		b.uncount(g)
		b.setWhose(g, s.Whose)
	}
	b.setStop(g, s.Stop)
	b.show(g, s)
}
