package critical

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Path is the work and the span (critical path) of a recording.
type Path struct {
	Rank        int           // of the process whose path it is; -1: the coordinator
	Work        time.Duration // T1: running time of all user goroutines
	Span        time.Duration // T∞: the longest chain of work and unavoidable delays
	Parallelism float64       // Work / Span
	Steps       []Step        // what the path consists of, largest first; they add up to Span
	Warnings    []warning.Warning
}

// A Step is the part of the path that has one cause and stack.
type Step struct {
	Cause cause.Cause
	Time  time.Duration
	Stack []gotrace.Frame // innermost first
}

// Bounds are the least and the largest speedup over one core that a greedy schedule of the recorded work can have on so many cores:
// max(T1/N, T∞) ≤ T_N ≤ T1/N + T∞ (Brent, JACM 21(2), 1974; with delays in T∞: Muller & Acar, SPAA 2016, theorem 1).
//
// What one core takes is max(T1, T∞): all the work, but no less than the delays on the path, which no schedule avoids. Without delays that is
// T1. One core can always be used as if there were no more, so that the least is never below 1.
func (p *Path) Bounds(cores int) (low, high float64) {
	n := float64(cores)
	t1, span := p.Work.Seconds(), p.Span.Seconds()
	one := max(t1, span)
	return max(one/(t1/n+span), 1), one / max(t1/n, span)
}
