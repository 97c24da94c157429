// Package verdict says what bounds a workload, with the figures that decided it, and puts the finding of a curve into words.
//
// [Judge] looks at two points: the base, and the judged point ([Judged]): the largest n that has no more workers than there are cores, since
// beyond it workers can only take turns. At a point, usable cores are the smaller of its workers and the cores it is confined to.
// Busy cores are CPU time (user and system, of the timed runs) over total time; wanted cores are those and the time that threads stood ready
// without a core, so that other programs on the machine change no verdict. Shares are of the time that worker lanes spent
// between their release and their end, from traced runs; without a trace they are not known and the rules that need them do not apply.
// The first rule that holds gives the verdict:
//
//  1. Overhead-bound: starting, dispatching and finishing take at least [OverheadShare] of the time at the judged point, and its speedup is
//     below [OverheadSpeedup] of what the machine could give. If only the base was measured, its share alone decides.
//  2. Lock-bound: at the judged point workers spend at least [LockShare] of their time waiting for locks (mutexes, conditions, joins), and no
//     other kind of lost time has grown more since the base. Growth counts, not size: what is lost at the base as well is not
//     what keeps more workers from helping (it cancels in a speedup stack too; Eyerman, Du Bois & Eeckhout, ISPASS 2012).
//  3. I/O-bound: at the base at most [IOBusy] of the usable cores is wanted, and no other kind of lost time is larger than waiting (sleep,
//     network, files, system calls, and channels: where hardly a core is wanted, the goroutine at a channel's other end is waiting too,
//     as those of an HTTP client are). Without a trace the wanted cores alone decide, and the evidence says so.
//  4. Memory-bound, suspected: from the base to the judged point the CPU time per unit of work, with the kernel's and without, has grown at least
//     [Inflation]-fold over and above that of the spin loop (which lives in registers: cores that share their units inflate it just as
//     much), while at least [InflationBusy] of the usable cores were busy and rule 5 holds as well. Caches and memory are the usual reason and no counter was read, hence suspected.
//  5. CPU-bound: at the base at least [CPUBusy] of the usable cores is wanted.
//  6. Unclear: everything else.
//
// The overhead comes first because it hides all else; locks come before waiting because a lock that is held during a wait shows as
// waiting at the base, where nobody contends.
package verdict

import (
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/timeline"
)

// A Bound is what keeps a workload from being faster.
type Bound string

// The bounds.
const (
	CPU      Bound = "cpu-bound"
	IO       Bound = "io-bound"
	Lock     Bound = "lock-bound"
	Memory   Bound = "memory-bound-suspected" // the work grows with the count while the cores stay busy
	Overhead Bound = "overhead-bound"         // starting, dispatching and finishing outweigh the work
	Unclear  Bound = "unclear"                // the figures do not decide
)

// Thresholds of the rules, in the order of the rules.
const (
	OverheadShare   = 0.30 // of the time at the judged point
	OverheadSpeedup = 0.75 // of what the machine could give
	LockShare       = 0.25 // of worker time
	IOBusy          = 0.25 // of the usable cores, at the base
	Inflation       = 1.25 // of CPU time per unit of work
	InflationBusy   = 0.75 // of the usable cores, at the judged point
	CPUBusy         = 0.75 // of the usable cores, at the base
)

// A Verdict is a bound and why.
type Verdict struct {
	Bound    Bound      `json:"bound"`
	Evidence []Evidence `json:"evidence"` // what decided comes first
}

// An Evidence is one figure that spoke for the verdict. It is always finite.
type Evidence struct {
	Name  string  `json:"name"`  // "mean_busy_cores"
	Value float64 `json:"value"` // SI unit, or a ratio
	Text  string  `json:"text"`  // a sentence with the figure in it
}

// Facts are what a verdict rests on besides the curve.
type Facts struct {
	Cores   int            // CPUs that the study may use
	Ceiling *curve.Ceiling // nil: not measured
	Base    Load           // of a traced run at the base
	At      Load           // of a traced run at the judged point
}

// A Load is what a traced run says of its workers. The zero value knows nothing.
type Load struct {
	Busy   float64         // mean busy Ps; 0: not known
	Shares timeline.Shares // of the time of all worker lanes together; all 0: not known
}

// LoadOf sums up a traced run. Either argument may be nil.
func LoadOf(t *timeline.Timeline, u *cores.Use) Load {
	var l Load
	if u != nil {
		l.Busy = u.Mean
	}
	if t == nil {
		return l
	}
	var sum timeline.Shares
	var all float64
	for i := range t.Lanes {
		lane := &t.Lanes[i]
		if lane.Kind != timeline.Worker || lane.ID == timeline.SerialID {
			continue
		}
		for s, d := range lane.Totals() {
			sum[s] += float64(d)
			all += float64(d)
		}
	}
	if all > 0 {
		for s := range sum {
			l.Shares[s] = sum[s] / all
		}
	}
	return l
}

// known reports whether l knows what workers did between their release and their end.
func (l *Load) known() bool { return l.released() > 0 }

// released is the part of the lanes' time that lies between release and end: start-up is counted from the timed runs.
func (l *Load) released() float64 {
	var sum float64
	for s, x := range l.Shares {
		if st := timeline.State(s); st != timeline.Absent && st != timeline.Startup {
			sum += x
		}
	}
	return sum
}

// share is the part of worker time that was spent in state s; 0 if nothing is known.
func (l *Load) share(s timeline.State) float64 {
	if !l.known() {
		return 0
	}
	return l.Shares[s] / l.released()
}

// lostStates are the states in which a worker's time is lost.
func lostStates() []timeline.State {
	return []timeline.State{
		timeline.Lock, timeline.Channel, timeline.Waiting, timeline.Ready, timeline.GC, timeline.Serial, timeline.Unknown,
	}
}

// grown is the kind of lost time whose share has grown most from base to l, and by how much. Of equals the first in the list is meant.
func (l *Load) grown(base *Load) (worst timeline.State, by float64) {
	for _, s := range lostStates() {
		if d := l.share(s) - base.share(s); d > by {
			worst, by = s, d
		}
	}
	return worst, by
}

// waiting is the share of worker time spent waiting for something outside the program, directly or at a channel.
func (l *Load) waiting() float64 { return l.share(timeline.Waiting) + l.share(timeline.Channel) }
