package figures

import (
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

// memoryOf is the picture of the memory of w against n; none if fewer than two counts of its curves know it, or if it
// is about the same at all of them.
func memoryOf(v *view.View, w *view.Workload) []Figure {
	m := chart.Memory{Cores: len(v.Study.Header.Host.CPUs)}
	counts := map[int]bool{}
	bound, coordinator := false, 0.0
	least, most := math.Inf(1), 0.0
	for i := range w.Curves {
		c := &w.Curves[i]
		line := chart.MemoryLine{Name: c.Label, Curve: &c.Curve.Curve}
		for k, p := range c.Points {
			u := c.Figures[k].Use
			line.Largest = append(line.Largest, u.Worker)
			line.Tree = append(line.Tree, u.Tree-u.Coordinator)
			for _, v := range []float64{u.Worker, u.Tree - u.Coordinator} {
				if words.Finite(v) {
					least, most = min(least, v), max(most, v)
				}
			}
			bound, coordinator = bound || u.Bound, max(coordinator, u.Coordinator)
			if words.Finite(u.Worker) {
				counts[p.N] = true
			}
		}
		m.Lines = append(m.Lines, line)
	}
	if len(counts) < 2 || most < flatMemory*least {
		return nil
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
		m.Footnote = "All together: the sum of their peaks, which need not fall together: an upper bound. Pages that processes share count in each."
	}
	if coordinator > 0 {
		m.Footnote = strings.TrimSpace(m.Footnote + fmt.Sprintf(" Not in it: the process that hands out tasks, at most %s%sMB.",
			words.Megabytes(int64(coordinator)), words.NoBreak))
	}
	return []Figure{figure(m, w.Name, view.Memory, name, m.Words,
		"Peak memory of the largest process that works, and of all that work together.",
		"Peak memory over n. "+words.Sentence(m.Title))}
}

// mostInTitle is the number of curves that a title speaks of.
const mostInTitle = 2

// memoryTitle says what memory does from the base to the largest count of each curve.
func memoryTitle(w *view.Workload, lines []chart.MemoryLine) string {
	var parts []string
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
			parts = append(parts, fmt.Sprintf("about %s with %s, the same as with %s", size, to, from))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s with %s, %s that of %s", size, to, words.TimesTitle(times), from))
	}
	if len(parts) == 0 {
		return w.Name + ": memory of the largest process against n"
	}
	return w.Name + ": " + strings.Join(parts[:min(len(parts), mostInTitle)], "; ")
}

// metricsOf are the pictures of what the runs of w, a benchmark, report of themselves: one for each of its curves.
func metricsOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	for i := range w.Curves {
		c := &w.Curves[i]
		f := chart.Metrics{Axis: "n = " + words.Axis(c.Sweep), Name: c.Label}
		var none, always []string
		for _, unit := range []string{"ops/s", "B/op", "allocs/op"} {
			points := metricPoints(c, unit)
			switch {
			case len(points) == 0:
			case !slices.ContainsFunc(points, func(p chart.MetricPoint) bool { return p.High != 0 }):
				none = append(none, unit)
			case unit != "ops/s" && constant(points):
				always = append(always, words.Ratio(points[0].Value)+" "+unit)
			default:
				f.Panels = append(f.Panels, chart.MetricPanel{Unit: unit, Points: points})
			}
		}
		if len(f.Panels) == 0 {
			continue
		}
		f.Title = fmt.Sprintf("%s: %s", w.Name, opsWords(c, f.Panels[0].Points))
		f.Subtitle = fmt.Sprintf("%s; %s", words.Size(c.Sweep, w.Program.Unit), words.Machine(v.Study.Header.Host))
		f.Footnote = "Points: medians of the timed runs, hollow below five. Bars: the range seen."
		if len(none) > 0 {
			f.Footnote += " 0 in all runs: " + words.List(none) + "."
		}
		if len(always) > 0 {
			f.Footnote += " The same in all runs: " + words.List(always) + "."
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

// constant reports whether all runs at all points report the same, which needs no picture.
func constant(points []chart.MetricPoint) bool {
	return !slices.ContainsFunc(points, func(p chart.MetricPoint) bool {
		return p.Low != points[0].Value || p.High != points[0].Value
	})
}

// opsWords is the finding of a picture whose first panel holds the operations per second.
func opsWords(c *view.Curve, points []chart.MetricPoint) string {
	first, last := points[0], points[len(points)-1]
	at := func(p chart.MetricPoint) string {
		k := slices.IndexFunc(c.Points, func(q curve.Point) bool { return float64(q.N) == p.N })
		unit, v := "operations/s", p.Value
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
	if len(points) == 1 {
		return at(first)
	}
	if last.Low <= first.High && first.Low <= last.High {
		return at(last) + ", " + at(first) + "; the ranges of the runs overlap"
	}
	return at(last) + ", " + words.TimesTitle(last.Value/first.Value) + " that of " + at(first)
}

// metricPoints are the medians and ranges of one figure of the runs of c.
func metricPoints(c *view.Curve, unit string) []chart.MetricPoint {
	var out []chart.MetricPoint
	for i := range c.Points {
		if m, has := c.Figures[i].Metrics[unit]; has {
			out = append(out, chart.MetricPoint{
				N: float64(c.Points[i].N), Value: m.Median, Low: m.Low, High: m.High,
				Runs: m.Runs,
			})
		}
	}
	return out
}
