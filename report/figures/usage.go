package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// flatMemory is how many times the least the largest memory of a workload must be for a picture of it.
const flatMemory = 1.2

// sameMemory is how far the largest process may be from all together, over that, where a picture of one says all.
const sameMemory = 0.01

// A span is the least and the largest of several amounts; the least is infinite if there is none.
type span struct{ least, most float64 }

func (s *span) add(v float64) {
	if words.Finite(v) {
		s.least, s.most = min(s.least, v), max(s.most, v)
	}
}

// flat reports whether the amounts are about the same.
func (s span) flat() bool { return s.most < flatMemory*s.least }

// megabytes writes the amounts, which are bytes: "17.2 to 17.4", "10.0".
func (s span) megabytes() string {
	least, most := words.Megabytes(int64(s.least)), words.Megabytes(int64(s.most))
	if least == most {
		return least
	}
	return least + " to " + most
}

// memoryOf is the picture of the memory of w against n; none if fewer than two counts of its curves know it, or if it
// is about the same at all of them. It has a part for the largest process only if that is not the same everywhere.
func memoryOf(v *view.View, w *view.Workload) []Figure {
	m := chart.Memory{Cores: len(v.Study.Header.Host.CPUs)}
	counts := map[int]bool{}
	largest, all := span{least: math.Inf(1)}, span{least: math.Inf(1)}
	bound, alike := false, true
	tables := ""
	for i := range w.Curves {
		c := &w.Curves[i]
		line := chart.MemoryLine{Name: c.Label, Curve: &c.Curve.Curve}
		for k, p := range c.Points {
			u := c.Figures[k].Use
			together := u.Tree - u.Coordinator
			line.Largest, line.Tree = append(line.Largest, u.Worker), append(line.Tree, together)
			largest.add(u.Worker)
			if together > all.most && u.Coordinator > 0 {
				tables = fmt.Sprintf(" In tables, RSS of all is with the process that hands out tasks: %s%sMB with %s.",
					words.Megabytes(int64(u.Tree)), words.NoBreak, words.At(c.Sweep, p.Point))
			}
			all.add(together)
			bound = bound || u.Bound
			if words.Finite(u.Worker) {
				counts[p.N] = true
				alike = alike && math.Abs(u.Worker-together) <= sameMemory*together
			}
		}
		m.Lines = append(m.Lines, line)
	}
	both := span{min(largest.least, all.least), max(largest.most, all.most)}
	if len(counts) < 2 || both.flat() {
		return nil
	}
	m.Alike = alike
	if m.One = alike || largest.flat(); m.One && !alike {
		m.Footnote = fmt.Sprintf("The largest process that works has %s%sMB everywhere.", largest.megabytes(), words.NoBreak)
	}
	name := "memory"
	if len(v.Workloads) > 1 {
		name += "-" + w.Name
	}
	m.Title = memoryTitle(w, m.Lines)
	c := &w.Curves[0]
	m.Subtitle = fmt.Sprintf("peak resident memory, medians of timed runs; %s; %s", words.Size(c.Sweep, w.Program.Unit),
		words.Machine(v.Study.Header.Host))
	if bound {
		m.Footnote += " All together: the sum of their peaks, which need not fall together: an upper bound. Pages that processes share count in each."
	}
	m.Footnote = strings.TrimSpace(m.Footnote + tables)
	caption := "Peak memory of the largest process that works, and of all that work together."
	switch {
	case m.Alike:
		caption = "Peak memory."
	case m.One:
		caption = "Peak memory of all processes that work together."
	}
	return []Figure{figure(m, w.Name, view.Memory, name, m.Words, caption, "Peak memory over n. "+words.Sentence(m.Title))}
}

// memoryTitle says what memory does from the base to the largest count of the first curve, and of that which ends with
// most of the others.
func memoryTitle(w *view.Workload, lines []chart.MemoryLine) string {
	var parts []string
	most := 0.0 // of any but the first
	say := func(size float64, said string) {
		switch {
		case len(parts) < 2:
			parts = append(parts, said)
		case size > most:
			parts[1] = said
		default:
			return
		}
		if len(parts) == 2 {
			most = size
		}
	}
	for i, l := range lines {
		c := &w.Curves[i]
		first, last := -1, -1
		for k, v := range l.Tree {
			if !words.Finite(v) {
				continue
			}
			if first < 0 {
				first = k
			}
			last = k
		}
		if first < 0 || first == last {
			continue
		}
		size, times := words.Megabytes(int64(l.Tree[last]))+" MB", l.Tree[last]/l.Tree[first]
		to, from := words.At(c.Sweep, c.Points[last].Point), words.At(c.Sweep, c.Points[first].Point)
		if times > 1/flatMemory && times < flatMemory {
			say(l.Tree[last], fmt.Sprintf("about %s with %s, the same as with %s", size, to, from))
			continue
		}
		say(l.Tree[last], fmt.Sprintf("%s with %s, %s that of %s", size, to, words.TimesTitle(times), from))
	}
	if len(parts) == 0 {
		return w.Name + ": memory of the largest process against n"
	}
	return w.Name + ": " + strings.Join(parts, "; ")
}

// flatMetric is how many times the least the largest figure of a benchmark must be for a panel of it.
const flatMetric = 1.05

// metricsOf are the pictures of what the runs of w, a benchmark, report of themselves: one for each of its curves whose
// operations take more or less memory at one count than at another. Operations per second alone are the time again,
// which the curves show.
func metricsOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	for i := range w.Curves {
		c := &w.Curves[i]
		f := chart.Metrics{Axis: "n = " + words.Axis(c.Sweep), Name: c.Label}
		var none, always []string
		for _, unit := range []string{"B/op", "allocs/op"} {
			points := metricPoints(c, unit)
			switch least, most := ends(points); {
			case len(points) == 0:
			case most == 0:
				none = append(none, unit)
			case most < flatMetric*least:
				always = append(always, words.Ratio(points[0].Value)+" "+unit)
			default:
				f.Panels = append(f.Panels, chart.MetricPanel{Unit: unit, Points: points})
			}
		}
		if len(f.Panels) == 0 {
			continue
		}
		most := slices.MaxFunc(f.Panels, func(a, b chart.MetricPanel) int { return cmp.Compare(change(a.Points), change(b.Points)) })
		f.Title = fmt.Sprintf("%s: %s", w.Name, metricWords(c, most))
		f.Panels = slices.Insert(f.Panels, 0, chart.MetricPanel{Unit: "ops/s", Points: metricPoints(c, "ops/s")})
		f.Subtitle = fmt.Sprintf("%s; %s", words.Size(c.Sweep, w.Program.Unit), words.Machine(v.Study.Header.Host))
		f.Footnote = "Points: medians of the timed runs, hollow below five and where half of them are noisy. Bars: the range seen."
		if len(none) > 0 {
			f.Footnote += " 0 in all runs: " + words.List(none) + "."
		}
		if len(always) > 0 {
			f.Footnote += " About the same in all runs: " + words.List(always) + "."
		}
		name := "benchmark-" + w.Name
		if i > 0 {
			name += fmt.Sprintf("-%d", i+1)
		}
		out = append(out, figure(f, w.Name, view.Small, name, f.Words,
			"Operations per second, and what an operation allocates, as the benchmark reports them.",
			"Operations per second, bytes and allocations per operation against the count. "+words.Sentence(f.Title)))
	}
	return out
}

// ends are the least and the largest of what runs report.
func ends(points []chart.MetricPoint) (least, most float64) {
	least = math.Inf(1)
	for _, p := range points {
		least, most = min(least, p.Low), max(most, p.High)
	}
	return least, most
}

// change is how many times the smaller of the medians at the ends of points the larger is.
func change(points []chart.MetricPoint) float64 {
	first, last := points[0].Value, points[len(points)-1].Value
	return max(first, last) / min(first, last)
}

// metricWords is the finding of a panel.
func metricWords(c *view.Curve, of chart.MetricPanel) string {
	first, last := of.Points[0], of.Points[len(of.Points)-1]
	at := func(p chart.MetricPoint) string {
		k := slices.IndexFunc(c.Points, func(q curve.Point) bool { return float64(q.N) == p.N })
		unit, v := map[string]string{"B/op": "bytes", "allocs/op": "allocations"}[of.Unit], p.Value
		for _, s := range []struct {
			word string
			size float64
		}{{"billion", 1e9}, {"million", 1e6}, {"thousand", 1e3}} {
			if v >= s.size {
				unit, v = s.word+" "+unit, v/s.size
				break
			}
		}
		return fmt.Sprintf("%.3g %s with %s", v, unit, words.At(c.Sweep, c.Points[k].Point))
	}
	switch {
	case len(of.Points) == 1:
		return "an operation takes " + at(first)
	case last.Low <= first.High && first.Low <= last.High:
		return "an operation takes " + at(last) + ", " + at(first) + "; the ranges of the runs overlap"
	}
	return "an operation takes " + at(last) + ", " + words.TimesTitle(last.Value/first.Value) + " that of " + at(first)
}

// metricPoints are the medians and ranges of one figure of the runs of c.
func metricPoints(c *view.Curve, unit string) []chart.MetricPoint {
	var out []chart.MetricPoint
	for i := range c.Points {
		if m, has := c.Figures[i].Metrics[unit]; has {
			out = append(out, chart.MetricPoint{
				N: float64(c.Points[i].N), Value: m.Median, Low: m.Low, High: m.High,
				Runs: m.Runs, Noisy: c.Points[i].Noisy,
			})
		}
	}
	return out
}
