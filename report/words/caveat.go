package words

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Caveat says in a clause what warnings of one kind come to, to stand beside the figures that they qualify: the sentences of
// all of them stand elsewhere. It is empty for a kind whose sentence is as short, or is not ours.
func Caveat(all []warning.Warning) string {
	if len(all) == 0 {
		return ""
	}
	kind := all[0].Kind
	switch kind.Analysis() {
	case "curve", "bench":
		return curveCaveat(all)
	case "study":
		return studyCaveat(all)
	case "stack", "finding":
		return stackCaveat(all)
	}
	switch kind {
	case warning.FewThreads, warning.UnequalThreads:
		return "workers cannot be told apart in traces " + atPoints(all)
	case warning.LikelyLock:
		return "short waits are taken for a lock, likely " + atPoints(all)
	case warning.LedgerGap, warning.LedgerCut, warning.TraceDamaged, warning.ThreadsLost, warning.ThreadsCut:
		return "traces have gaps " + atPoints(all)
	case warning.NoTrace, warning.TraceMissing:
		return "traces are missing " + atPoints(all)
	}
	return ""
}

func curveCaveat(all []warning.Warning) string {
	f := sum(all)
	switch all[0].Kind {
	case warning.NoTimedRun:
		return "no timed run " + atPoints(all)
	case warning.NoBase:
		return "the base was not measured"
	case warning.FailedTimed:
		return fmt.Sprintf("%d of %d timed runs did not succeed %s", f.Count, f.Of, atPoints(all))
	case warning.FailedTraced:
		return fmt.Sprintf("%d of %d traced runs did not succeed %s", f.Count, f.Of, atPoints(all))
	case warning.FewLaunches, warning.FewAtBase:
		return "too few runs for intervals"
	case warning.Outliers:
		return "launches far out " + atPoints(all)
	case warning.Drift:
		return "the machine drifted: intervals are not to be relied on"
	case warning.IdleBenchmarks:
		return "some benchmarks cannot follow the count of workers"
	}
	return ""
}

func studyCaveat(all []warning.Warning) string {
	f := all[0].Figures
	switch all[0].Kind {
	case warning.Forced:
		return "the machine or the program changed during the study"
	case warning.Interrupted:
		return Plural(f.Count, "run was", "runs were") + " interrupted and " +
			map[bool]string{true: "does", false: "do"}[f.Count == 1] + " not count"
	case warning.AboveQuota:
		return fmt.Sprintf("a CPU quota of %s cores holds points on %d cores or more back", Ratio(f.Ratio), f.Count)
	case warning.FewerResamples:
		return fmt.Sprintf("intervals come from %d resamples rather than %d", f.Count, f.Of)
	case warning.WorkersIgnored:
		return "the program does not follow the number of workers"
	case warning.TracedOutside:
		return "traced runs took another time than timed ones " + atPoints(all)
	case warning.ShortRuns:
		return fmt.Sprintf("traced runs below %s at %d of %d points: few samples", Duration(f.Against.Seconds()), f.Count, f.Of)
	case warning.NoisyRun:
		return Plural(len(all), "timed run was", "timed runs were") + " noisy; intervals hold what that can explain"
	}
	return ""
}

func stackCaveat(all []warning.Warning) string {
	switch all[0].Kind {
	case warning.CoresInstead:
		return "workers cannot be told apart in traces " + atPoints(all)
	case warning.TracedDiffers:
		return "traced runs speed up otherwise than timed ones " + atPoints(all)
	case warning.TracedLoses:
		if len(all) == 1 {
			return tracedLoses(all[0].Figures.Ratio, all[0].Figures.AgainstRatio)
		}
		return "traced runs lose more than timed ones " + atPoints(all) + "; their causes may not be those of the timed runs"
	case warning.Withheld:
		return "causes are not named, as noise can be all of them, " + atPoints(all)
	case warning.NotExplained:
		most := 0.0
		for i := range all {
			most = max(most, all[i].Figures.Ratio)
		}
		if len(all) == 1 {
			return Percent(most) + " of the lost core time is not explained"
		}
		return "up to " + Percent(most) + " of the lost core time is not explained"
	}
	return ""
}

// sum adds up the counts of warnings.
func sum(all []warning.Warning) warning.Figures {
	var out warning.Figures
	for i := range all {
		out.Count += all[i].Figures.Count
		out.Of += all[i].Figures.Of
	}
	return out
}

// atPoints counts the points, or the places on curves, that warnings are about.
func atPoints(all []warning.Warning) string {
	type place struct {
		workload string
		point    sweep.Point
		mode     sweep.Mode
		series   string
		n        int
	}
	seen := map[place]bool{}
	for i := range all {
		s := &all[i].Subject
		p := place{s.Workload, s.Point, s.Mode, s.Series, s.N}
		if s.Run != (sweep.Run{}) {
			p.point = s.Run.Point
		}
		seen[p] = true
	}
	return "at " + Plural(len(seen), "point", "points")
}
