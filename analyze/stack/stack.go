// Package stack builds speedup stacks: what stands between the measured speedup of a point and its ideal, cause by
// cause.
//
// The method is that of Eyerman, Du Bois & Eeckhout, "Speedup stacks: identifying scaling bottlenecks in multi-threaded
// applications" (ISPASS 2012, section 2), with the base measured instead of estimated:
//
//  1. At a point, L lanes (workers, or cores) have L·T of time between them, which an [Account] divides among causes:
//     L·T = Σ c.
//  2. From base (L₁, T₁) to point (Lₙ, Tₙ) the lanes' time grows by Lₙ·Tₙ − g·L₁·T₁ = Σ (cₙ − g·c₁), where g is the
//     growth of the work: 1 under strong scaling, mostly n/n₁ under weak scaling.
//  3. Divided by L₁·Tₙ the left side is N − S, with the ideal N = Lₙ/L₁ and the speedup S = g·T₁/Tₙ. So a cause takes
//     exactly (cₙ − g·c₁)/(L₁·Tₙ) from the speedup, and what is the same in both, like waiting for a disk that does not
//     get busier, cancels out.
//
// T is the median of the timed runs; traced runs tell what the time of the work went to. Their accounts are scaled by
// one factor for base and point: the point's work, timed over traced. Start-up and teardown are scaled to their own
// medians, which are known. The lanes' time that is then left over is the row [cause.NotExplained]: traced runs speed
// up otherwise than timed ones, medians do not add up, traces may be cut. Like any row it may have either sign.
// Rejected: a factor of its own for the base, which leaves nothing over but books the difference between traced and
// timed runs on the largest cause of the base, as inflation of its work.
//
// Growth of the program's own running time is the row [cause.WorkInflation]: the same work takes more time on a core.
// CPU profiles, scaled to the running time, divide it among functions.
//
// With more workers than cores, N is still the number of workers, so that the identity holds for every point alike. A
// program that computes cannot reach the ideal beyond the cores; what is missing for that reason is in the rows of
// [cause.SchedLatency] and [cause.Preempted], and [Stack.Usable] is the ideal that the cores allow. Rejected: an ideal
// capped at the cores. Waiting workers whose cores others use would then have to be told apart from those that are in
// the way.
//
// Every traced run of the point, and of the base, counts alike; what each of them says by itself stands beside the
// rows. How much of a row others and the hypervisor can explain, [Stack.Noise] and [Stack.Waits] bound by what they
// took of the point's cores. Noise at the base makes what grows from there look smaller, and explains none of it.
//
// Where workers cannot be told apart (programs that start their own goroutines), and in mode cores, the lanes are
// cores. The ideal is then the ratio of the cores, and a warning says so.
package stack

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Stack is a speedup stack: how the measured speedup of a point falls short of its ideal N, cause by cause. The rows
// add up to N − Speedup.
type Stack struct {
	N        float64 // the ideal
	Usable   float64 // of N, the part that the cores allow
	Speedup  float64 // measured
	Traced   float64 // of the traced runs
	Need     float64 // of N, what takes a core
	BaseNeed float64 // what takes a core at the base, of 1, or would if it got one; so do its start and its end
	Cores    float64 // cores of the point, for each lane of the base
	// BaseCores are the cores that each lane of the base can keep busy, of 1.
	BaseCores float64
	Lanes     Lanes   // what the time is divided of
	Rows      []Row   // by cause.Compare
	Runs      int     // traced runs of the point or of the base, whichever has fewer
	Taken     float64 // core-seconds that others and the hypervisor took of the point's cores, mean of its runs
	Noise     float64 // of N, what that can explain of time on a core, or ready for one
	Waits     float64 // of N, what that can explain of lanes that wait for each other; 0: see [Input.Alone]
	Warnings  []warning.Warning
}

// Lost returns what all groups of causes that take from the speedup take together. It exceeds N − Speedup by what other
// groups give back. Rejected: the sum of the rows that take. What one cause of a group takes and another gives back is
// not lost, and findings and pictures, which are of groups, would have shares that do not add up to 1.
func (s *Stack) Lost() float64 {
	var sum float64
	for _, g := range s.Groups() {
		sum += max(g.Takes, 0)
	}
	return sum
}

// Share returns the part of what is lost that a part of the speedup is: of all that groups take, so that the shares of
// these add up to 1.
func (s *Stack) Share(takes float64) float64 { return takes / s.Lost() }

// TracedLoss returns what the traced runs lose, as far as they are not slower at the base as well. They lose more than
// the timed runs, N − Speedup, by what the row of what is not explained gives back.
func (s *Stack) TracedLoss() float64 { return s.N - s.Speedup - s.Of(cause.NotExplained) }

// Surplus returns what the traced runs lose and the timed ones do not: what the row of what is not explained gives
// back.
func (s *Stack) Surplus() float64 { return max(0, -s.Of(cause.NotExplained)) }

// MostlyTraced reports whether the timed runs do not lose most of what is lost, so that its causes may be others there.
func (s *Stack) MostlyTraced() bool { return s.N > s.Speedup && s.Surplus() > mostly*s.Lost() }

// mostly is the part of a loss from which on it is most of it.
const mostly = 0.5

// Unexplained returns the share of what is lost that has no cause: because none is known, or because the traced runs do
// not show it.
func (s *Stack) Unexplained() float64 {
	return s.Share(max(0, s.Of(cause.NotExplained)+s.Of(cause.Unknown)))
}

// MostlyUnexplained reports whether most of what is lost has no cause.
func (s *Stack) MostlyUnexplained() bool { return s.Unexplained() > mostly }

// Of returns what a cause takes from the speedup.
func (s *Stack) Of(c cause.Cause) float64 {
	for _, r := range s.Rows {
		if r.Cause == c {
			return r.Speedup
		}
	}
	return 0
}

// Fresh returns the part of a growth of running time that is in functions which hardly run at the base.
func (s *Stack) Fresh() float64 {
	for i := range s.Rows {
		if s.Rows[i].Cause == cause.WorkInflation {
			return s.Rows[i].Fresh
		}
	}
	return 0
}

// A Row is what one cause takes from the speedup. It is negative if there is less of the cause than at the base.
type Row struct {
	Cause   cause.Cause
	Speedup float64
	// Runs is what the cause takes by each traced run of the point, and BaseRuns by each of the base, the other side being
	// the mean of its runs. Empty for what is not explained.
	Runs, BaseRuns []float64
	// Top is the place with the largest share of the row, and Share its share of all places that have grown (shrunk, if
	// the row is negative). Empty if not known.
	Top   []gotrace.Frame
	Share float64
	// Fresh is the part of a growth of running time that is in functions which hardly run at the base.
	Fresh float64
	// Places are all known places, the largest first; stacks with the same function of the user's own code are one
	// place. They add up to Speedup, or are empty if it is not known where the cause's time went.
	Places []Place
}

// Range returns what r takes by the traced runs: the least, the median and the most, the point and the base varying by
// themselves.
func (r *Row) Range() (low, median, high float64) { return Range(r.Speedup, r.Runs, r.BaseRuns) }

// Range returns the least, the median and the most of what rows take together, which is the mean by their runs. Without
// runs it is the mean alone.
func Range(mean float64, runs, baseRuns []float64) (low, median, high float64) {
	if len(runs) == 0 || len(baseRuns) == 0 {
		return mean, mean, mean
	}
	return slices.Min(runs) + slices.Min(baseRuns) - mean, stat.Median(runs) + stat.Median(baseRuns) - mean,
		slices.Max(runs) + slices.Max(baseRuns) - mean
}

// A Place is the part of a row that belongs to one function of the user's code.
type Place struct {
	Waiting []gotrace.Frame // where the largest part of the time went, innermost first
	Blamed  []gotrace.Frame // what it was spent waiting for; empty for causes that are not waits
	// Busy is where goroutines inside Blamed's function spend most of their CPU time, if Blamed does not show it: where
	// a goroutine ended a wait is known exactly, what it did before only from samples.
	Busy []gotrace.Frame
	// Object is what most of the time at Waiting was waited for. nil: not known.
	Object  *ledger.Object
	Speedup float64
	// Deviation is the standard error of Speedup that counting samples leaves; 0: it is not of samples.
	Deviation float64
}

// Stack returns the stack that names p: for locks the one that waits, which shows whose critical section it is; for
// other waits the one waited for, if known, and rather the code that keeps it busy than the operation that ended the
// wait.
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

// finish orders the places of r and sets Top and Share. Only places that pass certain, unless it is nil, may be Top.
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
