package replay

import (
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/slots"
)

// A Replay makes steps from the trace events of one process, which must come in time order. Set the fields before the
// first call of Append. The zero value is ready, but without Symbols it cannot tell waits apart.
type Replay struct {
	Rank    int              // of the process; -1 for the coordinator, whose work is dispatch
	Symbols *gotrace.Symbols // of the events

	output
	machine
	going   bool       // an event has come since the beginning and the latest gap
	since   clock.Time // time of the first of these
	syncs   int        // generations begun since then
	gaps    int
	classes classifier
	slots   slots.Table // of goroutines, by number
	free    []int32     // of ended goroutines, in the order of their ends
	starts  map[creation]*start
	recent  []*start // the latest one by its own stack
	regions regions
	workers map[int32]int32 // the goroutine inside each worker's region
	objects objects
}

// An output is where steps go.
type output struct {
	steps []Step     // that Append returns
	t     clock.Time // of the current event
}

// A machine is who runs where.
type machine struct {
	gs      []goroutine // by slot
	parts   []part      // by slot
	ps      []processor
	threads slots.Table
	ms      []osThread // by the slots of threads
}

// A goroutine is the state of one goroutine. It has 32 bytes, half a line of the cache.
type goroutine struct {
	id      int64
	p       int32 // or None
	m       int32 // slot of its OS thread; None
	state   gotrace.State
	wait    Wait
	whose   Whose
	stops   int8        // depth of stop-the-world ranges
	tracer  int8        // how many of those are the tracer's
	assists int8        // depth of mark assists
	gc      cause.Cause // the kind of a worker of the garbage collector
	alive   bool
	named   bool // its start is known
	foreign bool // nothing is known of it but that it is in a system call
}

// A part is what a goroutine does in a workload: the regions that it is in.
type part struct {
	worker  int32 // whose region it is in; None
	serial  int32 // depth of serial regions
	refused int32 // depth of worker regions that it was refused
}

// A processor is the state of one P.
type processor struct {
	g        int32 // its goroutine; None
	m        int32 // slot of the OS thread of its latest goroutine; None
	sweeping bool
}

type osThread struct {
	id int64
	g  int32 // the goroutine on it; None
}

// begin begins at the first event, or goes on at the first after a gap.
func (r *Replay) begin(t clock.Time) {
	r.going, r.since = true, t
	if r.starts != nil {
		return
	}
	if r.Symbols == nil {
		r.Symbols = &gotrace.Symbols{}
	}
	r.classes.symbols = r.Symbols
	r.starts = make(map[creation]*start)
	r.workers = make(map[int32]int32)
}

// Append appends to steps those that the next events make. It keeps neither.
func (r *Replay) Append(steps []Step, events ...gotrace.Event) []Step {
	r.steps = steps
	for i := range events {
		ev := &events[i]
		if !r.going {
			r.begin(ev.Time)
		}
		r.t = ev.Time
		before := len(r.steps)
		if ev.Kind == gotrace.GoTransition { // most events are
			r.goTransition(ev)
		} else {
			r.other(ev)
		}
		if len(r.steps) == before {
			r.put(Tick)
		}
	}
	steps, r.steps = r.steps, nil
	return steps
}

// other follows an event that is no transition of a goroutine.
func (r *Replay) other(ev *gotrace.Event) {
	switch ev.Kind {
	case gotrace.ProcTransition:
		r.procTransition(ev)
	case gotrace.StackSample:
		if ev.G != gotrace.None {
			r.about(Sample, r.goroutine(ev.G)).Stack = ev.Stack
		}
	case gotrace.RangeBegin, gotrace.RangeActive, gotrace.RangeEnd:
		r.gcRange(ev)
	case gotrace.RegionBegin:
		r.regionBegin(ev)
	case gotrace.RegionEnd:
		r.regionEnd(ev)
	case gotrace.MetricValue:
		if ev.Metric == gotrace.GOMAXPROCS {
			r.put(Procs).ID = min(max(ev.Value, 0), limits.Ps)
		}
	case gotrace.Label:
		r.label(ev)
	case gotrace.Operated:
		r.operated(ev)
	case gotrace.Sync:
		r.sync()
	case gotrace.Gap:
		r.lose()
	}
}

// next returns room for a step, which still holds an old one.
func (o *output) next() *Step {
	n := len(o.steps)
	if n == cap(o.steps) {
		o.steps = append(o.steps, Step{})
	} else {
		o.steps = o.steps[:n+1]
	}
	return &o.steps[n]
}

// put adds a step about no goroutine.
func (o *output) put(k Kind) *Step {
	s := o.next()
	*s = Step{Kind: k, Time: o.t, Since: o.t, G: None, By: None, P: None, M: None}
	return s
}

// about adds a step about the goroutine in slot i as it is now.
func (r *Replay) about(k Kind, i int32) *Step {
	s := r.next()
	r.describe(s, k, i)
	s.Since, s.ID, s.By, s.Stack, s.ByStack, s.Name = r.t, 0, None, 0, 0, 0
	s.From, s.Was, s.Odd = gotrace.Undetermined, gotrace.Undetermined, false
	return s
}

// describe sets what a step says about the goroutine in slot i as it is now. Like its callers, which set the other
// fields, it sets each in place: copying a Step takes longer.
func (r *Replay) describe(s *Step, k Kind, i int32) {
	g := &r.gs[i]
	s.Time, s.Kind, s.G, s.P, s.M = r.t, k, i, g.p, g.m
	s.State, s.Wait, s.Whose, s.Stop = g.state, g.wait, g.whose, g.stop()
	s.Cause, s.Op, s.Mode = r.goesTo(g, i), gotrace.BadOp, 0
}

// goesTo returns what the time of g, the goroutine in slot i, goes to. What a coordinator runs outside its serial parts
// is dispatch.
func (r *Replay) goesTo(g *goroutine, i int32) cause.Cause {
	switch {
	case g.state == gotrace.Waiting:
		return g.wait.Cause
	case g.state == gotrace.Runnable:
		return cause.SchedLatency
	case g.p != None:
		return g.busy(r.Rank < 0 && r.parts[i].serial == 0, r.ps[g.p].sweeping)
	case g.state == gotrace.Syscall:
		return cause.BlockSyscall
	}
	return cause.Unknown
}

// busy returns what the time of g goes to while it has a P.
func (g *goroutine) busy(dispatching, sweeping bool) cause.Cause {
	switch {
	case g.stops > 0 && g.tracer > 0:
		return cause.Tracer
	case g.stops > 0:
		return cause.GCSTW
	case sweeping:
		return cause.GCSweep
	}
	switch g.whose {
	case OfGC:
		return g.gc
	case OfRuntime:
		return cause.Runtime
	case OfTracer:
		return cause.Tracer
	}
	switch {
	case g.assists > 0:
		return cause.GCAssist
	case dispatching:
		return cause.Dispatch
	case g.state == gotrace.Syscall:
		return cause.Syscall
	}
	return cause.User
}

func (g *goroutine) stop() Stop {
	switch {
	case g.stops == 0:
		return NotStopping
	case g.tracer > 0:
		return StoppingTrace
	}
	return StoppingGC
}

// gcRange follows a range of the garbage collector.
func (r *Replay) gcRange(ev *gotrace.Event) {
	switch ev.Range {
	case gotrace.StopTheWorld, gotrace.GCMarkAssist:
		if ev.Subject == gotrace.None {
			return
		}
		i := r.goroutine(ev.Subject)
		g := &r.gs[i]
		if ev.Range == gotrace.GCMarkAssist {
			g.assists = depth(g.assists, ev.Kind)
		} else {
			g.stops = depth(g.stops, ev.Kind)
			if strings.Contains(r.Symbols.Text(ev.Name), "trace") { // "start trace", "stop trace"
				g.tracer = depth(g.tracer, ev.Kind)
			}
		}
		x := r.about(Shift, i)
		x.Stack = ev.Stack
		if ev.Kind == gotrace.RangeBegin && ev.Range == gotrace.StopTheWorld {
			x.Name = ev.Name
		}
	case gotrace.GCSweep:
		if ev.Subject < 0 || ev.Subject >= limits.Ps {
			return
		}
		p := r.proc(ev.Subject)
		p.sweeping = ev.Kind != gotrace.RangeEnd
		if p.g != None {
			r.about(Shift, p.g).Stack = ev.Stack
		}
	}
}

// depth returns the depth of a range after an event. A generation repeats the active ranges; only those that began
// before the first event are new.
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

// label makes a goroutine a worker of the garbage collector of the named kind. Fractional workers, which small numbers
// of Ps have, count as dedicated.
func (r *Replay) label(ev *gotrace.Event) {
	text := r.Symbols.Text(ev.Name)
	if !strings.HasPrefix(text, "GC (") || ev.Subject == gotrace.None {
		return
	}
	i := r.goroutine(ev.Subject)
	g := &r.gs[i]
	g.gc, g.whose = cause.GCDedicated, OfGC
	if text == "GC (idle)" {
		g.gc = cause.GCIdle
	}
	r.about(Relabel, i)
}

// sync counts generations. What the first whole one after a gap did not mention ended in the gap.
func (r *Replay) sync() {
	r.syncs++
	r.put(Sync)
	if r.syncs != 2 || r.gaps == 0 {
		return
	}
	for i := range r.gs {
		if g := &r.gs[i]; g.alive && g.state == gotrace.Undetermined {
			r.drop(int32(i), gotrace.Undetermined)
		}
	}
	r.put(Whole)
}

// lose makes every state unknown. Goroutines stay in their regions, and remain the workers they were, until a whole
// generation does not mention them.
func (r *Replay) lose() {
	r.going, r.syncs = false, 0
	r.gaps++
	for i := range r.gs {
		g := &r.gs[i]
		if !g.alive {
			continue
		}
		g.p, g.m, g.state, g.wait = None, None, gotrace.Undetermined, Wait{}
		g.stops, g.tracer, g.assists = 0, 0, 0
	}
	for i := range r.ps {
		r.ps[i] = processor{g: None, m: None}
	}
	for i := range r.ms {
		r.ms[i].g = None
	}
	r.objects.forget()
	r.put(Gap)
}
