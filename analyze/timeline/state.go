package timeline

import (
	"math"
	"strconv"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one. There can be very many: what few of them need is elsewhere.
type goroutine struct {
	since   clock.Time // it has been in its state, on its P and its thread
	lane    *laneData  // that shows it now; nil until it is in any state
	own     *laneData  // for it alone; nil until then
	prelude *prelude   // of the slot; nil until any goroutine there has one
	id      int64
	p       int32 // or replay.None
	thread  int32 // slot of its thread; replay.None
	start   gotrace.StringID
	state   State
	alive   bool
	held    bool // it does its prelude
	placed  bool // it has been in a region; see Builder.place
}

// A processor is a P. Its lane shows the goroutines that have it.
type processor struct {
	lane  *laneData  // nil: not told of yet
	known bool       // it has been told of, since the latest gap
	gap   clock.Time // if it has not, but had before
}

// A thread is an OS thread. Its lane shows the goroutines on it.
type thread struct {
	lane *laneData
	id   int64
	g    int32 // the goroutine on it; replay.None
}

// born starts the goroutine that has the slot from now on.
func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, goroutine{})
	}
	b.gs[s.G] = goroutine{
		since: math.MinInt64, id: s.ID, start: s.Name, alive: true, p: replay.None, thread: replay.None,
		prelude: b.gs[s.G].prelude,
	}
	b.gs[s.G].prepare(b.now)
}

// end ends the goroutine in slot i and frees its lane.
func (b *Builder) end(i int32) {
	b.closeRegions(i)
	g := &b.gs[i]
	b.release(g, g.own)
	if g.own != nil && g.own.ID != SharedID {
		b.free.put(g.start, g.own)
	}
	g.alive = false
}

// knows reports whether P number id has been told of, and not only before a gap.
func (b *Builder) knows(id int32) bool { return int(id) < len(b.ps) && b.ps[id].known }

// meet makes a P known, which has done something from t on.
func (b *Builder) meet(id int32, t clock.Time) {
	for int(id) >= len(b.ps) {
		b.ps = append(b.ps, processor{})
	}
	p := &b.ps[id]
	if p.lane == nil {
		p.lane = b.newLane(P, int64(id), "P "+strconv.Itoa(int(id)))
	} else {
		b.span(p.lane, p.gap, t, Unknown)
	}
	p.known = true
}

// newThread adds the OS thread that has the next slot.
func (b *Builder) newThread(id int64) {
	var lane *laneData
	if b.byKind[Thread] < b.MaxLanes {
		lane = b.newLane(Thread, id, "thread "+strconv.FormatInt(id, 10))
	} else {
		lane = b.sharedLane(Thread, "other threads")
		lane.users++
	}
	b.threads = append(b.threads, thread{lane: lane, id: id, g: replay.None})
}

// show follows a goroutine through a step.
func (b *Builder) show(s *replay.Step) {
	g := &b.gs[s.G]
	state, at := b.stateOf(g, s), b.now
	if s.Since < s.Time { // the trace tells it late
		at = max(s.Since, g.since)
	}
	if state != g.state || g.p != s.P || g.thread != s.M {
		m := g.thread
		if s.Was == gotrace.Waiting && s.Wait.Cause == cause.Sleep && g.state == Channel {
			g.state = Waiting // for a timer, as its end tells
		}
		if state == g.state { // as when it waits for the world to stop, and had collected garbage: one stretch
			m = s.M
		}
		b.settle(g, at, m)
		if g.lane == nil && state != Absent {
			b.claimLane(g) // now, not with the first span: until then another goroutine could take the lane
		}
		g.state, g.since = state, at
		if g.p = s.P; g.p != replay.None && !b.knows(g.p) {
			b.meet(g.p, at)
		}
		if g.thread != s.M {
			b.bindThread(s.G, s.M)
		}
	}
	if s.State == gotrace.NotExist {
		b.end(s.G)
	}
}

// settle shows what g has done until t on its lane, and on those of the P and the thread that it has. On its own lane,
// thread m tells when it had a core.
func (b *Builder) settle(g *goroutine, t clock.Time, m int32) {
	from, to := max(g.since, b.lo), min(t, b.hi)
	g.since = t
	if from >= to || g.state == Absent {
		return
	}
	if g.thread == replay.None {
		m = replay.None
	}
	if g.held && g.lane == g.own {
		b.hold(g, from, to, m)
	} else {
		b.put(g.lane, from, to, m, g.state)
	}
	if g.p != replay.None {
		b.put(b.ps[g.p].lane, from, to, g.thread, onP(g.state))
	}
	if g.thread != replay.None {
		b.put(b.threads[g.thread].lane, from, to, g.thread, g.state)
	}
}

// put adds a stretch inside the window to a lane, of which it may be known when the thread had a core.
func (b *Builder) put(l *laneData, from, to clock.Time, thread int32, s State) {
	if b.OnCPU != nil && thread != replay.None {
		b.cutSpan(l, thread, from, to, s)
		return
	}
	if strip := &l.strip; !strip.sum(from, to, s) {
		strip.add(from, to, s)
	}
}

// cutSpan adds a stretch of state s to a lane, and shows as Ready the part of it in which the thread had no core.
func (b *Builder) cutSpan(l *laneData, thread int32, from, to clock.Time, s State) {
	if s != Running && s != GC || thread == replay.None {
		b.span(l, from, to, s)
		return
	}
	at := from
	b.OnCPU(b.threads[thread].id, from, to, func(from, to clock.Time) {
		b.span(l, at, from, Ready)
		b.span(l, max(at, from), to, s)
		at = to
	})
	b.span(l, at, to, Ready)
}

// onP returns what the lane of a P shows while its goroutine is in state s.
func onP(s State) State {
	if s == GC {
		return GC
	}
	return Running // in a system call too, until the P is taken away
}

// bindThread gives the goroutine in slot i the thread that it has after a step.
func (b *Builder) bindThread(i, m int32) {
	g := &b.gs[i]
	if g.thread != replay.None {
		b.threads[g.thread].g = replay.None
	}
	if g.thread = m; m == replay.None {
		return
	}
	t := &b.threads[m]
	if t.g != replay.None { // no step has told that this one has left it
		b.settle(&b.gs[t.g], b.now, m)
		b.gs[t.g].thread = replay.None
	}
	t.g = i
}

// stateOf returns what the lane of g shows after a step. One that waits and is not the program's has nothing to do.
func (b *Builder) stateOf(g *goroutine, s *replay.Step) State {
	if s.State == gotrace.Waiting && s.Whose != replay.OfProgram {
		return Absent
	}
	switch s.Cause {
	case cause.Unknown:
		if s.State == gotrace.Waiting && s.Wait.Weight == replay.NoWeight {
			return Channel // coroutines hand over to one another
		}
	case cause.Net, cause.IO, cause.Syscall, cause.BlockSyscall:
		if s.Kind == replay.Change && b.dealt(s.Stack) || s.Kind != replay.Change && g.state == Dispatch {
			return Dispatch
		}
	}
	return states[s.State][s.Cause]
}

// dealing says whether a stack is of code that deals out tasks.
type dealing uint8

const (
	unlooked dealing = iota
	deals
	other
)

// dealt reports whether a process that waits at a stack waits for its coordinator, as in the account of a speedup
// stack.
func (b *Builder) dealt(at gotrace.StackID) bool {
	if n := int(at) + 1 - len(b.deals); n > 0 {
		b.deals = append(b.deals, make([]dealing, n)...)
	}
	d := &b.deals[at]
	if *d == unlooked {
		*d = other
		if place.Starts(b.Symbols.Stack(at)) {
			*d = deals
		}
	}
	return *d == deals
}

// states gives what is shown for each state and cause: all causes of a group look alike.
var states = func() (states [gotrace.Idle + 1][cause.Count]State) {
	of := map[cause.Group]State{
		cause.Work: Running, cause.System: Running, cause.Dispatching: Running, cause.OtherCode: Running,
		cause.GC: GC, cause.Scheduling: Ready, cause.Channel: Channel, cause.SerialPart: Serial,
		cause.Overhead: Startup,
		cause.Lock:     Lock, cause.OtherLock: Lock, cause.Condition: Lock, cause.Imbalance: Join,
		cause.Sleeping: Waiting, cause.Network: Waiting, cause.Files: Waiting, cause.SystemCalls: Waiting,
		cause.Unexplained: Unknown, cause.Idling: Waiting,
	}
	for _, c := range cause.All() {
		shown := of[c.Group()]
		for s := gotrace.Runnable; s <= gotrace.Idle; s++ { // before and after that a goroutine is Absent
			states[s][c] = shown
		}
		if shown == Running {
			states[gotrace.Waiting][c] = Waiting // for the runtime or the tracer
		}
	}
	return states
}()

// claimLane shows a goroutine without a lane on its own.
func (b *Builder) claimLane(g *goroutine) {
	if g.own == nil {
		g.own = b.goLane(g)
		g.own.users++
	}
	g.lane = g.own
}

func (b *Builder) goLane(g *goroutine) *laneData {
	if b.byKind[Goroutine] < b.MaxLanes {
		name := b.Symbols.Text(g.start)
		if name == "" {
			name = "goroutine " + strconv.FormatInt(g.id, 10)
		}
		return b.newLane(Goroutine, g.id, name)
	}
	if lane := b.free.take(g.start); lane != nil {
		return lane
	}
	return b.sharedLane(Goroutine, "other goroutines")
}

func (b *Builder) procTransition(s *replay.Step) {
	if s.Odd || s.From == s.State {
		return
	}
	if !b.knows(s.P) {
		b.meet(s.P, b.now)
	}
}

// gap begins a part of the trace that could not be read. All knowledge is void: what is alive is Unknown until the
// trace tells its state again, which it does for everything in the first generation after the gap.
func (b *Builder) gap() {
	for i := range b.gs {
		g := &b.gs[i]
		if !g.alive {
			continue
		}
		b.settle(g, b.now, g.thread)
		if g.state != Absent {
			g.state = Unknown
		}
		if g.thread != replay.None {
			b.threads[g.thread].g = replay.None
		}
		g.p, g.thread = replay.None, replay.None
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.known {
			p.gap, p.known = b.now, false
		}
	}
}

// whole ends what a whole generation after a gap does not mention: it ended in the gap.
func (b *Builder) whole() {
	for i := range b.ps {
		if p := &b.ps[i]; p.lane != nil && !p.known {
			b.meet(int32(i), b.now)
		}
	}
}
