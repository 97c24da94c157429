package view

import (
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
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

// A Notice is the warnings of one kind: one sentence for all, and each of them.
type Notice struct {
	Text    string
	Details []string // empty: Text is all
	Sums    bool     // Text says more than the first of the details and their number
	Minor   bool     // it qualifies a figure that stands in the long documents only
	Told    bool     // who sits at the terminal was told before, and other readers are by the long documents

	Of []warning.Warning // the facts that it says
}

// Lines are what report.json holds of n.
func (n Notice) Lines() []string {
	switch {
	case len(n.Details) == 0:
		return []string{n.Text}
	case n.Sums:
		return append([]string{n.Text}, n.Details...)
	default:
		return n.Details
	}
}

// mostRecorded is how many different texts that captures recorded stand each for itself: what they have in common is
// not known.
const mostRecorded = 3

// A pile is the warnings of one kind.
type pile struct {
	kind warning.Kind
	all  []warning.Warning
}

// piles sorts the warnings by kind, in the order in which the kinds first came. Texts recorded of runs are apart from
// those of the study; that points have too few launches, and curves therefore, is one kind.
func piles(all []warning.Warning) []pile {
	type key struct {
		kind  warning.Kind
		ofRun bool
	}
	at := map[key]int{}
	var out []pile
	for _, w := range all {
		k := key{w.Kind, w.Kind == warning.Recorded && w.Subject.Run != sweep.Run{}}
		if w.Kind == warning.FewAtBase {
			k.kind = warning.FewLaunches
		}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, pile{kind: k.kind})
		}
		out[i].all = append(out[i].all, w)
	}
	return out
}

// notices are what p says: equal sentences stand there once, with their number.
func (p *pile) notices() []Notice {
	var t tally
	of := map[string][]warning.Warning{}
	for _, w := range p.all {
		text := words.Warning(w)
		t.add(text)
		of[text] = append(of[text], w)
	}
	one, many := p.noun()
	var all []string
	for _, s := range t.order {
		// Curves that share a point each warn of it.
		if n, about := t.count[s], &of[s][0].Subject; n > 1 && (about.Run != sweep.Run{} || about.Point == sweep.Point{}) {
			s = fmt.Sprintf("%s (%s)", s, words.Plural(n, one, many))
		}
		all = append(all, s)
	}
	if len(all) > 1 && (p.kind != warning.Recorded || len(all) > mostRecorded) {
		return []Notice{{
			Text: alike(t.order[0], len(p.all)), Details: all,
			Minor: minor(p.kind), Of: p.all,
		}}
	}
	var out []Notice
	for i, s := range all {
		out = append(out, Notice{Text: s, Minor: minor(p.kind), Told: p.kind == warning.HiddenWords, Of: of[t.order[i]]})
	}
	return out
}

// alike is the first text of several warnings of a kind.
func alike(first string, of int) string {
	if of == 1 {
		return first
	}
	return fmt.Sprintf("%s (and %d more like it)", first, of-1)
}

// noun is what a repetition is of.
func (p *pile) noun() (one, many string) {
	switch run := p.all[0].Subject.Run; {
	case run == sweep.Run{}:
		return "time", "times"
	case p.kind == warning.Recorded:
		return "run", "runs"
	default:
		return "trace", "traces"
	}
}

// minor reports whether a reader of a terminal misses a warning of kind k least.
func minor(k warning.Kind) bool {
	switch k {
	case warning.PsNotCores, warning.PsByRecords, warning.LessCPU, warning.RecordsLevel, warning.RecordsMissing:
		return true
	}
	return k.Analysis() == "path"
}

// Notices are what was warned of anywhere, a notice for each kind.
func Notices(st *study.Study) []Notice {
	var out []Notice
	for _, p := range piles(st.Warnings) {
		switch p.kind {
		case warning.FewLaunches:
			out = append(out, fewNotice(st, p.all))
		case warning.TracedOutside:
			out = append(out, outsideNotice(p.all))
		case warning.NoisyRun:
			out = append(out, noiseNotice(p.all))
		default:
			out = append(out, p.notices()...)
		}
	}
	for i := range out {
		if n := &out[i]; len(n.Of) > 0 && n.Of[0].Subject == (warning.Subject{}) { // else it begins with a name
			n.Text = words.Opening(n.Text)
		}
	}
	return out
}

// fewNotice says once for the whole study that points have too few launches.
func fewNotice(st *study.Study, all []warning.Warning) Notice {
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
	if st.Ceiling != nil {
		count(&st.Ceiling.Curve)
	}
	for _, w := range st.Workloads {
		for i := range w.Curves {
			count(&w.Curves[i].Curve)
		}
	}
	launches := words.Plural(most, "launch", "launches")
	if least != most {
		launches = fmt.Sprintf("%d to %s", least, launches)
	}
	s := fmt.Sprintf("%d of %s with %s: too few for an interval, which takes %d; the range of the runs is given, with what noise allows", few,
		words.Plural(len(seen), "point", "points"), launches, curve.MinLaunches)
	var each tally
	each.add(words.Warnings(all)...)
	return Notice{Text: s, Details: each.order, Sums: true, Of: all}
}

// mostNoisy is how many of the workloads that had noisy runs are named.
const mostNoisy = 10

// noiseNotice says how many timed runs were noisy, whose they were and what the worst of them met.
func noiseNotice(all []warning.Warning) Notice {
	var workloads tally
	worst := 0.0
	for _, w := range all {
		workloads.add(w.Subject.Workload)
		worst = max(worst, w.Figures.Ratio)
	}
	var of []string
	for i, w := range workloads.order {
		if i == mostNoisy {
			of = append(of, words.Plural(len(workloads.order)-i, "other workload", "other workloads"))
			break
		}
		of = append(of, fmt.Sprintf("%d of %s", workloads.count[w], w))
	}
	s := fmt.Sprintf("%d of %s noisy (%s); intervals hold what that can explain", len(all),
		words.Plural(all[0].Figures.Of, "timed run was", "timed runs were"), words.List(of))
	if worst > 0 {
		s += "; other programs took up to " + words.Plain(words.Percent(worst)) + " of the CPU time"
	}
	return Notice{Text: s, Details: words.Warnings(all), Sums: true, Of: all}
}

// outsideNotice says which points tracing has changed.
func outsideNotice(all []warning.Warning) Notice {
	details := words.Warnings(all)
	if len(details) == 1 {
		return Notice{Text: details[0], Of: all}
	}
	low, high := 0.0, 0.0
	for _, w := range all {
		if v := w.Figures.Ratio; v > 0 {
			if low == 0 {
				low, high = v, v
			}
			low, high = min(low, v), max(high, v)
		}
	}
	s := fmt.Sprintf("the traced runs of %d points lie outside the range of the timed ones", len(details))
	if low > 0 {
		of := words.Times(high)
		if words.Ratio(low) != words.Ratio(high) {
			of = words.Ratio(low) + "–" + of
		}
		s += " (" + of + " their work time)"
	}
	return Notice{Text: s + ": their pictures show other runs than the figures", Details: details, Sums: true, Of: all}
}

// sentences is n as it stands in a document for people.
func (n Notice) sentences() Notice {
	n.Text = words.Sentence(words.Foreign(n.Text))
	n.Details = slices.Clone(n.Details)
	for i, d := range n.Details {
		n.Details[i] = words.Sentence(words.Foreign(d))
	}
	return n
}
