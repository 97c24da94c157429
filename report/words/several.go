package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Faster says which of several workloads get faster and which of them most, and of how many the opposite or nothing is
// shown. That most of them are benchmarks that cannot follow the count of workers comes first: no other sentence on them says
// more.
func Faster(o *overview.Overview) string {
	all, idle := len(o.Rows), o.Idle()
	if o.Count(verdict.Unsure) == all {
		return every(all) + " are too noisy to tell"
	}
	text := rising(o)
	var others []string
	switch {
	case idle == all && all == 2:
		return "neither benchmark can follow the count of workers: both keep one core busy"
	case idle == all:
		return fmt.Sprintf("none of the %d benchmarks can follow the count of workers: they keep one core busy", all)
	case 2*idle > all && o.Count(verdict.Rises) == 0:
		text = fmt.Sprintf("%d of %d benchmarks cannot follow the count of workers, and none is shown to get faster", idle, all)
	case 2*idle > all:
		text = fmt.Sprintf("%d of %d benchmarks cannot follow the count of workers; %s", idle, all, text)
	case idle > 0:
		others = append(others, fmt.Sprintf("%d cannot follow the count of workers", idle))
	}
	if n := o.Count(verdict.Falls); n > 0 {
		others = append(others, fmt.Sprintf("%d %s slower", n, verb(n, "gets", "get")))
	}
	if n := o.Count(verdict.Unsure); n > 0 {
		others = append(others, fmt.Sprintf("%d %s too noisy to tell", n, verb(n, "is", "are")))
	}
	if n := o.Count(verdict.Single); n > 0 && n+o.Count("") < len(o.Rows) {
		others = append(others, fmt.Sprintf("%d %s measured at one count only", n, verb(n, "was", "were")))
	}
	if n := o.Count(""); n > 0 {
		others = append(others, fmt.Sprintf("the base of %d was not measured", n))
	}
	return strings.Join(append([]string{text}, others...), "; ")
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// rising says which workloads get faster.
func rising(o *overview.Overview) string {
	var rising []verdict.Headline
	for i := range o.Rows {
		if r := &o.Rows[i]; r.Kind() == verdict.Rises {
			rising = append(rising, r.Headline)
		}
	}
	slices.SortStableFunc(rising, func(a, b verdict.Headline) int { return cmp.Compare(b.Best.Gain, a.Best.Gain) })
	all := len(o.Rows)
	if len(rising) == 0 {
		if n := o.Count(verdict.Single); n > 0 && n+o.Count("") == all {
			return oneCount(n, all)
		}
		if all == 2 {
			return "neither workload is shown to get faster"
		}
		return fmt.Sprintf("none of the %d workloads is shown to get faster", all)
	}
	most := rising[0]
	top := fmt.Sprintf("%s %s", amount(most.Best), reached(most.Best, most.Cores))
	switch {
	case len(rising) == 1:
		return fmt.Sprintf("of %d workloads only %s is shown to get faster: %s", all, most.Workload, top)
	case len(rising) < all:
		return fmt.Sprintf("%d of %d workloads get faster, most %s, %s", len(rising), all, most.Workload, top)
	}
	least := rising[len(rising)-1]
	return fmt.Sprintf("%s get faster, most %s, %s; least %s, %s", every(all), most.Workload, top, least.Workload,
		amount(least.Best))
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

// Outcome is what is shown of the workload of r, in a word or a few.
func Outcome(r *overview.Row) string {
	if r.Idle {
		return "cannot follow the count"
	}
	return map[verdict.RiseKind]string{
		"": "base not measured", verdict.Single: "one count", verdict.Flat: "no change shown", verdict.Unsure: "too noisy to tell",
		verdict.Falls: "slower", verdict.Rises: "faster",
	}[r.Kind()]
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
	if m.Absence == overview.TooNoisy {
		noisy := fmt.Sprintf("%d of them %s", m.Noisy, verb(m.Noisy, "is", "are"))
		if m.Noisy == len(m.Workloads) {
			noisy = "all are"
		}
		return fmt.Sprintf("no mean speedup is given of %s %s: %s too noisy to tell", which, what, noisy)
	}
	iv := fmt.Sprintf("95"+NoBreak+"%% interval %s×", RatioRange(m.Interval))
	if m.Interval.Method == curve.MinMax {
		iv = fmt.Sprintf("range %s×, too few runs for an interval", RatioRange(m.Interval))
	}
	if m.Interval.Noisy() {
		iv += ", with what noise allows"
	}
	return fmt.Sprintf("geometric mean of the speedups of %s %s: %s (%s)", which, what, Times(m.Speedup), iv)
}
