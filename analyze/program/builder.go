package program

import (
	"math"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes a Program of the steps of one process. Set the fields before the first Add. The zero value is ready.
type Builder struct {
	Rank    int
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	// OnCPU returns how long an OS thread was on a core, and ready for one without having it, between two times. nil:
	// not known; then a goroutine with a P has a core.
	OnCPU func(thread int64, from, to clock.Time) (on, ready time.Duration)

	begun   bool
	over    bool       // the end of the window has come
	from    clock.Time // beginning of the window
	now     clock.Time // never before it
	until   clock.Time
	slots   []state // by slot of the replay
	program Program
	kinds   kinds
	pace    pace
	objects objects
	crews   []crew
	threads []int64 // numbers of OS threads, by slot
	ran     int64   // all goroutines, the recorder's left out
	samples samples
}

// A state is what the Builder knows of the goroutine in a slot.
type state struct {
	index   int32 // in the Program
	pause   int32 // the wait that it is in; None
	thread  int32 // slot
	since   clock.Time
	last    gotrace.StackID // where it was last seen running
	state   gotrace.State
	cause   cause.Cause // what it runs or waits for
	whose   replay.Whose
	alive   bool
	held    bool // in a system call, it has its P
	skipped bool // it is in a wait that takes no time
	awaits  bool // of these, one for a cycle of the collector that it called
	outside bool // something outside the program ended its last wait
	waking  bool // it has just made another ready, for which an idle P was woken
	duty
}

// Add takes the next steps.
func (b *Builder) Add(steps []replay.Step) {
	if b.over || len(steps) == 0 {
		return
	}
	if !b.begun {
		b.begin(max(steps[0].Time, b.From))
	}
	for i := range steps {
		s := &steps[i]
		if s.Time >= b.until {
			b.now, b.over = max(b.now, b.To), true
			return
		}
		b.now = max(b.now, s.Time)
		b.step(s)
	}
}

func (b *Builder) begin(t clock.Time) {
	b.begun = true
	b.from, b.now, b.until = t, t, b.To
	if b.To == 0 {
		b.until = math.MaxInt64
	}
	if b.Symbols == nil {
		b.Symbols = &gotrace.Symbols{}
	}
	b.kinds.symbols = b.Symbols
}

func (b *Builder) step(s *replay.Step) {
	switch s.Kind {
	case replay.Change:
		b.change(s)
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.named(s)
	case replay.Sample:
		b.run(&b.slots[s.G], s.Stack)
		b.samples.add(b.ran)
	case replay.Thread:
		b.threads = append(b.threads, s.ID)
	case replay.Operated:
		b.operated(s)
	case replay.Shift:
		b.shift(s)
	case replay.Relabel:
		g := &b.slots[s.G]
		b.run(g, 0)
		b.belongs(g, s.Whose)
	case replay.Lost:
		b.loseP(&b.slots[s.G])
	case replay.Procs:
		b.pace.procs = int(s.ID)
		b.program.Ps = max(b.program.Ps, int(s.ID))
	case replay.Proc:
		b.pace.proc(s, b.now)
	case replay.Enter:
		b.enter(s)
	case replay.RegionBegin, replay.RegionEnd:
		b.region(s)
	case replay.Leave:
		b.leave(s)
	case replay.Gap:
		b.lose()
	}
}

// age returns t in nanoseconds since the beginning of the window.
func (b *Builder) age(t clock.Time) int64 { return int64(max(t, b.from) - b.from) }

func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.slots) {
		b.slots = append(b.slots, state{})
	}
	b.slots[s.G] = state{
		index: int32(len(b.program.Goroutines)), pause: None, since: b.now, alive: true, cause: cause.Unknown,
		whose: s.Whose, thread: replay.None,
	}
	b.program.Goroutines = append(b.program.Goroutines, Goroutine{ID: s.ID, Creator: None, Born: b.age(b.now)})
	b.belongs(&b.slots[s.G], s.Whose)
	b.named(s)
}

// named takes the start of a goroutine, if the step tells it.
func (b *Builder) named(s *replay.Step) {
	if s.Stack == 0 {
		return
	}
	g := &b.slots[s.G]
	of := &b.program.Goroutines[g.index]
	of.Start, of.Name = s.Stack, s.Name
	g.last = s.Stack
	b.belongs(g, s.Whose)
}

// belongs says whose g is. What the runtime's goroutines do is no part of the program.
func (b *Builder) belongs(g *state, whose replay.Whose) {
	g.whose = whose
	of := &b.program.Goroutines[g.index]
	if of.Runtime = whose != replay.OfProgram; of.Runtime {
		of.Ops = nil
	}
}

// put adds an operation of g, if it is inside the window. What was begun before it goes on at its beginning.
func (b *Builder) put(g *state, op Op) {
	if b.now > b.from || op.Kind == Block || op.Kind == Take {
		of := &b.program.Goroutines[g.index]
		if of.Ops == nil {
			of.Ops = make([]Op, 0, 4)
		}
		of.Ops = append(of.Ops, op)
	}
}

// run adds the time since the last event of g, if it ran. It ran at stack, or where it was seen last if that is not
// known.
func (b *Builder) run(g *state, stack gotrace.StackID) {
	if g.state != gotrace.Running {
		return
	}
	d := int64(b.now - g.since)
	g.since = b.now
	if stack != 0 {
		g.last = stack
	}
	b.works(g, b.onCore(g, d).On, g.last)
}

// onCore divides the latest d of g, for which it had a P.
func (b *Builder) onCore(g *state, d int64) replay.Stretch {
	if b.OnCPU == nil || g.thread == replay.None || d <= 0 {
		return replay.Stretch{On: d}
	}
	return replay.Divide(b.OnCPU, b.threads[g.thread], b.now, d, g.state == gotrace.Syscall)
}

// works adds running time of g.
func (b *Builder) works(g *state, d int64, stack gotrace.StackID) {
	if d <= 0 || g.whose == replay.OfTracer || g.cause == cause.Tracer {
		return
	}
	b.ran += d
	if g.whose != replay.OfProgram {
		if n := len(b.program.Cycles); n > 0 {
			b.program.Cycles[n-1] += time.Duration(d)
			b.program.Marking += time.Duration(d)
		}
		return
	}
	g.took += d
	if g.cause == cause.GCAssist {
		b.program.Marking += time.Duration(d)
	}
	var flags Flags
	switch g.cause {
	case cause.GCSTW, cause.GCAssist, cause.GCSweep:
		flags = Collecting
	}
	if g.waking {
		flags |= waking
		g.waking = false
	}
	ops := b.program.Goroutines[g.index].Ops
	if n := len(ops) - 1; n >= 0 && ops[n].Kind == Run && ops[n].Flags == flags && ops[n].Ref == int32(stack) {
		ops[n].D += d
		return
	}
	b.put(g, Op{Kind: Run, Flags: flags, Ref: int32(stack), D: d})
}

// shift goes on with a goroutine whose time goes to something else from now on.
func (b *Builder) shift(s *replay.Step) {
	g := &b.slots[s.G]
	b.run(g, s.Stack)
	if g.state == gotrace.Running {
		g.cause = s.Cause
	}
	if s.Name != 0 && g.whose == replay.OfProgram && strings.Contains(b.Symbols.Text(s.Name), startsCycle) {
		b.put(g, Op{Kind: Collect, Ref: int32(len(b.program.Cycles))})
		b.program.Cycles = append(b.program.Cycles, 0)
	}
}

// startsCycle is in the reason for which the world is stopped as a cycle of the garbage collector begins. The call
// stack does not tell it in all releases of Go: from 1.26 on it begins with who called the collector.
const startsCycle = "sweep termination"

// loseP goes on with g, which has lost its P.
func (b *Builder) loseP(g *state) {
	if g.state == gotrace.Syscall && g.held {
		b.called(g)
		g.since, g.held = b.now, false
	}
}

// lose begins a missing part of the trace. Runs and waits end here, and nobody depends on anybody across it.
func (b *Builder) lose() {
	b.program.Lost++
	for i := range b.slots {
		g := &b.slots[i]
		if !g.alive {
			continue
		}
		b.run(g, 0)
		if g.pause != None {
			b.unwait(g)
		}
		g.state, g.since, g.pause, g.skipped, g.awaits = gotrace.Undetermined, b.now, None, false, false
	}
	b.pace.lose()
}

// unwait takes back the wait that g is in, whose end is not known.
func (b *Builder) unwait(g *state) {
	b.program.Pauses[g.pause].Open = false
	ops := b.program.Goroutines[g.index].Ops
	if n := len(ops) - 1; n >= 0 && ops[n].Kind == Block {
		b.program.Goroutines[g.index].Ops = ops[:n]
	}
	g.pause = None
}

// kinds holds what stacks tell, each looked at once.
type kinds struct {
	symbols *gotrace.Symbols
	stacks  []kind
}

// A kind is what a stack tells.
type kind struct {
	looked bool
	yields bool // the goroutine gave its P up by itself
	calls  bool // it is in runtime.GC, at the call of the program
}

func (k *kinds) of(id gotrace.StackID) kind {
	if id == 0 {
		return kind{}
	}
	for int(id) >= len(k.stacks) {
		k.stacks = append(k.stacks, kind{})
	}
	s := &k.stacks[id]
	if !s.looked {
		s.looked = true
		for i, f := range k.symbols.Stack(id) {
			s.yields = s.yields || i < 2 && f.Func == "runtime.Gosched"
			s.calls = s.calls || i < 3 && f.Func == "runtime.GC"
		}
	}
	return *s
}
