package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A view is the report in words, for every document that people read.
type view struct {
	Heading  string
	Parts    []part
	Stopped  string
	Ran      []fact
	Failures []string
	Warnings []notice
	Method   string
	Embeds   string
}

// A part is one workload in words.
type part struct {
	Name     string
	Title    string   // the finding
	Question string   // a sentence
	Bound    string   // a sentence
	Advice   []string // sentences
	Evidence []string // sentences
	Tables   []table

	Accounts []table // where the cores go
	Findings []claim // of the points that the curves are judged by
	Others   []claim // of other points

	Laws      []claim // what the laws make of each curve
	LawTables []table

	workload *Workload
}

// A fact is something that was run, and how.
type fact struct {
	Name, Text string
}

func (r *Report) view() view {
	v := view{
		Stopped: words.Sentence(words.Printable(r.study.Header.Stopped)),
		Ran:     r.ran(),
		Method: "Speedup is the ratio of the medians, base over count. Intervals hold the true value with 95" + words.NoBreak + "% and come from a percentile " +
			"bootstrap of whole launches; below five launches there are too few for an interval, and minimum and maximum are shown. " +
			"Timings come from untraced runs only; traced runs explain them.",
		Embeds: r.embeds(),
	}
	var names []string
	for i := range r.Workloads {
		w := &r.Workloads[i]
		names = append(names, w.Program.Name)
		v.Parts = append(v.Parts, r.part(w))
	}
	v.Heading = cmp.Or(words.List(names), "no workload")
	for i := range r.Document.Failures {
		v.Failures = append(v.Failures, r.Document.Failures[i].text())
	}
	for _, n := range r.warned {
		n.Text = words.Sentence(words.Foreign(n.Text))
		n.Details = slices.Clone(n.Details)
		for i, d := range n.Details {
			n.Details[i] = words.Sentence(words.Foreign(d))
		}
		v.Warnings = append(v.Warnings, n)
	}
	return v
}

func (r *Report) part(w *Workload) part {
	p := part{Name: w.Program.Name, Title: words.Sentence(w.Title), workload: w}
	p.Bound = boundSentence(w)
	p.Question = w.question()
	p.Advice = w.advice()
	for i := range w.Curves {
		if s := ignored(&w.Curves[i]); s != "" {
			p.Bound = strings.TrimSpace(p.Bound + " " + words.Upper(words.Sentence(s)))
		}
	}
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
	p.Evidence = seen.order
	if a, b := bothModes(w); a != nil {
		p.Tables = append(p.Tables, r.bothTable(w, a, b))
	}
	for i := range w.Curves {
		p.Tables = append(p.Tables, r.curveTable(&w.Curves[i]).known())
		if t, ok := metricsTable(&w.Curves[i]); ok {
			p.Tables = append(p.Tables, t)
		}
	}
	if t, ok := phasesTable(w); ok {
		p.Tables = append(p.Tables, t)
	}
	if t, ok := r.costTable(w); ok {
		p.Tables = append(p.Tables, t)
	}
	if t, ok := w.popTable(); ok {
		p.Tables = append(p.Tables, t)
	}
	var noted tally
	for i := range p.Tables {
		t := &p.Tables[i]
		t.Notes = slices.DeleteFunc(t.Notes, func(n string) bool { noted.add(n); return noted.count[n] > 1 })
	}
	for i := range w.Families {
		f := &w.Families[i]
		if t, ok := w.stackTable(f); ok {
			p.Accounts = append(p.Accounts, t)
		}
	}
	p.Findings, p.Others = w.claims()
	p.Laws, p.LawTables = r.laws(w)
	return p
}

// boundSentence says what bounds w: once if all its curves agree.
func boundSentence(w *Workload) string {
	var bounds []verdict.Bound
	labels := map[verdict.Bound][]string{}
	for _, c := range w.Curves {
		if b := c.Verdict.Bound; b != "" {
			if labels[b] == nil {
				bounds = append(bounds, b)
			}
			labels[b] = append(labels[b], c.Label)
		}
	}
	var known, unclear string
	for _, b := range bounds {
		on := " on " + words.List(labels[b])
		switch bound := words.Bound(b); {
		case bound == "":
			unclear = "What bounds " + w.Program.Name + on + " is not clear from the figures."
		case known == "":
			known = w.Program.Name + " is " + bound + on
		default:
			known += ", and " + bound + on
		}
	}
	return strings.TrimSpace(words.Sentence(known) + " " + unclear)
}

// question is what the study asked of w.
func (w *Workload) question() string {
	var by tally
	for _, c := range w.Curves {
		by.add(strings.ReplaceAll(axisWords(c.Sweep), "×", "and"))
	}
	return fmt.Sprintf("Does %s get faster with more %s, and if not, where do the cores go?", w.Program.Name, cmp.Or(strings.Join(by.order, " or "), "cores"))
}

// baseText says what the speedups of c are relative to.
func (c *Curve) baseText() string {
	if c.Base < 0 {
		return "no base: no run of the smallest point is ok"
	}
	b := c.Points[c.Base]
	return fmt.Sprintf("base: %s, %s, %s", words.At(c.Sweep, b.Point), words.Duration(b.Median), medianWords(b))
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
	return fmt.Sprintf("%s, %s %s", s, what, words.DurationRange(iv, p.Median))
}

// axisWords names the axis of s.
func axisWords(s sweep.Sweep) string { return strings.ReplaceAll(s.Axis(), "procs", "processes") }

// sizeWords says how the size grows.
func (r *Report) sizeWords(s sweep.Sweep) string {
	unit := study.ProgramOf(r.study.Header, s.Workload).Unit
	size := fmt.Sprintf("size %d", s.Size)
	if unit != "" {
		size += " " + unit
	}
	if s.Scaling == sweep.Weak {
		return "weak scaling, " + size + " per worker"
	}
	return "strong scaling, " + size
}

// machineWords is the machine in few words, to stand near numbers.
func machineWords(h sweep.Host) string {
	return cmp.Or(words.Printable(h.CPUModel), h.Arch) + ", " + words.Plural(len(h.CPUs), "CPU", "CPUs")
}

// measureWords names the time that the curves are made of.
func (r *Report) measureWords() string {
	if r.study.Measure == curve.Work {
		return "times are work, without start-up and teardown"
	}
	return "times are total, start-up included"
}

// curveTable is every figure of c.
func (r *Report) curveTable(c *Curve) table {
	t := table{
		Caption: fmt.Sprintf("%s, %s; %s; %s; %s; %s; n = %s.", c.Sweep.Workload, c.Label, c.baseText(), r.sizeWords(c.Sweep), r.measureWords(),
			machineWords(r.study.Header.Host), axisWords(c.Sweep)),
		Head: []head{
			{Name: "n"},
			{Name: "runs"},
			{Name: "median"},
			{Name: "interval"},
			{Name: "speedup", Unit: "×"},
			{Name: "interval"},
			{Name: "efficiency", Short: "eff.", Unit: "%"},
			{Name: "of ceiling", Short: "ceil.", Unit: "%"},
			{Name: "Karp–Flatt", Short: "K–F"},
			{Name: "CPU"},
			{Name: "CPU/wall", Short: "busy"},
			{Name: "sys", Unit: "%", Long: true},
			{Name: "switches", Long: true},
			{Name: "RSS", Unit: "MB"},
			{Name: "RSS of all", Unit: "MB", Long: true},
		},
	}
	var m marks
	for i := range c.Points {
		t.Rows = append(t.Rows, r.curveRow(c, i, &m))
	}
	t.Notes = append(m.notes(), "CPU/wall (busy): cores busy on average; sys: share of the CPU time that the kernel took; switches: of threads, in a run; RSS: "+
		" peak memory of the largest process, and of all of them (≤: at most, the sum of their peaks)")
	if note := r.ceilingNote(c); note != "" {
		t.Notes = append(t.Notes, "of ceiling: "+note)
	}
	return t
}

// ceilingNote is what a reader must know of the ceiling beside c.
func (r *Report) ceilingNote(c *Curve) string {
	switch {
	case r.study.Ceiling == nil:
		return "not measured"
	case c.Verdict.Bound == verdict.IO:
		return "not shown, because the cores do not bound work that waits"
	case r.study.CeilingNoisy:
		return "the runs that measured it were mostly noisy themselves"
	default:
		return ""
	}
}

func (r *Report) curveRow(c *Curve, i int, m *marks) []string {
	p := c.Points[i]
	n := fmt.Sprint(p.N)
	if c.Sweep.Mode == sweep.Grid {
		n = fmt.Sprintf("%d×%d", p.Point.Procs, p.Point.Workers)
	}
	u := c.Figures[i].Use
	tree := words.Unknown
	if words.Finite(u.Tree) {
		tree = words.Megabytes(int64(u.Tree))
		if u.Bound {
			tree = "≤ " + tree
		}
	}
	speedupRange := words.RatioRange(p.Interval)
	if i == c.Base {
		speedupRange = "base"
	}
	return []string{
		n, m.runs(p), words.Duration(p.Median), words.DurationRange(p.MedianRange, p.Median), words.Ratio(p.Speedup), speedupRange, words.PercentNumber(p.Efficiency),
		words.PercentNumber(c.Figures[i].CeilingShare), words.Fraction(p.KarpFlatt), words.Duration(p.CPU), words.Ratio(p.MeanBusy),
		words.PercentNumber(sysShare(p)), count(u.Voluntary + u.Involuntary), words.Megabytes(p.MaxRSS), tree,
	}
}

// marks writes the numbers of runs with marks on those that need a word, and remembers which.
type marks struct {
	few, noisy, failed bool
}

func (m *marks) runs(p curve.Point) string {
	s := fmt.Sprint(p.Runs)
	if isMinMax(p.Interval) || isMinMax(p.MedianRange) {
		s += "*"
		m.few = true
	}
	if p.Noisy > 0 {
		s += fmt.Sprintf("~%d", p.Noisy)
		m.noisy = true
	}
	if p.Failed > 0 {
		s += fmt.Sprintf("!%d", p.Failed)
		m.failed = true
	}
	return s
}

func isMinMax(iv *curve.Interval) bool { return iv != nil && iv.Method == curve.MinMax }

func (m *marks) notes() []string {
	var out []string
	for _, n := range []struct {
		met  bool
		text string
	}{
		{m.few, "*: too few runs for an interval (below five here or at the base); minimum and maximum are shown"},
		{m.noisy, "~: so many of the runs were noisy; they stay in the medians (see the warnings)"},
		{m.failed, "!: so many runs failed; they are not in the figures (see failed runs)"},
	} {
		if n.met {
			out = append(out, n.text)
		}
	}
	return out
}

// bothModes are the curves of threads and of processes that did the same work, if w was run on both; nil otherwise.
func bothModes(w *Workload) (threads, procs *Curve) {
	i := slices.IndexFunc(w.Curves, func(c Curve) bool { return c.Sweep.Mode == sweep.Threads })
	if i < 0 {
		return nil, nil
	}
	threads = &w.Curves[i]
	i = slices.IndexFunc(w.Curves, func(c Curve) bool {
		return c.Sweep.Mode == sweep.Procs && c.Sweep.Size == threads.Sweep.Size && c.Sweep.Scaling == threads.Sweep.Scaling
	})
	if i < 0 {
		return nil, nil
	}
	return threads, &w.Curves[i]
}

// bothTable is the classic table of threads against processes.
func (r *Report) bothTable(w *Workload, a, b *Curve) table {
	t := table{
		Caption: fmt.Sprintf("%s, threads against processes; %s; %s; %s.", w.Program.Name, a.baseText(), r.measureWords(),
			machineWords(r.study.Header.Host)),
		Head: []head{
			{Name: "n"}, {Name: "threads: time"}, {Name: "speedup (interval)"}, {Name: "processes: time"}, {Name: "speedup (interval)"},
		},
	}
	var counts []int
	for _, c := range []*Curve{a, b} {
		for _, p := range c.Points {
			counts = append(counts, p.N)
		}
	}
	slices.Sort(counts)
	var m marks
	for _, n := range slices.Compact(counts) {
		row := []string{fmt.Sprint(n)}
		for _, c := range []*Curve{a, b} {
			row = append(row, modeCells(c, n, &m)...)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = m.notes()
	return t
}

// modeCells is the time and the speedup of c at n.
func modeCells(c *Curve, n int, m *marks) []string {
	i := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == n })
	if i < 0 {
		return []string{words.Unknown, words.Unknown}
	}
	p := c.Points[i]
	time, speedup := words.Duration(p.Median), words.Times(p.Speedup)
	switch {
	case i == c.Base:
		speedup += " (base)"
	case p.Interval != nil:
		speedup += " (" + words.RatioRange(p.Interval) + ")"
	}
	if mark := strings.TrimLeft(m.runs(p), "0123456789"); mark != "" {
		time += " " + mark
	}
	return []string{time, speedup}
}
