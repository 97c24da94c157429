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
	out.crew.join = x.findJoin(out.members)
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

// findJoin finds where somebody waits for all workers: the last wait that one of them ended, or the last receive from
// the channel to which they send as they leave.
func (x *Model) findJoin(members []member) place {
	of := func(g int32) bool { return slices.ContainsFunc(members, func(w member) bool { return w.g == g }) }
	if x.program.Synced {
		for _, w := range members {
			for _, op := range w.last {
				if op.Kind == program.Send {
					return x.latest(program.Recv, op.Ref, of)
				}
			}
		}
		return place{g: none}
	}
	last, end := int32(none), int64(-1)
	for i := range x.program.Pauses {
		w := &x.program.Pauses[i]
		if w.Cause == cause.Join && !w.Open && w.End > end && w.By != none && of(w.By) && !of(w.G) {
			last, end = int32(i), w.End
		}
	}
	if last == none {
		return place{g: none}
	}
	return x.latest(program.Block, last, of)
}

// latest returns where something was done last, by the goroutine that did it first and for which not is false.
func (x *Model) latest(kind program.Kind, ref int32, not func(int32) bool) place {
	for i := range x.program.Goroutines {
		ops := x.program.Goroutines[i].Ops
		for at := len(ops) - 1; at >= 0; at-- {
			if ops[at].Kind == kind && ops[at].Ref == ref && !not(int32(i)) {
				return place{int32(i), at}
			}
		}
	}
	return place{g: none}
}

// muster makes the further workers of a crew, if more are asked for than there were, and lets whoever waits for all
// workers wait for them, too. Each begins as the first one did.
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
	if join := &m.gs[max(p.crew.join.g, 0)]; p.crew.join.g != none && join.pool == none && join.actor == none {
		join.ops = slices.Insert(slices.Clone(join.ops), p.crew.join.at+1,
			program.Op{Kind: program.Wait, Ref: group, D: math.MaxInt64})
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
