package predict

import (
	"cmp"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A LimitKind says what limits the speedup.
type LimitKind uint8

// The kinds of limits.
const (
	ByLock        LimitKind = iota // it is held for that long, one goroutine after the other
	ByGoroutine                    // it runs for that long
	ByCoordinator                  // the coordinator of several processes does
)

// A Limit is something that goes on one after the other: the speedup is no more than all work over it.
type Limit struct {
	Kind   LimitKind
	Time   time.Duration
	AtMost float64         // speedup, on any number of cores
	Stack  gotrace.StackID // where the lock was used first; where the goroutine starts
	Name   string          // of the function with which the goroutine starts
}

// shownLimits is how many limits of each kind there are at most.
const shownLimits = 3

// limits returns what limits the speedup most, the lowest first.
func limits(p *program.Program, model *simulate.Model) []Limit {
	work := p.Work()
	var out []Limit
	for object, held := range held(p) {
		if held > 0 {
			out = append(out, Limit{Kind: ByLock, Time: held, Stack: p.Objects[object].Stack})
		}
	}
	sortLimits(out)
	out = out[:min(len(out), shownLimits)]
	var gs []Limit
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		if ran := g.Ran(); ran > 0 && !model.Pooled(int32(i)) {
			gs = append(gs, Limit{
				Kind: ByGoroutine, Time: time.Duration(ran), Stack: g.Start, Name: p.Symbols.Text(g.Name),
			})
		}
	}
	sortLimits(gs)
	gs = firstOfEach(gs)
	out = append(out, gs[:min(len(gs), shownLimits)]...)
	for i := range out {
		out[i].AtMost = work.Seconds() / out[i].Time.Seconds()
	}
	sortLimits(out)
	return out
}

func sortLimits(l []Limit) {
	slices.SortStableFunc(l, func(a, b Limit) int { return cmp.Compare(b.Time, a.Time) })
}

// firstOfEach returns the first limit of each start function.
func firstOfEach(l []Limit) []Limit {
	seen := make(map[string]bool)
	return slices.DeleteFunc(l, func(l Limit) bool {
		again := seen[l.Name]
		seen[l.Name] = true
		return again
	})
}

// held returns for how long each lock was held.
func held(p *program.Program) []time.Duration {
	out := make([]time.Duration, len(p.Objects))
	var holds []int32
	for i := range p.Goroutines {
		holds = holds[:0]
		for _, op := range p.Goroutines[i].Ops {
			switch op.Kind {
			case program.Lock:
				holds = append(holds, op.Ref)
			case program.Unlock:
				if k := slices.Index(holds, op.Ref); k >= 0 {
					holds = slices.Delete(holds, k, k+1)
				}
			case program.Run:
				for _, o := range holds {
					out[o] += time.Duration(op.D)
				}
			}
		}
	}
	return out
}

// longest returns for how long the goroutine ran that ran for longest, of those that are in no pool.
func longest(p *program.Program, model *simulate.Model) int64 {
	var out int64
	for i := range p.Goroutines {
		if !model.Pooled(int32(i)) {
			out = max(out, p.Goroutines[i].Ran())
		}
	}
	return out
}
