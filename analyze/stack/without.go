package stack

import (
	"math"

	"github.com/corecurve/corecurve/analyze/cause"
)

// Without returns the speedup that the point would have about if the given rows were gone and the other losses stayed
// what they are. It is an estimate and no bound: a loss may hide another.
//
// Some losses are as long as they were, whatever else goes: a serial part, starting processes, collecting garbage,
// waiting for a lock that is held as long as before. Others shrink with the time: workers wait the same part of it for
// each other, or for a core. With S the speedup, N the ideal, A what the remaining losses of the first kind take and P
// those of the second, N = S + A + P + R. Without R the time is τ·Tₙ, and what is left of the lanes' time is
//
//	N·τ = S + A + P·τ,    so    S/τ = S·(N − P) / (S + A).
//
// The time is not shorter than what then needs a core takes on the point's cores, or on as many as the machine gives to
// a loop in registers (ceiling; 0 or NaN if not known), and the speedup is no more than [Stack.Reach], if it is not
// already. Without rows of a speedup the result is NaN.
func (s *Stack) Without(ceiling float64, gone func(cause.Cause) bool) float64 {
	var stays, shrinks, busy float64
	for _, r := range s.Rows {
		switch c := r.Cause; {
		case gone(c):
			if c.Busy() {
				busy += r.Speedup
			}
		case shares(c):
			shrinks += r.Speedup
		default:
			stays += r.Speedup
		}
	}
	if !(s.Speedup > 0) || s.Speedup+stays <= 0 || s.N-shrinks <= 0 {
		return math.NaN()
	}
	rest := (s.Speedup + stays) / (s.N - shrinks)
	rest = max(rest, (s.Need-busy)/s.capacity(ceiling))
	return min(s.Speedup/min(rest, 1), max(s.Reach(ceiling), s.Speedup))
}

// Bound returns what no change to the losses can exceed: each lane does what the base's did, and what took a core at
// the base takes one still. It is NaN if the point exceeds it, because more workers make the work itself less.
func (s *Stack) Bound(ceiling float64) float64 {
	if b := s.Reach(ceiling); b >= s.Speedup {
		return b
	}
	return math.NaN()
}

// Reach returns the speedup at which nothing is lost: the ideal or, if that is less, what the cores give of work that
// takes them as the base does, its start and end included: whoever starts computes. A point may exceed it.
func (s *Stack) Reach(ceiling float64) float64 { return min(s.N, s.capacity(ceiling)/s.BaseNeed) }

// capacity returns the cores that can be busy, for each lane of the base.
func (s *Stack) capacity(ceiling float64) float64 {
	if ceiling > 0 {
		return min(s.Cores, ceiling*s.BaseCores)
	}
	return s.Cores
}

// shares reports whether time of c shrinks with the time of the run.
func shares(c cause.Cause) bool {
	switch c.Group() {
	case cause.Imbalance, cause.Scheduling, cause.Idling, cause.Unexplained:
		return true
	default:
		return false
	}
}
