// Package stack builds speedup stacks: what stands between the measured speedup of a point and its ideal, cause by cause.
//
// The method is that of Eyerman, Du Bois & Eeckhout, "Speedup stacks: identifying scaling bottlenecks in multi-threaded applications"
// (ISPASS 2012, section 2), with the base measured instead of estimated:
//
//  1. At a point L lanes (workers, or cores) have L·T of time between them, which an [Account] divides among causes: L·T = Σ c.
//  2. From base (L₁, T₁) to point (Lₙ, Tₙ) the lanes' time grows by Lₙ·Tₙ − g·L₁·T₁ = Σ (cₙ − g·c₁), where g is the growth of the
//     work: 1 under strong scaling, n/n₁ under weak scaling.
//  3. Divided by L₁·Tₙ the left side is N − S, with the ideal N = Lₙ/L₁ and the speedup S = g·T₁/Tₙ. So a cause takes
//     (cₙ − g·c₁)/(L₁·Tₙ) from the speedup, exactly, and what is the same in both, like waiting for a disk that does not get busier,
//     cancels out.
//
// T is the median of the timed runs; what the work's time went to is known from traced runs. Their accounts are scaled by one factor for base and
// point: the point's work, timed over traced. Start-up and teardown are scaled to their own medians, which are known. What
// lanes' time is then left over is the row [cause.NotExplained]: the traced runs speed up otherwise than the timed ones, medians do not add up, traces
// may be cut. It may have either sign, as any row may. Rejected: scaling the base's account by a factor of its own, which leaves nothing over
// and books the difference between traced and timed runs on the largest cause of the base, as inflation of its work.
//
// Growth of the program's own running time is the row [cause.WorkInflation]: the same work takes more time on a core. It is divided
// among functions by CPU profiles scaled to the running time.
//
// More workers than cores: N stays the number of workers, so that the identity holds for every point alike. Beyond the cores the ideal
// cannot be reached by a program that computes, and what is missing for that reason stands in the rows of [cause.SchedLatency] and
// [cause.Preempted]; [Stack.Usable] is the ideal that the cores allow. Rejected: an ideal capped at the cores, with which waiting workers,
// of which others than the running ones make use, would have to be told apart from those that are in the way.
//
// Where workers cannot be told apart (programs that start their own goroutines), and in mode cores, the lanes are cores. The ideal is then
// the ratio of the cores, and a warning says so.
package stack

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Stack is a speedup stack: how the measured speedup of a point falls short of its ideal n, cause by cause. The rows add up to N − Speedup.
type Stack struct {
	N        float64        // the ideal
	Usable   float64        // of N, what the cores allow
	Speedup  float64        // measured
	Traced   float64        // that of the traced runs
	Lanes    Lanes          // what the time is divided of
	Rows     []Row          // in the order of cause.Compare
	Noisy    []warning.Item // points all of whose traced runs other programs disturbed
	Warnings []warning.Warning
}

// Lost is what all rows that take from the speedup take together. It exceeds N − Speedup by what other rows add to it.
func (s *Stack) Lost() float64 {
	var sum float64
	for _, r := range s.Rows {
		sum += max(r.Speedup, 0)
	}
	return sum
}

// Of returns what a cause takes from the speedup.
func (s *Stack) Of(c cause.Cause) float64 {
	for _, r := range s.Rows {
		if r.Cause == c {
			return r.Speedup
		}
	}
	return 0
}

// A Row is what one cause takes from the speedup. It is negative if there is less of the cause than at the base.
type Row struct {
	Cause   cause.Cause
	Speedup float64
	// Top is the place that has the largest share of the row, and Share its share, of all places whose time has grown (shrunk, if the
	// row is negative); empty if not known.
	Top   []gotrace.Frame
	Share float64
	// Places are all that are known, the largest first: stacks with the same function of the user's own code are one. They add up to Speedup if
	// it is known where the cause's time went, and are empty if not.
	Places []Place
}

// A Place is the part of a row that belongs to one function of the user's code.
type Place struct {
	Waiting []gotrace.Frame // where the time went, innermost first; of the largest part
	Blamed  []gotrace.Frame // what the time was spent waiting for; empty for causes that are not waits
	// Busy is where goroutines that are inside Blamed's function spend most of their CPU time, if Blamed does not show it: it is known exactly
	// where a goroutine ended a wait, but only from samples what it did before.
	Busy    []gotrace.Frame
	Speedup float64
}

// Stack is the stack that p is named by. For locks it is the one that waits, because it shows whose critical section it is; for all other waits it
// is the one that is waited for, where that is known: the code that keeps it busy, rather than the operation by which it ended the wait.
func (p *Place) Stack(c cause.Cause) []gotrace.Frame {
	if len(p.Busy) > 0 {
		return p.Busy
	}
	return named(c, p.Waiting, p.Blamed)
}

func named(c cause.Cause, waiting, blamed []gotrace.Frame) []gotrace.Frame {
	_, waits := place.Of(waiting)
	_, blames := place.Of(blamed)
	g := c.Group()
	lock := g == cause.Lock || g == cause.OtherLock
	if blames && (!lock || !waits) {
		return blamed
	}
	return waiting
}

// finish orders the places of r and fills in what follows from them. Only places that pass certain, if it is not nil, are named as the top.
func (r *Row) finish(certain func(*Place) bool) {
	slices.SortStableFunc(r.Places, func(a, b Place) int {
		if r.Speedup < 0 {
			a, b = b, a
		}
		return cmp.Compare(b.Speedup, a.Speedup)
	})
	var alike float64
	for i := range r.Places {
		if x := r.Places[i].Speedup; x*r.Speedup > 0 {
			alike += x
		}
	}
	for i := range r.Places {
		p := &r.Places[i]
		stack := p.Stack(r.Cause)
		if _, ok := place.Of(stack); ok && p.Speedup*r.Speedup > 0 {
			if certain == nil || certain(p) {
				r.Top, r.Share = stack, p.Speedup/alike
			}
			return
		}
	}
}
