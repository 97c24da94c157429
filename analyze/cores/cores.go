// Package cores says how many cores were busy, over time and in total.
//
// What a Go execution trace tells is how many Ps, the processors of Go's scheduler, had a goroutine. A P is not a core: a P that has a
// goroutine in a system call counts as busy until the scheduler takes it away, and where there are more Ps than cores, or other
// programs on them, a P that counts as busy may be waiting for a core. So Mean is an upper bound of the cores' use; the CPU time that
// the kernel reports is the figure to compare it with.
//
// A [Builder] takes the events of all processes of a run in the order of their times and keeps a step function: the number of busy Ps.
// When it has too many steps they are folded into bins with mean and bounds; the profile and the mean are sums in integer
// nanoseconds made as the events come in, and stay exact.
package cores

import (
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Step is a stretch during which the number of busy cores did not change.
type Step struct {
	Start clock.Time
	Busy  int
}

// Use is the core use of one run, of all its processes together.
type Use struct {
	Start, End clock.Time
	Cores      int             // that the run was confined to; 0: not known
	MaxPs      int             // largest sum of GOMAXPROCS
	Mean       float64         // mean number of busy Ps
	Profile    []time.Duration // Profile[k]: time with exactly k busy; they add up to End − Start
	Steps      []Step          // ordered; each holds until the next or End. None if there were too many: use Bins
	Warnings   []warning.Warning

	bins *fold // instead of Steps
}

// A Bin is the core use within one of a number of equal parts of the time.
type Bin struct {
	Mean     float64
	Min, Max int
}
