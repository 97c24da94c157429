package report

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stat"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A use is what the timed runs of a point took besides time: medians, NaN where no run knows.
type use struct {
	Voluntary   float64 // switches to another thread because there was nothing to do
	Involuntary float64 // switches because another thread got the core
	Largest     float64 // peak memory of the largest process, bytes
	Tree        float64 // peak memory of all processes, bytes
	Bound       bool    // Tree is a sum of peaks that need not fall together: an upper bound
	Threads     float64 // most threads at one instant; known of commands only
}

// useAt measures p.
func (r *Report) useAt(p sweep.Point) use {
	var voluntary, involuntary, largest, tree, threads []float64
	var u use
	for i := range r.in.Results {
		res := &r.in.Results[i]
		if res.Point != p || res.Kind != sweep.Timed || res.Status != sweep.OK {
			continue
		}
		voluntary = append(voluntary, float64(res.VoluntarySwitches))
		involuntary = append(involuntary, float64(res.InvoluntarySwitches))
		if res.MaxRSS > 0 {
			largest = append(largest, float64(res.MaxRSS))
		}
		if sum, bound := treeRSS(res); sum > 0 {
			tree = append(tree, float64(sum))
			u.Bound = u.Bound || bound
		}
		if res.MaxThreads > 0 {
			threads = append(threads, float64(res.MaxThreads))
		}
	}
	u.Voluntary, u.Involuntary = stat.Median(voluntary), stat.Median(involuntary)
	u.Largest, u.Tree, u.Threads = stat.Median(largest), stat.Median(tree), stat.Median(threads)
	return u
}

// treeRSS is the peak memory of all processes of a run: sampled at one instant where that was done, else the sum of the peaks of those that reported
// theirs, which is an upper bound; 0 if neither is known.
func treeRSS(res *sweep.Result) (sum int64, bound bool) {
	if res.TreeRSS > 0 {
		return res.TreeRSS, false
	}
	n := 0
	for _, p := range res.Processes {
		if p.Role == sweep.Service {
			continue
		}
		if p.MaxRSS <= 0 {
			n = 0
			break
		}
		sum += p.MaxRSS
		n++
	}
	switch {
	case n == 0 && res.Point.Procs == 1:
		return res.MaxRSS, false // there is but one process
	case n == 0:
		return 0, false
	}
	return sum, n > 1
}

// memoryOf is the picture of the memory of w against n; none if fewer than two counts of its curves know it.
func (r *Report) memoryOf(w *Workload) []NamedFigure {
	m := chart.Memory{Cores: len(r.in.Header.Host.CPUs)}
	counts := map[int]bool{}
	bound := false
	for i := range w.Curves {
		c := &w.Curves[i]
		line := chart.MemoryLine{Name: c.Label, Curve: &c.Curve}
		for _, p := range c.Points {
			u := r.useAt(p.Point)
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
	m.Subtitle = fmt.Sprintf("peak resident memory, medians of timed runs; %s; %s", r.sizeWords(c.Sweep), machineWords(r.in.Header.Host))
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

// follows is what it takes to follow a count: so many times the busy cores of the base, or its speed.
const follows = 1.1

// ignored says in a sentence, without its full stop, that the program of c takes no notice of the number of its workers; empty if it does, or if that cannot be
// told. It is told by threads, CPU time and time, none of which differ between the base and any count that has cores for its workers. Only of
// commands is it asked: the workers of workloads are started by corecurve.
func (r *Report) ignored(c *Curve) string {
	if c.Base < 0 || c.Sweep.Mode != sweep.Threads {
		return ""
	}
	base := c.Points[c.Base]
	at := c.Within(len(r.in.Header.Host.CPUs))
	if at <= c.Base || !words.Finite(base.MeanBusy) {
		return ""
	}
	from := r.useAt(base.Point).Threads
	if !words.Finite(from) {
		return ""
	}
	last := base
	for _, p := range c.Points[c.Base+1:] {
		if p.Runs == 0 {
			continue
		}
		if to := r.useAt(p.Point).Threads; !words.Finite(to) || to > from {
			return ""
		}
		if p.Point.Parallelism() <= c.Points[at].Point.Parallelism() && (p.MeanBusy > follows*base.MeanBusy || p.Speedup > follows) {
			return ""
		}
		// Threads that wait for one lock keep no more cores busy; in a traced run they are seen all the same.
		if x := r.tracedAt(p.Point); x != nil && x.Ledger != nil && len(x.Ledger.Workers) >= p.Point.Parallelism() {
			return ""
		}
		last = p
	}
	return fmt.Sprintf("%s does not follow the number of workers: with %s as with %s it has at most %s and keeps %s cores busy, so the curve says nothing of how "+
		"it scales; pass the count by {workers}, or check that the program reads it", c.Sweep.Workload, words.At(c.Sweep, last.Point),
		words.At(c.Sweep, base.Point), words.Plural(int(from), "thread", "threads"), words.Ratio(base.MeanBusy))
}

// ignoredWarnings are those of all curves.
func (r *Report) ignoredWarnings() []string {
	var out []string
	for _, w := range r.Workloads {
		for i := range w.Curves {
			if s := r.ignored(&w.Curves[i]); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// count writes a number of events.
func count(v float64) string { return words.Fixed(v, 0) }

// sysShare is the part of the CPU time of p that the kernel took.
func sysShare(p curve.Point) float64 { return p.Sys / p.CPU }
