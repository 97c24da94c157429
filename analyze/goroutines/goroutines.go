// Package goroutines says what the goroutines of a program spent their lives on, by the function that they were started with.
//
// A [Builder] takes the events of one process as they are read. It knows of each goroutine that is alive what state it is in and since
// when, and how long it has been in each so far; when the goroutine ends, these times go into the figures of its start function and it is
// forgotten. Memory is bounded by the goroutines alive at once and by the start functions: the median of up to [Exact] goroutines is
// exact, and beyond that it is that of a histogram whose classes are a 64th of their value wide (as in HdrHistogram by G. Tene), so that
// it is wrong by less than 1 %. Counts, totals, least and largest are always exact. Rejected: a reservoir, which needs a source of
// randomness and has no bound of its error.
package goroutines

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
)

// Exact is the number of goroutines up to which a median is exact.
const Exact = 1024

// A Table is the goroutines of a recording.
type Table struct {
	Groups []Group // by running time, largest first; then by name
}

// A Group is all goroutines with one start function. Goroutines that the recording shows in no state at all are not counted.
type Group struct {
	Start    string // function; empty: not known
	Count    int
	Running  Spread // system calls that keep their P are not in it, time on behalf of the garbage collector is
	Runnable Spread
	Blocked  []Blocked // in the order of cause.All
}

// Blocked is the time for which goroutines waited for one reason. Cause Syscall is that of system calls which kept their P.
type Blocked struct {
	Cause cause.Cause
	Spread
}

// A Spread is how a time is spread over the goroutines that spent any.
type Spread struct {
	Count                   int // of these goroutines
	Total, Min, Median, Max time.Duration
	Approximate             bool // the median, to within 1 %: there were more than Exact of them
}
