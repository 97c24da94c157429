package words

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/warning"
)

func ofPath(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.PathEmpty:
		return "the trace has no events"
	case warning.PathShort:
		return shortPath(f)
	}
	return noBounds(w)
}

// shortPath is why a path is shorter than its recording.
func shortPath(f *warning.Figures) string {
	text := fmt.Sprintf("the path has %s of %s recorded", Duration(f.Time.Seconds()), Duration(f.Against.Seconds()))
	var parts []string
	if f.Ratio >= leastReason {
		parts = append(parts, fmt.Sprintf("during %s nothing of the program ran", Percent(f.Ratio)))
	}
	if f.AgainstRatio >= leastReason {
		parts = append(parts, fmt.Sprintf("during %s goroutines were ready and had no P", Percent(f.AgainstRatio)))
	}
	if len(parts) == 0 {
		return text + ": the rest went to the garbage collector and the tracer"
	}
	return text + ": " + strings.Join(parts, ", ")
}

// leastReason is the share of a recording from which on a reason is given.
const leastReason = 0.05

// noBounds is why bounds of a speedup are not known.
func noBounds(w *warning.Warning) string {
	f := &w.Figures
	took, against := Duration(f.Time.Seconds()), Duration(f.Against.Seconds())
	waited := "goroutines waited %s for %s, beside a critical path of %s: most uses leave no event, so the path may be " +
		"longer"
	switch w.Kind {
	case warning.PathTurns:
		return fmt.Sprintf("%s took turns at locks, channels or connections and ran for %s, beside a critical path "+
			"of %s: on other cores they may share the work out otherwise",
			Plural(f.Count, "goroutine", "goroutines"), took, against)
	case warning.PathUnequal:
		return fmt.Sprintf("of goroutines started together one ran for %s and another for less than a %dth of that, "+
			"beside a critical path of %s: on other cores they may share the work out otherwise", took, f.Count, against)
	case warning.PathProcesses:
		return fmt.Sprintf("%d processes waited outside Go for up to %s, maybe for each other", f.Count, took)
	case warning.PathLocks:
		return fmt.Sprintf(waited, took, "locks", against)
	case warning.PathChans:
		return fmt.Sprintf(waited, took, "channels", against)
	case warning.PathLoosely:
		return fmt.Sprintf(waited, took, "locks and channels", against)
	case warning.PathCalls:
		return fmt.Sprintf("%s of the work was in system calls or C, where waits for each other leave no event",
			Percent(f.Ratio))
	case warning.PathCollector:
		return fmt.Sprintf("%s of the work was the garbage collector's, whose work on other cores is another",
			Percent(f.Ratio))
	case warning.PathBrief:
		return fmt.Sprintf("goroutines ran %d times for %s on average: to hand them to other cores may take as long",
			f.Count, took)
	}
	return ""
}
