// Package critical finds how long a recorded program would take on unlimited cores, and why.
//
// A [Builder] keeps for every goroutine the virtual time v that it would have reached if nothing ever waited for a P,
// in one pass over the steps:
//
//   - while a goroutine runs, its v grows by the time;
//   - a new goroutine starts at its creator's v;
//   - a goroutine woken by another goes on at the later of both;
//   - system calls, and waits that no goroutine ended (timer, network), take as long as they did.
//
// The work T1 is the running time of the program's goroutines, the span T∞ the largest v, and the parallelism T1/T∞
// (the work-span model; Brent, JACM 21(2), 1974). A trace does not tell all dependences, so three are added: a join
// waits for all siblings created by the same goroutine at the same place that have ended, not only for the last; a
// receiver that wakes a blocked sender has waited for that sender to arrive; and the end waits for every goroutine that
// ended. What the runtime's own goroutines wake does not depend on them. A goroutine still alive at the end counts
// unless it waits for something outside the program, as a ticker does.
//
// Every v is at most the time that really passed, so max(T1/N, T∞) ≤ T_N holds for the recording itself.
//
// The path is a tree of steps that point to the one before: a goroutine that takes over another's v takes over its last
// step. Steps that nobody refers to are freed; when there are many, chains without a branch are joined into one node
// with a sum for each stack. So memory is bounded by the live goroutines and the distinct stacks, not by the events.
//
// A part of the trace that could not be read is on no path: nobody depends on anybody across it.
//
// An uncontended lock, a send into a buffer with room and a Done that is not the last leave no event: for programs that
// live on those the span is a lower bound.
package critical

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Path is the work and the span (critical path) of a recording.
type Path struct {
	Rank        int           // of the process; -1 for the coordinator
	Work        time.Duration // T1: running time of all user goroutines
	Span        time.Duration // T∞: the longest chain of work and unavoidable delays
	Parallelism float64       // Work / Span
	Steps       []Step        // largest first; they add up to Span
	Warnings    []warning.Warning
}

// A Step is the part of the path with one cause and stack.
type Step struct {
	Cause cause.Cause
	Time  time.Duration
	Stack []gotrace.Frame // innermost first
}

// Bounds returns the least and greatest speedup over one core of a greedy schedule of the recorded work on that many
// cores: max(T1/N, T∞) ≤ T_N ≤ T1/N + T∞ (Brent, JACM 21(2), 1974; with delays in T∞: Muller & Acar, SPAA 2016, theorem
// 1).
//
// One core takes max(T1, T∞): all the work, but no less than the delays on the path, which no schedule avoids. More
// cores can always be left idle, so the least is never below 1.
func (p *Path) Bounds(cores int) (low, high float64) {
	n := float64(cores)
	t1, span := p.Work.Seconds(), p.Span.Seconds()
	one := max(t1, span)
	return max(one/(t1/n+span), 1), one / max(t1/n, span)
}
