package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Place names the place that a stack stands for, "mutex.(*lock).hold (mutex.go:95)", and behind it, if that is in
// another package, the function that called into it: a helper alone says little. It is empty if there is no place.
func Place(stack []gotrace.Frame) string {
	own := place.User(stack)
	if len(own) == 0 {
		return ""
	}
	if c, ok := place.Caller(own); ok {
		return fmt.Sprintf("%s, called by %s", place.Name(own[0]), place.Name(c))
	}
	return place.Name(own[0])
}

// FindingTitle is f as one clause: share, cause, function and line.
func FindingTitle(f *finding.Finding) string {
	said, at := lostTo(f)
	said += identifiers(f.Named())
	if where := Place(f.Stack); where != "" {
		said += at + where
	}
	likely := ""
	if f.Certainty == noise.Likely {
		likely = "likely "
	}
	return fmt.Sprintf("%s of the lost core time is %s%s", Percent(f.Share), likely, said)
}

// FindingShort is what [FindingTitle] says of the lost core time, without the share and the identifiers of causes: for
// where the share stands beside it and there is little room.
func FindingShort(f *finding.Finding) string {
	said, at := lostTo(f)
	if where := Place(f.Stack); where != "" {
		said += at + where
	}
	if f.Certainty == noise.Likely {
		return "likely " + said
	}
	return said
}

// Won says in a clause what could be won: by a replay with a change against the cause of f or, where there is none,
// what there would be without it at most. It is empty if neither is known.
func Won(f *finding.Finding) string {
	if f.Replay != nil {
		return byReplay(f.Replay)
	}
	if s := Without(f); s != "" {
		return "without it " + s
	}
	return ""
}

// byReplay says in a clause what a replay with a change against the cause of a finding, which has just been named,
// gives.
func byReplay(r *finding.Replay) string {
	what := "with that twice as fast"
	switch r.Kind {
	case predict.WithoutLock:
		what = "without this lock"
	case predict.WithoutCollector:
		what = "without garbage collection"
	}
	if !gains(r) {
		return "by replay no faster " + what
	}
	return "by replay " + Banded(r.Speedup, r.Low, r.High) + " " + what
}

// gains reports whether a change gains what can be seen.
func gains(r *finding.Replay) bool {
	return r.Speedup > r.Unchanged && Times(r.Speedup) != Times(r.Unchanged)
}

// Without says what there would be at most without the cause of f, and whether that is all that can be reached; it is
// empty if that is not known, or no more than what is reached. It is by the time that the cause takes, and no replay.
func Without(f *finding.Finding) string {
	if !(f.AboutSpeedup > f.Speedup) || Times(f.AboutSpeedup) == Times(f.Speedup) {
		return ""
	}
	if about := Times(f.AboutSpeedup); about != Times(f.Reach) {
		return "up to about " + about
	}
	return "up to " + reach(f)
}

// reach says what f's point can reach, and by what: its ideal, the measured ceiling, or the number of cores.
func reach(f *finding.Finding) string {
	switch reach := Times(f.Reach); {
	case reach == Times(f.Ideal):
		return "the ideal of " + reach
	case f.Ceiling == 0:
		return reach + ", by the number of cores"
	case reach == Times(f.Ceiling):
		return "the measured ceiling of " + reach
	default:
		return fmt.Sprintf("%s (measured ceiling %s; %s of the base's time takes no core)", reach, Times(f.Ceiling),
			Percent(1-f.BaseNeed))
	}
}

// NoFigure says why it is not said what the speedup would be without a cause.
func NoFigure(w finding.NoFigure) string {
	switch w {
	case finding.Unsure:
		return "what is not explained takes as much from the speedup"
	case finding.Waits:
		return "the base waits most of its time too: who does not wait here waits there"
	case finding.BusyWaiting:
		return "busy waiting is suspected: who no longer waits on a core waits otherwise"
	default:
		return "not known"
	}
}

// lostTo says what the time of f is, and what comes between that and the place, if it is known.
func lostTo(f *finding.Finding) (said, at string) {
	e := f.Cause.Entry()
	who, lanes := "workers ", "workers "
	if f.Lanes == stack.Cores {
		who, lanes = "cores without work, their goroutines ", "cores "
	}
	switch e.Group {
	case cause.Work:
		if f.Spinning() {
			return "busy waiting, suspected", " at "
		}
		return cause.WorkInflation.Entry().Doing, ", in "
	case cause.GC:
		return "garbage collection", ", for what is allocated in "
	case cause.Lock:
		return who + e.Doing, ", taken in "
	case cause.OtherLock, cause.Condition:
		if at, is := place.Of(f.Stack); is && at.File == "" { // the OS's records name what it waits for
			return who + "waiting", " for "
		}
		return who + e.Doing, ", for "
	case cause.Channel:
		return who + e.Doing, ", for "
	case cause.Imbalance:
		return who + e.Doing, ", the longest in "
	case cause.SerialPart:
		return lanes + e.Doing, ", "
	case cause.Sleeping, cause.Network, cause.Files:
		return who + e.Doing, ", in "
	case cause.SystemCalls:
		return "system calls", ", in "
	case cause.Scheduling:
		return waitingForCore(f), ", in "
	case cause.System:
		if f.Cause == cause.Runtime {
			return "the Go runtime's own work", ", in "
		}
	}
	return e.Doing, ", in "
}

// waitingForCore says why somebody who is ready does not run.
func waitingForCore(f *finding.Finding) string {
	who := "workers"
	if f.Lanes == stack.Cores {
		who = "goroutines"
	}
	switch {
	case f.Usable < f.Ideal: // the run's own workers or processes compete
		return who + " that are ready to run but have no core: there are more workers than cores"
	case f.Cause == cause.Preempted:
		return who + " that are ready, taken off their core for other programs or the tracing"
	default:
		return who + " that are ready, not yet running, while a core is free"
	}
}

// FindingEvidence is what supports f, a sentence each.
func FindingEvidence(f *finding.Finding) []string {
	whose := "worker's"
	if f.Lanes == stack.Cores {
		whose = "core's"
	}
	seconds := ""
	if f.Seconds > 0 {
		seconds = fmt.Sprintf(", %s of each %s time", Duration(f.Seconds), whose)
	}
	at := placeOnCurve(&warning.Subject{Workload: f.Workload, Mode: f.Mode, Series: f.Series, N: f.N})
	out := []string{fmt.Sprintf("%s the speedup is %s where %s would be ideal; this takes %s of the %s that all "+
		"causes take%s.",
		Upper(at), Times(f.Speedup), Times(f.Ideal), Times(f.Takes), Times(f.Lost), seconds)}
	out = appendSaid(out, noLoss(f), certainty(f), consists(f))
	if f.Spinning() {
		out = append(out, fmt.Sprintf("%s of the growth of CPU time is in functions that hardly run at the base: work "+
			"is there at the base too, waiting on a core is not.", Percent(f.Spins)))
	}
	if f.Machine > 0 {
		out = append(out, fmt.Sprintf("A loop that lives in registers reaches %s on the same cores: up to %s of this "+
			"is the machine's (clock, shared units), "+
			"not the program's.", Times(f.Machine), Times(f.MachinePart)))
	}
	out = append(out, spentAt(f)...)
	out = appendSaid(out, gain(f), replay(f))
	if f.Why == finding.Unsure && f.Replay == nil {
		out = append(out, "What it would be without it is not known: what is not explained takes as much.")
	}
	return appendSaid(out, tracedSpeed(f), excluded(f))
}

// FindingSupport is [FindingEvidence] for where f is one of a list: without what would be won without its cause, which
// its line says, and where another finding of its point stands above without what is the same of all of them.
func FindingSupport(f *finding.Finding, another bool) []string {
	said := []string{gain(f)}
	if another {
		said = append(said, noLoss(f), tracedSpeed(f), excluded(f))
	}
	return slices.DeleteFunc(FindingEvidence(f), func(s string) bool { return slices.Contains(said, s) })
}

// appendSaid appends the sentences that say something.
func appendSaid(out []string, sentences ...string) []string {
	for _, s := range sentences {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// gain says what could be won without the cause of f by the time that it takes; it is empty if that is not known, or a
// replay says more.
func gain(f *finding.Finding) string {
	if s := Without(f); s != "" && f.Replay == nil {
		return fmt.Sprintf("Without it, other losses unchanged, the speedup would be %s.", s)
	}
	return ""
}

// replay says what a replay with a change against the cause of f gives, or why what is said instead is but a bound; it
// is empty where nothing is.
func replay(f *finding.Finding) string {
	if r := f.Replay; r != nil {
		lock, _ := place.Of(r.Lock)
		return fmt.Sprintf("By replay, %s; %s is predicted without this change.",
			Changed(&r.Change, place.Name(lock)), Times(r.Unchanged))
	}
	if why := noReplay(f.NoReplay); why != "" && gain(f) != "" {
		return "That is a bound, by the time that it takes; no replay says more, for " + why + "."
	}
	return ""
}

// noReplay says why no replay has a change against the cause of a finding; it is empty where none was asked for.
func noReplay(w finding.NoReplay) string {
	switch w {
	case finding.NotPredicted:
		return "the curve is not predicted"
	case finding.OtherCount:
		return "changes are tried for the count that the curve is judged by, with a core for each of it"
	case finding.Misses:
		return "the prediction is not shown to agree with what was measured"
	case finding.Doubtful:
		return "the replay is in doubt"
	case finding.NoChange:
		return "no change that is tried takes it away"
	}
	return ""
}

// tracedSpeed says that the traced runs of f's point speed up otherwise than the timed ones; it is empty if they do
// not.
func tracedSpeed(f *finding.Finding) string {
	if d := f.Traced/f.Speedup - 1; math.Abs(d) > stack.TracedDiffers {
		return fmt.Sprintf("The traced runs, which the causes are known from, speed up %s.", Times(f.Traced))
	}
	return ""
}

// NoLoss says in a clause that no loss is shown at f's point; it is empty if one is.
func NoLoss(f *finding.Finding) string {
	if f.LossShown() {
		return ""
	}
	within := ""
	if f.Interval != nil {
		within = " (" + RatioWithin(f.Interval) + ")"
	}
	return fmt.Sprintf("no loss is shown: %s%s of %s", Times(f.Speedup), within, Times(f.Reach))
}

// noLoss says that the speedup of f's point may be all that can be reached; it is empty if it is not.
func noLoss(f *finding.Finding) string {
	if f.LossShown() {
		return ""
	}
	said := "no loss is shown: " + Times(f.Speedup) + intervalOf(f.Interval) + " may be " + reach(f) + "."
	if f.Usable < f.Ideal {
		said = "besides what more workers than cores lose, " + said
	}
	return Upper(said)
}

// consists says which rows of the speedup stack f is the sum of, as they stand there; it is empty of a single one.
func consists(f *finding.Finding) string {
	var parts []string
	for _, m := range f.Members {
		if takes := Taken(m.Takes); takes != Taken(0) {
			parts = append(parts, fmt.Sprintf("%s %s×", m.Cause, takes))
		}
	}
	if len(parts) < 2 {
		return ""
	}
	return "It consists of " + strings.Join(parts, ", ") + "."
}

// certainty says what f takes by each traced run, how much of it noise can explain and whether the timed runs may not
// lose it.
func certainty(f *finding.Finding) string {
	var parts []string
	if f.Runs > 1 {
		parts = append(parts, fmt.Sprintf("by the traced runs, %d or more of each point, it takes %s to %s", f.Runs,
			Ratio(f.Low), Times(f.High)))
	} else {
		parts = append(parts, "there is but one traced run of a point")
	}
	if f.Noise > 0 && (f.Certainty == noise.Likely || f.Noise >= finding.MinShare*f.Takes) {
		parts = append(parts, fmt.Sprintf("other programs and the hypervisor can explain up to %s of it", Times(f.Noise)))
	}
	if f.Surplus >= finding.MinShare*f.Takes {
		part := "part"
		if f.Surplus >= f.Takes {
			part = "all"
		}
		parts = append(parts, fmt.Sprintf("the traced runs lose %s that the timed ones do not, which may be %s of this", Times(f.Surplus), part))
	}
	return Upper(strings.Join(parts, "; ")) + "."
}

// spentAt says which places f is spent at and because of.
func spentAt(f *finding.Finding) []string {
	named := Place(f.Stack)
	if named == "" {
		return nil
	}
	out := []string{fmt.Sprintf("%s of it belongs to %s.", Percent(f.Portion), named)}
	if waiting := Place(f.Waiting); waiting != "" && waiting != named {
		out = append(out, fmt.Sprintf("The wait is in %s.", waiting))
	}
	if blamed := Place(f.Blamed); blamed != "" && blamed != named {
		out = append(out, fmt.Sprintf("What was waited for was meanwhile in %s.", blamed))
	}
	if f.Object != nil {
		out = append(out, fmt.Sprintf("Most of the wait is for %s.", Object(f.Object)))
	}
	return out
}

// excluded names the groups of causes that the figures rule out.
func excluded(f *finding.Finding) string {
	if f.Unexplained >= finding.MinShare {
		return fmt.Sprintf("Other causes are not excluded: %s of what is lost is not explained.",
			Percent(f.Unexplained))
	}
	var out []string
	for _, x := range f.Excluded {
		out = append(out, groupName(x.Group)+" "+Percent(x.Share))
	}
	if len(out) == 0 {
		return ""
	}
	return "Ruled out: " + strings.Join(out, "; ") + "."
}

// groupName names a group of causes, with the identifiers that gates take.
func groupName(g cause.Group) string {
	if g == cause.Work {
		return cause.WorkInflation.Entry().Doing + identifiers([]cause.Cause{cause.WorkInflation})
	}
	all := cause.Of(g)
	if g == cause.GC {
		return "garbage collection (gc)"
	}
	return all[0].Entry().Doing + identifiers(all)
}
