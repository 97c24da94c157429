package simulate

import (
	"time"

	"github.com/corecurve/corecurve/analyze/program"
)

const none = program.None

// A machine is one replay.
type machine struct {
	model *Model
	cfg   Config
	now   int64
	heap  heap
	gs    []goroutine
	ps    []processor
	idle  []int32 // Ps, the latest last
	queue queue   // the global one
	local int32   // goroutines in local queues
	nexts int32   // Ps that have a next one

	objects []object
	pauses  []pause
	joins   [][]int32 // by goroutine: the pauses that wait for its end; nil if none do
	missing []int32   // by pause: goroutines that must still end

	waking int   // Ps on their way, or about to take what is next on another
	owed   int64 // what the current P has to pay for waking others
	ends   int   // goroutines that must still end
	end    int64 // when the last of them did; -1 before
	busy   int64
	random uint64

	pools  []int      // by pool: items that have been taken
	clones [][]int32  // by pool: further workers
	crews  []mustered // by pool: of those that are crews
	actors []acting

	nodes []node // of Span; the first is none
	last  int32  // the end of the chain that ended last
}

// A goroutine is one of the replay: of the program, a further worker, or one of the garbage collector.
type goroutine struct {
	ops    []program.Op
	pc     int
	left   int64 // of the current Run; 0: it has not begun
	since  int64 // when it began to wait for a lock, and one; 0: it has not
	next   int32 // in its queue
	pool   int32 // the pool that it works for; none
	worker int32 // its number there
	actor  int32 // its state as an actor; none
	node   int32 // the end of its chain
	held   int32 // the lock that it got last and holds; none
	status status
	made   bool // it has been created
	must   bool // the end waits for it
	tried  bool // it was woken for a lock and tries again
	served bool // another has done what it waits for
	last   bool // it does what follows after its pool or as an actor
}

// A status says where a goroutine is.
type status uint8

const (
	unborn status = iota
	ready
	running
	blocked // for another goroutine
	away    // outside, for a time
	over
)

// A processor is a P.
type processor struct {
	g      int32 // that it runs; none
	next   int32 // that it runs next; none
	queue  queue
	began  int64 // its current Run; -1: it runs none yet
	until  int64 // when its goroutine is preempted
	idleAt int64 // when it ran dry
	picks  int32
	victim int32 // whose next one it is about to take
	want   int32
	idle   bool
}

// A pause is how far a recorded wait has got. Who waits, and who ends that, are those of the replay: another worker of
// a pool may do what one did in the recording.
type pause struct {
	waiter int32 // with reached
	waker  int32 // with awaited
	flags  pauseFlags
}

type pauseFlags uint8

const (
	reached  pauseFlags = 1 << iota // the one who waits is there
	released                        // the one who ends it has been there
	awaited                         // the one who ends it waits for the one who waits to arrive
	goneOn                          // the one who waited has gone on
)

// A node is a part of a chain of Span.
type node struct {
	d      int64
	before int32
	stack  int32
	object int32
	cause  uint8
}

// newMachine returns a machine at its beginning.
func (x *Model) newMachine(c Config) *machine {
	p := x.program
	m := &machine{
		model: x, cfg: c, end: -1, random: 0x9E3779B97F4A7C15,
		gs:      make([]goroutine, len(p.Goroutines), len(p.Goroutines)+len(p.Goroutines)/8+16),
		objects: make([]object, len(p.Objects)),
		pauses:  make([]pause, len(p.Pauses)),
		nodes:   make([]node, 1),
	}
	if c.unlimited {
		m.cfg.Costs, m.cfg.Greedy, m.cfg.Locks = Costs{}, true, IdealLocks
	} else {
		m.ps = make([]processor, c.Ps)
		for i := range m.ps {
			m.ps[i] = processor{g: none, next: none, idle: true, idleAt: -1 << 60, began: -1}
			m.idle = append(m.idle, int32(c.Ps-1-i))
		}
	}
	if len(p.Joins) > 0 {
		m.joins = x.joins
		m.missing = make([]int32, len(p.Pauses))
		for i := range p.Pauses {
			m.missing[i] = p.Pauses[i].Count
		}
	}
	for i := range p.Objects {
		m.objects[i] = object{owner: none, items: p.Objects[i].Items, capacity: p.Objects[i].Capacity}
		m.objects[i].free = c.Without != nil && x.isLock(int32(i)) && c.Without(p.Objects[i].Stack)
	}
	x.place(m)
	return m
}

// place puts the goroutines into their beginnings, and those ready that nobody creates.
func (x *Model) place(m *machine) {
	p := x.program
	for i := range p.Goroutines {
		of, g := &p.Goroutines[i], &m.gs[i]
		*g = goroutine{ops: of.Ops, pool: none, actor: none, held: none}
		g.must = !of.Runtime && !of.Idle
		if of.Runtime {
			g.status = over
			continue
		}
		if g.must {
			m.ends++
		}
	}
	m.pools = make([]int, len(x.pools))
	m.clones = make([][]int32, len(x.pools))
	m.crews = make([]mustered, len(x.pools))
	for i := range x.pools {
		m.enrol(int32(i))
	}
	m.actors = make([]acting, len(x.actors))
	for i := range x.actors {
		a := &x.actors[i]
		m.gs[a.g].ops, m.gs[a.g].actor = a.first, int32(i)
		m.actors[i] = acting{used: make([]int, len(a.channels)), left: len(a.order)}
	}
	for i := range x.pools {
		if x.pools[i].crew != nil {
			m.muster(int32(i))
		}
	}
	m.join()
	for i := range p.Goroutines {
		if !p.Goroutines[i].Runtime && !x.created[i] {
			m.create(int32(i), none)
		}
	}
	if m.ends == 0 {
		m.end = 0
	}
}

// enough is how many operations are forced at most.
const enough = 1000

// run replays until the end, and returns what came of it.
func (m *machine) run() Result {
	var r Result
	for m.end < 0 {
		if m.heap.empty() {
			if r.Forced++; r.Forced > enough || !m.force() {
				r.Stuck = true
				m.end = m.now
			}
			continue
		}
		e := m.heap.pop()
		m.now = e.at
		m.happen(e)
	}
	r.Time, r.Busy = time.Duration(m.end), time.Duration(m.busy)
	return r
}

func (m *machine) happen(e event) {
	switch e.kind {
	case ranOn:
		m.ran(e.id)
	case woke:
		m.waking--
		m.find(e.id, m.pick(e.id))
	case stole:
		m.waking--
		of := &m.ps[e.id]
		v := &m.ps[of.victim]
		g := int32(none)
		if v.next == of.want {
			g, v.next = of.want, none
			m.nexts--
		} else {
			g = m.pick(e.id)
		}
		m.find(e.id, g)
	case passed:
		m.ready(e.id, none)
	}
}

// find lets P p, which has looked for work, run g, or be idle if that is none. A P that has found work wakes another.
func (m *machine) find(p, g int32) {
	switch g {
	case none:
		m.rest(p)
		return
	case later:
	default:
		m.wake(none)
	}
	m.start(p, g)
}

// create makes a goroutine ready for the first time, on behalf of the one on P p, or of nobody.
func (m *machine) create(g, p int32) {
	x := &m.gs[g]
	if x.made || x.status == over {
		return
	}
	x.made = true
	if p != none {
		x.node = m.gs[m.ps[p].g].node
	}
	m.ready(g, p)
	if x.pool == none || m.model.pools[x.pool].members[0].g != g {
		return
	}
	node := x.node
	for _, w := range m.clones[x.pool] { // they are created together with the first worker
		m.gs[w].node, m.gs[w].made = node, true
		m.ready(w, p)
	}
}

// finish ends a goroutine, on P p.
func (m *machine) finish(g, p int32) {
	x := &m.gs[g]
	if x.status == over {
		return
	}
	x.status = over
	if m.joins != nil && int(g) < len(m.joins) {
		for _, w := range m.joins[g] {
			m.missing[w]--
			m.release(w, p)
		}
	}
	m.done(g)
}

// done notes that nobody waits for the end of g any more.
func (m *machine) done(g int32) {
	x := &m.gs[g]
	if !x.must {
		return
	}
	x.must = false
	m.ends--
	m.last = x.node
	if m.ends == 0 {
		m.end = m.now
	}
}
