package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// startMatters is the difference of start-up times, over the time of a run, that a title brings up.
const startMatters = 0.02

// A sight is a point of a curve of which there is a trace.
type sight struct {
	curve  *Curve
	point  *curve.Point
	traced *study.Traced
}

// timelinesOf says who ran when, for every n beyond the base that has a trace.
func (r *Report) timelinesOf(w *Workload) []NamedFigure {
	var out []NamedFigure
	families := w.Families
	for i := range families {
		f := &families[i]
		suffix := ""
		if len(families) > 1 {
			suffix = fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		at := map[int][]sight{}
		var counts []int
		for _, s := range r.sights(w, f) {
			if at[s.point.N] == nil {
				counts = append(counts, s.point.N)
			}
			at[s.point.N] = append(at[s.point.N], s)
		}
		slices.Sort(counts)
		for _, n := range counts {
			out = append(out, r.timelineOf(w, fmt.Sprintf("timeline-%s-%d%s", w.Program.Name, n, suffix), at[n]))
		}
	}
	return out
}

// sights are the points of a family beyond the base that have a timeline, threads first; a point that stands in two curves counts once.
func (r *Report) sights(w *Workload, f *study.Family) []sight {
	var out []sight
	for i := range w.Curves {
		c := &w.Curves[i]
		if !f.Of(c.Curve) {
			continue
		}
		for j := range c.Points {
			p := &c.Points[j]
			t := c.Figures[j].Traced
			same := func(s sight) bool { return s.point.Point == p.Point }
			if j > 0 && t != nil && t.Timeline != nil && !slices.ContainsFunc(out, same) {
				out = append(out, sight{c, p, t})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b sight) int { return rank(a.curve.Sweep.Mode) - rank(b.curve.Sweep.Mode) })
	return out
}

// rank puts threads above processes.
func rank(m sweep.Mode) int {
	if m == sweep.Procs {
		return 1
	}
	return 0
}

func (r *Report) timelineOf(w *Workload, name string, sights []sight) NamedFigure {
	t := chart.Timeline{}
	t.Title = fmt.Sprintf("%s, n = %d: %s", w.Program.Name, sights[0].point.N, whoKeptBusy(sights))
	var runs []string
	for _, s := range sights {
		zero := release(s.traced)
		if zero < s.traced.Timeline.Start || zero > s.traced.Timeline.End {
			zero = 0 // the start of the timeline
		}
		t.Groups = append(t.Groups, chart.Group{
			Title: s.curve.Label + ": " + layoutWords(s.point.Point), Mode: s.curve.Sweep.Mode, Zero: zero, Timeline: s.traced.Timeline,
		})
		runs = append(runs, s.traced.Result.Dir())
	}
	t.Subtitle = fmt.Sprintf("one traced run each; cores busy: CPU time over total, medians of %s timed runs; %s; %s", runsWords(sights),
		words.Plural(sights[0].point.Point.Cores, "core", "cores")+" given", machineWords(r.study.Header.Host))
	return NamedFigure{
		Name: name, Workload: w.Program.Name, Place: Below, Title: t.Title, Figure: t,
		Caption: "Who ran when, from " + t.Since() + ". Traced runs: " + strings.Join(runs, ", ") + ".",
		Alt:     "One row for each worker over time, coloured by what it did. " + words.Sentence(t.Title),
	}
}

// layoutWords says how many workers stand where.
func layoutWords(p sweep.Point) string {
	if p.Procs == 1 {
		return words.Plural(p.Workers, "worker", "workers") + " in 1 process"
	}
	if p.Workers == 1 {
		return fmt.Sprintf("%d processes of 1 worker", p.Procs)
	}
	return fmt.Sprintf("%d processes of %d workers", p.Procs, p.Workers)
}

// runsWords is how many timed runs the medians are of.
func runsWords(sights []sight) string {
	var out []string
	for _, s := range sights {
		out = append(out, fmt.Sprint(s.point.Runs))
	}
	return words.List(slices.Compact(out))
}

// whoKeptBusy is the finding of a timeline: how many cores each mode kept busy, and which begins later.
func whoKeptBusy(sights []sight) string {
	var parts []string
	for _, s := range sights {
		what := s.curve.Label
		if len(parts) == 0 {
			what += " keep"
		}
		busy := words.Ratio(s.point.MeanBusy)
		if len(parts) == 0 {
			busy += " of " + words.Plural(s.point.Usable(), "core", "cores") + " busy"
		}
		parts = append(parts, what+" "+busy)
	}
	text := strings.Join(parts, ", ")
	if len(sights) != 2 {
		return text
	}
	a, b := sights[0], sights[1]
	late, by := b, b.point.Startup-a.point.Startup
	if by < 0 {
		late, by = a, -by
	}
	if by >= startMatters*math.Min(a.point.TotalMedian, b.point.TotalMedian) {
		text += fmt.Sprintf("; %s begin %s later", late.curve.Label, words.DurationTitle(by))
	}
	return text
}
