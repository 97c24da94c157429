// Package verdict says what bounds a workload, with the figures that decided it, and what the headline of its curves
// is. Both are facts: package words of the report makes the sentences.
//
// [Judge] looks at two points: the base, and the judged point ([Judged]), the largest n with no more workers than
// cores, since beyond it workers can only take turns. The usable cores of a point are the smaller of its workers and
// the cores it is confined to. Busy cores are CPU time (user and system, of the timed runs) over total time; wanted
// cores add the time that threads stood ready without a core, so that other programs change no verdict. Shares are of
// the workers' time between release and end, by the causes of the account behind the speedup stack (package stack), so
// that verdict, stack and ledger tell one story of one recording; without a trace they are not known, and rules that
// need them do not apply. The first rule that holds gives the verdict:
//
//  1. Overhead-bound: starting, dispatching and finishing take at least 30 % of the time at the judged point, and its
//     speedup is below 75 % of what the machine could give. If only the base was measured, its share alone decides.
//  2. Lock-bound: at the judged point workers spend at least 25 % of their time waiting for locks (of Go or of others;
//     a join is none), and no other group of causes has grown more since the base. Growth counts, not size: what the
//     base loses too does not keep more workers from helping (it cancels in a speedup stack as well; Eyerman, Du Bois &
//     Eeckhout, ISPASS 2012).
//  3. I/O-bound: at the base at most 25 % of the usable cores is wanted, and no other group of causes is larger than
//     waiting (sleep, network, files, system calls, and channels: where hardly a core is wanted, the goroutine at a
//     channel's other end waits too, as in an HTTP client). Without a trace the wanted cores alone decide, and the
//     evidence says so.
//  4. Memory-bound, suspected: from the base to the judged point the CPU time per unit of work, with the kernel's and
//     without, has grown at least 1.25-fold beyond that of the spin loop (which lives in registers: cores that share
//     units inflate it just as much), while at least 75 % of the usable cores were busy and rule 5 holds. Caches and
//     memory are the usual reason; no counter was read, hence suspected.
//     If at least half of the growth is in functions that hardly run at the base, it is no slower work but, suspected,
//     busy waiting.
//  5. CPU-bound: at the base at least 75 % of the usable cores is wanted. It is so at the base only if less than that
//     is wanted at the judged point: of two cores a serial program keeps half busy.
//  6. Unclear: everything else.
//
// How sure that is, launches and noise say (package noise). The bound is that of the figures as they are. It is sure if
// its rule holds for all that they may be, and none of the rules 1 to 3 before it for any: shares of the time by the
// order statistics that hold the median of the launches, speedups by their interval, locks by the range of the traced
// runs, each with what noise can explain. It is likely if the rule holds without what noise can explain, and hidden if
// it does not: then noise can be all of it. Rule 4 is never more than likely.
//
// Overhead comes first because it hides all else; locks come before waiting because a lock held during a wait shows as
// waiting at the base, where nobody contends.
package verdict

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Bound is what keeps a workload from being faster.
type Bound string

// The bounds.
const (
	CPU      Bound = "cpu-bound"
	IO       Bound = "io-bound"
	Lock     Bound = "lock-bound"
	Memory   Bound = "memory-bound-suspected" // the work takes more CPU time at higher counts while the cores stay busy
	Spin     Bound = "busy-waiting-suspected" // the same, in functions that hardly run at the base
	Overhead Bound = "overhead-bound"         // starting, dispatching and finishing outweigh the work
	Unclear  Bound = "unclear"                // the figures do not decide
)

// Thresholds of the rules, in their order.
const (
	overheadShare   = 0.30 // of the time at the judged point
	overheadSpeedup = 0.75 // of what the machine could give
	lockShare       = 0.25 // of worker time
	ioBusy          = 0.25 // of the usable cores, at the base
	inflation       = 1.25 // of CPU time per unit of work
	inflationBusy   = 0.75 // of the usable cores, at the judged point
	cpuBusy         = 0.75 // of the usable cores, at the base; and at the judged point, for the bound to be that of both
	littleNoise     = 0.01 // of the workers' time: what noise may explain for one traced run to be sure
)

// A Verdict is a bound and why.
type Verdict struct {
	Bound     Bound
	Certainty noise.Certainty // of Bound; empty if that is unclear
	Evidence  []Evidence      // what decided comes first
	// BaseOnly says that the work is [CPU] bound as the base has it, and that the judged point wants less of its cores
	// than that.
	BaseOnly bool
}

// A Kind says what figure an evidence is, by its name in report.json.
type Kind string

// The kinds, and what Beside holds for them.
const (
	BaseRuns     Kind = "base_runs"            // 0: no run of the base succeeded
	BusyCores    Kind = "mean_busy_cores"      // at the base; of the usable cores
	BusyCoresAt  Kind = "mean_busy_cores_at_n" // at the judged point; of the usable cores
	MissedCores  Kind = "missed_cores"         // that ready threads went without; for how long, in seconds
	Speedup      Kind = "speedup"
	CeilingShare Kind = "share_of_ceiling"   // the ceiling
	OverheadPart Kind = "overhead_share"     // the time that overhead takes, in seconds
	WaitingShare Kind = "waiting_share"      // of the workers' time: for something outside the program, directly or not
	NotTraced    Kind = "traced"             // 0: the point was not traced or, without a point, none was
	NotTold      Kind = "workers_told_apart" // 0: it was traced, and the trace does not tell the workers apart
	BeyondCores  Kind = "speedup_beyond_cores"
	CPUInflation Kind = "cpu_inflation"      // the part that the machine explains; NaN if not measured
	FreshShare   Kind = "new_function_share" // of the growth of CPU time: in functions that hardly run at the base
	SystemShare  Kind = "system_share"       // of the CPU time
)

// shareOf returns the kind of the share of workers' time in a group of causes. Beside holds the share at the base; NaN
// if not known.
func shareOf(g cause.Group) Kind { return Kind(g) + "_share" }

// An Evidence is one figure that supports a verdict.
type Evidence struct {
	Kind     Kind
	Value    float64         // SI unit, or a ratio; always finite
	Beside   float64         // a second figure, by kind
	Point    sweep.Point     // where it was measured
	Base     sweep.Point     // what it is compared with
	Interval *curve.Interval // of Value; nil if none
	Range    *Range          // of Value, where the verdict is less than sure: what launches and noise allow; nil if none
	Causes   []cause.Cause   // of shares: the main causes, the largest first
	WorkOnly bool            // of overhead: start-up and teardown are not in the time
}

// A Range is the least and the most that a figure may be.
type Range struct{ Low, High float64 }

// Traced says which points have a trace.
type Traced struct{ Base, At bool }

// Input is what a verdict rests on beside the curve.
type Input struct {
	Cores   int            // CPUs that the study may use
	Ceiling *curve.Ceiling // nil if not measured
	Base    Load           // of a traced run at the base; nil: none, or it does not tell the workers apart
	At      Load           // of a traced run at the judged point
	Traced  Traced         // where there is a trace, whatever it tells

	BaseRuns, AtRuns Launches // of the base and the judged point

	Fresh float64 // the part of the growth of CPU time that is in functions which hardly run at the base
}
