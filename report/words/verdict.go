package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Bound names what bounds by v, as sure as it is; it is empty if that is not clear, or too noisy to tell.
func Bound(v *verdict.Verdict) string {
	switch {
	case v.Certainty == noise.Hidden:
		return ""
	case v.Certainty == noise.Likely && v.Bound != verdict.Memory && v.Bound != verdict.Spin: // which are suspected at best
		return "likely " + bound(v)
	default:
		return bound(v)
	}
}

// Untold names what v would say bounds if noise could not be all of it; it is empty of any other verdict.
func Untold(v *verdict.Verdict) string {
	if v.Certainty == noise.Hidden {
		return bound(v)
	}
	return ""
}

func bound(v *verdict.Verdict) string {
	if v.BaseOnly {
		return "CPU-bound at the base"
	}
	return map[verdict.Bound]string{
		verdict.CPU: "CPU-bound", verdict.IO: "I/O-bound", verdict.Lock: "lock-bound",
		verdict.Memory:   "suspected to be memory-bound",
		verdict.Spin:     "suspected to be waiting busily",
		verdict.Overhead: "overhead-bound",
	}[v.Bound]
}

// NoCeiling says why the ceiling was not measured.
func NoCeiling(a curve.Absence) string {
	return map[curve.Absence]string{
		curve.NotSwept: "no count is swept, so there is no curve to hold against it",
		curve.NoSweep:  "the study has no sweep of the spin loop",
		curve.NoRun:    "the study has no run of the spin loop; a short one often has no time for it",
	}[a]
}

// Evidence is e, of a curve of s, as a clause, with what launches and noise allow of it.
func Evidence(s sweep.Sweep, e verdict.Evidence) string {
	text := evidence(s, e)
	if r := e.Range; r != nil && e.Kind == verdict.BusyCores {
		return fmt.Sprintf("%s (by launches and noise %s to %s)", text, Ratio(r.Low), Ratio(r.High))
	} else if r != nil {
		return fmt.Sprintf("%s (by launches and noise %s to %s)", text, PercentNumber(r.Low), Percent(r.High))
	}
	return text
}

func evidence(s sweep.Sweep, e verdict.Evidence) string {
	point, base := At(s, e.Point), At(s, e.Base)
	switch e.Kind {
	case verdict.BaseRuns:
		return "no run of the base succeeded, so there is nothing to judge by"
	case verdict.BusyCores, verdict.BusyCoresAt:
		if e.Beside == 1 {
			return fmt.Sprintf("with %s %s of a core was busy", point, Ratio(e.Value))
		}
		return fmt.Sprintf("with %s %s of %.0f cores were busy", point, Ratio(e.Value), e.Beside)
	case verdict.MissedCores:
		return fmt.Sprintf("with %s threads were ready to run without a core for %s, which is %s of a core over the "+
			"whole time",
			point, Duration(e.Beside), Ratio(e.Value))
	case verdict.FreshShare:
		return fmt.Sprintf("with %s %s of that growth is in functions that hardly run with %s", point, Percent(e.Value),
			base)
	case verdict.Speedup:
		return fmt.Sprintf("with %s it %s%s", point, faster(s, base, e.Value), intervalOf(e.Interval))
	case verdict.CeilingShare:
		return fmt.Sprintf("its speedup is %s of the %s that this machine gives a loop in registers", Percent(e.Value),
			Times(e.Beside))
	case verdict.OverheadPart:
		what := "starting, dispatching and finishing" + identifiers([]cause.Cause{
			cause.Startup, cause.Dispatch,
			cause.Teardown,
		})
		if e.WorkOnly {
			what = "dispatching" + identifiers([]cause.Cause{cause.Dispatch})
		}
		return fmt.Sprintf("with %s %s took %s, %s of the time", point, what, Duration(e.Beside), Percent(e.Value))
	case verdict.WaitingShare:
		what := "sleeping or waiting for the network or input and output"
		if slices.ContainsFunc(e.Causes, func(c cause.Cause) bool { return c.Group() == cause.Channel }) {
			what += ", or for goroutines that do"
		}
		return fmt.Sprintf("with %s the workers spent %s of their time %s%s", point, Percent(e.Value), what,
			identifiers(e.Causes))
	case verdict.NotTraced:
		if e.Point == (sweep.Point{}) {
			return "no trace says what the workers did the rest of the time"
		}
		return fmt.Sprintf("no trace says what it waited for with %s", point)
	case verdict.NotTold:
		what := "what they did the rest of the time"
		if e.Point != (sweep.Point{}) {
			what = "what they waited for with " + point
		}
		return "the trace does not tell the workers apart, so " + what + " is not known"
	case verdict.BeyondCores:
		return fmt.Sprintf("with %s on %s it %s, more than cores alone could give", point, Plural(e.Point.Cores, "core",
			"cores"), faster(s, base, e.Value))
	case verdict.CPUInflation:
		return fmt.Sprintf("with %s the same work took %s the CPU time of %s%s", point, Times(e.Value), base,
			machinePart(e.Beside))
	case verdict.SystemShare:
		return fmt.Sprintf("with %s %s of the CPU time was spent in the kernel", point, Percent(e.Value))
	}
	text := fmt.Sprintf("with %s the workers spent %s of their time %s", point, Percent(e.Value), doing(e.Causes))
	if Finite(e.Beside) {
		text += fmt.Sprintf(", with %s %s", base, Percent(e.Beside))
	}
	return text
}

// machinePart is what of an inflation the machine explains.
func machinePart(v float64) string {
	switch {
	case math.IsNaN(v):
		return "; whether the machine's cores slow each other down was not measured"
	case v > 1:
		return fmt.Sprintf(", besides %s for the machine's cores slowing each other down", Times(v))
	default:
		return ""
	}
}

// EvidenceFigure is the figure of e alone.
func EvidenceFigure(e verdict.Evidence) string {
	switch e.Kind {
	case verdict.BusyCores, verdict.BusyCoresAt, verdict.MissedCores, verdict.BaseRuns, verdict.NotTraced, verdict.NotTold:
		return Ratio(e.Value)
	case verdict.Speedup, verdict.BeyondCores, verdict.CPUInflation:
		return Times(e.Value)
	default:
		return Percent(e.Value)
	}
}

// faster says what a speedup of v means: under weak scaling the work grows, so that the time is not shorter.
func faster(s sweep.Sweep, base string, v float64) string {
	if s.Scaling == sweep.Weak {
		return fmt.Sprintf("did %s the work per second of %s", Times(v), base)
	}
	return fmt.Sprintf("was %s as fast as with %s", Times(v), base)
}

// intervalOf is an interval to stand behind a speedup.
func intervalOf(iv *curve.Interval) string {
	switch {
	case iv == nil:
		return ""
	case tooWide(iv):
		return " (its interval is too wide to be known)"
	case iv.Method == curve.MinMax && iv.Noisy():
		return fmt.Sprintf(" (range with the noise %s×, too few runs for an interval)", RatioRange(iv))
	case iv.Method == curve.MinMax:
		return fmt.Sprintf(" (range %s×, too few runs for an interval)", RatioRange(iv))
	case iv.Noisy():
		return fmt.Sprintf(" (%.0f"+NoBreak+"%% interval and noise %s×)", 100*iv.Level, RatioRange(iv))
	default:
		return fmt.Sprintf(" (%.0f"+NoBreak+"%% interval %s×)", 100*iv.Level, RatioRange(iv))
	}
}

// FewRuns is what a headline says where a range takes the place of an interval.
const FewRuns = "too few runs for intervals"

// Headline is h without the name of its workload: "1.9× on 2 cores, no difference shown between threads and processes;
// 2 processes start 8 ms later". Where the interval holds noise and is wide, its ends stand behind it.
func Headline(h verdict.Headline) string {
	if h.Best == nil {
		return "the base was not measured"
	}
	parts := compared(h)
	if h.FewRuns {
		parts = append(parts, FewRuns)
	}
	if r := h.Best; r.Range != nil && r.Kind != verdict.Unsure {
		said := widened(r)
		switch {
		case r.Rough():
		case r.Above():
			said += ": at least " + Times(r.Range.Low)
		default:
			said += fmt.Sprintf(": %s to %s", Ratio(r.Range.Low), Times(r.Range.High))
		}
		parts = append(parts, said)
	}
	return strings.Join(parts, "; ")
}

// widened is what makes the range of r wide.
func widened(r *verdict.Rise) string {
	switch {
	case !r.Scatters():
		return "noisy machine"
	case r.Noisy():
		return "noisy machine, launches scatter"
	default:
		return "launches scatter"
	}
}

// compared sets the rise of h beside that of the other mode.
func compared(h verdict.Headline) []string {
	text := rise(h.Best, h.Cores, h.Grid) + beside(&h)
	if h.Rival == nil {
		return []string{text}
	}
	best, them := Mode(h.Best.Sweep.Mode), Mode(h.Rival.Sweep.Mode)
	later := ""
	if h.Later != nil {
		later = starts(h.Later)
	}
	var parts []string
	switch h.Versus {
	case verdict.NoGain:
		theirs := "no speedup shown for " + them
		switch h.Rival.Kind {
		case verdict.Falls:
			theirs = fmt.Sprintf("slower with %s (%s)", At(h.Rival.Sweep, h.Rival.Point), amount(h.Rival))
		case verdict.Unsure:
			theirs = "for " + them + " " + untold(h.Rival)
		}
		switch h.Best.Kind {
		case verdict.Rises:
			parts = []string{best + " " + text, theirs}
		case verdict.Unsure:
			parts = []string{"for " + best + " " + text, theirs}
		default:
			parts = []string{"no speedup shown for " + best + ", " + theirs}
		}
	case verdict.Alike:
		parts = []string{fmt.Sprintf("%s, no difference shown between %s and %s", text, Mode(sweep.Threads),
			Mode(sweep.Procs))}
	case verdict.BehindAt:
		said := fmt.Sprintf("%s, %s %s slower", text, Mode(h.Slower), Percent(h.Behind))
		each := fmt.Sprintf(" with %d of each", h.Count)
		if later != "" && h.Later.Mode == h.Slower { // of the same count
			return []string{said + " and " + later + each}
		}
		parts = []string{said + each}
	case verdict.FarBehind:
		parts = []string{fmt.Sprintf("%s %s, %s only %s", best, text, them, amount(h.Rival))}
	default:
		said := fmt.Sprintf("%s, %s %s slower", text, them, Percent(h.Behind))
		if later != "" && h.Later.Mode == h.Rival.Sweep.Mode {
			return []string{fmt.Sprintf("%s and %s with %d of each", said, later, h.Later.N)}
		}
		parts = []string{said}
	}
	if later != "" {
		parts = append(parts, Starts(h.Later))
	}
	return parts
}

// Starts says of which mode so many start later, and by how much: "2 processes start 12 ms later (10–13)".
func Starts(l *verdict.Later) string {
	who := Plural(l.N, "worker", "workers")
	if l.Mode == sweep.Procs {
		who = Plural(l.N, "process", "processes")
	}
	return who + " " + starts(l)
}

// starts is by how much a mode starts later, with the interval of that in the same unit: "start 12 ms later (10–13)".
// Where noise may be all of it the interval holds 0, which beside "likely" reads as a contradiction, and is left out.
func starts(l *verdict.Later) string {
	if l.Certainty == noise.Likely {
		return fmt.Sprintf("likely start about %s later", DurationTitle(l.Seconds))
	}
	return fmt.Sprintf("start %s later (%s)", DurationTitle(l.Seconds), DurationEnds(l.Interval, l.Seconds))
}

// rise says how far a curve speeds up and where that stops; of a grid, over its smallest point.
func rise(r *verdict.Rise, cores int, grid *verdict.Grid) string {
	switch {
	case r.Kind == verdict.Single:
		return fmt.Sprintf("%s with %s", DurationTitle(r.Seconds), At(r.Sweep, r.Point))
	case r.Kind == verdict.Falls && r.Vague():
		return fmt.Sprintf("slower with %s than with %s, %s", At(r.Sweep, r.Point), At(r.Sweep, r.Base), amount(r))
	case r.Kind == verdict.Falls:
		return fmt.Sprintf("slower with %s, %s of %s", At(r.Sweep, r.Point), amount(r), At(r.Sweep, r.Base))
	case grid != nil && r.Kind == verdict.Flat:
		return "no mix of processes and workers is shown to be faster than " + At(r.Sweep, grid.First)
	case grid != nil:
		return amountIn(r, gridTimes(r, grid)) + " with " + At(r.Sweep, r.Point)
	case r.Kind == verdict.Flat:
		return fmt.Sprintf("no speedup shown up to %s", At(r.Sweep, r.Point))
	case r.Kind == verdict.Unsure:
		return untold(r)
	}
	s := amount(r) + " " + reached(r, cores)
	switch r.After {
	case verdict.Machine:
		return s + fmt.Sprintf(", where this machine can give %s", TimesTitle(r.Limit))
	case verdict.Slower:
		return s + fmt.Sprintf(", with %s slower than with %d", At(r.Sweep, r.Next), r.Sweep.N(r.Point))
	case verdict.Seen:
		return s + fmt.Sprintf(", %s seen with %s but not shown", TimesTitle(r.Best), At(r.Sweep, r.Next))
	case verdict.Rising:
		return s + ", still rising"
	case verdict.Level:
		return s + ", more are not shown to be faster"
	default:
		return s
	}
}

// beside says how the best point of a grid stands to the others. Each pair has its intervals, so the more points there
// are the likelier one is ahead by chance: the note of the picture says that it was one by one.
func beside(h *verdict.Headline) string {
	if h.Grid == nil || h.Best.Kind != verdict.Rises || len(h.Grid.Cells) <= 2 {
		return ""
	}
	n := len(h.Beside())
	switch most := h.Most(); {
	case n == 0:
		return fmt.Sprintf(", the best of %d points", len(h.Grid.Cells))
	case most == nil:
		return fmt.Sprintf(", %s may be as fast", Plural(n, "other", "others"))
	default:
		return fmt.Sprintf(", %s may be as fast, up to %s seen with %s", Plural(n, "other", "others"),
			gridTimes(h.Best, h.Grid)(most.Speedup), At(h.Best.Sweep, most.Point))
	}
}

// untold says that noise, or launches that scatter, do not let it be told whether r speeds up.
func untold(r *verdict.Rise) string {
	text := "too noisy to tell"
	if !r.Noisy() {
		text = "launches scatter too much to tell"
	}
	text += " up to " + At(r.Sweep, r.Point)
	if r.Vague() {
		return text
	}
	return fmt.Sprintf("%s: %s to %s", text, Ratio(r.Range.Low), Times(r.Range.High))
}

// amount is how much r gains; an end of its range that is above what the cores could give is not named. Where noise
// leaves no more than that it is faster or slower, it says so.
func amount(r *verdict.Rise) string { return amountIn(r, TimesTitle) }

// gridTimes is how speedups of a grid are written in a title: with the digits of its cells where another point would
// look the same as r.
func gridTimes(r *verdict.Rise, g *verdict.Grid) func(float64) string {
	for _, c := range g.Cells {
		if c.Point.Point != r.Point && TimesTitle(c.Speedup) == TimesTitle(r.Gain) {
			return Times
		}
	}
	return TimesTitle
}

// amountIn is [amount], with its figure as times writes it.
func amountIn(r *verdict.Rise, times func(float64) string) string {
	if r.Vague() {
		const unknown = "by how much is not known"
		if r.Kind == verdict.Falls {
			return unknown
		}
		return "faster (" + unknown + ")"
	}
	gain := times(r.Gain)
	switch {
	case r.Rough() && r.Above():
		gain = "at least " + Times(r.Range.Low)
	case r.Rough():
		gain = Ratio(r.Range.Low) + " to " + Times(r.Range.High)
	}
	if r.Sweep.Scaling == sweep.Weak {
		gain += " the throughput"
	}
	return gain
}

// reached says where that is: "on 2 cores" if there is a worker for each core of the machine, else with its count.
func reached(r *verdict.Rise, cores int) string {
	p := r.Point
	onCores := "on " + Plural(min(p.Parallelism(), p.Cores), "core", "cores")
	switch n := p.Parallelism(); {
	case r.Sweep.Mode == sweep.Cores, n == cores && p.Cores == cores:
		return onCores
	case n > p.Cores:
		return fmt.Sprintf("with %s %s", At(r.Sweep, p), onCores)
	default:
		return "with " + At(r.Sweep, p)
	}
}
