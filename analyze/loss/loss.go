// Package loss makes profiles of lost time that open in go tool pprof.
//
// [Lost] turns the ledger of a run into a profile with two values per sample: lost and used nanoseconds of core time (or, made from the accounts
// of workers, of worker time). Used is what the program's own code and its system calls took; everything else is lost. Together they are
// the ledger's total, to the nanosecond. A sample's stack is, from the outermost frame:
//
//	block.mutex           the cause, as a function, so that a flame graph begins with causes
//	main.main             the stack that waited, down to where it waits
//	sync.(*Mutex).Lock
//	(waits for)           only if it is known for whom
//	main.main             the stack of the one that was waited for, down to what it did meanwhile
//	main.flush
//
// The two stacks stand on top of each other as in off-wake flame graphs (B. Gregg, "Linux eBPF off-CPU and off-wake flame graphs", 2016), but the
// second one outermost first, so that the functions that time is lost because of come first in pprof -top, by their own ("flat") time,
// and those that wait are found by their cumulative one. The labels cause, process, worker, and blamed (function, file and line) select samples: -tagfocus=cause=block.mutex,
// -tagroot=blamed. Rejected: the blamed stack as a label alone, which pprof cannot unfold; and two profiles, of which each lacks what the other has.
//
// [Scaling] is the difference of CPU profiles at n and at the base, scaled to equal work: where the same work takes more CPU time than it did
// (the scaling loss of Tallent et al., "Scalable identification of load imbalance in parallel executions using call path profiles", SC'10, and
// Coarfa et al., "Scalability analysis of SPMD codes using expectations", ICS'07). Values may be negative.
//
// Profiles carry no time of day: made again from the same data they are the same.
package loss

import (
	"strconv"
	"time"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// WaitsFor is the function that stands between a stack that waits and the one that it waits for.
const WaitsFor = "(waits for)"

// Nobody is the number of a process or worker that is not known.
const Nobody = -2

// Time is where the time of one process, or of one of its workers, went.
type Time struct {
	Process int // rank, −1: the coordinator; Nobody: not known
	Worker  int // number; Nobody: the time of cores, whoever had them
	Rows    []ledger.Row
}

// Used reports whether time of cause c is the program's own use of a core; otherwise it is lost.
func Used(c cause.Cause) bool { return c == cause.User || c == cause.Syscall }

// Lost returns the profile of lost and used time of a window of the given length.
func Lost(window time.Duration, times ...Time) *profile.Profile {
	b := newBuilder("lost", "used")
	for _, t := range times {
		for _, r := range t.Rows {
			b.row(&t, &r)
		}
	}
	p := b.finish()
	p.DurationNanos = int64(window)
	return p
}

// row adds the samples of a row. What none of its stacks have bears the cause alone.
func (b *builder) row(t *Time, r *ledger.Row) {
	left := r.Time
	for _, s := range r.Stacks {
		left -= s.Time
		b.sample(t, r.Cause, s.Time, s.Waiting, s.Blamed)
	}
	b.sample(t, r.Cause, left, nil, nil)
}

func (b *builder) sample(t *Time, c cause.Cause, d ledger.CoreTime, waiting, blamed []gotrace.Frame) {
	if d == 0 {
		return
	}
	var stack []gotrace.Frame
	if len(blamed) > 0 {
		stack = append(append(stack, blamed...), gotrace.Frame{Func: WaitsFor})
	}
	stack = append(append(stack, waiting...), gotrace.Frame{Func: string(c)})
	labels := []label{{"cause", string(c)}}
	if t.Process != Nobody {
		labels = append(labels, label{"process", number(t.Process)})
	}
	if t.Worker != Nobody {
		labels = append(labels, label{"worker", strconv.Itoa(t.Worker)})
	}
	if len(blamed) > 0 {
		f, ok := place.Of(blamed)
		if !ok {
			f = blamed[0]
		}
		labels = append(labels, label{"blamed", place.Name(f)})
	}
	if Used(c) {
		b.add(stack, labels, 0, float64(d))
	} else {
		b.add(stack, labels, float64(d), 0)
	}
}

func number(rank int) string {
	if rank < 0 {
		return "coordinator"
	}
	return strconv.Itoa(rank)
}
