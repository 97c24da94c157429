package finding

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A kind is what a person would call one cause.
type kind string

// The kinds. Each has a sentence of its own in words.
const (
	work        kind = "work inflation"
	gc          kind = "garbage collection"
	lock        kind = "lock waiting"
	foreign     kind = "waiting for locks outside Go"
	channel     kind = "waiting at channels"
	join        kind = "load imbalance"
	condition   kind = "waiting for a condition"
	serial      kind = "a serial part"
	sleep       kind = "sleeping"
	network     kind = "the network"
	files       kind = "input and output"
	system      kind = "system calls"
	scheduling  kind = "waiting for a core"
	overhead    kind = "start-up and teardown"
	dispatch    kind = "dispatch"
	runtime     kind = "the runtime and tracing"
	unexplained kind = "what is not explained"
)

func kindOf(c cause.Cause) kind {
	switch c {
	case cause.User, cause.WorkInflation:
		return work
	case cause.GCDedicated, cause.GCIdle, cause.GCAssist, cause.GCSweep, cause.GCSTW:
		return gc
	case cause.Mutex, cause.RWMutex:
		return lock
	case cause.Futex:
		return foreign
	case cause.ChanSend, cause.ChanRecv, cause.Select:
		return channel
	case cause.Join:
		return join
	case cause.Cond:
		return condition
	case cause.Serial:
		return serial
	case cause.Sleep:
		return sleep
	case cause.Net:
		return network
	case cause.IO:
		return files
	case cause.Syscall, cause.BlockSyscall:
		return system
	case cause.SchedLatency, cause.Preempted:
		return scheduling
	case cause.Startup, cause.Teardown:
		return overhead
	case cause.Dispatch:
		return dispatch
	case cause.Runtime, cause.Tracer:
		return runtime
	default:
		return unexplained
	}
}

// A group is the rows of one kind.
type group struct {
	kind    kind
	cause   cause.Cause // of the largest row
	speedup float64
	share   float64
	rows    []*stack.Row // largest first

	top  *stack.Place // the largest place that is in the user's code; nil: not known
	of   cause.Cause  // of top
	held float64      // what all places of the same function take
}

// grouped returns the groups of s, the largest first.
func grouped(s *stack.Stack) []group {
	var out []group
	for i := range s.Rows {
		r := &s.Rows[i]
		k := kindOf(r.Cause)
		n := slices.IndexFunc(out, func(g group) bool { return g.kind == k })
		if n < 0 {
			n = len(out)
			out = append(out, group{kind: k})
		}
		out[n].speedup += r.Speedup
		out[n].rows = append(out[n].rows, r)
	}
	for i := range out {
		out[i].finish()
	}
	slices.SortStableFunc(out, func(a, b group) int { return cmp.Compare(b.speedup, a.speedup) })
	return out
}

func (g *group) finish() {
	slices.SortStableFunc(g.rows, func(a, b *stack.Row) int { return cmp.Compare(b.Speedup, a.Speedup) })
	g.cause = g.rows[0].Cause
	// Rows that name the same function name one place.
	sums := map[string]float64{}
	largest := map[string]*stack.Place{}
	var order []string
	of := map[*stack.Place]cause.Cause{}
	for _, r := range g.rows {
		if r.Top == nil {
			continue // nowhere, or not for certain
		}
		for i := range r.Places {
			p := &r.Places[i]
			f, ok := place.Of(p.Stack(r.Cause))
			if !ok {
				continue
			}
			of[p] = r.Cause
			if largest[f.Func] == nil {
				order = append(order, f.Func)
			}
			if q := largest[f.Func]; q == nil || p.Speedup > q.Speedup {
				largest[f.Func] = p
			}
			sums[f.Func] += p.Speedup
		}
	}
	for _, f := range order {
		if g.top == nil || sums[f] > g.held {
			g.top, g.held = largest[f], sums[f]
		}
	}
	g.of = of[g.top]
	if g.held < MinTop*g.speedup {
		g.top = nil
	}
}

// named is the stack that g is named by.
func (g *group) named() []gotrace.Frame {
	if g.top == nil {
		return nil
	}
	return g.top.Stack(g.of)
}

// portion is the part of g that its top has.
func (g *group) portion() float64 { return g.held / g.speedup }
