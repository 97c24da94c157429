package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// medians are what the timed runs of a point printed of themselves, by unit; none if they printed nothing.
func medians(metrics map[string]study.Metric) map[string]float64 {
	if metrics == nil {
		return nil
	}
	out := map[string]float64{}
	for unit, m := range metrics {
		out[unit] = m.Median
	}
	return out
}

// metricsOf are the pictures of what the runs of w, a benchmark, report of themselves: one for each of its curves.
func (r *Report) metricsOf(w *Workload) []NamedFigure {
	var out []NamedFigure
	for i := range w.Curves {
		c := &w.Curves[i]
		f := chart.Metrics{Axis: "n = " + axisWords(c.Sweep)}
		for _, unit := range []string{"ops/s", "B/op", "allocs/op"} {
			if points := metricPoints(c, unit); len(points) > 0 {
				f.Panels = append(f.Panels, chart.MetricPanel{Unit: unit, Points: points})
			}
		}
		if len(f.Panels) == 0 {
			continue
		}
		f.Title = fmt.Sprintf("%s, %s: %s", w.Program.Name, c.Label, opsWords(c, f.Panels[0].Points))
		f.Subtitle = fmt.Sprintf("%s; %s", r.sizeWords(c.Sweep), machineWords(r.study.Header.Host))
		f.Footnote = "Points: medians of the timed runs, hollow below five. Bars: the range seen."
		name := "benchmark-" + w.Program.Name
		if i > 0 {
			name += fmt.Sprintf("-%d", i+1)
		}
		out = append(out, NamedFigure{
			Name: name, Workload: w.Program.Name, Place: Small, Title: f.Title, Figure: f,
			Caption: "Operations per second, and what an operation allocates, as the benchmark reports them.",
			Alt:     "Operations per second, bytes and allocations per operation against the count. " + words.Sentence(f.Title),
		})
	}
	return out
}

// opsWords is the finding of a picture whose first panel holds the operations per second.
func opsWords(c *Curve, points []chart.MetricPoint) string {
	first, last := points[0], points[len(points)-1]
	at := func(p chart.MetricPoint) string {
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
		return fmt.Sprintf("%.3g %s at %s = %.0f", v, unit, axisWords(c.Sweep), p.N)
	}
	if len(points) == 1 {
		return at(first)
	}
	return at(first) + ", " + at(last)
}

// metricPoints are the medians and ranges of one figure of the runs of c.
func metricPoints(c *Curve, unit string) []chart.MetricPoint {
	var out []chart.MetricPoint
	for i := range c.Points {
		if m, has := c.Figures[i].Metrics[unit]; has {
			out = append(out, chart.MetricPoint{N: float64(c.Points[i].N), Value: m.Median, Low: m.Low, High: m.High, Runs: m.Runs})
		}
	}
	return out
}

// metricsTable is what the runs of c printed of themselves; ok is false if they are no benchmarks.
func metricsTable(c *Curve) (t table, ok bool) {
	units := map[string]bool{}
	for i := range c.Points {
		for unit := range c.Figures[i].Metrics {
			units[unit] = true
		}
	}
	if len(units) == 0 {
		return table{}, false
	}
	place := map[string]int{"ops/s": -3, "ns/op": -2, "MB/s": -1, "B/op": 1, "allocs/op": 2} // the benchmark's own units between
	order := slices.SortedFunc(maps.Keys(units), func(a, b string) int { return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b)) })
	t = table{
		Caption: fmt.Sprintf("%s, %s: what the benchmark reports; medians, n = %s.", c.Sweep.Workload, c.Label, axisWords(c.Sweep)),
		Head:    []head{{Name: "n"}},
	}
	for _, unit := range order {
		t.Head = append(t.Head, head{Name: words.Printable(unit)})
	}
	for i := range c.Points {
		row := []string{strconv.Itoa(c.Points[i].N)}
		for _, unit := range order {
			cell := "–"
			if m, has := c.Figures[i].Metrics[unit]; has {
				cell = strconv.FormatFloat(m.Median, 'g', 4, 64)
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, true
}
