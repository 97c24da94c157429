package predict

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

const (
	// briefLock and briefChan are the times between operations on what goroutines share below which handing that over
	// between cores takes as much as what they do: its memory goes from one cache to another, who comes in between
	// tries again, and who waits at a channel is often woken just after the P that would have run it has ceased to look
	// for work.
	briefLock = 2 * time.Microsecond
	briefChan = 5 * time.Microsecond
	// leastBrief is the share of the work from which on that matters.
	leastBrief = 0.1
)

// called returns the warning that waits for the collector, which the program called, take much of the recording; nil:
// they do not. No replay has them: how far cores share such a cycle out is a matter of the heap. So a replay is a
// bound.
func called(p *program.Program) *warning.Warning {
	if p.Awaits == 0 || float64(p.Awaited) <= leastShare*float64(p.Recorded) {
		return nil
	}
	w := warning.OfProcess(warning.PredictCalls, p.Rank)
	w.Figures = warning.Figures{Count: p.Awaits, Time: p.Awaited, Against: p.Recorded}
	return &w
}

// doubts are what a program whose operations are known may do otherwise on other numbers of cores, or does at a cost
// that a replay does not have.
func doubts(p *program.Program) []warning.Warning {
	if !p.Synced {
		return nil
	}
	var out []warning.Warning
	add := func(k warning.Kind, f warning.Figures, took int64, least float64) {
		if f.Ratio = float64(took) / float64(p.Work()); f.Count > 0 && f.Ratio > least {
			w := warning.OfProcess(k, p.Rank)
			w.Figures = f
			out = append(out, w)
		}
	}
	all := usage(p)
	n, took := tries(p, all)
	add(warning.PredictTries, warning.Figures{Count: n}, took, leastShare)
	n, took, below := briefly(p, all)
	add(warning.PredictBrief, warning.Figures{Count: n, Time: below}, took, leastBrief)
	n, took = adrift(p, all)
	add(warning.PredictAdrift, warning.Figures{Count: n}, took, leastShare)
	return out
}

// A use is how goroutines use an object.
type use struct {
	by       int32 // a goroutine; None: none
	several  bool  // others use it, too
	tries    int
	received int
	sent     []int64 // when, in order
}

// usage returns how each object is used.
func usage(p *program.Program) []use {
	out := make([]use, len(p.Objects))
	for i := range out {
		out[i].by = program.None
	}
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			if op.Kind < program.Lock {
				continue
			}
			x := &out[op.Ref]
			x.several = x.several || x.by != program.None && x.by != int32(i)
			x.by = int32(i)
			switch {
			case op.Kind == program.Send:
				x.sent = append(x.sent, op.D)
			case op.Kind == program.Recv && op.Flags&program.Ended == 0:
				x.received++
			}
			if op.Flags&program.Tried != 0 {
				x.tries++
			}
		}
	}
	for i := range out {
		slices.Sort(out[i].sent)
	}
	return out
}

// open reports whether what was tried with the object may fail on other numbers of cores: several goroutines use it
// and, if it is a channel, it has no room for all that is sent.
func (x *use) open(of *program.Object) bool {
	return x.tries > 0 && x.several && (len(x.sent) == 0 || len(x.sent) > of.Capacity)
}

// got reports whether somebody received what was sent at that time.
func (x *use) got(sent int64) bool {
	return x.received >= len(x.sent) || x.received > 0 && sent <= x.sent[x.received-1]
}

// tries returns how many operations were tried and done that may fail on other numbers of cores, and how long
// goroutines ran from their first operation on what is tried on, or from when such a goroutine created them.
func tries(p *program.Program, all []use) (n int, took int64) {
	came := make([]bool, len(p.Goroutines))
	for i := range p.Goroutines {
		for _, op := range p.Goroutines[i].Ops {
			switch {
			case op.Kind == program.Run && came[i]:
				took += op.D
			case op.Kind == program.Create:
				came[op.Ref] = came[op.Ref] || came[i]
			case op.Kind >= program.Lock && all[op.Ref].open(&p.Objects[op.Ref]):
				came[i] = true
				if op.Flags&program.Tried != 0 {
					n++
				}
			}
		}
	}
	return n, took
}

// briefly returns how often goroutines ran briefly from one lock or channel that they share to the next, for how long
// in all, and below what time each of them.
func briefly(p *program.Program, all []use) (n int, took int64, below time.Duration) {
	for i := range p.Goroutines {
		ran, since := int64(0), false
		for _, op := range p.Goroutines[i].Ops {
			brief := briefChan
			switch op.Kind {
			case program.Run:
				ran += op.D
				continue
			case program.Lock, program.RLock:
				brief = briefLock
			case program.Send, program.Recv:
			default:
				continue
			}
			if !all[op.Ref].several {
				continue
			}
			if since && ran < int64(brief) {
				n++
				took += ran
				below = max(below, brief)
			}
			ran, since = 0, true
		}
	}
	return n, took, below
}

// adrift returns how many goroutines ran on after the last thing that another may have waited for, and for how long:
// how far they come is chance. Main is none of them, nor is one that ends up waiting for what is outside.
func adrift(p *program.Program, all []use) (n int, took int64) {
	for i := range p.Goroutines {
		g := &p.Goroutines[i]
		if g.Main() || g.Idle {
			continue
		}
		ran := int64(0)
		for _, op := range g.Ops {
			switch op.Kind {
			case program.Run:
				ran += op.D
			case program.Send:
				if all[op.Ref].got(op.D) {
					ran = 0
				}
			case program.Create, program.Wake, program.Unlock, program.RUnlock, program.Close, program.Add:
				ran = 0
			}
		}
		if ran > 0 {
			n++
			took += ran
		}
	}
	return n, took
}
