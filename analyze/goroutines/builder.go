package goroutines

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/internal/sched"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Builder makes the table of the goroutines of one process from the events of its trace, in the order of their times, and keeps
// none of them. The fields may be set before the first Add. Its zero value is ready; Symbols is needed for names.
type Builder struct {
	Symbols *gotrace.Symbols // of the events

	// From and To are the part that is wanted. 0: from the first event, to the last.
	From, To clock.Time

	// Wanted chooses the start functions; nil: all.
	Wanted func(start string) bool

	begun      bool
	first, now clock.Time
	syncs      int
	index      sched.Index // place in gs
	classes    sched.Classifier
	gs         []goroutine
	free       []int32
	holders    []int32 // goroutine that has the P; none
	groups     []group
	byName     map[gotrace.StringID]int32
	names      map[[2]gotrace.StackID]int32 // group by the stacks of a creation
}

// A goroutine is one that is alive.
type goroutine struct {
	id      int64
	group   int32 // none: not known yet
	p       int32 // none
	alive   bool
	state   sched.Code
	since   clock.Time
	present bool // some of its life lies in the part that is wanted
	times   [sched.NumCodes]time.Duration
}

type group struct {
	name    gotrace.StringID
	skipped bool // not wanted
	count   int
	times   [sched.NumCodes]spread
}

const (
	none     = -1
	maxProcs = 1 << 16 // Ps that are believed
)

// States of a goroutine, beside the waits.
const (
	running  = sched.User
	runnable = sched.SchedLatency
	held     = sched.Syscall      // in a system call, with its P
	lost     = sched.BlockSyscall // in a system call, without
	dead     = sched.NumCodes     // also: not known yet
)

func (b *Builder) start(t clock.Time) {
	b.begun, b.first, b.now = true, t, t
	b.byName = make(map[gotrace.StringID]int32)
	b.names = make(map[[2]gotrace.StackID]int32)
	if b.Symbols == nil {
		b.Symbols = &gotrace.Symbols{}
	}
	b.classes.Symbols = b.Symbols
}

// Add takes the next event.
func (b *Builder) Add(ev *gotrace.Event) {
	t := ev.Time
	if !b.begun {
		b.start(t)
	}
	b.now = max(b.now, t)
	switch ev.Kind {
	case gotrace.GoTransition:
		if ev.Subject != gotrace.None && ev.From != ev.To { // a generation repeats what is known
			b.transition(ev)
		}
	case gotrace.ProcTransition:
		if ev.To != gotrace.Running && ev.From != ev.To {
			b.taken(ev.Subject)
		}
	case gotrace.Sync:
		b.syncs++
	case gotrace.Gap:
		b.gap()
	}
}

// gap ends what goroutines were doing: what they did while the trace is missing is in no figure.
func (b *Builder) gap() {
	b.syncs = max(b.syncs, 2) // nothing that comes later tells of the time before
	for i := range b.gs {
		if g := &b.gs[i]; g.alive {
			b.set(g, dead)
			b.release(g)
		}
	}
}

func (b *Builder) transition(ev *gotrace.Event) {
	i := b.at(ev)
	g := &b.gs[i]
	if g.group == none {
		b.name(g, ev)
	}
	// The first generation tells of all that there is, and it has been so from the start.
	early := ev.From == gotrace.Undetermined && b.syncs <= 1 && g.state == dead
	b.set(g, b.stateOf(ev))
	if early {
		g.since = b.first
	}
	switch ev.To {
	case gotrace.Running:
		b.hold(i, ev.P)
	case gotrace.Syscall: // the P stays, until it is taken away
		if ev.P != gotrace.None && g.p == none {
			b.hold(i, ev.P)
		}
	default:
		b.release(g)
	}
	if ev.To == gotrace.NotExist {
		b.end(i)
	}
}

// at is the place of the goroutine that ev is about.
func (b *Builder) at(ev *gotrace.Event) int32 {
	if i, ok := b.index.Find(ev.Subject); ok {
		return i
	}
	var i int32
	if n := len(b.free); n > 0 {
		i, b.free = b.free[n-1], b.free[:n-1]
	} else {
		i = int32(len(b.gs))
		b.gs = append(b.gs, goroutine{})
	}
	b.gs[i] = goroutine{id: ev.Subject, alive: true, group: none, p: none, state: dead, since: b.now}
	b.index.Put(ev.Subject, i)
	return i
}

// stateOf is the state that a transition leads to.
func (b *Builder) stateOf(ev *gotrace.Event) sched.Code {
	switch ev.To {
	case gotrace.Running:
		return running
	case gotrace.Runnable:
		return runnable
	case gotrace.Syscall:
		if ev.P == gotrace.None {
			return lost
		}
		return held
	case gotrace.Waiting:
		if ev.From == gotrace.Undetermined {
			return b.classes.Initial(ev.SubjectStack).Code
		}
		return b.classes.Wait(ev.Reason, ev.SubjectStack).Code
	default:
		return dead
	}
}

// set ends the state that g was in.
func (b *Builder) set(g *goroutine, s sched.Code) {
	from, to := max(g.since, b.From), b.now
	if b.To != 0 {
		to = min(to, b.To)
	}
	if g.state != dead && from < to {
		g.times[g.state] += to.Sub(from)
		g.present = true
	}
	g.state, g.since = s, max(b.now, g.since)
}

// hold gives a P to the goroutine at i.
func (b *Builder) hold(i int32, p int64) {
	b.release(&b.gs[i])
	if p < 0 || p >= maxProcs {
		return
	}
	for int64(len(b.holders)) <= p {
		b.holders = append(b.holders, none)
	}
	if old := b.holders[p]; old != none {
		b.gs[old].p = none
	}
	b.holders[p], b.gs[i].p = i, int32(p)
}

func (b *Builder) release(g *goroutine) {
	if g.p != none {
		b.holders[g.p] = none
		g.p = none
	}
}

// taken says that a P has no goroutine any more: one in a system call has lost it.
func (b *Builder) taken(p int64) {
	if p < 0 || p >= int64(len(b.holders)) || b.holders[p] == none {
		return
	}
	g := &b.gs[b.holders[p]]
	b.release(g)
	if g.state == held {
		b.set(g, lost)
	}
}

// end puts the times of a goroutine that has ended into its group, and forgets it.
func (b *Builder) end(i int32) {
	g := &b.gs[i]
	b.count(g)
	b.release(g)
	g.alive = false
	b.index.Drop(g.id)
	b.free = append(b.free, i)
}

func (b *Builder) count(g *goroutine) {
	if g.group == none {
		g.group = b.groupOf([2]gotrace.StackID{})
	}
	gr := &b.groups[g.group]
	if !g.present || gr.skipped {
		return
	}
	gr.count++
	for s, d := range g.times {
		if d > 0 {
			gr.times[s].add(d)
		}
	}
}

// name finds the group of a goroutine that has none yet. What is running when the recording begins has no stack: that of a later event
// of its own tells.
func (b *Builder) name(g *goroutine, ev *gotrace.Event) {
	key := [2]gotrace.StackID{ev.SubjectStack, ev.Stack}
	if ev.From != gotrace.NotExist {
		key[1] = 0 // that is not of who made it
		if key[0] == 0 && ev.G == ev.Subject {
			key[0] = ev.Stack
		}
	}
	if key[0] != 0 {
		g.group = b.groupOf(key)
	}
}

// groupOf is the group of a goroutine by its own stack and, if it is being made, that of its maker.
func (b *Builder) groupOf(key [2]gotrace.StackID) int32 {
	if i, ok := b.names[key]; ok {
		return i
	}
	name := startFunction(b.Symbols.Stack(key[0]), b.Symbols.Stack(key[1]))
	id := b.Symbols.Intern(name)
	i, ok := b.byName[id]
	if !ok {
		i = int32(len(b.groups))
		b.groups = append(b.groups, group{name: id, skipped: b.Wanted != nil && !b.Wanted(name)})
		b.byName[id] = i
	}
	b.names[key] = i
	return i
}

// startFunction names the function that a goroutine was started with: the only frame of the stack of one that is being created, the
// outermost of one that exists. Where that is a function that only calls another, the creator says more.
func startFunction(own, creator []gotrace.Frame) string {
	if len(own) == 0 {
		return ""
	}
	name := own[len(own)-1].Func
	for prefix, short := range map[string]string{
		"sync.(*WaitGroup).Go.":                     "WaitGroup.Go",
		"golang.org/x/sync/errgroup.(*Group).Go.":   "Group.Go",
		"golang.org/x/sync/errgroup.(*Group).TryGo": "Group.TryGo",
	} {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		for _, f := range creator {
			if !strings.HasPrefix(f.Func, "sync.") && !strings.HasPrefix(f.Func, "golang.org/x/sync/") {
				return f.Func + " " + short
			}
		}
	}
	return name
}

// Finish returns the table of the events so far. The Builder must not be used any more.
func (b *Builder) Finish() *Table { return Merge(b) }

// Merge returns the table of the goroutines of several processes, each of which has fed one builder. The builders must not be used any
// more.
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
			b.set(g, dead)
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
		Start: name, Count: gr.count,
		Running: gr.times[running].finish(), Runnable: gr.times[runnable].finish(),
	}
	for code := range sched.NumCodes {
		if code != running && code != runnable && gr.times[code].n > 0 {
			out.Blocked = append(out.Blocked, Blocked{code.Cause(), gr.times[code].finish()})
		}
	}
	return out
}

func (t *Table) sort() {
	slices.SortFunc(t.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Running.Total, a.Running.Total), cmp.Compare(a.Start, b.Start))
	})
}
