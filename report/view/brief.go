package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostWhy is the number of figures that the terminal gives for a verdict; the other documents have them all.
const mostWhy = 2

// briefTables are the tables of w for a terminal: threads against processes in one where both were run, and one for
// every other curve.
func briefTables(st *study.Study, w *Workload) []page.Table {
	var out []page.Table
	a, b := bothModes(w)
	if a != nil {
		t := bothTable(st, a, b)
		t.Caption = words.Upper(a.BaseText()) + "."
		out = append(out, t)
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		if c == a || c == b {
			continue
		}
		t := curveTable(st, c).Brief()
		t.Caption = fmt.Sprintf("%s; %s.", words.Upper(c.Label), c.BaseText())
		if b := c.Sweep.Basis; b != "" && b != sweep.OfWorkload {
			t.Caption = fmt.Sprintf("%s %s.", t.Caption, words.Upper(words.Size(c.Sweep, w.Program.Unit)))
		}
		out = append(out, t)
	}
	return out
}

// why says for each bound of w what decided: the figures of the first curve that it holds for, those of the others in
// brackets where they differ.
func (w *Workload) why() []string {
	var out []string
	for _, b := range w.bounds() {
		head := w.not(&b)
		if b.bound != "" {
			head = fmt.Sprintf("%s is %s%s", w.Name, b.bound, w.on(&b))
		}
		if figures := decisive(b.curves); len(figures) > 0 {
			head += ": " + strings.Join(figures, "; ")
		}
		out = append(out, head+".")
	}
	return out
}

// decisive are the figures of the first of the curves, without the speedup, which the table above has.
func decisive(curves []*Curve) []string {
	var out []string
	for _, e := range curves[0].Verdict.Evidence {
		if e.Kind == verdict.Speedup || len(out) == mostWhy {
			continue
		}
		text := words.Printable(words.Evidence(curves[0].Sweep, e))
		own := words.EvidenceFigure(e)
		var others []string
		for _, c := range curves[1:] {
			i := slices.IndexFunc(c.Verdict.Evidence, func(o verdict.Evidence) bool { return o.Kind == e.Kind })
			if i < 0 {
				continue
			}
			if f := words.EvidenceFigure(c.Verdict.Evidence[i]); f != own {
				others = append(others, c.Label+" "+f)
			}
		}
		if len(others) > 0 {
			text += " (" + strings.Join(others, ", ") + ")"
		}
		out = append(out, text)
	}
	return out
}

// groundText is what all curves stand on: the machine, its ceiling, and how the runs ended.
func groundText(st *study.Study) string {
	h := st.Header
	text := fmt.Sprintf("On %s; %s; runs: %s.", words.Machine(h.Host), words.Measure(st.Measure), runsText(st))
	if st.Header.Stopped != "" {
		text += " Stopped: " + words.Sentence(words.Printable(st.Header.Stopped))
	}
	switch {
	case st.Ceiling == nil:
	case st.CeilingNoisy:
		text += " The machine’s ceiling is " + ceilingText(st) + "."
	default:
		text += " Measured ceiling: " + ceilingText(st) + "."
	}
	return text
}

// A ground is why a count is recommended, and whether noise makes its interval so much wider that it is named.
type ground struct {
	reason recommend.Reason
	noise  bool
}

// briefAdvice is what is recommended for w, in one sentence.
func (w *Workload) briefAdvice(least float64) string {
	var beyond []string
	all := w.advised()
	for i := range all {
		if a := &all[i]; a.At >= 0 {
			if more := a.beyond(onMode(all, i)); more != "" {
				beyond = append(beyond, more)
			}
		}
	}
	eff := words.Asked(least)
	var parts []string
	for _, of := range []struct {
		ground
		why string
	}{
		{ground{recommend.Shown, false}, "the largest count whose efficiency is at least " + eff + " with 95" + words.NoBreak + "% confidence"},
		{
			ground{recommend.Shown, true},
			"the largest count whose efficiency is at least " + eff + " with 95" + words.NoBreak + "% confidence and with what noise allows",
		},
		{ground{recommend.Seen, false}, "the largest count whose efficiency was at least " + eff + " in every run"},
		{
			ground{recommend.Seen, true},
			"the largest count whose efficiency is at least " + eff + " in every run with what noise allows",
		},
		{ground{recommend.NoneBeyond, false}, "as no larger count is shown to reach an efficiency of " + eff},
		{ground{recommend.Only, false}, "the only count with a figure"},
	} {
		if n := named(all, func(a *advised) bool { return of.ground == ground{a.Reason, a.Noise} }); len(n) > 0 {
			parts = append(parts, words.List(n)+", "+of.why)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Recommended: " + strings.Join(append(parts, beyond...), "; ") + "."
}

// named are the counts that are recommended by those of all that are such. What two modes have in common, one worker in
// one process, stands there once, and if it is all that is recommended it is of no mode.
func named(all []advised, such func(*advised) bool) []string {
	var out []string
	var points []sweep.Point
	of := 0
	for i := range all {
		a := &all[i]
		if a.At < 0 || !such(a) {
			continue
		}
		of++
		if p := a.Points[a.At].Point; !slices.Contains(points, p) {
			points = append(points, p)
			out = append(out, a.at(a.At)+onMode(all, i))
		}
	}
	if of > 1 && len(points) == 1 {
		k := slices.IndexFunc(all, func(a advised) bool { return a.At >= 0 && such(&a) })
		return []string{all[k].at(all[k].At)}
	}
	return out
}

// onMode names what advice i is of, where there are several: "4 processes" says it where one curve is of them.
func onMode(all []advised, i int) string {
	if len(all) > 1 && all[i].label != words.Mode(sweep.Procs) {
		return " on " + all[i].label
	}
	return ""
}

// mostTold is how many workloads have a sentence each on the first screen of all.
const mostTold = 3

// eachBriefly says of each of a few workloads what bounds it, and which counts are recommended; of many that would be a
// list.
func (v *View) eachBriefly() string {
	if len(v.Workloads) > mostTold {
		return ""
	}
	var said, advice []string
	for i := range v.Workloads {
		w := &v.Workloads[i]
		counts := named(w.advised(), func(*advised) bool { return true })
		if w.Bound != "" {
			said = append(said, w.Bound)
		}
		if len(counts) > 0 {
			advice = append(advice, w.Name+": "+words.List(counts))
		}
	}
	if len(advice) > 0 {
		said = append(said, "Recommended for "+strings.Join(advice, "; for ")+".")
	}
	return strings.Join(said, " ")
}

// beyond names the counts of a, with where they are, that may be worth their cores without that being shown.
func (a *advised) beyond(on string) string {
	var parts []string
	if b := a.Likely; b.N > 0 {
		parts = append(parts, fmt.Sprintf("likely %s, not shown with %s", a.at(b.At)+on, words.Plural(b.Runs, "run", "runs")))
	}
	if b := a.Untold; b.N > 0 {
		parts = append(parts, fmt.Sprintf("for %s too noisy to tell", a.at(b.At)+on))
	}
	return strings.Join(parts, "; ")
}

// BriefNotes are those of the brief tables of the workloads that are shown, by index, each once and up to where its
// explanation begins.
func (v *View) BriefNotes(shown []int) string {
	var out []string
	for _, i := range shown {
		for _, t := range v.Workloads[i].Brief.Tables {
			for _, n := range t.Notes {
				if short, _, _ := strings.Cut(n, "; "); !slices.Contains(out, short) {
					out = append(out, short)
				}
			}
		}
	}
	return words.Sentence(strings.Join(out, "; "))
}
