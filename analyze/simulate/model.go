package simulate

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Model is a program prepared for replays. Several replays of it may run at the same time.
type Model struct {
	program  *program.Program
	created  []bool    // by goroutine: another creates it
	joins    [][]int32 // by goroutine: the pauses that wait for its end
	locks    []bool    // by object: it is a lock
	closes   []bool    // by object: it is a channel that is closed
	pools    []pool
	joining  map[int32][]int32 // by goroutine: the crews, in order, for whose workers it waits
	pooled   []bool            // by goroutine; nil: none is
	actors   []actor
	actorsOf [][]int32 // by object: actors that receive from it
}

// New prepares a program. The Model refers to it.
func New(p *program.Program) *Model {
	x := &Model{
		program: p, created: make([]bool, len(p.Goroutines)), locks: make([]bool, len(p.Objects)),
		closes:   make([]bool, len(p.Objects)),
		actorsOf: make([][]int32, len(p.Objects)),
	}
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			switch op.Kind {
			case program.Create:
				x.created[op.Ref] = true
			case program.Lock, program.RLock:
				x.locks[op.Ref] = true
			case program.Close:
				x.closes[op.Ref] = true
			}
		}
	}
	if len(p.Joins) > 0 {
		x.joins = make([][]int32, len(p.Goroutines))
		for i := range p.Pauses {
			w := &p.Pauses[i]
			for _, g := range p.Joins[w.First : w.First+w.Count] {
				x.joins[g] = append(x.joins[g], int32(i))
			}
		}
	}
	if len(p.Crews) > 0 || len(p.Objects) > 0 {
		x.pooled = make([]bool, len(p.Goroutines))
	}
	x.findCrews()
	if len(p.Objects) > 0 {
		x.findPools()
		x.findActors()
	}
	return x
}

// Pooled reports whether a goroutine of the program is a worker of a pool: what it did, any of them could have done.
func (x *Model) Pooled(g int32) bool { return x.pooled != nil && x.pooled[g] }

// Crews reports whether workers take chunks of tasks in the program, which any of them could have done.
func (x *Model) Crews() bool {
	return slices.ContainsFunc(x.pools, func(p pool) bool { return p.crew != nil })
}

// Items returns the largest number of items, or chunks of tasks, of a pool: more workers have nothing to do. 0: there
// is no pool.
func (x *Model) Items() int {
	most := 0
	for i := range x.pools {
		most = max(most, len(x.pools[i].items))
	}
	return most
}

// Workers returns the largest number of workers that a pool had in the recording.
func (x *Model) Workers() int {
	most := 0
	for i := range x.pools {
		most = max(most, len(x.pools[i].members))
	}
	return most
}

func (x *Model) isLock(object int32) bool { return x.locks[object] }

// Run replays the program.
func (x *Model) Run(c Config) Result {
	c.unlimited = false
	c.Ps = max(c.Ps, 1)
	return x.newMachine(c).run()
}

// Span replays the program on unlimited Ps at no cost, whatever c says of these: the time is that of the longest chain.
func (x *Model) Span(c Config) Result {
	c.unlimited, c.Ps = true, 0
	m := x.newMachine(c)
	r := m.run()
	r.Path = m.path()
	slices.SortStableFunc(r.Path, func(a, b Step) int { return int(b.Time - a.Time) })
	return r
}

// A pool is goroutines with one start function that receive from one channel, or a crew.
type pool struct {
	object  int32 // none: it is a crew
	members []member
	items   [][]program.Op // what was done with each item, in the order in which they were received
	closes  bool           // somebody closes the channel
	crew    *crew
}

// A member is a worker of a pool.
type member struct {
	g           int32
	first, last []program.Op // up to the first item; after there were no more
}

// A receipt is what was done after a receive.
type receipt struct {
	at  int64
	ops []program.Op
}

// findPools finds the pools. A goroutine belongs to one at most.
func (x *Model) findPools() {
	receivers := make([][]int32, len(x.program.Objects))
	for i := range x.program.Goroutines {
		for _, op := range x.program.Goroutines[i].Ops {
			if op.Kind != program.Recv {
				continue
			}
			if r := receivers[op.Ref]; len(r) == 0 || r[len(r)-1] != int32(i) {
				receivers[op.Ref] = append(r, int32(i))
			}
		}
	}
	idle := x.findIdle()
	for object, gs := range receivers {
		if len(gs) > 0 && !x.closes[object] {
			gs = idle.join(x.program.Goroutines, gs)
		}
		if len(gs) < 2 || !x.alike(gs) || !x.repeats(gs, int32(object)) {
			continue
		}
		x.pools = append(x.pools, x.newPool(gs, int32(object)))
		for _, g := range gs {
			x.pooled[g] = true
		}
	}
}

// idle is the goroutines that received nothing in the recording: on one P, one worker of a pool may have done all.
type idle struct {
	at     map[spot][]int32 // they wait for that in the end, by where
	unseen map[spot][]int32 // they never ran, by where they were created
	been   map[int32][]spot // by goroutine: where it waited for what it received
}

// A spot is a place of goroutines with one start function.
type spot struct{ start, at gotrace.StackID }

func (x *Model) findIdle() idle {
	all := x.program.Goroutines
	out := idle{make(map[spot][]int32), make(map[spot][]int32), make(map[int32][]spot)}
	for i := range all {
		g := &all[i]
		if s := (spot{g.Start, g.Site}); g.Creator != none && !g.Runtime && !g.Over && len(g.Ops) == 0 {
			out.unseen[s] = append(out.unseen[s], int32(i))
		}
	}
	for i := range x.program.Pauses {
		w := &x.program.Pauses[i]
		if w.Cause != cause.ChanRecv || all[w.G].Runtime {
			continue
		}
		s := spot{all[w.G].Start, w.Stack}
		switch {
		case !w.Open:
			if !slices.Contains(out.been[w.G], s) {
				out.been[w.G] = append(out.been[w.G], s)
			}
		case !slices.ContainsFunc(all[w.G].Ops, func(op program.Op) bool { return op.Kind == program.Recv }):
			out.at[s] = append(out.at[s], w.G)
		}
	}
	return out
}

// join returns goroutines that receive from a channel, and those that would have.
func (d *idle) join(all []program.Goroutine, gs []int32) []int32 {
	out := slices.Clone(gs)
	var done []spot
	for _, g := range gs {
		of := spot{all[g].Start, all[g].Site}
		for _, s := range append([]spot{of}, d.been[g]...) {
			if slices.Contains(done, s) {
				continue
			}
			done = append(done, s)
			if out = append(out, d.at[s]...); s == of {
				out = append(out, d.unseen[s]...)
			}
		}
	}
	slices.Sort(out)
	return out
}

// alike reports whether goroutines have one start function and belong to no other pool.
func (x *Model) alike(gs []int32) bool {
	all := x.program.Goroutines
	return !slices.ContainsFunc(gs, func(g int32) bool { return x.pooled[g] || all[g].Start != all[gs[0]].Start })
}

// repeats reports whether one of the goroutines receives again and again from a channel, and none sends to it: where
// each receives once, or gives back what it took, the channel is a semaphore or a join.
func (x *Model) repeats(gs []int32, channel int32) bool {
	again := false
	for _, g := range gs {
		n := 0
		for _, op := range x.program.Goroutines[g].Ops {
			if op.Ref != channel {
				continue
			}
			switch op.Kind {
			case program.Send:
				return false
			case program.Recv:
				n++
			}
		}
		again = again || n > 1
	}
	return again
}

func (x *Model) newPool(gs []int32, channel int32) pool {
	out := pool{object: channel, closes: x.closes[channel]}
	var all []receipt
	for _, g := range gs {
		ops := x.ended(x.program.Goroutines[g].Ops)
		of := member{g: g}
		from, at := -1, int64(0) // after the latest receive, and when that was
		for i := range ops {
			op := &ops[i]
			if op.Kind != program.Recv || op.Ref != channel {
				continue
			}
			if from < 0 {
				of.first = ops[: i+1 : i+1]
			} else {
				all = append(all, receipt{at, ops[from:i:i]})
			}
			from, at = i+1, op.D
			if op.Flags&program.Ended != 0 {
				of.last, from = ops[i+1:], len(ops)+1
				break
			}
		}
		switch {
		case from < 0: // it received nothing
			of.first = append(slices.Clip(ops), program.Op{Kind: program.Recv, Ref: channel, D: math.MaxInt64})
		case from <= len(ops):
			all = append(all, receipt{at, ops[from:]})
		}
		out.members = append(out.members, of)
	}
	slices.SortStableFunc(all, func(a, b receipt) int { return int(a.at - b.at) })
	for _, r := range all {
		out.items = append(out.items, r.ops)
	}
	return out
}

// enrol puts the workers of a pool into their beginnings, and makes further ones if more are asked for.
func (m *machine) enrol(id int32) {
	p := &m.model.pools[id]
	for k, w := range p.members {
		g := &m.gs[w.g]
		g.ops, g.pool, g.worker = w.first, id, int32(k)
	}
	if p.crew != nil {
		return // see muster
	}
	first := p.members[0].first
	m.enlist(id, m.cfg.Workers-len(p.members), first[len(first)-1:])
}

// enlist makes n further workers of a pool, which begin with ops.
func (m *machine) enlist(id int32, n int, ops []program.Op) {
	at := len(m.model.pools[id].members)
	for k := range n {
		m.clones[id] = append(m.clones[id], int32(len(m.gs)))
		m.gs = append(m.gs, goroutine{
			ops: ops, pool: id, worker: int32(at + k), actor: none, held: none, must: true,
		})
		m.ends++
	}
}

// work takes the next item of a pool. It returns false if there is none and the goroutine has left its P.
func (m *machine) work(id, p int32) bool {
	g := &m.gs[id]
	of := &m.model.pools[g.pool]
	if of.crew != nil {
		m.next(g, of)
		return true
	}
	o := &m.objects[of.object]
	next := &m.pools[g.pool]
	g.ops, g.pc = nil, 0
	switch {
	case m.take(o, p):
		if *next < len(of.items) {
			g.ops = of.items[*next]
			*next++
		}
		for *next == len(of.items) && !of.closes && o.receivers.n > 0 { // nothing more will come for the others
			m.unblock(m.pop(&o.receivers), p, m.chain(p))
		}
		return true
	case o.closed || !of.closes && *next >= len(of.items):
		g.last = true
		if int(g.worker) < len(of.members) {
			g.ops = of.members[g.worker].last
		}
		return true
	}
	m.push(&o.receivers, id)
	m.block(p)
	return false
}
