package simulate

import (
	"math"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/marker"
)

// A crew is what a pool has that takes chunks of tasks instead of items from a channel.
type crew struct {
	chunks []program.Chunk // by item
	even   bool            // tasks were dealt evenly beforehand
	join   place           // where somebody waits for all workers
}

// A place is an operation of a goroutine.
type place struct {
	g  int32 // none: it is not known
	at int
}

// A hand is what is done with the chunks that are dealt to a worker beforehand.
type hand [][]program.Op

// findCrews makes pools of the crews. A goroutine belongs to one at most.
func (x *Model) findCrews() {
	for i := range x.program.Crews {
		if slices.ContainsFunc(x.program.Crews[i].Workers, x.Pooled) {
			continue
		}
		of := x.newCrew(&x.program.Crews[i])
		for _, w := range of.members {
			x.pooled[w.g] = true
		}
		x.pools = append(x.pools, of)
	}
	x.findJoins()
}

func (x *Model) newCrew(c *program.Crew) pool {
	type done struct {
		chunk program.Chunk
		ops   []program.Op
		by    int
	}
	out := pool{object: none, crew: &crew{}}
	var all []done
	for k, g := range c.Workers {
		ops := x.program.Goroutines[g].Ops
		of := member{g: g, first: ops}
		from := -1 // of the latest chunk
		for i := range ops {
			switch kind := ops[i].Kind; {
			case kind != program.Take && kind != program.Leave:
				continue
			case from < 0:
				of.first = ops[:i:i]
			default:
				all[len(all)-1].ops = ops[from:i:i]
			}
			if from = i + 1; ops[i].Kind == program.Leave {
				of.last = ops[from:]
				break
			}
			all = append(all, done{x.program.Chunks[ops[i].Ref], ops[from:], k})
		}
		out.members = append(out.members, of)
	}
	slices.SortStableFunc(all, func(a, b done) int { return a.chunk.Lo - b.chunk.Lo })
	owners := make([]int, len(all))
	for i, d := range all {
		out.items, out.crew.chunks = append(out.items, d.ops), append(out.crew.chunks, d.chunk)
		owners[i] = d.by
	}
	out.crew.even = out.crew.dealtEvenly(owners, len(c.Workers))
	out.crew.join = place{g: none}
	return out
}

// bounds returns the tasks of a crew, lo … hi-1.
func (c *crew) bounds() (lo, hi int) {
	lo = math.MaxInt
	for _, ch := range c.chunks {
		lo, hi = min(lo, ch.Lo), max(hi, ch.Hi)
	}
	return lo, hi
}

// dealtEvenly reports whether each worker did its even share of the tasks, and one of them more than one chunk of it:
// by demand that would be a rare chance.
func (c *crew) dealtEvenly(owners []int, workers int) bool {
	if workers < 2 || len(owners) <= workers {
		return false
	}
	lo, hi := c.bounds()
	for i, ch := range c.chunks {
		from, to := marker.Share(hi-lo, workers, owners[i])
		if ch.Lo-lo < from || ch.Hi-lo > to {
			return false
		}
	}
	return true
}

// deal returns what each of so many workers does, if tasks are dealt evenly. Of a chunk that is cut, all tasks are
// taken to take equally long.
func (c *crew) deal(items [][]program.Op, workers int) []hand {
	out := make([]hand, workers)
	lo, hi := c.bounds()
	k := 0
	for i, ch := range c.chunks {
		left := items[i]
		for at := ch.Lo; at < ch.Hi; {
			_, end := marker.Share(hi-lo, workers, k)
			if end += lo; end <= at {
				k++
				continue
			}
			piece, to := left, min(end, ch.Hi)
			if to < ch.Hi {
				piece, left = split(left, float64(to-at)/float64(ch.Hi-at))
			}
			out[k] = append(out[k], piece)
			at = to
		}
	}
	return out
}

// split divides operations after a part of their running time.
func split(ops []program.Op, part float64) (first, rest []program.Op) {
	var all int64
	for _, op := range ops {
		if op.Kind == program.Run {
			all += op.D
		}
	}
	left := int64(part * float64(all))
	for i, op := range ops {
		if op.Kind != program.Run {
			continue
		}
		if op.D <= left {
			left -= op.D
			continue
		}
		first, rest = slices.Clone(ops[:i+1]), slices.Clone(ops[i:])
		first[i].D, rest[0].D = left, op.D-left
		return first, rest
	}
	return ops, nil
}

// findJoins finds where somebody waits for all workers of each crew: after the last wait that one of them ended as it
// left or, with operations, the last receive from the channel to which they send then, or the wait for the WaitGroup
// that they are done with.
func (x *Model) findJoins() {
	crewOf := make(map[int32]int32)
	for i := range x.pools {
		if x.pools[i].crew != nil {
			for _, w := range x.pools[i].members {
				crewOf[w.g] = int32(i)
			}
		}
	}
	if len(crewOf) == 0 {
		return
	}
	pauses, objects := x.lastWaits(crewOf), x.results()
	for i := range x.program.Goroutines {
		g := int32(i)
		for at, op := range x.program.Goroutines[i].Ops {
			of, ok := int32(none), false
			switch op.Kind {
			case program.Block:
				of, ok = pauses[op.Ref]
			case program.Recv, program.Wait:
				of, ok = objects[op.Ref]
			}
			if by, works := crewOf[g]; !ok || works && by == of {
				continue
			}
			if join := &x.pools[of].crew.join; join.g == none || join.g == g {
				*join = place{g, at}
			}
		}
	}
	for i := range x.pools {
		if c := x.pools[i].crew; c != nil && c.join.g != none {
			if x.joining == nil {
				x.joining = make(map[int32][]int32)
			}
			x.joining[c.join.g] = append(x.joining[c.join.g], int32(i))
		}
	}
	for _, crews := range x.joining {
		slices.SortFunc(crews, func(a, b int32) int { return x.pools[a].crew.join.at - x.pools[b].crew.join.at })
	}
}

// lastWaits returns the last join that a worker of each crew ended.
func (x *Model) lastWaits(crewOf map[int32]int32) map[int32]int32 {
	latest := make(map[int32]int32) // by crew
	for i := range x.program.Pauses {
		w := &x.program.Pauses[i]
		of, ok := crewOf[w.By]
		if by, works := crewOf[w.G]; w.Cause != cause.Join || w.Open || !ok || works && by == of {
			continue
		}
		if before, again := latest[of]; !again || x.program.Pauses[before].End < w.End {
			latest[of] = int32(i)
		}
	}
	out := make(map[int32]int32, len(latest))
	for of, pause := range latest {
		out[pause] = of
	}
	return out
}

// results returns the channels and WaitGroups by which workers of crews tell that they leave.
func (x *Model) results() map[int32]int32 {
	out := make(map[int32]int32)
	for i := range x.pools {
		if x.pools[i].crew == nil {
			continue
		}
		for _, w := range x.pools[i].members {
			at := slices.IndexFunc(w.last, func(op program.Op) bool {
				return op.Kind == program.Send || op.Kind == program.Add && op.D < 0
			})
			if at >= 0 {
				out[w.last[at].Ref] = int32(i)
				break
			}
		}
	}
	return out
}

// muster makes the further workers of a crew, if more are asked for than there were. Each begins as the first one did.
func (m *machine) muster(id int32) {
	p := &m.model.pools[id]
	workers := len(p.members)
	if m.cfg.Workers > 0 {
		workers = m.cfg.Workers
	}
	m.crews[id].workers = int32(workers)
	if p.crew.even || m.cfg.Even {
		m.crews[id].hands = p.crew.deal(p.items, workers)
	}
	more := workers - len(p.members)
	if more <= 0 {
		return
	}
	group := int32(len(m.objects))
	m.objects = append(m.objects, object{owner: none, items: more})
	m.crews[id].last = []program.Op{{Kind: program.Add, Ref: group, D: -1}}
	var begin []program.Op
	for _, op := range p.members[0].first {
		if op.Kind == program.Run {
			begin = append(begin, op)
		}
	}
	m.enlist(id, more, begin)
}

// join lets whoever waits for all workers of a crew wait for the further ones, too.
func (m *machine) join() {
	for g, crews := range m.model.joining {
		of := &m.gs[g]
		if of.pool != none || of.actor != none {
			continue
		}
		var ops []program.Op
		done := 0
		for _, id := range crews {
			c := &m.crews[id]
			if c.last == nil {
				continue
			}
			at := m.model.pools[id].crew.join.at + 1
			ops = append(append(ops, of.ops[done:at]...), program.Op{Kind: program.Wait, Ref: c.last[0].Ref, D: math.MaxInt64})
			done = at
		}
		if done > 0 {
			of.ops = append(ops, of.ops[done:]...)
		}
	}
}

// A mustered is a crew in a replay.
type mustered struct {
	workers int32
	hands   []hand       // by worker; nil: chunks are dealt by demand
	last    []program.Op // of the further workers
}

// next gives the next chunk to a worker of a crew. If there is none, it goes on with what it does as it leaves.
func (m *machine) next(g *goroutine, of *pool) {
	c := &m.crews[g.pool]
	g.ops, g.pc = nil, 0
	switch {
	case g.worker >= c.workers:
	case c.hands != nil:
		if h := &c.hands[g.worker]; len(*h) > 0 {
			g.ops, *h = (*h)[0], (*h)[1:]
			return
		}
	case m.pools[g.pool] < len(of.items):
		g.ops = of.items[m.pools[g.pool]]
		m.pools[g.pool]++
		return
	}
	g.last, g.ops = true, c.last
	if int(g.worker) < len(of.members) {
		g.ops = of.members[g.worker].last
	}
}
