package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Faster says which of several workloads get faster and which of them most, and of how many the opposite or nothing is
// shown: the counts add up to all of them. That most of them are benchmarks that cannot follow the count of workers
// comes first: no other sentence on them says more.
func Faster(o *overview.Overview) string {
	all, idle := len(o.Rows), o.Count(overview.CannotFollow)
	one := o.Count(overview.OneCount)
	said := []overview.Outcome{overview.Faster}
	text := ""
	switch {
	case o.Count(overview.TooNoisy) == all:
		return every(all) + " are too noisy to tell"
	case idle == all && all == 2:
		return "neither benchmark can follow the count of workers: both keep one core busy"
	case idle == all:
		return fmt.Sprintf("none of the %d benchmarks can follow the count of workers: they keep one core busy", all)
	case 2*idle > all:
		text = fmt.Sprintf("%d of %d benchmarks cannot follow the count of workers", idle, all) + besides(o)
		said = append(said, overview.CannotFollow)
	case one > 0 && one+o.Count(overview.NoBase) == all:
		text = oneCount(one, all)
		said = append(said, overview.OneCount)
	default:
		text = rising(o)
		if o.Count(overview.NoChange) == all { // which is what it says
			said = append(said, overview.NoChange)
		}
	}
	parts := []string{text}
	for _, of := range overview.Outcomes() {
		if n := o.Count(of); n > 0 && !slices.Contains(said, of) {
			parts = append(parts, Counted(of, n))
		}
	}
	return strings.Join(parts, "; ")
}

// Counted says that n workloads have an outcome.
func Counted(of overview.Outcome, n int) string {
	switch of {
	case overview.Faster:
		return fmt.Sprintf("%d %s faster", n, verb(n, "gets", "get"))
	case overview.CannotFollow:
		return fmt.Sprintf("%d cannot follow the count of workers", n)
	case overview.Slower:
		return fmt.Sprintf("%d %s slower", n, verb(n, "gets", "get"))
	case overview.NoChange:
		return fmt.Sprintf("no change is shown for %d", n)
	case overview.TooNoisy:
		return fmt.Sprintf("%d %s too noisy to tell", n, verb(n, "is", "are"))
	case overview.OneCount:
		return fmt.Sprintf("%d %s measured at one count only", n, verb(n, "was", "were"))
	default:
		return fmt.Sprintf("the base of %d was not measured", n)
	}
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// top is how much a workload gets faster, and where.
func top(h verdict.Headline) string { return amount(h.Best) + " " + reached(h.Best, h.Cores) }

// besides says which workloads get faster, beside many of which that is known.
func besides(o *overview.Overview) string {
	switch risen := o.Risen(); len(risen) {
	case 0:
		return ", and none is shown to get faster"
	case 1:
		return fmt.Sprintf("; only %s is shown to get faster: %s", risen[0].Workload, top(risen[0]))
	default:
		return fmt.Sprintf("; %d get faster", len(risen)) + order(o, risen, false)
	}
}

// rising says which workloads get faster.
func rising(o *overview.Overview) string {
	risen, all := o.Risen(), len(o.Rows)
	switch {
	case len(risen) == 0 && all == 2:
		return "neither workload is shown to get faster"
	case len(risen) == 0:
		return fmt.Sprintf("none of the %d workloads is shown to get faster", all)
	case len(risen) == 1:
		return fmt.Sprintf("of %d workloads only %s is shown to get faster: %s", all, risen[0].Workload, top(risen[0]))
	case len(risen) < all:
		return fmt.Sprintf("%d of %d workloads get faster", len(risen), all) + order(o, risen, false)
	}
	return every(all) + " get faster" + order(o, risen, true)
}

// mostOrdered is of how many workloads that get faster the ends are named where their order is not shown.
const mostOrdered = 6

// order says which of the workloads that get faster do so most, and if all do which least, as far as that is shown;
// else what was seen, without an order: of many the most alone, as the ends of many are what chance made of them.
func order(o *overview.Overview, risen []verdict.Headline, all bool) string {
	first, last := risen[0], risen[len(risen)-1]
	var said []string
	if o.Order.Most {
		said = append(said, fmt.Sprintf("most %s, %s", first.Workload, top(first)))
	}
	if all && o.Order.Least {
		said = append(said, fmt.Sprintf("least %s, %s", last.Workload, top(last)))
	}
	switch {
	case len(said) > 0:
		return ", " + strings.Join(said, "; ")
	case len(risen) == 2:
		return fmt.Sprintf(": %s %s, %s %s", first.Workload, top(first), last.Workload, top(last))
	case first.Best.Rough() || last.Best.Rough():
		return ""
	case len(risen) > mostOrdered:
		return ", seen up to " + amount(first.Best)
	}
	return fmt.Sprintf(", seen from %s (%s) to %s (%s)", amount(last.Best), last.Workload, amount(first.Best), first.Workload)
}

// every names all of n workloads.
func every(n int) string {
	if n == 2 {
		return "both workloads"
	}
	return fmt.Sprintf("all %d workloads", n)
}

// oneCount says that n workloads, of all those that were measured, tell nothing of how they scale.
func oneCount(n, all int) string {
	which := "each"
	if n < all {
		which = fmt.Sprint(n)
	}
	return fmt.Sprintf("of %d workloads %s %s measured at one count only, so that nothing shows how they scale", all, which,
		verb(max(n, 1), "was", map[bool]string{true: "was", false: "were"}[n == all]))
}

// Outcome is what is shown of a workload, in a word or a few.
func Outcome(of overview.Outcome) string {
	return map[overview.Outcome]string{
		overview.Faster: "faster", overview.CannotFollow: "cannot follow the count", overview.Slower: "slower",
		overview.NoChange: "no change shown", overview.TooNoisy: "too noisy to tell", overview.OneCount: "one count",
		overview.NoBase: "base not measured",
	}[of]
}

// Busy says how many of its cores a point keeps busy: "1.00 of 2 cores busy".
func Busy(p *curve.Point) string {
	return fmt.Sprintf("%s of %s busy", Ratio(p.MeanBusy), Plural(p.Usable(), "core", "cores"))
}

// MostLost says where most core time is lost; empty if no workload is shown to lose more than the others.
func MostLost(o *overview.Overview) string {
	likely := ""
	switch o.Most.Certainty {
	case overview.Untold:
		return ""
	case overview.Likely:
		likely = "likely "
	}
	first := &o.Rows[0]
	said := fmt.Sprintf("most core time is %slost in %s: %s"+NoBreak+"core-seconds in a run", likely, first.Headline.Workload,
		CoreTime(first.Lost.Value))
	if o.Most.Share < 1 {
		said += fmt.Sprintf(", %s of what a run of each workload loses", Percent(o.Most.Share))
	}
	return said
}

// CoreTime writes core-seconds, without their unit.
func CoreTime(v float64) string { return strings.Replace(Figure(v, 3), "-", "−", 1) }

// MeanGain says by how much workloads that are alike get faster on average, or why that is not said.
func MeanGain(m *overview.Mean, of int) string {
	which := fmt.Sprintf("%d workloads", len(m.Workloads))
	if len(m.Workloads) == of {
		which = fmt.Sprintf("all %d workloads", of)
	}
	along := sweep.Sweep{Mode: m.Mode}
	what := fmt.Sprintf("with %s over %s", At(along, m.At), At(along, m.Base))
	if m.Scaling == sweep.Weak {
		what += ", weak scaling"
	}
	if m.Unit != "" && len(m.Workloads) < of {
		what += ", in " + m.Unit
	}
	if m.Absence == overview.WideIntervals {
		noisy := fmt.Sprintf("the %s of %d of them", verb(m.Noisy, "interval", "intervals"), m.Noisy)
		if m.Noisy == len(m.Workloads) {
			noisy = "the intervals of all"
		}
		return fmt.Sprintf("no mean speedup is given of %s %s: noise makes %s too wide", which, what, noisy)
	}
	iv := fmt.Sprintf("95"+NoBreak+"%% interval %s×", RatioRange(m.Interval))
	if m.Interval.Method == curve.MinMax {
		iv = fmt.Sprintf("range %s×, too few runs for an interval", RatioRange(m.Interval))
	}
	switch {
	case tooWide(m.Interval):
		iv = "its interval is too wide to be known"
	case m.Interval.Noisy():
		iv += ", with what noise allows"
	}
	return fmt.Sprintf("geometric mean of the speedups of %s %s: %s (%s)", which, what, Times(m.Speedup), iv)
}
