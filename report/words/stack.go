package words

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
)

// mostly is the part of what is lost from which on it is most of it.
const mostly = 0.5

// Unexplained says that most of what s loses has no cause: because none is known, or because the traced runs, which the
// causes are known from, lose so much more than the timed ones. It is empty if most of it is explained, or if next to
// nothing is lost.
func Unexplained(s *stack.Stack) string {
	lost := s.Lost()
	if !(lost > 0) || lost < fitting*s.N {
		return ""
	}
	switch {
	case s.MostlyUnexplained():
		return Percent(s.Unexplained()) + " of the lost core time is not explained"
	case s.MostlyTraced() && s.N-s.Speedup < hardly*s.N:
		return fmt.Sprintf("hardly any is lost, %s of %s", Times(s.N-s.Speedup), Times(s.N))
	case s.MostlyTraced():
		return tracedLoses(s.TracedLoss(), s.N-s.Speedup)
	default:
		return ""
	}
}

// tracedLoses says that traced runs lose more than timed ones.
func tracedLoses(traced, timed float64) string {
	return fmt.Sprintf("%s is lost; to what is not certain, as traced runs lose %s", Times(timed), Times(traced))
}

// Parts of the ideal up to which a loss is next to nothing, and up to which it is hardly any.
const (
	fitting = 0.02
	hardly  = 0.05
)

// Reached says how much of its ideal a stack reaches, and whether that leaves anything to be explained.
func Reached(s *stack.Stack) string {
	if Times(s.Speedup) != Times(s.N) && s.Speedup > s.N {
		return fmt.Sprintf("%s reached, more than the ideal of %s", Times(s.Speedup), Times(s.N))
	}
	said := fmt.Sprintf("%s of %s reached", Times(s.Speedup), Times(s.N))
	if math.IsNaN(s.Speedup) || s.N-s.Speedup < fitting*s.N {
		return said
	}
	if idle := s.Share(s.Of(cause.Idle)); idle > mostly {
		return said + "; for " + Percent(idle) + " of the lost core time there was nothing to run"
	}
	return said + "; no cause is named with certainty"
}
