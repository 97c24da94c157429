package view

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// curveTable is every figure of c.
func curveTable(st *study.Study, c *Curve) page.Table {
	t := page.Table{
		Title:   words.Upper(c.Label),
		Caption: fmt.Sprintf("%s: n = %s; %s.", words.Upper(c.Label), words.Axis(c.Sweep), words.Measure(st.Measure)),
		Head: []page.Head{
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
		t.Put(curveRow(c, i, &m)...)
	}
	t.Notes = append(m.notes(), "efficiency (eff.): speedup over n",
		"Karp–Flatt (K–F): the serial share if that were all that is lost; it rises with n where something else is",
		words.BusyNote(st.Measure)+"; sys: share of the CPU time that the kernel took; switches: of threads, "+
			"in a run; RSS: peak memory of the largest process, and of all of them (≤: at most, the sum of their peaks)")
	note := ceilingNote(st, c)
	if note == "" {
		note = "speedup over that of a loop in registers"
	}
	t.Notes = append(t.Notes, "of ceiling (ceil.): "+note)
	return t
}

// ceilingNote is what a reader must know of the ceiling beside c.
func ceilingNote(st *study.Study, c *Curve) string {
	switch {
	case st.Ceiling == nil:
		return "not measured: " + words.NoCeiling(st.NoCeiling)
	case c.Verdict.Bound == verdict.IO:
		return "not shown, because the cores do not bound work that waits"
	case st.CeilingNoisy:
		return "noise can explain more than a tenth of it, so it is not known"
	default:
		return ""
	}
}

func curveRow(c *Curve, i int, m *marks) []page.Cell {
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
	switches, sys, rss := u.Voluntary+u.Involuntary, sysShare(p), float64(p.MaxRSS)
	return []page.Cell{
		{Text: n, Value: float64(p.N)},
		{Text: m.runs(p), Value: float64(p.Runs)},
		{Text: words.Duration(p.Median), Value: p.Median},
		{Text: words.DurationRange(p.MedianRange, p.Median), Value: low(p.MedianRange)},
		{Text: words.Ratio(p.Speedup), Value: p.Speedup},
		{Text: speedupRange, Value: low(p.Interval)},
		{Text: words.PercentNumber(p.Efficiency), Value: p.Efficiency},
		{Text: words.PercentNumber(c.Figures[i].CeilingShare), Value: c.Figures[i].CeilingShare},
		{Text: words.Fraction(p.KarpFlatt), Value: p.KarpFlatt},
		{Text: words.Duration(p.CPU), Value: p.CPU},
		{Text: words.Ratio(p.MeanBusy), Value: p.MeanBusy},
		{Text: words.PercentNumber(sys), Value: sys},
		{Text: count(switches), Value: switches},
		{Text: words.Megabytes(p.MaxRSS), Value: rss},
		{Text: tree, Value: u.Tree},
	}
}

// low is the lower end of an interval, by which columns of intervals are sorted.
func low(iv *curve.Interval) float64 {
	if iv == nil {
		return math.NaN()
	}
	return iv.Low
}

// count writes a number of events.
func count(v float64) string { return words.Fixed(v, 0) }

// sysShare is the part of the CPU time of p that the kernel took.
func sysShare(p curve.Point) float64 { return p.Sys / p.CPU }

// marks writes the numbers of runs with marks on those that need a word, and remembers which.
type marks struct {
	few, noise, failed bool
}

func (m *marks) runs(p curve.Point) string {
	s := fmt.Sprint(p.Runs)
	if isMinMax(p.Interval) || isMinMax(p.MedianRange) {
		s += "*"
		m.few = true
	}
	if p.Interval.Noisy() || p.MedianRange.Noisy() {
		s += "~"
		m.noise = true
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
	allowed := ""
	if m.noise {
		allowed = ", at ~ with what noise allows"
	}
	for _, n := range []struct {
		met  bool
		text string
	}{
		{m.few, "*: too few runs for an interval (below five here or at the base); minimum and maximum are shown" + allowed},
		{m.noise, "~: other programs or the hypervisor took some of its time; the interval holds what a quiet machine may give"},
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
		return c.Sweep.Mode == sweep.Procs && c.Sweep.Size == threads.Sweep.Size &&
			c.Sweep.Scaling == threads.Sweep.Scaling
	})
	if i < 0 {
		return nil, nil
	}
	return threads, &w.Curves[i]
}

// bothTable is the classic table of threads against processes.
func bothTable(st *study.Study, a, b *Curve) page.Table {
	t := page.Table{
		Title:   "Threads against processes",
		Caption: fmt.Sprintf("Threads against processes; %s.", words.Measure(st.Measure)),
		Head: []page.Head{
			{Name: "n"}, {Name: "threads: time"}, {Name: "speedup (interval)"}, {Name: "processes: " +
				"time"}, {Name: "speedup (interval)"},
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
		row := []page.Cell{{Text: fmt.Sprint(n), Value: float64(n)}}
		for _, c := range []*Curve{a, b} {
			row = append(row, modeCells(c, n, &m)...)
		}
		t.Put(row...)
	}
	t.Notes = m.notes()
	return t
}

// modeCells is the time and the speedup of c at n.
func modeCells(c *Curve, n int, m *marks) []page.Cell {
	i := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == n })
	if i < 0 {
		return []page.Cell{page.Words(words.Unknown), page.Words(words.Unknown)}
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
	return []page.Cell{{Text: time, Value: p.Median}, {Text: speedup, Value: p.Speedup}}
}

// metricsTable is what the runs of c printed of themselves; ok is false if they are no benchmarks.
func metricsTable(c *Curve) (t page.Table, ok bool) {
	known := map[string]study.Metric{}
	for i := range c.Figures {
		maps.Copy(known, c.Figures[i].Metrics)
	}
	if len(known) == 0 {
		return page.Table{}, false
	}
	order := study.Units(known)
	more := max(0, len(order)-words.MostUnits)
	order = order[:len(order)-more]
	t = page.Table{
		Title:   words.Upper(c.Label) + ": what the benchmark reports",
		Caption: fmt.Sprintf("Medians; n = %s.", words.Axis(c.Sweep)),
		Head:    []page.Head{{Name: "n"}},
	}
	for _, unit := range order {
		t.Head = append(t.Head, page.Head{Name: words.Printable(unit)})
	}
	for i := range c.Points {
		row := []page.Cell{{Text: strconv.Itoa(c.Points[i].N), Value: float64(c.Points[i].N)}}
		for _, unit := range order {
			cell := page.Words(words.Unknown)
			if m, has := c.Figures[i].Metrics[unit]; has {
				cell = page.Cell{Text: strconv.FormatFloat(m.Median, 'g', 4, 64), Value: m.Median}
			}
			row = append(row, cell)
		}
		t.Put(row...)
	}
	if more > 0 {
		t.Notes = append(t.Notes, words.MoreUnits(more))
	}
	return t, true
}
