// Package goroutines says what the goroutines of a program spent their lives on, by start function.
//
// A [Builder] reads the steps of one process. For each goroutine that is alive it keeps its state, since when, and the
// time in each state so far; when the goroutine ends, these times go into the figures of its start function. So memory
// is bounded by the goroutines alive at once and by the start functions. The median of up to 1024 goroutines is exact;
// beyond that it comes from a histogram whose classes are a 64th of their value wide (as in HdrHistogram by G. Tene),
// and is wrong by less than 1 %. Counts, totals, least and greatest are always exact. Rejected: a reservoir, which
// needs a source of randomness and has no bound of its error.
package goroutines

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
)

// exact is the number of goroutines up to which a median is exact.
const exact = 1024

// A Table is the goroutines of a recording.
type Table struct {
	Groups []Group // by running time, largest first, then by name
}

// A Group is all goroutines with one start function, without those that are in no state at all in the window.
type Group struct {
	Start    string // function; empty if not known
	Runtime  bool   // they are the runtime's, the collector's or the tracer's
	Count    int
	Running  Spread // with time on behalf of the garbage collector, without system calls that keep their P
	Runnable Spread
	Blocked  []Blocked // in the order of cause.All
}

// Blocked is how long goroutines waited for one reason. Cause Syscall is system calls that kept their P.
type Blocked struct {
	Cause cause.Cause
	Spread
}

// A Spread is how a time is spread over the goroutines that spent any.
type Spread struct {
	Count                   int // of these goroutines
	Total, Min, Median, Max time.Duration
	Approximate             bool // the median, to within 1 %
}
