package program

import (
	"slices"
	"sort"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Finish returns the program of the steps so far. The Builder must not be used afterwards.
func (b *Builder) Finish() *Program {
	p := &b.program
	p.Rank, p.Symbols = b.Rank, b.Symbols
	if !b.begun {
		return p
	}
	for i := range b.slots {
		if g := &b.slots[i]; g.alive && g.whose == replay.OfProgram {
			b.last(g)
		}
	}
	p.Recorded = b.now.Sub(b.from)
	p.Latency = b.pace.latency()
	p.Latency.Waker = p.spare()
	if b.OnCPU == nil {
		p.Samples = b.samples.finish()
	}
	p.Objects = b.objects.finish(p)
	p.Synced = len(p.Objects) > 0
	p.Crews = b.finishCrews()
	covered := p.covered()
	if !p.Synced {
		p.join()
	}
	p.prune(&b.objects, covered)
	p.share()
	return p
}

// last ends what g was doing at the end of the window.
func (b *Builder) last(g *state) {
	b.run(g, 0)
	of := &b.program.Goroutines[g.index]
	switch {
	case of.Main():
	case g.state == gotrace.Waiting:
		of.Idle = g.outside || g.cause == cause.Sleep || g.cause == cause.Net
	case g.state == gotrace.Syscall:
		of.Idle = !g.held
	}
	if g.state == gotrace.Syscall && g.held {
		b.called(g)
	}
}

// covered returns which waits the operations on objects stand for.
func (p *Program) covered() []bool {
	out := make([]bool, len(p.Pauses))
	if !p.Synced {
		return out
	}
	for i := range p.Pauses {
		switch w := &p.Pauses[i]; w.Cause {
		case cause.Mutex, cause.RWMutex, cause.ChanSend, cause.ChanRecv, cause.Select, cause.Join:
			out[i] = !w.Open
		}
	}
	return out
}

// prune takes out waits that operations stand for, and operations on objects that are not the program's own.
func (p *Program) prune(o *objects, covered []bool) {
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		kept := g.Ops[:0]
		for _, op := range g.Ops {
			switch {
			case (op.Kind == Block || op.Kind == Wake) && covered[op.Ref]:
				continue
			case op.Kind == Run && op.D == 0:
				continue // it was all for waking a P
			case op.Kind >= Lock && o.uses[op.Ref].foreign:
				continue
			case op.Kind == Recv && !o.uses[op.Ref].sent:
				continue // a timer's channel: the wait before it was the delay
			}
			if n := len(kept) - 1; n >= 0 && op.Kind == Run && kept[n].Kind == Run && kept[n].Flags == op.Flags &&
				kept[n].Ref == op.Ref {
				kept[n].D += op.D
				continue
			}
			kept = append(kept, op)
		}
		g.Ops = kept
	}
}

// justAfter is how long after a goroutine's last Done it may end.
const justAfter = 20 * time.Microsecond

// A family is the goroutines that one goroutine created at one place.
type family struct {
	creator int32
	site    gotrace.StackID
}

// join lets every join wait for all siblings of the goroutine that ended it which had ended by then, and which were
// created since the latest join of the same goroutine. The trace tells only the last Done.
func (p *Program) join() {
	families := make(map[family][]int32)
	for i := range p.Goroutines {
		if g := &p.Goroutines[i]; g.Creator != None {
			of := family{g.Creator, g.Site}
			families[of] = append(families[of], int32(i))
		}
	}
	latest := make(map[int32]int64)
	for i := range p.Pauses {
		w := &p.Pauses[i]
		if w.Cause != cause.Join || w.Open || w.By == None {
			continue
		}
		by := &p.Goroutines[w.By]
		since, again := latest[w.G]
		latest[w.G] = w.End
		if by.Creator == None {
			continue
		}
		all := families[family{by.Creator, by.Site}]
		first := 0
		if again {
			first = sort.Search(len(all), func(k int) bool { return p.Goroutines[all[k]].Born > since })
		}
		w.First = int32(len(p.Joins))
		for _, k := range all[first:] {
			g := &p.Goroutines[k]
			if g.Born > w.End {
				break
			}
			if k != w.By && k != w.G && g.Over && g.Died <= w.End+int64(justAfter) {
				p.Joins = append(p.Joins, k)
			}
		}
		w.Count = int32(len(p.Joins)) - w.First
	}
	p.Joins = slices.Clip(p.Joins)
}
