package timeline

import (
	"math"
	"strconv"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A goroutine is what the Builder knows of one. There can be very many: what few of them need is elsewhere.
type goroutine struct {
	track
	id     int64
	p      int32 // or replay.None
	thread int32 // slot of its thread; replay.None
	own    int32 // its own lane; unmade
	start  gotrace.StringID
	alive  bool
	placed bool // it has been in a region; see Builder.place
}

// A processor is a P.
type processor struct {
	track
	seen bool
	g    int32 // its goroutine; replay.None
}

// A thread is an OS thread.
type thread struct {
	track
	id int64
	g  int32 // its goroutine; replay.None
}

// born starts the goroutine that has the slot from now on.
func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, goroutine{})
	}
	b.gs[s.G] = goroutine{
		track: newTrack(unmade), id: s.ID, start: s.Name, alive: true, p: replay.None, thread: replay.None, own: unmade,
	}
}

// newTrack returns the track of something not seen yet.
func newTrack(lane int32) track { return track{lane: lane, since: math.MinInt64, m: gotrace.None} }

// end ends the goroutine in slot i and frees its lane.
func (b *Builder) end(i int32) {
	b.closeRegions(i)
	g := &b.gs[i]
	if g.own != unmade && b.lanes[g.own].ID != SharedID {
		b.free.put(g.start, g.own)
	}
	g.alive = false
}

// proc returns P number id.
func (b *Builder) proc(id int32) *processor {
	if int(id) >= len(b.ps) || !b.ps[id].seen {
		b.newProc(id)
	}
	return &b.ps[id]
}

func (b *Builder) newProc(id int32) {
	for int(id) >= len(b.ps) {
		b.ps = append(b.ps, processor{g: replay.None})
	}
	p := &b.ps[id]
	p.seen = true
	p.track = newTrack(b.newLane(P, int64(id), "P "+strconv.Itoa(int(id))))
}

// newThread adds the OS thread that has the next slot.
func (b *Builder) newThread(id int64) {
	lane := int32(0)
	if b.byKind[Thread] < b.MaxLanes {
		lane = b.newLane(Thread, id, "thread "+strconv.FormatInt(id, 10))
	} else {
		lane = b.sharedLane(Thread, "other threads")
		b.lanes[lane].users++
	}
	b.threads = append(b.threads, thread{track: newTrack(lane), id: id, g: replay.None})
}

// show updates the lanes of a goroutine, its P and its thread from a step.
func (b *Builder) show(s *replay.Step) {
	g := &b.gs[s.G]
	if g.p != s.P {
		b.bindP(g, s)
	}
	if g.thread != s.M {
		b.bindThread(g, s)
	}
	state, at := stateOf(s), b.now
	if s.Since < s.Time { // the trace tells it late
		at = s.Since
	}
	if state != g.state {
		if g.lane == unmade {
			b.claimLane(g) // now, not with the first span: until then another goroutine could take the lane
		}
		b.turn(&g.track, at, state)
	}
	if g.p != replay.None {
		on := Running // in a system call too, until the P is taken away
		if state == GC {
			on = GC
		}
		b.set(&b.ps[g.p].track, at, on)
	}
	if g.thread != replay.None {
		b.set(&b.threads[g.thread].track, at, state)
	}
	if b.OnCPU != nil {
		b.follow(g)
	}
}

// follow notes the thread of a goroutine and its P.
func (b *Builder) follow(g *goroutine) {
	m := int64(gotrace.None)
	if g.thread != replay.None {
		m = b.threads[g.thread].id
		b.threads[g.thread].m = m
	}
	g.m = m
	if g.p != replay.None {
		b.ps[g.p].m = m
	}
}

// bindP gives a goroutine the P that it has after a step.
func (b *Builder) bindP(g *goroutine, s *replay.Step) {
	if g.p != replay.None && b.ps[g.p].g == s.G {
		p := &b.ps[g.p]
		p.g = replay.None
		b.set(&p.track, b.now, Absent)
	}
	if g.p = s.P; g.p != replay.None {
		b.proc(g.p).g = s.G
	}
}

// bindThread gives a goroutine the thread that it has after a step.
func (b *Builder) bindThread(g *goroutine, s *replay.Step) {
	if g.thread != replay.None && b.threads[g.thread].g == s.G {
		m := &b.threads[g.thread]
		m.g = replay.None
		b.set(&m.track, b.now, Absent)
	}
	if g.thread = s.M; g.thread != replay.None {
		b.threads[g.thread].g = s.G
	}
}

// stateOf returns what a goroutine's lane shows after a step.
func stateOf(s *replay.Step) State {
	switch {
	case s.State == gotrace.NotExist || s.State == gotrace.Undetermined:
		return Absent
	case s.State == gotrace.Waiting && s.Wait == replay.Wait{Cause: cause.Unknown, Weight: replay.NoWeight}:
		return Channel // coroutines hand over to one another
	case s.State == gotrace.Waiting && states[s.Cause] == Running:
		return Waiting // for the runtime or the tracer
	}
	return states[s.Cause]
}

// states gives what is shown for each cause: all causes of a group look alike.
var states = func() (states [cause.Count]State) {
	of := map[cause.Group]State{
		cause.Work: Running, cause.System: Running, cause.Dispatching: Running, cause.OtherCode: Running,
		cause.GC: GC, cause.Scheduling: Ready, cause.Channel: Channel, cause.SerialPart: Serial,
		cause.Overhead: Startup,
		cause.Lock:     Lock, cause.OtherLock: Lock, cause.Condition: Lock, cause.Imbalance: Lock,
		cause.Sleeping: Waiting, cause.Network: Waiting, cause.Files: Waiting, cause.SystemCalls: Waiting,
		cause.Unexplained: Unknown, cause.Idling: Waiting,
	}
	for _, c := range cause.All() {
		states[c] = of[c.Group()]
	}
	return states
}()

// claimLane shows a goroutine without a lane on its own.
func (b *Builder) claimLane(g *goroutine) {
	if g.own == unmade {
		g.own = b.goLane(g)
		b.lanes[g.own].users++
	}
	g.lane = g.own
}

func (b *Builder) goLane(g *goroutine) int32 {
	if b.byKind[Goroutine] < b.MaxLanes {
		name := b.Symbols.Text(g.start)
		if name == "" {
			name = "goroutine " + strconv.FormatInt(g.id, 10)
		}
		return b.newLane(Goroutine, g.id, name)
	}
	if lane, ok := b.free.take(g.start); ok {
		return lane
	}
	return b.sharedLane(Goroutine, "other goroutines")
}

func (b *Builder) procTransition(s *replay.Step) {
	if s.Odd || s.From == s.State {
		return
	}
	if p := b.proc(s.P); p.g == replay.None {
		b.set(&p.track, b.now, Absent) // Unknown until now if there was a gap
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
		if g.thread != replay.None {
			b.set(&b.threads[g.thread].track, b.now, Absent)
			b.threads[g.thread].g = replay.None
		}
		g.p, g.thread = replay.None, replay.None
		if g.state != Absent {
			b.set(&g.track, b.now, Unknown)
		}
	}
	for i := range b.ps {
		if p := &b.ps[i]; p.seen {
			p.g = replay.None
			b.set(&p.track, b.now, Unknown)
		}
	}
}

// whole ends what a whole generation after a gap does not mention: it ended in the gap.
func (b *Builder) whole() {
	for i := range b.ps {
		if p := &b.ps[i]; p.seen && p.g == replay.None && p.state == Unknown {
			b.set(&p.track, b.now, Absent)
		}
	}
}
