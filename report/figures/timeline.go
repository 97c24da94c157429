package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A sight is a point of a curve of which there is a trace.
type sight struct {
	curve  *view.Curve
	point  *curve.Point
	traced *study.Traced
}

// timelinesOf says who ran when, for every n beyond the base that has a trace.
func timelinesOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	families := w.Families
	for i := range families {
		f := &families[i]
		suffix := ""
		if len(families) > 1 {
			suffix = fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		at := map[int][]sight{}
		var counts []int
		for _, s := range sights(w, f) {
			if at[s.point.N] == nil {
				counts = append(counts, s.point.N)
			}
			at[s.point.N] = append(at[s.point.N], s)
		}
		slices.Sort(counts)
		for _, n := range counts {
			out = append(out, timelineOf(v, w, fmt.Sprintf("timeline-%s-%d%s", w.Name, n, suffix), &f.Headline, at[n]))
		}
	}
	return out
}

// sights are the points of a family beyond the base that have a timeline, threads first; a point that stands in two
// curves counts once.
func sights(w *view.Workload, f *study.Family) []sight {
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

func timelineOf(v *view.View, w *view.Workload, name string, of *verdict.Headline, sights []sight) Figure {
	t := chart.Timeline{}
	var runs []string
	for _, s := range sights {
		zero := release(s.traced)
		if zero < s.traced.Timeline.Start || zero > s.traced.Timeline.End {
			zero = 0 // the start of the timeline
		}
		from, before := prelude(s.traced.Timeline, zero)
		if w.Program.Benchmark() == nil {
			from, before = 0, 0
		}
		t.Groups = append(t.Groups, chart.Group{
			Title: rowsOf(w, s) + words.WorkersSeen(workersOf(s.traced.Timeline), s.point.Point),
			Mode:  s.mode(), Zero: zero, From: from, Timeline: s.traced.Timeline,
			Names: words.OfBenchmark(w.Program.Benchmark()),
		})
		if before > 0 {
			t.Footnote = strings.TrimSpace(fmt.Sprintf("%s Left out: %s before, of which the benchmark measures nothing.",
				t.Footnote, words.DurationTitle(before.Seconds())))
		}
		runs = append(runs, s.traced.Result.Dir())
		if said := unlike(s.point, s.traced); said != "" {
			t.Footnote = strings.TrimSpace(t.Footnote + " " + words.Upper(s.name()) + ": " + said)
		}
	}
	var traced []*study.Traced
	for _, s := range sights {
		traced = append(traced, s.traced)
	}
	t.Release = released(w, traced...)
	t.Title = fmt.Sprintf("%s, n = %d: %s", w.Name, sights[0].point.N, whoDidWhat(of, sights, t.Folds()))
	busy := whoKeptBusy(sights)
	if strings.Contains(t.Title, busy) {
		busy = "cores busy"
	}
	each := ""
	if len(sights) > 1 {
		each = " each"
	}
	t.Subtitle = fmt.Sprintf("one traced run%s; %s (CPU time over total, medians of %s); %s; %s",
		each, busy, runsWords(sights),
		words.Plural(sights[0].point.Point.Cores, "core", "cores")+" given", words.Machine(v.Study.Header.Host))
	caption := "Who ran when, from " + t.Since() + ". Traced runs: " + strings.Join(runs, ", ") + "."
	if said := whoKeptBusy(sights); !strings.Contains(t.Title, said) {
		caption += fmt.Sprintf(" By CPU time over total, medians of %s, %s.", runsWords(sights), said)
	}
	out := figure(t, w.Name, view.Below, name, t.Words, caption,
		"One row for each worker over time, coloured by what it did. "+words.Sentence(t.Title))
	for _, s := range sights {
		out.Points = append(out.Points, s.point.Point)
	}
	return out
}

// mostPrelude is the part of the measured time that a picture of a benchmark shows of the time before it.
const mostPrelude = 0.05

// prelude is from when on a picture that begins to measure at zero shows t, and how much that leaves out.
func prelude(t *timeline.Timeline, zero clock.Time) (from clock.Time, before time.Duration) {
	from = zero - clock.Time(mostPrelude*float64(t.End-zero))
	if zero == 0 || from <= t.Start {
		return 0, 0
	}
	return from, from.Sub(t.Start)
}

// runsWords is how many timed runs the medians are of.
func runsWords(sights []sight) string {
	var out []string
	for _, s := range sights {
		out = append(out, words.Plural(s.point.Runs, "timed run", "timed runs"))
	}
	return words.List(slices.Compact(out))
}

// rowsOf names the run that the rows of s are of. How many cores or processes it has tells those of a grid and of a
// sweep over cores apart.
func rowsOf(w *view.Workload, s sight) string {
	p, layout := s.point.Point, words.Layout(s.point.Point)
	switch {
	case w.Program.Benchmark() != nil:
		layout = fmt.Sprintf("GOMAXPROCS = %d", p.Workers)
	case w.Program.Command != nil:
		layout = words.CommandLayout(p)
	}
	switch mode := s.curve.Sweep.Mode; {
	case mode == sweep.Cores:
		return words.Plural(p.Cores, "core", "cores") + ": " + layout
	case mode == sweep.Grid, w.Program.Command != nil:
		return layout
	default:
		return s.curve.Label + ": " + layout
	}
}

// workersOf is how many workers t has.
func workersOf(t *timeline.Timeline) (n int) {
	for i := range t.Lanes {
		if l := &t.Lanes[i]; l.Kind == timeline.Worker && l.ID != timeline.SerialID {
			n++
		}
	}
	return n
}

// mode is what the workers of s are: of a grid the one that has several of them; "" where both have.
func (s sight) mode() sweep.Mode {
	p := s.point.Point
	switch {
	case s.curve.Sweep.Mode != sweep.Grid:
		return s.curve.Sweep.Mode
	case p.Procs > 1 && p.Workers > 1:
		return ""
	case p.Procs > 1:
		return sweep.Procs
	}
	return sweep.Threads
}

// name tells s apart from the other runs of its picture.
func (s sight) name() string {
	switch s.curve.Sweep.Mode {
	case sweep.Cores:
		return "workers"
	case sweep.Grid:
		return words.Layout(s.point.Point)
	default:
		return s.curve.Label
	}
}

// unlike says of a traced run whose work lies outside the range of the timed ones that it is not like them.
func unlike(p *curve.Point, t *study.Traced) string {
	ratio := curve.Work.Of(t.Result) / p.WorkMedian
	if !p.Outside(t.Result) || !(math.Abs(ratio-1) > curve.OutsideMatters) || math.IsInf(ratio, 0) {
		return ""
	}
	return words.TracedUnlike(ratio)
}

// mostTitled is of how many runs a title can tell; of more it tells of the slowest.
const mostTitled = 2

// whoDidWhat is the finding of a timeline: what the workers of each mode mainly did, and which begin later. It says
// that it speaks of the time after the release where what is before is long, which other figures include.
func whoDidWhat(of *verdict.Headline, sights []sight, early bool) string {
	var parts, named []string
	after, slowest := "", 0
	if early {
		after = "after the release, "
	}
	for i, s := range sights {
		a := s.traced.Timeline.Activity(release(s.traced))
		said := words.Activity(&a, s.traced.Timeline, "workers")
		if said == "" {
			return whoRan(sights) + whoKeptBusy(sights) + whoBeginsLater(of, sights)
		}
		own := words.Activity(&a, s.traced.Timeline, s.name())
		if start := words.Starting(s.traced.Result.Startup.Float() / s.traced.Result.Total.Float()); start != "" {
			said, own, after = start+", then "+said, "", ""
			if len(sights) > mostTitled {
				said = start
			}
		}
		if !strings.HasPrefix(own, s.name()+" ") { // "threads are idle" in place of "threads: workers are idle"
			own = s.name() + ": " + said
		}
		parts, named = append(parts, said), append(named, own)
		if s.point.Median > sights[slowest].point.Median {
			slowest = i
		}
	}
	if alike := slices.Compact(slices.Clone(parts)); len(alike) == 1 {
		return after + alike[0] + whoBeginsLater(of, sights)
	}
	if len(sights) > mostTitled {
		return "the slowest, " + sights[slowest].name() + ": " + parts[slowest]
	}
	return after + strings.Join(named, "; ") + whoBeginsLater(of, sights)
}

// whoKeptBusy is how many cores each mode kept busy.
func whoKeptBusy(sights []sight) string {
	var parts []string
	for _, s := range sights {
		what := s.name()
		if len(parts) == 0 {
			what += " keep"
		}
		busy := words.Ratio(s.point.MeanBusy)
		if len(parts) == 0 {
			busy += " of " + words.Plural(s.point.Usable(), "core", "cores") + " busy"
		}
		parts = append(parts, what+" "+busy)
	}
	return strings.Join(parts, ", ")
}

// whoRan says which goroutine or thread of the only run did most of what was run.
func whoRan(sights []sight) string {
	if len(sights) != 1 {
		return ""
	}
	t := sights[0].traced
	said := cmp.Or(words.OneGoroutine(t.Timeline.BusiestGoroutine(release(t))), words.Busiest(t.Timeline))
	if said != "" {
		said += "; "
	}
	return said
}

// released is what the 0 of a picture of runs of w is where it is not the release of its workers; "" else.
func released(w *view.Workload, runs ...*study.Traced) string {
	if w.Program.Benchmark() != nil {
		return "the start of what is measured"
	}
	waits := slices.ContainsFunc(runs, func(t *study.Traced) bool { return t.Result.Startup > 0 })
	if w.Program.Command == nil || waits {
		return ""
	}
	return "the start of the command"
}

// whoBeginsLater says which of two modes starts later with so many workers, by all timed runs, where that matters and
// the runs that are drawn show it.
func whoBeginsLater(of *verdict.Headline, sights []sight) string {
	if len(sights) != 2 {
		return ""
	}
	l := of.LaterAt(sights[0].point.N)
	if l == nil {
		return ""
	}
	drawn := sights[1].traced.Result.Startup - sights[0].traced.Result.Startup
	if l.Mode == sights[0].curve.Sweep.Mode {
		drawn = -drawn
	}
	const clock = 1e-9 // to which times are known
	if by := drawn.Float(); by < l.Interval.Low-clock || by > l.Interval.High+clock {
		return ""
	}
	return "; " + words.Starts(l)
}

// release is when the workers could begin: where pictures of time have their 0.
func release(t *study.Traced) clock.Time { return clock.Time(t.Result.Start + t.Result.Startup) }

// coresOf says how many cores were busy, for every point of w that has a trace.
func coresOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	seen := map[sweep.Point]bool{}
	for i := range w.Curves {
		c := &w.Curves[i]
		for j := range c.Points {
			p := &c.Points[j]
			t := c.Figures[j].Traced
			if t == nil || t.Use == nil || seen[p.Point] {
				continue
			}
			seen[p.Point] = true
			f := chart.Cores{Use: t.Use}
			if zero := release(t); zero >= t.Use.Start && zero <= t.Use.End {
				f.Zero, f.Release = zero, released(w, t)
			}
			f.Title = fmt.Sprintf("%s with %s: %s", w.Name, words.At(c.Sweep, p.Point), words.CoreUse(t.Use, sinceRelease(t)))
			f.Subtitle = fmt.Sprintf("one traced run; by CPU time over total, median of %s: %s; %s",
				words.Plural(p.Runs, "timed run", "timed runs"),
				words.Ratio(p.MeanBusy), words.Machine(v.Study.Header.Host))
			f.Footnote = strings.TrimSpace(scope(t.Use) + " " + words.Upper(unlike(p, t)))
			drawn := figure(f, w.Name, view.Small, "cores-"+p.Point.String(), f.Words,
				fmt.Sprintf("Traced run: %s. By CPU time over total, median of %s: %s.", t.Result.Dir(),
					words.Plural(p.Runs, "timed run", "timed runs"), words.Ratio(p.MeanBusy)),
				"How many were busy, over time and as a histogram. "+words.Sentence(f.Title))
			drawn.Points = []sweep.Point{p.Point}
			out = append(out, drawn)
		}
	}
	return out
}

// sinceRelease says of a core use that it leaves out a start-up.
func sinceRelease(t *study.Traced) string {
	if t.Result.Startup > 0 && t.Use.Start >= release(t) {
		return " after the release"
	}
	return ""
}

// scope says what busy means in a picture of u.
func scope(u *cores.Use) string {
	if !u.OfPs {
		return "Busy: a core executed a thread of the run, by the records of the operating system."
	}
	s := "Busy: a P, a processor of Go’s scheduler, ran a goroutine or was in a system call."
	if u.Cores > 0 && u.MaxPs > u.Cores {
		s += " There are more Ps than cores, so that busy Ps take turns on them."
	}
	return s
}
