// Package view is a study in words: the one value that every document for people is written from.
//
// Its headings, sentences, tables, claims and notices say a figure the same wherever it stands; writers only set them.
// Package document has what goes into report.json.
package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A View is an analysed study in words.
type View struct {
	Study     *study.Study
	Heading   string
	Title     string     // the finding as a sentence; of several workloads, which of them get faster
	Workloads []Workload // in the order of the study
	Overview  *Overview  // of several workloads; nil of one
	Question  string     // of several workloads, a sentence
	First     First      // of several workloads
	Stopped   string
	Ground    string // what all curves stand on, in brief
	Command   string // that made the study, as it can be pasted
	Built     string // what its programs were built from; empty: not known
	Ran       []Fact
	Failures  []string
	Warnings  []Notice
	Method    string
	Embeds    string
	Profiles  []Profile // beside the report
}

// A Workload is one workload in words.
type Workload struct {
	*study.Workload
	Curves []Curve

	Name     string
	Headline string   // the finding, without its full stop
	Reached  string   // as Headline, without what the sizes come to
	Title    string   // the finding as a sentence
	Question string   // a sentence
	What     string   // it is, where there are many; empty: that stands in Ran
	Bound    string   // a sentence
	Advice   []string // sentences
	Evidence []string // sentences
	Tables   []page.Table

	Accounts []page.Table // where the cores go
	Findings []Claim      // of the points that the curves are judged by
	Others   []Claim      // of other points

	Laws      []Claim // what the laws make of each curve
	LawTables []page.Table
	Predicted []Claim // what replays of a recording give on more cores, or why there is nothing, of each curve

	BySize  []BySize  // what the size does to it, by scaling; none where one size was measured
	Smaller []Smaller // sizes that are folded away, from the smallest; none where each stands beside the others

	Brief Brief
	First First
}

// A Brief is what of a workload has room in a terminal.
type Brief struct {
	Sizes  string       // sentences on what the size does, besides the headline
	Tables []page.Table // that of the sizes first
	Why    []string     // what decided, a sentence for each bound
	Advice string       // a sentence
}

// A Curve is a curve and what it is called.
type Curve struct {
	*study.Curve
	Label string // tells the curves of a workload apart: "threads"
}

// Of puts an analysed study into words. It does not change it.
func Of(st *study.Study) *View {
	v := &View{
		Study:    st,
		Stopped:  words.Sentence(words.Printable(st.Header.Stopped)),
		Ground:   groundText(st),
		Profiles: profiles(st.Profiles),
		Method: "Speedup is the ratio of the medians, base over count. Intervals hold the true value with 95" +
			words.NoBreak + "% and come from a percentile bootstrap of whole launches; below five launches there are too " +
			"few for an interval, and minimum and maximum are shown. Timings come from untraced runs only; traced runs " +
			"explain them.",
		Embeds: embeds(st),
	}
	for _, n := range Notices(st) {
		v.Warnings = append(v.Warnings, n.sentences())
	}
	v.Command = shell.Quote(st.Header.Command...)
	v.Built = builtText(st.Header.Workloads)
	v.Ran = ran(st, v.Command, v.Profiles)
	var programs []sweep.Program
	for i := range st.Workloads {
		w := workload(st, &st.Workloads[i])
		w.First = v.first(&w)
		if len(st.Workloads) > MostWhole {
			w.What = words.Sentence(workloadText(w.Program))
		}
		programs = append(programs, w.Program)
		v.Workloads = append(v.Workloads, w)
	}
	if len(v.Workloads) > 1 {
		v.Question = fmt.Sprintf("Do these %d workloads get faster with more cores, and if not, where do the cores go?",
			len(v.Workloads))
		v.First = v.firstOfAll()
	}
	v.Overview = overviewOf(st)
	v.Title = v.title()
	v.Heading = words.Heading(programs, MostWhole)
	for _, f := range st.Failures() {
		v.Failures = append(v.Failures, words.Failure(&f))
	}
	return v
}

// workload puts a workload into words. Of one with many sizes the largest stands for all, and Smaller has the others.
func workload(st *study.Study, of *study.Workload) Workload {
	main, folded := split(of)
	w := part(st, main)
	w.BySize = w.bySize(st)
	w.Headline = w.headline(true)
	w.Reached = w.headline(false)
	w.Title = words.Sentence(w.Headline)
	for i := range w.BySize {
		s := &w.BySize[i]
		if s.Stands() {
			w.Brief.Tables = slices.Insert(w.Brief.Tables, 0, s.Brief)
		}
		w.Brief.Sizes = strings.TrimSpace(w.Brief.Sizes + " " + strings.Join(s.Claims, " "))
	}
	for i := range folded {
		w.Smaller = append(w.Smaller, w.smaller(st, &folded[i]))
	}
	return w
}

// part puts the families of a workload into words.
func part(st *study.Study, of *study.Workload) Workload {
	w := Workload{Workload: of, Name: of.Program.Name}
	has := func(s sweep.Sweep) bool {
		return slices.ContainsFunc(of.Families, func(f study.Family) bool {
			return f.Scaling == s.Scaling && f.Size == s.Size
		})
	}
	all := slices.DeleteFunc(slices.Clone(st.Header.Sweeps), func(s sweep.Sweep) bool { return !has(s) })
	for i := range of.Curves {
		if c := &of.Curves[i]; has(c.Sweep) {
			w.Curves = append(w.Curves, Curve{c, label(c.Sweep, all)})
		}
	}
	w.Headline = w.headline(true)
	w.Reached = w.Headline
	w.Title = words.Sentence(w.Headline)
	w.Bound = w.boundSentence()
	w.Question = w.question()
	w.Advice = w.advice()
	for _, c := range w.Curves {
		if c.Ignored != nil {
			w.Bound = strings.TrimSpace(w.Bound + " " + words.Upper(words.Sentence(words.Warning(*c.Ignored))))
		}
	}
	w.Evidence = w.evidence()
	w.tables(st)
	w.claims()
	w.laws()
	w.predictions()
	w.Brief = Brief{Tables: briefTables(st, &w), Why: w.why(), Advice: w.briefAdvice(st.Efficiency)}
	return w
}

// title is what v comes to.
func (v *View) title() string {
	switch len(v.Workloads) {
	case 0:
		return "Nothing was measured."
	case 1:
		return v.Workloads[0].Title
	}
	return words.Upper(words.Sentence(words.Faster(v.Study.Overview)))
}

// headline is the finding of w; of several families that of each, and what is the same of all once. Where the largest
// size stands for many, it begins with what the sizes come to, if that is asked for.
func (w *Workload) headline(sizes bool) string {
	var said []string
	modes := w.modes()
	several := len(w.Families) > 1
	few, oneScaling := several, several
	for i := range w.Families {
		f := &w.Families[i]
		few = few && f.Headline.FewRuns
		oneScaling = oneScaling && f.Scaling == w.Families[0].Scaling && modes[i] == modes[0]
	}
	for i := range w.Families {
		f := &w.Families[i]
		h := f.Headline
		h.FewRuns = h.FewRuns && !few
		s := words.Headline(h)
		stands := w.standsFor(f)
		switch {
		case stands != nil:
			s = "at " + stands.at(f.Size) + " " + s
			if said := w.SizeTitle(stands); said != "" && sizes {
				s = said + "; " + s
			}
		case several && (f.Size != 1 || w.Program.Unit != ""):
			s = "at " + w.sizeOf(f) + " " + s
		}
		if several && !oneScaling {
			s = fmt.Sprintf("%s%s scaling: %s", modes[i], f.Scaling, s)
		}
		said = append(said, s)
	}
	if few {
		said = append(said, words.FewRuns)
	}
	name := w.Name
	if oneScaling {
		name += fmt.Sprintf(", %s%s scaling", modes[0], w.Families[0].Scaling)
	}
	return name + ": " + strings.Join(said, "; ")
}

// ByScaling returns w once for each scaling of its curves: speedups under strong scaling, of one work, and under weak
// scaling, of a work that grows, do not stand on one scale.
func (w *Workload) ByScaling() []*Workload {
	var out []*Workload
	for _, s := range []sweep.Scaling{sweep.Strong, sweep.Weak} {
		of, part := *w.Workload, *w
		of.Families = slices.DeleteFunc(slices.Clone(of.Families), func(f study.Family) bool { return f.Scaling != s })
		if len(of.Families) == 0 || len(of.Families) == len(w.Families) {
			continue
		}
		part.Workload = &of
		part.Curves = slices.DeleteFunc(slices.Clone(w.Curves), func(c Curve) bool { return c.Sweep.Scaling != s })
		part.Headline, part.Reached = part.headline(true), part.headline(false)
		out = append(out, &part)
	}
	if len(out) == 0 {
		return []*Workload{w}
	}
	return out
}

// modes names the modes of each family of w, if those of the families differ: that threads share the work where each
// process does all of it. Else the names are empty.
func (w *Workload) modes() []string {
	own := make([][]string, len(w.Families))
	for _, c := range w.Curves {
		m := words.Mode(c.Sweep.Mode)
		for i := range w.Families {
			if w.Families[i].Of(c.Curve) && !slices.Contains(own[i], m) {
				own[i] = append(own[i], m)
			}
		}
	}
	out := make([]string, len(w.Families))
	if !slices.ContainsFunc(own, func(of []string) bool { return !slices.Equal(of, own[0]) }) {
		return out
	}
	for i := range out {
		out[i] = strings.Join(own[i], " and ") + ", "
	}
	return out
}

// evidence is what decided for the bounds of w, each sentence once.
func (w *Workload) evidence() []string {
	var seen tally
	for _, c := range w.Curves {
		for _, e := range c.Verdict.Evidence {
			text := words.Sentence(words.Printable(words.Evidence(c.Sweep, e)))
			if len(w.Curves) > 1 {
				text = c.Label + ": " + text
			}
			seen.add(words.Upper(text))
		}
	}
	return seen.order
}

// tables makes all tables of w but those of its laws. A note stands once.
func (w *Workload) tables(st *study.Study) {
	put := func(t page.Table, ok bool) {
		if ok {
			w.Tables = append(w.Tables, t)
		}
	}
	if a, b := bothModes(w); a != nil {
		put(bothTable(st, a, b), true)
	}
	for i := range w.Curves {
		t := curveTable(st, &w.Curves[i]).Known()
		t.ID = fmt.Sprintf("c%d", i+1)
		put(t, true)
		put(metricsTable(&w.Curves[i]))
	}
	put(phasesTable(w))
	put(costTable(w))
	put(w.popTable())
	var noted tally
	for i := range w.Tables {
		t := &w.Tables[i]
		t.Notes = slices.DeleteFunc(t.Notes, func(n string) bool { noted.add(n); return noted.count[n] > 1 })
	}
	for i := range w.Families {
		if t, ok := w.stackTable(&w.Families[i]); ok {
			w.Accounts = append(w.Accounts, t)
		}
	}
}

// A Fact is something that was run, and how.
type Fact struct {
	Name, Text string
}

// question is what the study asked of w.
func (w *Workload) question() string {
	var by tally
	for _, c := range w.Curves {
		by.add(strings.ReplaceAll(words.Axis(c.Sweep), "×", "and"))
	}
	return fmt.Sprintf("Does %s get faster with more %s, and if not, where do the cores go?", w.Name,
		cmp.Or(strings.Join(by.order, " or "), "cores"))
}

// BaseText says what the speedups of c are relative to. Why there is no base is said once of a workload.
func (c *Curve) BaseText() string {
	if c.Base < 0 {
		return "no base"
	}
	b := c.Points[c.Base]
	return fmt.Sprintf("base: %s, %s, %s", words.At(c.Sweep, b.Point), words.Duration(b.Median), medianWords(b))
}

// noBase says why c, which has no base, has none.
func (c *Curve) noBase() string {
	if len(c.Points) == 0 {
		return "no base: no count is swept"
	}
	p := c.Points[0]
	at := words.At(c.Sweep, p.Point)
	switch {
	case p.Runs > 0:
		return fmt.Sprintf("no base: no run with %s has a time", at)
	case p.Failed > 0:
		return fmt.Sprintf("no base: no run with %s succeeded", at)
	}
	return fmt.Sprintf("no base: no timed run with %s was made", at)
}

// medianWords says what a median is of and how sure it is.
func medianWords(p curve.Point) string {
	s := "median of " + words.Plural(p.Runs, "run", "runs")
	iv := p.MedianRange
	if iv == nil {
		return s
	}
	what := "95" + words.NoBreak + "% interval"
	if iv.Method == curve.MinMax {
		what = "min–max"
	}
	if iv.Noisy() {
		what += " with what noise allows"
	}
	return fmt.Sprintf("%s, %s %s", s, what, words.DurationRange(iv, p.Median))
}

// label says what tells s apart from the other sweeps of its workload.
func label(s sweep.Sweep, all []sweep.Sweep) string {
	name := words.Curve(s)
	var parts []string
	several := func(differ func(t sweep.Sweep) bool) bool {
		return slices.ContainsFunc(all, func(t sweep.Sweep) bool { return t.Workload == s.Workload && differ(t) })
	}
	if several(func(t sweep.Sweep) bool { return t.Size != s.Size }) {
		parts = append(parts, "size "+words.MeasuredSize(s.Size))
	}
	if several(func(t sweep.Sweep) bool { return t.Scaling != s.Scaling }) {
		parts = append(parts, string(s.Scaling)+" scaling")
	}
	if len(parts) == 0 {
		return name
	}
	return name + " (" + strings.Join(parts, ", ") + ")"
}
