package program

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/marker"
)

// A crew is a Crew that is being gathered.
type crew struct {
	workers map[int64]int32 // goroutines, by the number of the worker
}

// A duty is what a goroutine does as a worker.
type duty struct {
	working bool
	chunk   gotrace.StringID // the region of the chunk that it does; 0: none
	number  int32            // of the chunk
	took    int64            // since it became a worker
	before  int64            // of that, before the chunk
}

// enter makes a goroutine a worker. A number that a crew has already belongs to another crew, which comes after that.
func (b *Builder) enter(s *replay.Step) {
	g := &b.slots[s.G]
	if g.whose != replay.OfProgram {
		return
	}
	n := len(b.crews)
	if n > 0 {
		if _, taken := b.crews[n-1].workers[s.ID]; taken {
			n = 0
		}
	}
	if n == 0 {
		b.crews = append(b.crews, crew{workers: make(map[int64]int32)})
	}
	b.crews[len(b.crews)-1].workers[s.ID] = g.index
	g.duty = duty{working: true}
}

// region begins or ends a region of a worker: that of a chunk of tasks, which is never inside another.
func (b *Builder) region(s *replay.Step) {
	g := &b.slots[s.G]
	switch {
	case !g.working:
	case s.Kind == replay.RegionEnd && s.Name == g.chunk:
		b.run(g, 0)
		c := &b.program.Chunks[g.number]
		c.End, c.Took = b.age(b.now), g.took-g.before
		g.chunk = 0
	case s.Kind == replay.RegionBegin && g.chunk == 0:
		lo, hi, ok := marker.ParseChunk(b.Symbols.Text(s.Name))
		if !ok {
			return
		}
		b.run(g, 0)
		g.before = g.took
		g.chunk, g.number = s.Name, int32(len(b.program.Chunks))
		if b.now <= b.from {
			of := &b.program.Goroutines[g.index]
			of.Ops = of.Ops[:0] // the chunk before is outside the window, too
		}
		b.put(g, Op{Kind: Take, Ref: g.number})
		b.program.Chunks = append(b.program.Chunks, Chunk{Lo: lo, Hi: hi, Begin: b.age(b.now)})
	}
}

// waited notes that g has waited for another goroutine.
func (b *Builder) waited(g *state) {
	if g.chunk != 0 {
		b.program.Chunks[g.number].Waited = true
	}
}

// leave ends the work of a worker.
func (b *Builder) leave(s *replay.Step) {
	g := &b.slots[s.G]
	if !g.working {
		return
	}
	b.run(g, 0)
	b.put(g, Op{Kind: Leave})
	g.duty = duty{}
}

// finishCrews returns the crews that took a chunk.
func (b *Builder) finishCrews() []Crew {
	var out []Crew
	for _, c := range b.crews {
		numbers := make([]int64, 0, len(c.workers))
		took := false
		for k, g := range c.workers {
			numbers = append(numbers, k)
			took = took || slices.ContainsFunc(b.program.Goroutines[g].Ops, func(op Op) bool { return op.Kind == Take })
		}
		if !took {
			continue
		}
		slices.SortFunc(numbers, func(a, b int64) int { return cmp.Compare(a, b) })
		var of Crew
		for _, k := range numbers {
			of.Workers = append(of.Workers, c.workers[k])
		}
		out = append(out, of)
	}
	return out
}
