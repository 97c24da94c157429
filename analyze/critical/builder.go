package critical

import (
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder finds the critical path of one process from the steps of its replay, of which it keeps none. Set the fields
// before the first Add. The zero value is ready.
type Builder struct {
	Rank    int              // of the process
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	// OnCPU returns how long an OS thread was on a core, and ready for one without having it, between two times. nil:
	// not known; then a goroutine with a P has a core.
	OnCPU func(thread int64, from, to clock.Time) (on, ready time.Duration)

	begun   bool
	from    clock.Time // the beginning of the window
	now     clock.Time // always inside the window
	until   clock.Time // its end
	over    bool       // that has come
	gs      []goroutine
	threads []int64 // numbers of OS threads, by slot; with OnCPU

	tree  tree
	work  work
	ended ends
	stir  stir
	loose loose
	turns turns

	operated bool // there were operations on locks and channels
}

// A work is running time by who ran, and what ran when more than one answer is possible.
type work struct {
	program   int64 // of the program, with a P or, by OnCPU, on a core
	calls     int64 // of that, in system calls
	maybe     int64 // in system calls without a P: on a core or blocked
	collector int64 // of the garbage collector and the rest of the runtime
	stints    int   // how many times goroutines of the program stopped running
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
		if s.Time > b.now {
			b.now = s.Time
		}
		if s.Kind == replay.Change {
			b.change(&b.gs[s.G], s)
		} else {
			b.apply(s)
		}
	}
	if len(b.tree.nodes) > b.tree.limit {
		b.tree.join(b.points)
	}
}

func (b *Builder) begin(t clock.Time) {
	b.begun = true
	b.from, b.now, b.until = t, t, b.To
	if b.To == 0 {
		b.until = math.MaxInt64
	}
	b.tree = newTree()
}

func (b *Builder) apply(s *replay.Step) {
	switch s.Kind {
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.named(&b.gs[s.G], s)
	case replay.Sample:
		b.run(&b.gs[s.G], s.Stack)
	case replay.Shift:
		g := &b.gs[s.G]
		b.run(g, s.Stack)
		if g.state == gotrace.Running {
			g.cause = runCause(s)
		}
		if s.Stop == replay.StoppingTrace {
			b.recording(g)
		}
	case replay.Relabel:
		g := &b.gs[s.G]
		g.whose = s.Whose
		b.mark(g)
	case replay.Lost:
		b.loseP(&b.gs[s.G])
	case replay.Thread:
		b.threads = append(b.threads, s.ID)
	case replay.Operated:
		b.operated = true
	case replay.Gap:
		b.lose()
	}
}

// points yields the ends of all paths.
func (b *Builder) points(yield func(*point) bool) {
	for i := range b.gs {
		g := &b.gs[i]
		if !yield(&g.point) {
			return
		}
		for k := range g.children {
			if !yield(&g.children[k].point) {
				return
			}
		}
	}
	yield(&b.ended.point)
}

// run adds the time since the last event of g, if it ran, to its path. It ran at stack, or at its start if that is not
// known.
func (b *Builder) run(g *goroutine, stack gotrace.StackID) {
	if g.state != gotrace.Running {
		return
	}
	d := int64(b.now - g.since)
	g.since = b.now
	if d <= 0 {
		return
	}
	switch g.whose {
	case replay.OfProgram:
	case replay.OfTracer:
		return
	default:
		b.work.collector += d
		return
	}
	if stack == 0 {
		stack = g.start
	}
	if b.recorded(g) {
		d, _ = b.onCore(g, d)
	}
	b.works(g, g.cause, stack, d)
}

// works adds running time of g to its path.
func (b *Builder) works(g *goroutine, c cause.Cause, stack gotrace.StackID, d int64) {
	b.tree.extend(&g.point, keyOf(c, stack), d)
	b.work.program += d
	g.ran += d
	if g.turns >= enoughTurns {
		b.turns.run += d
	}
	g.least.advance(d)
	if g.nap.took > 0 {
		if g.nap.need -= d; g.nap.need <= 0 {
			g.settle()
		}
	}
}

// call adds the time since the last event of g, which is in a system call, to its path. While g has its P, or by the
// records of the OS a core, that is work. Without either it may be work or a delay.
func (b *Builder) call(g *goroutine) {
	d := int64(b.now - g.since)
	g.since = b.now
	if d <= 0 || g.whose != replay.OfProgram {
		return
	}
	if !g.held && !b.recorded(g) {
		b.work.maybe += d
		b.tree.extend(&g.point, keyOf(cause.BlockSyscall, g.stack), d)
		g.least.call.advance(d)
		return
	}
	on, blocked := d, int64(0)
	if b.recorded(g) {
		on, blocked = b.onCore(g, d)
	}
	b.work.calls += on
	b.works(g, cause.Syscall, g.stack, on)
	b.delayed(g, cause.BlockSyscall, blocked, blocked)
}

// recorded reports whether the OS recorded what became of the thread of g.
func (b *Builder) recorded(g *goroutine) bool { return b.OnCPU != nil && g.thread != replay.None }

// onCore divides the latest d of g: how long it was on a core, and how long blocked in a system call. The rest it was
// ready, which on unlimited cores it would not be.
func (b *Builder) onCore(g *goroutine, d int64) (on, blocked int64) {
	s := replay.Divide(b.OnCPU, b.threads[g.thread], b.now, d, g.state == gotrace.Syscall)
	return s.On, s.Blocked
}

// loseP goes on with g, which has lost its P.
func (b *Builder) loseP(g *goroutine) {
	if g.state == gotrace.Syscall && g.held {
		b.call(g)
		g.held = false
		b.mark(g)
	}
}

// runCause returns what a goroutine of the program runs for.
func runCause(s *replay.Step) cause.Cause {
	switch s.Cause {
	case cause.GCSTW, cause.GCAssist, cause.GCSweep, cause.Tracer:
		return s.Cause
	}
	return cause.User
}

func (b *Builder) change(g *goroutine, s *replay.Step) {
	switch {
	case s.From == gotrace.NotExist:
		if s.By != replay.None {
			b.create(g, s.By, s.ByStack)
		}
	case s.Was == gotrace.Running:
		b.run(g, s.Stack)
		if g.whose == replay.OfProgram {
			b.work.stints++
		}
	case s.Was == gotrace.Waiting:
		b.wake(g, s)
	case s.Was == gotrace.Syscall:
		b.call(g)
	}
	g.state, g.since, g.thread = s.State, b.now, s.M
	switch s.State {
	case gotrace.Running:
		g.cause = runCause(s)
	case gotrace.Waiting:
		g.stack, g.cause = s.Stack, s.Wait.Cause
		if g.whose == replay.OfProgram {
			b.wait(g)
		}
	case gotrace.Syscall:
		g.stack, g.cause, g.held = s.Stack, s.Wait.Cause, s.P != replay.None
	case gotrace.NotExist:
		b.end(g)
	}
	b.mark(g)
}
