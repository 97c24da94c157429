package goroutines

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the table of the goroutines of one process from the steps of its replay, of which it keeps none. Set
// the fields before the first Add. The zero value is ready, but without Symbols nothing has a name.
type Builder struct {
	Symbols *gotrace.Symbols // of the events

	// From and To bound the window. 0: the first event, the last.
	From, To clock.Time

	// Wanted chooses start functions; nil means all.
	Wanted func(start string) bool

	now    clock.Time  // as far as the window reaches
	gs     []goroutine // by slot
	groups []group
	byName []int32 // by StringID: the number of the group, from 1; 0: none yet
}

// A goroutine is what the Builder knows of one.
type goroutine struct {
	since clock.Time       // inside the window
	spent uint64           // the set of the states in which it spent time in the window
	name  gotrace.StringID // of its start function; 0 if not known
	whose replay.Whose
	alive bool
	state cause.Cause
	times [cause.Count]time.Duration // all 0 when a slot changes hands
}

type group struct {
	name    gotrace.StringID
	whose   replay.Whose
	skipped bool // not wanted
	count   int
	times   [cause.Count]spread
}

// The states of a goroutine beside the waits.
const (
	running  = cause.User
	runnable = cause.SchedLatency
	absent   = cause.Cause(cause.Count) // or not known yet
)

// Add takes the next steps.
func (b *Builder) Add(steps []replay.Step) {
	now := b.now
	for i := range steps {
		s := &steps[i]
		now = max(now, b.inside(s.Time))
		if s.Kind != replay.Change {
			b.now = now
			b.apply(s)
			continue
		}
		g := &b.gs[s.G]
		g.set(stateOf(s), now)
		if s.Since < s.Time { // the trace tells it late
			g.since = b.inside(s.Since)
		}
		if s.State == gotrace.NotExist {
			b.count(g)
			g.alive = false
		}
	}
	b.now = now
}

// inside returns t, or the end of the window that is next to it.
func (b *Builder) inside(t clock.Time) clock.Time {
	t = max(t, b.From)
	if b.To != 0 {
		t = min(t, b.To)
	}
	return t
}

// apply takes a step that is no Change.
func (b *Builder) apply(s *replay.Step) {
	switch s.Kind {
	case replay.Born:
		b.born(s)
	case replay.Named:
		b.gs[s.G].name, b.gs[s.G].whose = s.Name, s.Whose
	case replay.Relabel:
		b.gs[s.G].whose = s.Whose
	case replay.Lost:
		b.gs[s.G].set(stateOf(s), b.now)
	case replay.Gap: // what goroutines do while the trace is missing is in no figure
		for i := range b.gs {
			if g := &b.gs[i]; g.alive {
				g.set(absent, b.now)
			}
		}
	}
}

func (b *Builder) born(s *replay.Step) {
	for int(s.G) >= len(b.gs) {
		b.gs = append(b.gs, goroutine{})
	}
	g := &b.gs[s.G]
	g.name, g.whose, g.alive, g.state, g.since = s.Name, s.Whose, true, absent, b.now
}

// stateOf returns the state that a step leads to. Running is running, be it for itself or for the garbage collector.
func stateOf(s *replay.Step) cause.Cause {
	switch s.State {
	case gotrace.Running:
		return running
	case gotrace.Runnable, gotrace.Waiting:
		return s.Cause
	case gotrace.NotExist, gotrace.Undetermined:
		return absent
	case gotrace.Syscall:
		if s.P != replay.None {
			return cause.Syscall
		}
		return cause.BlockSyscall
	}
	return s.Cause
}

// instant is the time between two events of which the trace says nothing but their order: a real system call takes
// longer. Go up to 1.21 does not tell how long those took that did not block.
const instant = 1

// set ends the state of g at t, which must be inside the window, and begins s.
func (g *goroutine) set(s cause.Cause, t clock.Time) {
	if g.since < t && g.state != absent {
		took := t.Sub(g.since)
		if g.state == cause.Syscall && took <= instant {
			g.state = running
		}
		g.spend(g.state, took)
	}
	g.state, g.since = s, t
}

func (g *goroutine) spend(s cause.Cause, d time.Duration) {
	g.spent |= 1 << s
	g.times[s] += d
}

// count moves the times of g, which ends, to its group.
func (b *Builder) count(g *goroutine) {
	if g.spent == 0 {
		return // no part of its life lies in the window
	}
	if g.whose != replay.OfProgram { // what it did before that was known
		if d := g.times[cause.Unknown]; d > 0 {
			g.times[cause.Unknown] = 0
			g.spend(cause.Runtime, d)
		}
	}
	gr := b.group(g.name)
	if !gr.skipped {
		gr.count++
		gr.whose = g.whose
	}
	for ; g.spent != 0; g.spent &= g.spent - 1 {
		s := bits.TrailingZeros64(g.spent)
		if d := g.times[s]; d > 0 && !gr.skipped {
			gr.times[s].add(d)
		}
		g.times[s] = 0
	}
}

func (b *Builder) group(name gotrace.StringID) *group {
	for int(name) >= len(b.byName) {
		b.byName = append(b.byName, 0)
	}
	if b.byName[name] == 0 {
		b.groups = append(b.groups, group{name: name, skipped: b.Wanted != nil && !b.Wanted(b.Symbols.Text(name))})
		b.byName[name] = int32(len(b.groups))
	}
	return &b.groups[b.byName[name]-1]
}

// Merge returns the table of the goroutines of several processes, with a builder each. The builders must not be used
// afterwards.
func Merge(builders ...*Builder) *Table {
	var names []string
	groups := make(map[string]*group)
	for _, b := range builders {
		b.close()
		for i := range b.groups {
			gr := &b.groups[i]
			name := b.Symbols.Text(gr.name)
			if known, ok := groups[name]; ok {
				known.merge(gr)
			} else if gr.count > 0 {
				groups[name] = gr
				names = append(names, name)
			}
		}
	}
	t := &Table{}
	for _, name := range names {
		t.Groups = append(t.Groups, groups[name].finish(name))
	}
	t.sort()
	return t
}

// close counts the goroutines that are alive.
func (b *Builder) close() {
	for i := range b.gs {
		if g := &b.gs[i]; g.alive {
			g.set(absent, b.now)
			b.count(g)
		}
	}
}

func (gr *group) merge(other *group) {
	gr.count += other.count
	for s := range gr.times {
		gr.times[s].merge(&other.times[s])
	}
}

func (gr *group) finish(name string) Group {
	out := Group{
		Start: name, Count: gr.count, Runtime: gr.whose != replay.OfProgram,
		Running: gr.times[running].finish(), Runnable: gr.times[runnable].finish(),
	}
	for _, c := range cause.All() {
		if c != running && c != runnable && gr.times[c].n > 0 {
			out.Blocked = append(out.Blocked, Blocked{c, gr.times[c].finish()})
		}
	}
	return out
}

func (t *Table) sort() {
	slices.SortFunc(t.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Running.Total, a.Running.Total), cmp.Compare(a.Start, b.Start))
	})
}
