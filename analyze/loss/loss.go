// Package loss makes profiles of lost time that open in go tool pprof.
//
// [Lost] turns the ledger of a run into a profile with two values per sample: lost and used nanoseconds of core time.
// Used is the program's own code and its system calls. All else is lost, except idle cores that had nothing to run,
// which are left out. Together they are the ledger's total without those, to the nanosecond. The stack of a sample is,
// from the outermost frame:
//
//	block.mutex           the cause, as a function, so that a flame graph begins with causes
//	main.main             the stack that waited, down to where it waits
//	sync.(*Mutex).Lock
//	(waits for)           only if it is known for whom
//	main.main             the stack waited for, down to what it did meanwhile
//	main.flush
//
// The two stacks stand on top of each other as in off-wake flame graphs (B. Gregg, "Linux eBPF off-CPU and off-wake
// flame graphs", 2016), but the second one outermost first: so the functions that time is lost because of lead pprof
// -top by their own ("flat") time, and those that wait are found by their cumulative time. Labels select samples:
// cause, process and worker (who waits), and blamed (function, file and line), as in -tagfocus=cause=block.mutex or
// -tagroot=blamed; of programs with sync events also object: what was waited for, by kind and where it was made or used
// first. A worker is known where the program has any and the time is theirs; an idle core beside a running
// worker is its process's. Rejected: the blamed stack as a label alone, which pprof cannot unfold; and two profiles,
// each lacking what the other has.
//
// [Scaling] is the difference of CPU profiles at n and at the base, scaled to equal work: where the same work takes
// more CPU time (the scaling loss of Tallent et al., "Scalable identification of load imbalance in parallel executions
// using call path profiles", SC'10, and Coarfa et al., "Scalability analysis of SPMD codes using expectations",
// ICS'07). Values may be negative.
//
// Profiles carry no time of day: the same data gives the same profile.
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

// waitsFor is the function between a stack that waits and the one that it waits for.
const waitsFor = "(waits for)"

// used reports whether time of cause c is the program's own use of a core; other time is lost.
func used(c cause.Cause) bool { return c == cause.User || c == cause.Syscall || c == cause.Untraced }

// Lost returns the profile of lost and used time of a window, by the rows of its ledger.
func Lost(window time.Duration, rows []ledger.Row) *profile.Profile {
	b := newBuilder("lost", "used")
	for i := range rows {
		if rows[i].Cause == cause.Idle {
			continue
		}
		b.row(&rows[i])
	}
	p := b.finish()
	p.DurationNanos = int64(window)
	return p
}

// row adds the samples of a row. Time that is in none of its stacks has the cause alone.
func (b *builder) row(r *ledger.Row) {
	left := r.Time
	for i := range r.Stacks {
		s := &r.Stacks[i]
		left -= s.Time
		for _, o := range s.Divided() {
			left := o.Time
			for k := range s.Objects {
				x := &s.Objects[k]
				d := min(ledger.CoreTime(x.Part*float64(o.Time)), left)
				left -= d
				b.sample(r.Cause, d, s, append(owner(o), object(x))...)
			}
			b.sample(r.Cause, left, s, owner(o)...)
		}
	}
	b.sample(r.Cause, left, &ledger.Stack{})
}

// owner returns the labels of the process and worker.
func owner(o ledger.Owner) []label {
	if o.Rank == ledger.NoRank {
		return nil
	}
	labels := []label{{"process", number(o.Rank)}}
	if o.Worker != ledger.NoWorker {
		labels = append(labels, label{"worker", "w" + strconv.Itoa(o.Worker)})
	}
	return labels
}

// object returns the label of what was waited for: its kind, and where it was made or used first.
func object(o *ledger.Object) label {
	f, ok := place.Of(o.Origin)
	if !ok {
		f, _ = place.Nearest(o.Origin)
	}
	return label{"object", o.Thing.String() + " " + place.Name(f)}
}

func (b *builder) sample(c cause.Cause, d ledger.CoreTime, s *ledger.Stack, labels ...label) {
	if d == 0 {
		return
	}
	var stack []gotrace.Frame
	if len(s.Blamed) > 0 {
		stack = append(append(stack, s.Blamed...), gotrace.Frame{Func: waitsFor})
		f, ok := place.Of(s.Blamed)
		if !ok {
			f, _ = place.Nearest(s.Blamed)
		}
		labels = append(labels, label{"blamed", place.Name(f)})
	}
	stack = append(append(stack, s.Waiting...), gotrace.Frame{Func: c.String()})
	labels = append(labels, label{"cause", c.String()})
	if used(c) {
		b.add(stack, labels, 0, float64(d))
	} else {
		b.add(stack, labels, float64(d), 0)
	}
}

// number returns what a process is called in file names. A bare number would be a range of sizes to pprof's -tagfocus,
// which matches no label.
func number(rank int) string {
	if rank < 0 {
		return "coordinator"
	}
	return "p" + strconv.Itoa(rank)
}
