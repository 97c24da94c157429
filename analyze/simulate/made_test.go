package simulate

import (
	"math/rand/v2"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
)

// A made is a program made for a test. Its goroutine 0 is main.
type made struct {
	program.Program
	now int64 // when the next operation was done in the recording
}

// goroutine adds a goroutine that by creates; none: it is there from the beginning.
func (p *made) goroutine(by int32) int32 {
	g := int32(len(p.Goroutines))
	p.Goroutines = append(p.Goroutines, program.Goroutine{ID: int64(g) + 1, Creator: by, Over: true})
	if by != none {
		p.do(by, program.Create, g, 0)
	}
	return g
}

// object adds a lock, WaitGroup or channel.
func (p *made) object(capacity int) int32 {
	p.Objects = append(p.Objects, program.Object{Capacity: capacity})
	p.Synced = true
	return int32(len(p.Objects) - 1)
}

// do adds an operation. Those that may wait are done in the recording in the order in which they are added.
func (p *made) do(g int32, k program.Kind, ref int32, d int64) *program.Op {
	p.now++
	switch k {
	case program.Lock, program.RLock, program.Send, program.Recv, program.Wait:
		d = p.now
	}
	of := &p.Goroutines[g]
	of.Ops = append(of.Ops, program.Op{Kind: k, Ref: ref, D: d})
	return &of.Ops[len(of.Ops)-1]
}

func (p *made) run(g int32, d time.Duration) { p.do(g, program.Run, 0, int64(d)) }

// pause lets g wait until by ends that, which are operations that come in this order.
func (p *made) pause(g, by int32, c cause.Cause) {
	p.now++
	ref := int32(len(p.Pauses))
	p.Pauses = append(p.Pauses, program.Pause{G: g, By: by, Cause: c, End: p.now})
	p.do(g, program.Block, ref, 0)
	p.do(by, program.Wake, ref, 0)
}

// open lets g wait for something that does not come.
func (p *made) open(g int32) {
	p.do(g, program.Block, int32(len(p.Pauses)), 0)
	p.Pauses = append(p.Pauses, program.Pause{G: g, By: none, Cause: cause.ChanRecv, Open: true})
}

// fork lets g create goroutines that do, each, and wait for all.
func (p *made) fork(g int32, n int, each func(child int32, i int)) {
	group := p.object(0)
	p.do(g, program.Add, group, int64(n))
	for i := range n {
		child := p.goroutine(g)
		each(child, i)
		p.do(child, program.Add, group, -1)
	}
	p.do(g, program.Wait, group, 0)
}

// random returns a program of nested forks, of pipelines over channels of one sender and one receiver, and of recorded
// waits: what depends on what is the same in every schedule, so it is a graph of work.
func random(seed uint64) *made {
	p, rng := &made{}, rand.New(rand.NewPCG(seed, 1))
	main := p.goroutine(none)
	p.tree(rng, main, 3)
	return p
}

func (p *made) tree(rng *rand.Rand, g int32, depth int) {
	work := func() time.Duration { return time.Duration(rng.IntN(1000) + 1) }
	for range rng.IntN(4) + 1 {
		p.run(g, work())
		switch kind := rng.IntN(4); {
		case depth == 0:
		case kind == 0:
			p.fork(g, rng.IntN(5)+1, func(child int32, _ int) { p.tree(rng, child, depth-1) })
		case kind == 1:
			p.pipeline(rng, g, work)
		case kind == 2:
			child := p.goroutine(g)
			p.tree(rng, child, depth-1)
			p.pause(g, child, cause.ChanRecv)
			p.run(child, work())
		}
	}
}

// pipeline lets g create some stages that hand items on, and receives what comes out.
func (p *made) pipeline(rng *rand.Rand, g int32, work func() time.Duration) {
	items, stages := rng.IntN(8)+1, rng.IntN(3)+1
	in := int32(none)
	for range stages {
		stage, out := p.goroutine(g), p.object(rng.IntN(3))
		for range items {
			if in != none {
				p.do(stage, program.Recv, in, 0)
			}
			p.run(stage, work())
			p.do(stage, program.Send, out, 0)
		}
		in = out
	}
	for range items {
		p.do(g, program.Recv, in, 0)
		p.run(g, work())
	}
}
