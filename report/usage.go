package report

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// coresOf says how many cores were busy, for every point of w that has a trace.
func (r *Report) coresOf(w *Workload) []NamedFigure {
	var out []NamedFigure
	drawn := map[sweep.Point]bool{}
	for i := range w.Curves {
		c := &w.Curves[i]
		for j := range c.Points {
			p := &c.Points[j]
			t := c.Figures[j].Traced
			if t == nil || t.Use == nil || drawn[p.Point] {
				continue
			}
			drawn[p.Point] = true
			f := chart.Cores{Use: t.Use}
			if zero := release(t); zero >= t.Use.Start && zero <= t.Use.End {
				f.Zero = zero
			}
			f.Title = fmt.Sprintf("%s with %s: %s", w.Program.Name, words.At(c.Sweep, p.Point), busyText(t.Use))
			f.Subtitle = fmt.Sprintf("one traced run; by CPU time over total, median of %s: %s; %s", words.Plural(p.Runs, "timed run", "timed runs"),
				words.Ratio(p.MeanBusy), machineWords(r.study.Header.Host))
			f.Footnote = scope(t.Use)
			out = append(out, NamedFigure{
				Name: "cores-" + p.Point.String(), Workload: w.Program.Name, Place: Small, Title: f.Title, Figure: f,
				Caption: "How many cores were busy over time, and for which share of it exactly so many. Traced run: " + t.Result.Dir() + ".",
				Alt:     "Busy cores over time and as a histogram. " + words.Sentence(f.Title),
			})
		}
	}
	return out
}

// busyText is the mean of u in words. Where there are more Ps than cores a busy P need not have a core.
func busyText(u *cores.Use) string {
	if u.Cores > 0 && u.MaxPs > u.Cores {
		return fmt.Sprintf("%s of %d Ps busy on average, on %s", words.Ratio(u.Mean), u.MaxPs, words.Plural(u.Cores, "core", "cores"))
	}
	n := u.Cores
	if n == 0 {
		n = u.MaxPs
	}
	return words.Ratio(u.Mean) + " of " + words.Plural(n, "core", "cores") + " busy on average"
}

// scope says what busy means in a picture of u.
func scope(u *cores.Use) string {
	s := "Busy: a P, a processor of Go’s scheduler, ran a goroutine or was in a system call."
	if u.Cores > 0 && u.MaxPs > u.Cores {
		s += " There are more Ps than cores, so that busy Ps take turns on them."
	}
	return s
}
