package ledger

import (
	"strings"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one.
//
// What most events need stands first, so that it lies in few cache lines.
type goroutine struct {
	id      int64
	gen     uint32 // of the slot, which goroutines have one after the other
	p       int32  // that it has; noP
	worker  int32  // whose region it is inside of; noWorker
	start   gotrace.StackID
	since   clock.Time // up to which its time has been put down
	alone   float64    // Builder.alone when it was last charged
	alive   bool
	counted bool // among the running of the program
	kind    sched.Kind
	gc      sched.Code // of a worker of the garbage collector
	state   gotrace.State
	code    sched.Code // what its time goes to
	stops   int8       // depth of stop-the-world ranges
	assists int8       // depth of mark assists
	tracer  int8       // stop-the-world ranges that are the tracer's
	serial  int32      // serial regions that it is inside of
	now     stretch
	wait    wait
	past    history
	busy    [numBusy]int64

	m       int64 // thread that it was last put on
	created clock.Time
	creator ref
	region  gotrace.StringID
	taken   taken // of a worker: Builder.taken at since
}

// numBusy is the number of causes of busy time: those before SchedLatency, and dispatch.
const numBusy = int(sched.SchedLatency) + 1

func busySlot(c sched.Code) int {
	if c < sched.SchedLatency {
		return int(c)
	}
	return numBusy - 1
}

// busyCode is the cause of a slot.
func busyCode(slot int) sched.Code {
	if slot < numBusy-1 {
		return sched.Code(slot)
	}
	return sched.Dispatch
}

// spare is how many slots of ended goroutines are left alone, so that what the goroutine did can still be blamed.
const spare = 64

// goroutine returns the slot of the goroutine with that number.
func (b *Builder) goroutine(id int64) int32 {
	if i, ok := b.index.Find(id); ok {
		return i
	}
	var i int32
	if len(b.free) > spare {
		i = b.free[0]
		b.free = b.free[1:]
	} else {
		i = int32(len(b.gs))
		b.gs = append(b.gs, &goroutine{})
	}
	old := b.gs[i]
	*old = goroutine{
		id: id, gen: old.gen + 1, alive: true, code: sched.Unknown, gc: sched.GCDedicated, p: noP, m: gotrace.None, worker: noWorker,
		since: b.at, created: b.at, past: old.past.emptied(), wait: wait{prev: noG, next: noG, list: noList},
	}
	b.index.Put(id, i)
	return i
}

// end drops a goroutine that has ended. Its slot keeps what it did until another goroutine needs it.
func (b *Builder) end(i int32) {
	g := b.gs[i]
	b.leaveRegions(g)
	b.keepBusy(g)
	if g.stops > 0 { // a trace that contradicts itself
		b.stopped--
		b.tracerStops -= toInt(g.tracer > 0)
	}
	b.index.Drop(g.id)
	g.alive = false
	b.free = append(b.free, i)
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

func (b *Builder) goTransition(ev *gotrace.Event) {
	if ev.Subject == gotrace.None || ev.From == ev.To {
		return // a generation repeats what is known
	}
	i := b.goroutine(ev.Subject)
	g := b.gs[i]
	if g.start == 0 && ev.SubjectStack != 0 {
		b.learnStart(g, ev)
	}
	waker := b.leave(g, ev)
	if ev.From == gotrace.NotExist {
		g.created, g.creator = b.at, b.ref(waker)
	}
	b.settle(g)
	g.state = ev.To
	switch ev.To {
	case gotrace.Running:
		g.now.kind = running
		g.m = ev.M
		b.bind(i, g, ev.P)
		b.backdate(g, ev)
	case gotrace.Syscall:
		g.now.kind, g.now.stack = inSyscall, ev.SubjectStack
		if g.p == noP { // it was inside before the trace began
			b.block(i, g, sched.Wait{Code: sched.BlockSyscall, Weight: sched.Dormant}, ev.SubjectStack)
		}
	case gotrace.Waiting:
		if ev.From == gotrace.Undetermined {
			b.block(i, g, b.class.Initial(ev.SubjectStack), ev.SubjectStack)
		} else {
			b.block(i, g, b.class.Wait(ev.Reason, ev.SubjectStack), ev.SubjectStack)
		}
	case gotrace.Runnable:
		b.runnable++
		g.now.kind = ready
		g.code = sched.SchedLatency
	}
	b.show(g)
	if ev.To == gotrace.NotExist {
		b.end(i)
	}
}

// leave ends the state that goroutine g is in and returns the slot of the one that made it go on or created it, or noG.
func (b *Builder) leave(g *goroutine, ev *gotrace.Event) (waker int32) {
	waker = noG
	switch {
	case g.state == gotrace.Waiting || g.state == gotrace.Syscall && g.p == noP:
		if waker = b.waker(g, ev); waker != noG {
			b.cut(b.gs[waker], ev.Stack)
		}
		b.unblock(g, waker)
	case g.state == gotrace.Runnable:
		b.runnable--
		b.cut(g, 0)
	case ev.From == gotrace.NotExist:
		if ev.G != gotrace.None && ev.G != ev.Subject {
			waker = b.goroutine(ev.G)
		}
		b.cut(g, 0)
	case g.state == gotrace.Running || g.state == gotrace.Syscall:
		b.cut(g, ev.SubjectStack)
	}
	if g.p != noP && ev.To != gotrace.Syscall && ev.To != gotrace.Running {
		b.release(g.p)
	}
	return waker
}

// waker is the slot of the goroutine that ended the wait of g, or noG if none did: a timer, the network, or what the
// runtime did on somebody's behalf.
func (b *Builder) waker(g *goroutine, ev *gotrace.Event) int32 {
	if g.state != gotrace.Waiting || ev.G == gotrace.None || ev.G == ev.Subject || b.class.Restarts(ev.Stack) {
		return noG
	}
	if w := g.wait.Code; w == sched.Sleep || w == sched.Net {
		return noG
	}
	u := b.goroutine(ev.G)
	if b.gs[u].kind != sched.UserKind {
		return noG
	}
	return u
}

// learnStart notes where a goroutine starts: the only frame of a new one's stack, the outermost of one that exists.
func (b *Builder) learnStart(g *goroutine, ev *gotrace.Event) {
	if stack := b.Symbols.Stack(ev.SubjectStack); len(stack) > 1 {
		g.start = b.Symbols.InternStack(stack[len(stack)-1:])
	} else {
		g.start = ev.SubjectStack
	}
	if k := b.class.Kind(ev.SubjectStack); k != sched.UserKind {
		b.setKind(g, k)
	}
}

// setKind says what kind of goroutine g is.
func (b *Builder) setKind(g *goroutine, k sched.Kind) {
	if g.p != noP {
		b.collecting += toInt(k == sched.GCKind) - toInt(g.kind == sched.GCKind)
	}
	g.kind = k
}

// bind gives the P with that number to goroutine g in slot i.
func (b *Builder) bind(i int32, g *goroutine, proc int64) {
	if g.p == int32(proc) && proc >= 0 {
		return
	}
	if g.p != noP {
		b.release(g.p)
	}
	if proc < 0 || proc >= maxProcs {
		return
	}
	for int64(len(b.ps)) <= proc {
		b.ps = append(b.ps, processor{g: noG})
	}
	p := int32(proc)
	b.tell(p)
	if b.ps[p].g != noG {
		b.contradictions++
		b.takeAway(p)
	}
	b.settle(g)
	b.ps[p].g, g.p = i, p
	b.busy++
	b.collecting += toInt(g.kind == sched.GCKind)
}

// release takes a P from its goroutine.
func (b *Builder) release(p int32) {
	if b.ps[p].g == noG {
		return
	}
	g := b.gs[b.ps[p].g]
	b.settle(g)
	b.uncount(g)
	b.ps[p].g, g.p = noG, noP
	b.busy--
	b.collecting -= toInt(g.kind == sched.GCKind)
}

// show brings the code of a goroutine, and whether it counts as running, up to its state.
func (b *Builder) show(g *goroutine) {
	if g.p == noP {
		if g.state == gotrace.Running {
			b.setCode(g, sched.Unknown)
		}
		return
	}
	b.setCode(g, b.busyState(g))
	if g.kind == sched.UserKind && !g.counted {
		g.counted = true
		g.alone = b.alone
		b.running++
	}
}

// busyState is the cause of the time of a goroutine that has a P.
func (b *Builder) busyState(g *goroutine) sched.Code {
	switch {
	case g.stops > 0 && g.tracer > 0:
		return sched.Tracer
	case g.stops > 0:
		return sched.GCSTW
	case b.ps[g.p].sweeping:
		return sched.GCSweep
	}
	switch g.kind {
	case sched.GCKind:
		return g.gc
	case sched.RuntimeKind:
		return sched.Runtime
	case sched.TracerKind:
		return sched.Tracer
	}
	switch {
	case g.assists > 0:
		return sched.GCAssist
	case b.Rank < 0 && g.serial == 0:
		return sched.Dispatch
	case g.state == gotrace.Syscall:
		return sched.Syscall
	}
	return sched.User
}

// uncount charges a goroutine for the Ps that found nothing to do beside it, and no longer counts it.
func (b *Builder) uncount(g *goroutine) {
	if g.counted {
		g.counted = false
		b.running--
	}
}

// backdate counts the P of a goroutine that is first seen running as busy since the start, or since the end of a part that is missing: the
// first generation lists all that there is, but each only when something happens to it.
func (b *Builder) backdate(g *goroutine, ev *gotrace.Event) {
	if ev.From != gotrace.Undetermined || b.syncs > 1 || g.p == noP {
		return
	}
	g.state = gotrace.Running
	d := int64(b.at - max(b.begin, b.first, b.missing.until))
	if d <= 0 {
		return
	}
	c, on := b.busyState(g), d
	if b.OnCPU != nil {
		g.code = c
		on = b.onCore(g, d)
	}
	g.busy[busySlot(c)] += on
	if b.missing.parts > 0 {
		b.backdateLost(g, c, d, on)
		return
	}
	b.backdated += d
}

func (b *Builder) procTransition(ev *gotrace.Event) {
	if ev.Subject >= 0 && ev.Subject < int64(len(b.ps)) {
		b.tell(int32(ev.Subject))
	}
	if ev.From == ev.To || ev.To == gotrace.Running || ev.Subject < 0 || ev.Subject >= int64(len(b.ps)) {
		return // a P that starts has no goroutine yet, and is idle until it has
	}
	b.takeAway(int32(ev.Subject))
}

// takeAway takes a P from a goroutine in a system call, which is blocked from now on.
func (b *Builder) takeAway(p int32) {
	i := b.ps[p].g
	if i == noG {
		return
	}
	g := b.gs[i]
	b.cut(g, 0)
	b.release(p)
	if g.state == gotrace.Syscall {
		b.block(i, g, sched.Wait{Code: sched.BlockSyscall, Weight: sched.Active}, g.now.stack)
	}
	b.show(g)
}

func (b *Builder) gcRange(ev *gotrace.Event) {
	switch ev.Range {
	case gotrace.StopTheWorld, gotrace.GCMarkAssist:
		if ev.Subject == gotrace.None {
			return
		}
		g := b.gs[b.goroutine(ev.Subject)]
		if ev.Range == gotrace.GCMarkAssist {
			g.assists = depth(g.assists, ev.Kind)
		} else {
			b.stop(g, ev)
		}
		b.show(g)
	case gotrace.GCSweep:
		if ev.Subject < 0 || ev.Subject >= int64(len(b.ps)) {
			return
		}
		p := &b.ps[ev.Subject]
		p.sweeping = ev.Kind != gotrace.RangeEnd
		if p.g != noG {
			b.show(b.gs[p.g])
		}
	}
}

// depth is the depth of a range after an event. A generation repeats the ranges that are active, of which only those before
// the first event are new.
func depth(d int8, k gotrace.Kind) int8 {
	switch k {
	case gotrace.RangeActive:
		return max(d, 1)
	case gotrace.RangeBegin:
		return min(d, 100) + 1
	default:
		return max(d-1, 0)
	}
}

// stop begins or ends a stop-the-world range of goroutine g.
func (b *Builder) stop(g *goroutine, ev *gotrace.Event) {
	was, tracer := g.stops > 0, g.tracer > 0
	g.stops = depth(g.stops, ev.Kind)
	if strings.Contains(b.Symbols.Text(ev.Name), "trace") { // "start trace", "stop trace"
		g.tracer = depth(g.tracer, ev.Kind)
	}
	b.stopped += toInt(g.stops > 0) - toInt(was)
	b.tracerStops += toInt(g.stops > 0 && g.tracer > 0) - toInt(was && tracer)
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// label makes a goroutine a worker of the garbage collector, of the kind that it is from now on. Fractional workers, which small numbers
// of Ps have, do the part of dedicated ones.
func (b *Builder) label(ev *gotrace.Event) {
	text := b.Symbols.Text(ev.Name)
	if !strings.HasPrefix(text, "GC (") || ev.Subject == gotrace.None {
		return
	}
	g := b.gs[b.goroutine(ev.Subject)]
	g.gc = sched.GCDedicated
	if text == "GC (idle)" {
		g.gc = sched.GCIdle
	}
	b.cut(g, 0)
	b.uncount(g)
	b.setKind(g, sched.GCKind)
	b.show(g)
}
