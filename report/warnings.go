package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A tally counts equal texts, in the order in which they first came.
type tally struct {
	order []string
	count map[string]int
}

func (t *tally) add(texts ...string) {
	if t.count == nil {
		t.count = map[string]int{}
	}
	for _, s := range texts {
		if t.count[s]++; t.count[s] == 1 {
			t.order = append(t.order, s)
		}
	}
}

// A notice is the warnings of one kind: one sentence for all, and each of them.
type notice struct {
	Text    string
	Details []string // empty: Text is all
	Sums    bool     // Text says more than the first of the details and their number
	Minor   bool     // it qualifies a figure that stands in the long documents only
}

// lines are what report.json holds of n.
func (n notice) lines() []string {
	switch {
	case len(n.Details) == 0:
		return []string{n.Text}
	case n.Sums:
		return append([]string{n.Text}, n.Details...)
	default:
		return n.Details
	}
}

// mostRecorded is how many different texts that captures recorded stand each for itself: what they have in common is not known.
const mostRecorded = 3

// A pile sorts warnings into kinds, in the order in which the kinds first came.
type pile struct {
	one, many string // the noun of a repetition: "run", "runs"
	kinds     []warning.Kind
	of        map[warning.Kind]*tally
}

func (p *pile) add(all ...warning.Warning) {
	if p.of == nil {
		p.of = map[warning.Kind]*tally{}
	}
	for _, w := range all {
		if p.of[w.Kind] == nil {
			p.kinds = append(p.kinds, w.Kind)
			p.of[w.Kind] = &tally{}
		}
		p.of[w.Kind].add(words.Warning(w))
	}
}

func (p *pile) notices() []notice {
	var out []notice
	for _, k := range p.kinds {
		t := p.of[k]
		var all []string
		sum := 0
		for _, s := range t.order {
			n := t.count[s]
			sum += n
			if n > 1 {
				s = fmt.Sprintf("%s (%s)", s, words.Plural(n, p.one, p.many))
			}
			all = append(all, s)
		}
		switch {
		case k == warning.Recorded && len(all) <= mostRecorded || len(all) == 1:
			for _, s := range all {
				out = append(out, notice{Text: s, Minor: minor(k)})
			}
		default:
			out = append(out, notice{Text: fmt.Sprintf("%s (and %d more like it)", t.order[0], sum-1), Details: all, Minor: minor(k)})
		}
	}
	return out
}

// minor reports whether a reader of a terminal misses a warning of kind k least.
func minor(k warning.Kind) bool {
	switch k {
	case warning.PsNotCores, warning.PsByRecords, warning.LessCPU, warning.RecordsLevel, warning.RecordsMissing:
		return true
	}
	return k.Analysis() == "path"
}

// notices gathers what was warned of anywhere: about the study, the machine, the curves, the runs and their traces. What many runs share stands
// there once, with their number.
func (r *Report) notices() []notice {
	study := pile{one: "time", many: "times"}
	ignored := pile{one: "time", many: "times"}
	ignored.add(warning.Told(r.ignoredWarnings()...)...)
	runs := pile{one: "run", many: "runs"}
	traces := pile{one: "trace", many: "traces"}
	study.add(r.in.Warnings...)
	study.add(warning.Told(r.in.Header.Warnings...)...)
	study.add(warning.Told(r.in.Header.Host.Limits...)...)
	for _, s := range r.in.Header.Resumes {
		if s.Forced {
			study.add(warning.Told(fmt.Sprintf("the study was forced to go on at %s after %s although the machine or the program differ: %s",
				s.At, words.Plural(s.FirstRun, "run", "runs"), words.List(s.Different)))...)
		}
	}
	study.add(warning.Told(quotaWarning(r.in.Header)...)...)
	var few []string
	of := func(warnings []warning.Warning) {
		for _, w := range warnings {
			if w.Kind == warning.FewLaunches || w.Kind == warning.FewAtBase {
				few = append(few, words.Warning(w))
			} else {
				study.add(w)
			}
		}
	}
	if r.ceiling != nil {
		of(r.ceiling.Curve.Warnings)
	}
	for _, w := range r.Workloads {
		for _, c := range w.Curves {
			of(c.Warnings)
		}
	}
	study.add(r.accountWarnings...)
	for i := range r.in.Results {
		res := &r.in.Results[i]
		for _, w := range warning.Told(res.Warnings...) {
			w.Subject.Workload = res.Point.Workload
			runs.add(w)
		}
	}
	for _, t := range r.traced {
		for _, w := range t.warnings() {
			if (w.Subject.Run == sweep.Run{}) {
				w.Subject.Workload = t.Result.Point.Workload
			}
			traces.add(w)
		}
	}
	return slices.Concat(ignored.notices(), r.fewNotice(few), study.notices(), r.outsideNotice(), r.noiseNotice(), runs.notices(), traces.notices())
}

// fewNotice says once for the whole study that points have too few launches.
func (r *Report) fewNotice(details []string) []notice {
	if len(details) == 0 {
		return nil
	}
	seen := map[sweep.Point]bool{}
	few, least, most := 0, 0, 0
	count := func(c *curve.Curve) {
		for _, p := range c.Points {
			if seen[p.Point] || p.Runs == 0 {
				continue
			}
			seen[p.Point] = true
			if p.Runs >= curve.MinLaunches {
				continue
			}
			if few++; few == 1 {
				least, most = p.Runs, p.Runs
			}
			least, most = min(least, p.Runs), max(most, p.Runs)
		}
	}
	if r.ceiling != nil {
		count(&r.ceiling.Curve)
	}
	for _, w := range r.Workloads {
		for i := range w.Curves {
			count(&w.Curves[i].Curve)
		}
	}
	launches := words.Plural(most, "launch", "launches")
	if least != most {
		launches = fmt.Sprintf("%d to %s", least, launches)
	}
	s := fmt.Sprintf("%d of %s with %s: too few for an interval, which takes %d; the range seen is given", few,
		words.Plural(len(seen), "point", "points"), launches, curve.MinLaunches)
	var each tally
	each.add(details...)
	return []notice{{Text: s, Details: each.order, Sums: true}}
}

// mostWarnings is the number of kinds of warnings that the terminal gives.
const mostWarnings = 8

// briefWarnings are the warnings for a terminal: those that matter most if there are many, and how many more there are.
func briefWarnings(all []notice) (shown []string, more int) {
	room := mostWarnings
	for _, n := range all {
		if room > 0 && !n.Minor {
			room--
		}
	}
	major := mostWarnings
	for _, n := range all {
		switch {
		case n.Minor && room > 0:
			room--
		case n.Minor || major == 0:
			more++
			continue
		default:
			major--
		}
		shown = append(shown, n.Text)
	}
	return shown, more
}

// noiseNotice says how many timed runs were noisy, whose they were and what the worst of them met.
func (r *Report) noiseNotice() []notice {
	var workloads tally
	timed := 0
	var worst *sweep.Result
	var details []string
	for i := range r.in.Results {
		res := &r.in.Results[i]
		if res.Kind != sweep.Timed || res.Status != sweep.OK {
			continue
		}
		timed++
		if !res.Noise.Noisy {
			continue
		}
		workloads.add(res.Point.Workload)
		if worst == nil || res.Noise.Share > worst.Noise.Share {
			worst = res
		}
		details = append(details, res.Dir()+": "+cmp.Or(strings.Join(res.Noise.Reasons, "; "), "flagged noisy"))
	}
	if worst == nil {
		return nil
	}
	var of []string
	for _, w := range workloads.order {
		of = append(of, fmt.Sprintf("%d of %s", workloads.count[w], w))
	}
	s := fmt.Sprintf("%d of %s noisy (%s); they stay in the medians", len(details), words.Plural(timed, "timed run was", "timed runs were"), words.List(of))
	if worst.Noise.Share > 0 {
		s += "; other programs took up to " + words.Plain(words.Percent(worst.Noise.Share)) + " of the CPU time"
	}
	return []notice{{Text: s, Details: details, Sums: true}}
}

// quotaWarning names the points that ask for more cores than a quota grants.
func quotaWarning(h sweep.Header) []string {
	q := h.Host.QuotaCores
	if q <= 0 {
		return nil
	}
	var above []int
	for _, s := range h.Sweeps {
		for _, p := range s.Points {
			if float64(p.Cores) > q {
				above = append(above, p.Cores)
			}
		}
	}
	if len(above) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("a CPU quota grants %s cores: points on %d cores or more are held back by it, not by the program",
		words.Ratio(q), slices.Min(above))}
}

// outsideMatters is how far the work of a traced run must be from that of the timed ones before its lying outside their range is worth a
// warning: where timed runs are very much alike, any run lies outside.
const outsideMatters = 0.05

// outsideNotice says which points tracing has changed.
func (r *Report) outsideNotice() []notice {
	var details []string
	low, high := 0.0, 0.0
	seen := map[sweep.Point]bool{}
	for _, w := range r.Workloads {
		for _, c := range w.Curves {
			for _, p := range c.Points {
				v := p.TraceOverhead
				if !p.TracedOutside || seen[p.Point] || words.Finite(v) && v >= 1-outsideMatters && v <= 1+outsideMatters {
					continue
				}
				seen[p.Point] = true
				if !words.Finite(v) {
					details = append(details, fmt.Sprintf("%s: a traced run lies outside the range of the timed ones", p.Point))
					continue
				}
				if low == 0 {
					low, high = v, v
				}
				low, high = min(low, v), max(high, v)
				details = append(details, fmt.Sprintf("%s: the traced run took %s the work time of the timed ones and lies outside their range: "+
					"its pictures show another run than the figures", p.Point, words.Times(v)))
			}
		}
	}
	if len(details) < 2 {
		if len(details) == 0 {
			return nil
		}
		return []notice{{Text: details[0]}}
	}
	s := fmt.Sprintf("the traced runs of %d points lie outside the range of the timed ones", len(details))
	if low > 0 {
		of := words.Times(high)
		if words.Ratio(low) != words.Ratio(high) {
			of = words.Ratio(low) + "–" + of
		}
		s += " (" + of + " their work time)"
	}
	return []notice{{Text: s + ": their pictures show other runs than the figures", Details: details, Sums: true}}
}
