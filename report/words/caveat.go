package words

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/warning"
)

// Caveat says in a clause what warnings of one kind come to and, where they are about points, at which: to stand beside
// the figures that they qualify. The sentences of all of them stand elsewhere. It is empty for a kind whose sentence is
// as short, or is not ours. At names the points; it may be empty.
func Caveat(all []warning.Warning, at string) string {
	if len(all) == 0 {
		return ""
	}
	said, placed := caveat(all)
	if said == "" || !placed || at == "" {
		return said
	}
	return said + ": " + at
}

// caveat is what warnings come to, and whether it takes a point to be told.
func caveat(all []warning.Warning) (said string, placed bool) {
	kind := all[0].Kind
	switch kind.Analysis() {
	case "curve", "bench":
		return curveCaveat(all)
	case "study":
		return studyCaveat(all)
	case "stack", "finding":
		return stackCaveat(all), true
	}
	switch kind {
	case warning.FewThreads, warning.UnequalThreads:
		return "traces do not tell workers apart", true
	case warning.CPUDiffers:
		return "the trace and the OS count other CPU times, and that of the OS stands", true
	case warning.LikelyLock:
		return "short waits are taken for those for a lock", true
	case warning.LedgerGap, warning.LedgerCut, warning.TraceDamaged, warning.ThreadsLost, warning.ThreadsCut:
		return "traces have gaps", true
	case warning.NoTrace, warning.TraceMissing:
		return "traces are missing", true
	}
	return "", false
}

// mostNamed is how many points are named rather than counted.
const mostNamed = 3

// Places names points, of many the first and how many more there are.
func Places(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		names = append(names[:mostNamed:mostNamed], Plural(more, "more point", "more points"))
	}
	return List(names)
}

func curveCaveat(all []warning.Warning) (said string, placed bool) {
	f := sum(all)
	switch all[0].Kind {
	case warning.NoTimedRun:
		return "no timed run", true
	case warning.NoBase:
		return "the base was not measured", false
	case warning.FailedTimed:
		return fmt.Sprintf("%s did not succeed, of %d at their points", Plural(f.Count, "timed run", "timed runs"), f.Of), true
	case warning.FailedTraced:
		return fmt.Sprintf("%s did not succeed, of %d at their points", Plural(f.Count, "traced run", "traced runs"), f.Of), true
	case warning.FewLaunches, warning.FewAtBase:
		return "too few runs for intervals", true
	case warning.Outliers:
		return "some launches took far more or less time than the rest", true
	case warning.Drift:
		return "the machine drifted, intervals are not to be relied on", true
	case warning.IdleBenchmarks:
		if f.Of == 1 {
			return "the benchmark cannot follow the count of workers", false
		}
		shown := ""
		if f.Shown > 0 {
			shown = fmt.Sprintf(", %d of them faster or slower all the same", f.Shown)
		}
		return fmt.Sprintf("%d of %d benchmarks keep one core busy%s: they start no goroutines, or these take turns", f.Count, f.Of, shown), false
	}
	return "", false
}

func studyCaveat(all []warning.Warning) (said string, placed bool) {
	f := all[0].Figures
	switch all[0].Kind {
	case warning.Forced:
		return "the machine or the program changed during the study", false
	case warning.Interrupted:
		return Plural(f.Count, "run was", "runs were") + " interrupted and " +
			map[bool]string{true: "does", false: "do"}[f.Count == 1] + " not count", false
	case warning.AboveQuota:
		return fmt.Sprintf("a CPU quota of %s cores holds points on %d cores or more back", Ratio(f.Ratio), f.Count), false
	case warning.FewerResamples:
		return fmt.Sprintf("intervals come from %d resamples rather than %d", f.Count, f.Of), false
	case warning.WorkersIgnored:
		return "the program does not follow the number of workers", false
	case warning.OtherWork:
		return "the runs are too fast to have done the work of the base", true
	case warning.TracedOutside:
		return tracedTook(all), true
	case warning.ShortRuns:
		return fmt.Sprintf("traced runs below %s at %d of %d points: few samples", Duration(f.Against.Seconds()), f.Count, f.Of), false
	case warning.NoisyRun:
		return Plural(len(all), "timed run was", "timed runs were") + " noisy; intervals hold what that can explain", true
	}
	return "", false
}

// tracedTook says how much longer or shorter the work of traced runs took than that of timed ones.
func tracedTook(all []warning.Warning) string {
	low, high := all[0].Figures.Ratio, all[0].Figures.Ratio
	for i := range all {
		low, high = min(low, all[i].Figures.Ratio), max(high, all[i].Figures.Ratio)
	}
	switch {
	case low == 0: // not known of one
		return "the work of traced runs took another time than that of timed ones"
	case Times(low) == Times(high):
		return fmt.Sprintf("the work of traced runs took %s that of timed ones, start-up apart", Times(low))
	default:
		return fmt.Sprintf("the work of traced runs took %s–%s that of timed ones, start-up apart", Ratio(low), Times(high))
	}
}

func stackCaveat(all []warning.Warning) string {
	switch all[0].Kind {
	case warning.CoresInstead:
		return "traces do not have the time of every worker"
	case warning.TracedDiffers:
		return "traced runs reach other speedups than timed ones"
	case warning.TracedLoses:
		if f := &all[0].Figures; len(all) == 1 {
			return fmt.Sprintf("traced runs lose %s, timed ones %s, maybe to other causes", Times(f.Ratio), Times(f.AgainstRatio))
		}
		return "traced runs lose more than timed ones, maybe to other causes"
	case warning.CausesExceed:
		if f := &all[0].Figures; len(all) == 1 {
			return fmt.Sprintf("causes take %s together and other rows give part of it back, so that %s is lost", Times(f.Ratio),
				Times(f.AgainstRatio))
		}
		return "causes take more than is lost, and other rows give the rest back"
	case warning.Withheld:
		most, by := 0.0, warning.Figures{}
		for i := range all {
			by.Ratio, by.AgainstRatio = max(by.Ratio, all[i].Figures.Ratio), max(by.AgainstRatio, all[i].Figures.AgainstRatio)
			part := 0.0
			for _, item := range all[i].Items {
				part += item.Ratio
			}
			most = max(most, part)
		}
		upTo := ""
		if len(all) > 1 {
			upTo = "up to "
		}
		return fmt.Sprintf("%s%s of the lost core time may be %s, and is no finding", upTo, Percent(most), hider(&by))
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
	seen := map[warning.Subject]bool{} // curves have points in common
	for i := range all {
		if seen[all[i].Subject] {
			continue
		}
		seen[all[i].Subject] = true
		out.Count += all[i].Figures.Count
		out.Of += all[i].Figures.Of
		out.Shown += all[i].Figures.Shown
	}
	return out
}
