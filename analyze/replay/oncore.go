package replay

import (
	"time"

	"github.com/corecurve/corecurve/trace/clock"
)

// A Stretch is time in which a goroutine had an OS thread, divided by what the OS scheduler did with that.
type Stretch struct {
	On      int64
	Ready   int64 // without a core
	Blocked int64 // in a system call
}

// Divide divides the time d until now, by what onCPU says of the thread. Outside system calls all time without a core
// counts as ready: the Go runtime tells where else a goroutine blocks. Records that contradict the trace move the
// borders, never the sum.
func Divide(
	onCPU func(thread int64, from, to clock.Time) (on, ready time.Duration),
	thread int64, now clock.Time, d int64, call bool,
) Stretch {
	run, wait := onCPU(thread, now-clock.Time(d), now)
	on := min(max(int64(run), 0), d)
	if !call {
		return Stretch{On: on, Ready: d - on}
	}
	ready := min(max(int64(wait), 0), d-on)
	return Stretch{on, ready, d - on - ready}
}
