package report

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// memoryOf is the picture of the memory of w against n; none if fewer than two counts of its curves know it.
func (r *Report) memoryOf(w *Workload) []NamedFigure {
	m := chart.Memory{Cores: len(r.study.Header.Host.CPUs)}
	counts := map[int]bool{}
	bound := false
	for i := range w.Curves {
		c := &w.Curves[i]
		line := chart.MemoryLine{Name: c.Label, Curve: &c.Curve.Curve}
		for k, p := range c.Points {
			u := c.Figures[k].Use
			line.Largest = append(line.Largest, u.Largest)
			line.Tree = append(line.Tree, u.Tree)
			bound = bound || u.Bound
			if words.Finite(u.Largest) {
				counts[p.N] = true
			}
		}
		m.Lines = append(m.Lines, line)
	}
	if len(counts) < 2 {
		return nil
	}
	name := "memory"
	if len(r.Workloads) > 1 {
		name += "-" + w.Program.Name
	}
	m.Title = w.memoryTitle(m.Lines)
	c := &w.Curves[0]
	m.Subtitle = fmt.Sprintf("peak resident memory, medians of timed runs; %s; %s", r.sizeWords(c.Sweep), machineWords(r.study.Header.Host))
	if bound {
		m.Footnote = "All processes: the sum of their peaks, which need not fall together: an upper bound. Pages that processes share count in each."
	}
	return []NamedFigure{{
		Name: name, Workload: w.Program.Name, Place: Memory, Title: m.Title, Figure: m,
		Caption: "Left: peak memory of the largest process. Right: of all processes together.",
		Alt:     "Peak memory over n. " + words.Sentence(m.Title),
	}}
}

// mostInTitle is the number of curves that a title speaks of.
const mostInTitle = 2

// memoryTitle says what memory does from the base to the largest count of each curve.
func (w *Workload) memoryTitle(lines []chart.MemoryLine) string {
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
		parts = append(parts, fmt.Sprintf("%s MB with %s, %s MB with %s", words.Megabytes(int64(l.Tree[first])), words.At(c.Sweep, c.Points[first].Point),
			words.Megabytes(int64(l.Tree[last])), words.At(c.Sweep, c.Points[last].Point)))
	}
	if len(parts) == 0 {
		return w.Program.Name + ": memory of the largest process against n"
	}
	return w.Program.Name + ": " + strings.Join(parts[:min(len(parts), mostInTitle)], "; ")
}

// ignored says that the program of c takes no notice of the number of its workers; empty if it does, or if that cannot be told.
func ignored(c *Curve) string {
	if c.Ignored == nil {
		return ""
	}
	return words.Warning(*c.Ignored)
}

// count writes a number of events.
func count(v float64) string { return words.Fixed(v, 0) }

// sysShare is the part of the CPU time of p that the kernel took.
func sysShare(p curve.Point) float64 { return p.Sys / p.CPU }
