package ledger

import (
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one.
//
// What most events need stands first, so that it lies in few cache lines.
type goroutine struct {
	gen     uint32 // of the slot, which goroutines have one after the other
	p       int32  // that it has; noP
	worker  int32  // whose region it is inside of; noWorker
	start   gotrace.StackID
	since   clock.Time // up to which its time has been put down
	alone   float64    // sums.alone when it was last charged
	alive   bool
	counted bool // among the running of the program
	whose   replay.Whose
	state   gotrace.State
	code    replay.Code // what its time goes to
	stop    replay.Stop
	now     stretch
	wait    wait
	past    history
	busy    [numBusy]int64

	thread  int32 // slot of the one that it was last put on; replay.None
	created clock.Time
	creator ref
	taken   taken // of a worker: Builder.taken at since
}

// numBusy is the number of causes of busy time: those before SchedLatency, and dispatch.
const numBusy = int(replay.SchedLatency) + 1

func busySlot(c replay.Code) int {
	if c < replay.SchedLatency {
		return int(c)
	}
	return numBusy - 1
}

// busyCode is the cause of a slot.
func busyCode(slot int) replay.Code {
	if slot < numBusy-1 {
		return replay.Code(slot)
	}
	return replay.Dispatch
}

// born makes the goroutine that has a slot from now on. What the one before did can be blamed until then.
func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, &goroutine{})
	}
	g := b.gs[s.G]
	*g = goroutine{
		gen: g.gen + 1, alive: true, code: replay.Unknown, p: noP, thread: replay.None, worker: noWorker,
		since: b.at, created: b.at, past: g.past.emptied(), wait: wait{prev: noG, next: noG, list: noList},
	}
}

// keepBusy adds the busy time of a goroutine to that of its start function.
func (b *Builder) keepBusy(g *goroutine) {
	for slot, d := range g.busy {
		if d != 0 {
			b.busyStart[codeStack{busyCode(slot), g.start, noWorker}] += d
			g.busy[slot] = 0
		}
	}
}

func (b *Builder) ref(i int32) ref {
	if i == noG {
		return ref{}
	}
	return ref{slot: i, gen: b.gs[i].gen}
}

// get returns the slot that r stands for, or noG if another goroutine has it.
func (b *Builder) get(r ref) int32 {
	if r.gen == 0 || b.gs[r.slot].gen != r.gen {
		return noG
	}
	return r.slot
}

// change follows a goroutine into another state.
func (b *Builder) change(s *replay.Step) {
	g := b.gs[s.G]
	b.leave(g, s)
	if s.From == gotrace.NotExist {
		g.created, g.creator = b.at, b.ref(s.By)
	}
	b.settle(g)
	g.state = s.State
	switch s.State {
	case gotrace.Running:
		g.now.kind = running
		g.thread = s.M
		b.bind(g, s.P)
		b.backdate(g, s)
	case gotrace.Syscall:
		g.now.kind, g.now.stack = inSyscall, s.Stack
		if g.p == noP { // it was inside before the trace began
			b.block(s.G, g, s.Wait, s.Stack)
		}
	case gotrace.Waiting:
		b.block(s.G, g, s.Wait, s.Stack)
	case gotrace.Runnable:
		b.runnable++
		g.now.kind = ready
		g.code = replay.SchedLatency
	}
	b.setStop(g, s.Stop)
	b.show(g, s)
	if s.State == gotrace.NotExist {
		b.keepBusy(g)
		g.alive = false
	}
}

// leave ends the state that goroutine g is in.
func (b *Builder) leave(g *goroutine, s *replay.Step) {
	switch {
	case g.state == gotrace.Waiting || g.state == gotrace.Syscall && g.p == noP:
		if s.By != noG {
			b.cut(b.gs[s.By], s.ByStack)
		}
		b.unblock(g, s.By)
	case g.state == gotrace.Runnable:
		b.runnable--
		b.cut(g, 0)
	case s.From == gotrace.NotExist:
		b.cut(g, 0)
	case g.state == gotrace.Running || g.state == gotrace.Syscall:
		b.cut(g, s.Stack)
	}
	if g.p != noP && s.P == noP {
		b.release(g)
	}
}

// setWhose says whose goroutine g is.
func (b *Builder) setWhose(g *goroutine, w replay.Whose) {
	if g.p != noP {
		b.collecting += toInt(w == replay.OfGC) - toInt(g.whose == replay.OfGC)
	}
	g.whose = w
}

// setStop says whether goroutine g has stopped the world.
func (b *Builder) setStop(g *goroutine, s replay.Stop) {
	if s == g.stop {
		return
	}
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

// bind gives a P to goroutine g.
func (b *Builder) bind(g *goroutine, p int32) {
	if g.p == p {
		return
	}
	if g.p != noP {
		b.release(g)
	}
	if p == noP {
		return
	}
	b.learn(p)
	b.settle(g)
	g.p = p
	b.busy++
	b.collecting += toInt(g.whose == replay.OfGC)
}

// release takes its P from goroutine g.
func (b *Builder) release(g *goroutine) {
	b.settle(g)
	b.uncount(g)
	g.p = noP
	b.busy--
	b.collecting -= toInt(g.whose == replay.OfGC)
}

// show brings the code of a goroutine, and whether it counts as running, up to a step.
func (b *Builder) show(g *goroutine, s *replay.Step) {
	if g.p == noP {
		if g.state == gotrace.Running {
			b.setCode(g, replay.Unknown)
		}
		return
	}
	b.setCode(g, s.Code)
	if g.whose == replay.OfProgram && !g.counted {
		g.counted = true
		g.alone = b.alone
		b.running++
	}
}

// uncount no longer counts a goroutine among those that run.
func (b *Builder) uncount(g *goroutine) {
	if g.counted {
		g.counted = false
		b.running--
	}
}

// backdate counts the P of a goroutine that is told of late as busy from when on it had it.
func (b *Builder) backdate(g *goroutine, s *replay.Step) {
	if s.Since >= s.Time || g.p == noP {
		return
	}
	d := int64(b.at - max(b.begin, s.Since, b.missing.until))
	if d <= 0 {
		return
	}
	on := d
	if b.OnCPU != nil {
		g.code = s.Code
		on = b.onCore(g, d)
	}
	g.busy[busySlot(s.Code)] += on
	if b.missing.parts > 0 {
		b.backdateLost(g, s.Code, d, on)
		return
	}
	b.backdated += d
}

// lost takes away the P of a goroutine, which is blocked from now on if it is in a system call.
func (b *Builder) lost(s *replay.Step) {
	b.contradictions += toInt(s.Odd)
	g := b.gs[s.G]
	b.cut(g, 0)
	b.release(g)
	if g.state == gotrace.Syscall {
		b.block(s.G, g, s.Wait, g.now.stack)
	}
	b.show(g, s)
}

// shift follows what a goroutine's time goes to.
func (b *Builder) shift(s *replay.Step) {
	g := b.gs[s.G]
	b.setStop(g, s.Stop)
	b.show(g, s)
}

// relabel makes a goroutine one of the garbage collector.
func (b *Builder) relabel(s *replay.Step) {
	g := b.gs[s.G]
	b.cut(g, 0)
	b.uncount(g)
	b.setWhose(g, s.Whose)
	b.show(g, s)
}
