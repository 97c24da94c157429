package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Lines are curves that stand in one plain chart: one whose axis is a list of counts, and which cannot leave a count of
// a line out. They have the same counts and the same ideal, and may be of several workloads.
type Lines struct {
	Axis   string // what the counts are of
	Counts []int  // ascending
	Ideal  []float64
	Lines  []Line
}

// A Line is the speedups of a curve.
type Line struct {
	Name     string
	Speedups []float64 // at each count
}

// What a plain chart can show of a curve.
const (
	mostCounts  = 32  // more cannot be read below its axis
	mostSpeedup = 1e6 // more is no speedup, and would be written with an exponent
)

// Lines returns the charts of up to most curves of v, in the order in which its workloads stand in a document, and how
// many curves are left out. A curve without a base, or of one count, has no line and is not counted.
func (v *View) Lines(most int) (charts []Lines, left int) {
	all := map[string]int{} // index of the chart of those that fit into one
	drawn := 0
	for _, i := range v.Ordered() {
		w := &v.Workloads[i]
		for k := range w.Curves {
			c := &w.Curves[k]
			one, ok := c.lines()
			switch {
			case len(one.Counts) < 2:
				continue
			case !ok || drawn == most:
				left++
				continue
			}
			drawn++
			if len(v.Workloads) > 1 {
				one.Lines[0].Name = w.Name + " on " + one.Lines[0].Name
			}
			key := fmt.Sprint(one.Counts, one.Ideal, c.Sweep.Scaling)
			at, is := all[key]
			if !is {
				all[key] = len(charts)
				charts = append(charts, one)
				continue
			}
			of := &charts[at]
			of.Lines = append(of.Lines, one.Lines...)
			if !slices.Contains(strings.Split(of.Axis, " or "), one.Axis) {
				of.Axis += " or " + one.Axis
			}
		}
	}
	return charts, left
}

// lines is c alone in a chart; ok is false if a plain chart cannot show it. Curves of a grid have no ideal in common,
// and the workers in each process as their counts.
func (c *Curve) lines() (out Lines, ok bool) {
	if c.Base < 0 {
		return out, false
	}
	out.Axis, ok = words.Axis(c.Sweep), true
	grid := c.Sweep.Mode == sweep.Grid
	if grid {
		out.Axis = "workers in each process"
	}
	procs, _ := sweep.LayoutOf(c.Sweep.Series)
	line := Line{Name: c.Label}
	for i := range c.Points {
		p := &c.Points[i]
		if !words.Finite(p.Speedup) || grid && procs > 0 && p.Point.Procs != procs { // the base of another
			continue
		}
		n := p.N
		if grid {
			n = p.Point.Workers
		} else {
			out.Ideal = append(out.Ideal, c.ideal(i))
		}
		ok = ok && p.Speedup <= mostSpeedup && (len(out.Counts) == 0 || n > out.Counts[len(out.Counts)-1])
		out.Counts = append(out.Counts, n)
		line.Speedups = append(line.Speedups, p.Speedup)
	}
	out.Lines = []Line{line}
	return out, ok && len(out.Counts) <= mostCounts
}

// ideal is the speedup of point i if nothing stood in the way. Cores do not bound work that waits.
func (c *Curve) ideal(i int) float64 {
	if c.Verdict.Bound == verdict.IO {
		return float64(c.Points[i].N) / float64(c.Points[c.Base].N)
	}
	return c.Ideal(i)
}
