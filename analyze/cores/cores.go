// Package cores says how many cores were busy, over time and in total.
//
// A Go execution trace tells how many Ps, the processors of Go's scheduler, had a goroutine. A P is not a core: in a
// system call it counts as busy until the scheduler takes it away, and where there are more Ps than cores, or other
// programs use them, a busy P may be waiting for a core. So Mean is an upper bound of the cores' use, to be compared
// with the CPU time that the kernel reports.
//
// A [Builder] reads the steps of all processes of a run in time order and keeps a step function, the number of busy Ps.
// If it has too many steps they are folded into bins with mean and bounds. The profile and the mean are sums in integer
// nanoseconds and stay exact.
package cores

import (
	"time"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
)

// A Step is a stretch with a constant number of busy cores.
type Step struct {
	Start clock.Time
	Busy  int
}

// Use is the core use of one run, all processes together.
type Use struct {
	Start, End clock.Time
	Cores      int             // that the run was confined to; 0 if not known
	OfPs       bool            // it counts Ps that were busy; else cores, by the records of the OS
	MaxPs      int             // largest sum of GOMAXPROCS; if no trace tells it, the most Ps that were busy
	MinPs      int             // the least, of each process
	MeanPs     float64         // over the time
	Mean       float64         // mean number that was busy
	Profile    []time.Duration // Profile[k]: time with exactly k busy; they add up to End − Start
	Steps      []Step          // in time order; each holds until the next or End. None if there were too many: use Bins
	Warnings   []warning.Warning

	bins *fold // instead of Steps
}

// A Bin is the core use within one of several equal parts of the time.
type Bin struct {
	Mean     float64
	Min, Max int
	// Low and High are the numbers that are not exceeded for a tenth and for nine tenths of the time: where most of it
	// lies.
	Low, High float64
}
