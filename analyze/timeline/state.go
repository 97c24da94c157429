package timeline

import (
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one that is alive.
type goroutine struct {
	track
	id       int64
	alive    bool
	gcWorker bool
	raw      gotrace.State
	wait     State // what a wait counts as
	gc       int8  // depth of mark assists and stop-the-world ranges
	p        int32 // that it has; noP
	thread   int32 // that it is on; noThread
	own      int32 // its own lane; unmade
	start    gotrace.StringID
	open     []openRegion
}

// A processor is a P.
type processor struct {
	track
	seen, sweeping bool
	g              int32 // that runs on it; noG
}

// A thread is an OS thread.
type thread struct {
	track
	id int64
	g  int32
}

const (
	noG      = -1
	noP      = -1
	noThread = -1
	noM      = 0
)

// goroutine returns the place of the goroutine with that number.
func (b *Builder) goroutine(id int64) int32 {
	if i, ok := b.index.Find(id); ok {
		return i
	}
	var i int32
	if n := len(b.freeGs); n > 0 {
		i, b.freeGs = b.freeGs[n-1], b.freeGs[:n-1]
	} else {
		i = int32(len(b.gs))
		b.gs = append(b.gs, &goroutine{})
	}
	g := b.gs[i]
	*g = goroutine{
		id: id, alive: true, p: noP, thread: noThread, own: unmade, open: g.open[:0],
		track: track{lane: unmade, since: b.blank()}, wait: Unknown,
	}
	b.index.Put(id, i)
	return i
}

// forget drops a goroutine that has ended.
func (b *Builder) forget(i int32) {
	g := b.gs[i]
	if g.own >= 0 && b.lanes[g.own].ID != SharedID {
		b.freeGo[g.start] = append(b.freeGo[g.start], g.own)
	}
	b.index.Drop(g.id)
	g.alive = false
	b.freeGs = append(b.freeGs, i)
}

// proc returns the processor with that number, or nil for none and for one that cannot be.
func (b *Builder) proc(id int64) *processor {
	if id < 0 || id >= maxProcs {
		return nil
	}
	for int64(len(b.ps)) <= id {
		b.ps = append(b.ps, processor{g: noG})
	}
	p := &b.ps[id]
	if !p.seen {
		p.seen = true
		p.track = track{lane: b.newLane(P, id, "P "+strconv.FormatInt(id, 10)), since: b.blank()}
	}
	return p
}

// thread returns the place of the OS thread with that number.
func (b *Builder) thread(id int64) int32 {
	if id == gotrace.None {
		return noThread
	}
	if b.lastM.valid && b.lastM.id == id {
		return b.lastM.slot
	}
	i, ok := b.mIndex[id]
	if !ok {
		i = int32(len(b.threads))
		lane := int32(0)
		if b.byKind[Thread] < b.MaxLanes {
			lane = b.newLane(Thread, id, "thread "+strconv.FormatInt(id, 10))
		} else {
			lane = b.sharedLane(Thread, "other threads")
			b.lanes[lane].users++
		}
		b.threads = append(b.threads, thread{id: id, g: noG, track: track{lane: lane, since: b.blank()}})
		b.mIndex[id] = i
	}
	b.lastM = mSlot{id: id, slot: i, valid: true}
	return i
}

// blank is the time up to which nothing can be on the lane of what is seen for the first time.
func (b *Builder) blank() clock.Time {
	if b.syncs <= 1 {
		return b.first
	}
	return b.now
}

// set ends the state that tr was in and begins s. It is small enough to be compiled into its callers, of which most change nothing.
func (b *Builder) set(tr *track, t clock.Time, s State) {
	if tr.state != s {
		b.change(tr, t, s)
	}
}

func (b *Builder) change(tr *track, t clock.Time, s State) {
	t = max(t, tr.since)
	switch {
	case tr.state == Absent || tr.since >= t:
	case b.OnCPU != nil && tr.state == Running && tr.m != noM:
		b.cutSpan(tr, t)
	default:
		b.span(tr.lane, tr.since, t, tr.state)
	}
	tr.state, tr.since = s, t
}

// cutSpan shows the running time of tr until t, and as Ready what of it its thread had no core.
func (b *Builder) cutSpan(tr *track, t clock.Time) {
	at := tr.since
	b.OnCPU(tr.m, tr.since, t, func(from, to clock.Time) {
		b.span(tr.lane, at, from, Ready)
		b.span(tr.lane, max(at, from), to, Running)
		at = to
	})
	b.span(tr.lane, at, t, Ready)
}

// show brings the lanes of a goroutine, its processor and its thread up to its state.
func (b *Builder) show(g *goroutine) {
	s := g.state(b)
	if s != g.track.state {
		if g.lane == unmade {
			b.claimLane(g) // now, not with the first span: until then another one could have been shown there
		}
		b.change(&g.track, b.now, s)
	}
	if g.p != noP {
		ps := s
		if s != GC {
			ps = Running // a system call too, until the P is taken away
		}
		b.set(&b.ps[g.p].track, b.now, ps)
	}
	if g.thread != noThread {
		b.set(&b.threads[g.thread].track, b.now, s)
	}
	if b.OnCPU != nil {
		b.follow(g)
	}
}

// follow notes which thread runs a goroutine and its processor.
func (b *Builder) follow(g *goroutine) {
	m := int64(noM)
	if g.thread != noThread {
		m = b.threads[g.thread].id
		b.threads[g.thread].m = m
	}
	g.m = m
	if g.p != noP {
		b.ps[g.p].m = m
	}
}

// state is what the goroutine's lane shows.
func (g *goroutine) state(b *Builder) State {
	switch g.raw {
	case gotrace.Running:
		if g.gcWorker || g.gc > 0 || g.p != noP && b.ps[g.p].sweeping {
			return GC
		}
		return Running
	case gotrace.Runnable:
		return Ready
	case gotrace.Syscall:
		return Waiting
	case gotrace.Waiting:
		return g.wait
	default:
		return Absent
	}
}

// claimLane gives a goroutine that has no lane its own.
func (b *Builder) claimLane(g *goroutine) {
	if g.own == unmade {
		g.own = b.goLane(g)
	}
	g.lane = g.own
}

func (b *Builder) goLane(g *goroutine) int32 {
	name := b.Symbols.Text(g.start)
	if name == "" {
		name = "goroutine " + strconv.FormatInt(g.id, 10)
	}
	if b.byKind[Goroutine] < b.MaxLanes {
		lane := b.newLane(Goroutine, g.id, name)
		b.lanes[lane].users = 1
		return lane
	}
	if free := b.freeGo[g.start]; len(free) > 0 {
		lane := free[len(free)-1]
		b.freeGo[g.start] = free[:len(free)-1]
		b.lanes[lane].users++
		return lane
	}
	lane := b.sharedLane(Goroutine, "other goroutines")
	b.lanes[lane].users++
	return lane
}

func (b *Builder) goTransition(ev *gotrace.Event) {
	if ev.Subject == gotrace.None || ev.From == ev.To {
		return // a generation repeats what is known
	}
	i := b.goroutine(ev.Subject)
	g := b.gs[i]
	if g.start == 0 && (ev.From == gotrace.NotExist || ev.From == gotrace.Undetermined) {
		b.nameGoroutine(g, ev)
	}
	g.raw = ev.To
	if ev.To == gotrace.Waiting {
		g.wait = waitState(ev.Reason)
		if ev.From == gotrace.Undetermined {
			g.wait = stackWait(b.Symbols.Stack(ev.SubjectStack))
		}
	}
	switch ev.To {
	case gotrace.Running:
		b.bind(i, g, ev.P, ev.M)
	case gotrace.Syscall:
		if g.thread == noThread {
			b.bind(i, g, gotrace.None, ev.M)
		}
	default:
		b.unbind(g)
	}
	if ev.From == gotrace.Undetermined && b.syncs <= 1 {
		// What is first seen with a status had it from the start: the first generation enumerates all that there is.
		now := b.now
		b.now = b.first
		b.show(g)
		b.now = now
		return
	}
	b.show(g)
	if ev.To == gotrace.NotExist {
		for len(g.open) > 0 {
			b.endRegion(i, len(g.open)-1)
		}
		b.forget(i)
	}
}

// bind puts goroutine g, which is at place i, onto a processor and a thread.
func (b *Builder) bind(i int32, g *goroutine, proc, m int64) {
	p, th := b.proc(proc), b.thread(m)
	if pi := int32(proc); p != nil && g.p != pi {
		b.unbindP(g)
		if p.g != noG {
			b.gs[p.g].p = noP
		}
		g.p, p.g = pi, i
	}
	if th != noThread && g.thread != th {
		b.unbindThread(g)
		if old := b.threads[th].g; old != noG {
			b.gs[old].thread = noThread
		}
		g.thread, b.threads[th].g = th, i
	}
}

func (b *Builder) unbind(g *goroutine) {
	b.unbindP(g)
	b.unbindThread(g)
}

func (b *Builder) unbindP(g *goroutine) {
	if g.p == noP {
		return
	}
	p := &b.ps[g.p]
	b.set(&p.track, b.now, Absent)
	p.g, g.p = noG, noP
}

func (b *Builder) unbindThread(g *goroutine) {
	if g.thread == noThread {
		return
	}
	th := &b.threads[g.thread]
	b.set(&th.track, b.now, Absent)
	th.g, g.thread = noG, noThread
}

func (b *Builder) procTransition(ev *gotrace.Event) {
	p := b.proc(ev.Subject)
	if p == nil || ev.From == ev.To {
		return
	}
	if p.g == noG {
		b.set(&p.track, b.now, Absent) // after a gap it is Unknown until now
	}
	if ev.To == gotrace.Running {
		return // a P that starts has no goroutine yet, and is idle until it has
	}
	if p.g != noG { // taken away from a goroutine in a system call
		b.unbindP(b.gs[p.g])
	}
}

func (b *Builder) gcRange(ev *gotrace.Event) {
	on := ev.Kind != gotrace.RangeEnd
	switch ev.Range {
	case gotrace.StopTheWorld, gotrace.GCMarkAssist:
		if ev.Subject == gotrace.None {
			return
		}
		g := b.gs[b.goroutine(ev.Subject)]
		switch {
		case ev.Kind == gotrace.RangeActive:
			// A generation repeats the ranges that are active, of which only those before the first event are new.
			g.gc = max(g.gc, 1)
		case on:
			g.gc++
		default:
			g.gc = max(g.gc-1, 0)
		}
		b.show(g)
	case gotrace.GCSweep:
		if p := b.proc(ev.Subject); p != nil {
			p.sweeping = on
			if p.g != noG {
				b.show(b.gs[p.g])
			}
		}
	}
}

// gcWorkerLabel says whether a label makes its goroutine a worker of the garbage collector.
func (b *Builder) gcWorkerLabel(name gotrace.StringID) bool {
	return strings.HasPrefix(b.Symbols.Text(name), "GC (")
}

// stacks are the two of an event that tells of a goroutine for the first time.
type stacks struct{ context, subject gotrace.StackID }

// nameGoroutine notes the start function: the only frame of a new goroutine's stack, the outermost of one that exists.
func (b *Builder) nameGoroutine(g *goroutine, ev *gotrace.Event) {
	key := stacks{ev.Stack, ev.SubjectStack}
	name, ok := b.starts[key]
	if !ok {
		name = b.Symbols.Intern(startName(b.Symbols, ev))
		b.starts[key] = name
	}
	if name == 0 {
		return
	}
	g.start = name
	g.gcWorker = b.Symbols.Text(name) == "runtime.gcBgMarkWorker"
}

func startName(symbols *gotrace.Symbols, ev *gotrace.Event) string {
	stack := symbols.Stack(ev.SubjectStack)
	if len(stack) == 0 {
		return ""
	}
	name := stack[len(stack)-1].Func
	if strings.HasPrefix(name, "sync.(*WaitGroup).Go.") || strings.HasPrefix(name, "golang.org/x/sync/errgroup.(*Group).Go.") {
		name = starter(symbols.Stack(ev.Stack), name)
	}
	return name
}

// starter names a goroutine whose start function says nothing by the function that started it.
func starter(stack []gotrace.Frame, name string) string {
	short := name[strings.LastIndex(name, "(*")+2:]
	short = strings.NewReplacer(")", "", ".func1", "").Replace(short)
	for _, f := range stack {
		if !strings.HasPrefix(f.Func, "sync.") && !strings.HasPrefix(f.Func, "golang.org/x/sync/") {
			return f.Func + " " + short
		}
	}
	return name
}

// waitState is the state that a wait for that reason counts as.
func waitState(r gotrace.Reason) State {
	switch r {
	case gotrace.SyncWait, gotrace.CondWait:
		return Lock
	case gotrace.ChanSend, gotrace.ChanReceive, gotrace.Select, gotrace.Forever, gotrace.NoReason:
		return Channel // no reason is given for the switch between coroutines, which hand over to one another
	case gotrace.Sleep, gotrace.Network, gotrace.SystemWait, gotrace.GCSweepWait:
		return Waiting
	case gotrace.GCAssistWait, gotrace.UntilGCEnds, gotrace.GCWeakToStrong:
		return GC
	case gotrace.Preempted:
		return Ready
	default:
		return Unknown
	}
}

// stackWait is the state of a goroutine that was waiting before the trace began, which says where but not why.
func stackWait(stack []gotrace.Frame) State {
	for _, f := range stack[:min(len(stack), 4)] {
		switch {
		case strings.HasPrefix(f.Func, "sync."), strings.HasPrefix(f.Func, "internal/sync."):
			return Lock
		case strings.HasPrefix(f.Func, "runtime.chan"), f.Func == "runtime.selectgo", f.Func == "runtime.block":
			return Channel
		case f.Func == "time.Sleep", strings.HasPrefix(f.Func, "internal/poll."), strings.HasPrefix(f.Func, "runtime.bg"),
			f.Func == "runtime.forcegchelper", f.Func == "runtime.runfinq", f.Func == "runtime.gcBgMarkWorker",
			strings.HasPrefix(f.Func, "runtime.(*scavengerState)"):
			return Waiting
		}
	}
	return Unknown
}
