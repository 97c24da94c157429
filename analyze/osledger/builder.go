package osledger

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// A Builder accounts for the cores of a run in a second pass over the recording. Set all fields before the first
// Change.
type Builder struct {
	Threads  *threads.Threads // of the first pass
	Choice   *Choice
	From, To clock.Time // the window
	Cores    int
	Traces   []int // by process: the number of the Go trace that it left, or −1; nil: there are none

	begun    bool
	first    clock.Time // times of the run's threads
	firstEnd clock.Time // of a worker; 0: not looked up
	last     clock.Time
	at       clock.Time // up to which time is accounted for
	use      cores.Builder
	each     []account
	crews    map[int]*crew // of workers, by process
	edges    []edge        // of gaps, in time order
	gapped   int           // cores inside a gap
	running  int
	ready    int
	blocked  [2]int     // those asked first, and the others
	waited   [2]float64 // charge so far of a blocked thread of either kind
	alone    float64    // charge so far of a running thread in core time: less than its own if there are fewer cores
	alive    int        // workers
	sum      totals
	idle     map[cause.Cause]float64 // that nobody asked for
	contrary int                     // how often more threads ran than there are cores
}

// totals are sums in core nanoseconds. They add up to cores × time.
type totals struct{ busy, preempted, idle, unknown int64 }

// An edge is the start or end of a gap.
type edge struct {
	at clock.Time
	by int
}

// An account is the account of one thread.
type account struct {
	state  threads.State
	own    bool
	worker bool
	second bool // asked only when no other thread is blocked
	from   float64
	cost   float64 // of its waits
	ran    float64
	in     [threads.Gone]time.Duration // by state, inside the window
	turn   turn                        // of a worker
}

func (b *Builder) begin() {
	b.begun = true
	b.at = b.From
	b.idle = make(map[cause.Cause]float64)
	b.each, b.crews = make([]account, len(b.Threads.Threads)), map[int]*crew{}
	b.use = cores.Builder{From: b.From, To: b.To, Cores: b.Cores}
	b.use.Set(b.From, 0)
	for _, i := range b.Choice.Workers {
		b.each[i].worker = true
	}
	shared, parent := lockNames(b.Threads), parents(b.Threads)
	for i := range b.each {
		a, th := &b.each[i], &b.Threads.Threads[i]
		a.own, a.state = b.Choice.Own[i], threads.Gone
		if a.own {
			if b.last == 0 { // they are in the order of their starts
				b.first = th.Start
			}
			b.last = max(b.last, th.End)
		}
		if len(b.Choice.Workers) > 0 {
			a.second = !a.worker
		} else {
			a.second = parked(th, parent[th.Process], func(w *threads.Wait) bool { return shared[keyOf(th, w)] != "" })
		}
	}
	for _, g := range b.Threads.Gaps {
		b.edges = append(b.edges, edge{g.From, 1}, edge{g.To, -1})
	}
	slices.SortStableFunc(b.edges, func(x, y edge) int { return cmp.Compare(x.at, y.at) })
}

// Change takes the next change of a thread's state.
func (b *Builder) Change(c threads.Change) {
	if !b.begun {
		b.begin()
	}
	if c.Thread >= len(b.each) || !b.each[c.Thread].own {
		return
	}
	a := &b.each[c.Thread]
	b.advance(c.At)
	if c.Was < threads.Gone {
		if d := min(c.At, b.To).Sub(max(c.Since, b.From)); d > 0 {
			a.in[c.Was] += d
		}
	}
	if a.worker {
		b.crewOf(c.Thread).change(&a.turn, a.state, c.Is)
	}
	b.leave(a)
	a.state = c.Is
	b.enter(a)
	b.use.Set(max(c.At, b.From), b.running)
}

// crewOf returns the crew of a worker, with its clocks at b.at.
func (b *Builder) crewOf(thread int) *crew {
	p := b.Threads.Threads[thread].Process
	c := b.crews[p]
	if c == nil {
		c = &crew{at: b.From}
		b.crews[p] = c
	}
	c.advance(b.at)
	return c
}

func which(a *account) int {
	if a.second {
		return 1
	}
	return 0
}

// leave ends the state of a thread, and charges it.
func (b *Builder) leave(a *account) {
	switch a.state {
	case threads.Running:
		b.running--
		a.ran += b.alone - a.from
	case threads.Ready:
		b.ready--
	case threads.Blocked:
		b.blocked[which(a)]--
		a.cost += b.waited[which(a)] - a.from
	}
	if a.worker && a.state != threads.Gone {
		b.alive--
	}
}

func (b *Builder) enter(a *account) {
	switch a.state {
	case threads.Running:
		b.running++
		a.from = b.alone
	case threads.Ready:
		b.ready++
	case threads.Blocked:
		b.blocked[which(a)]++
		a.from = b.waited[which(a)]
	}
	if a.worker && a.state != threads.Gone {
		b.alive++
	}
}

// advance accounts for the time up to t.
func (b *Builder) advance(t clock.Time) {
	t = min(t, b.To)
	for len(b.edges) > 0 && b.edges[0].at <= t {
		b.step(b.edges[0].at)
		b.gapped += b.edges[0].by
		b.edges = b.edges[1:]
	}
	b.step(t)
}

// step accounts for the time up to t, with nothing changing meanwhile.
func (b *Builder) step(t clock.Time) {
	d := int64(t - b.at)
	if d <= 0 {
		return
	}
	b.at = t
	dark := min(b.gapped, b.Cores)
	rest := b.Cores - dark
	b.sum.unknown += d * int64(dark)
	on := min(b.running, rest)
	if b.running > b.Cores {
		b.contrary++
	}
	if on > 0 {
		b.sum.busy += d * int64(on)
		b.alone += float64(d) * float64(on) / float64(b.running)
		rest -= on
	}
	late := min(b.ready, rest)
	b.sum.preempted += d * int64(late)
	rest -= late
	b.sum.idle += d * int64(rest)
	phase, ask := b.phase()
	for k := range b.blocked {
		if n := b.blocked[k]; n > 0 && rest > 0 && (k == 0 || ask) {
			asked := min(n, rest)
			b.waited[k] += float64(d) * float64(asked) / float64(n)
			rest -= asked
		}
	}
	if rest > 0 {
		b.idle[phase] += float64(d) * float64(rest)
	}
}

// phase returns why cores are idle that no blocked worker asks for, and whether other blocked threads are asked first.
func (b *Builder) phase() (c cause.Cause, ask bool) {
	n := len(b.Choice.Workers)
	active := b.running + b.ready
	switch {
	case n == 0 && active > 0:
		return cause.Serial, false
	case n == 0:
		return b.outside(cause.Unknown), true
	case b.alive > 0 && b.gone():
		return cause.Join, false
	case b.alive > 0:
		return cause.Serial, false
	case b.gone():
		return cause.Teardown, false
	case active > 0:
		return cause.Serial, false
	default:
		return b.outside(cause.Startup), true
	}
}

// outside returns start-up or teardown if no thread of the run exists, and otherwise c.
func (b *Builder) outside(c cause.Cause) cause.Cause {
	if b.blocked[0]+b.blocked[1] > 0 {
		return c
	}
	switch {
	case b.at <= b.first:
		return cause.Startup
	case b.at > b.last:
		return cause.Teardown
	}
	return cause.Unknown
}

// gone reports whether a worker has ended.
func (b *Builder) gone() bool {
	if b.firstEnd == 0 {
		b.firstEnd = math.MaxInt64
		for _, i := range b.Choice.Workers {
			b.firstEnd = min(b.firstEnd, b.Threads.Threads[i].End)
		}
	}
	return b.firstEnd < b.at
}

// A lockKey is a futex of a process.
type lockKey struct {
	process int
	address uint64
	on      string
}

func keyOf(th *threads.Thread, w *threads.Wait) lockKey { return lockKey{th.Process, w.Object, w.On} }

// lockNames returns what the locks of a recording are called, and other futexes that threads share.
func lockNames(t *threads.Threads) map[lockKey]string {
	out := make(map[lockKey]string, len(t.Locks))
	for _, l := range t.Locks {
		name := another(t, l.Process)
		switch l.Name {
		case osched.GIL:
			name = gil
		case osched.HeldLock:
			name = "a lock of program " + t.Processes[l.Process].Name
		}
		out[lockKey{l.Process, l.Address, l.Name}] = name
	}
	return out
}

// another names a wait that ends when another thread lets it.
func another(t *threads.Threads, process int) string {
	return "another thread of program " + t.Processes[process].Name + ", or a lock"
}
