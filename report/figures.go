package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A NamedFigure is a picture of the report before it is drawn, and the words that go with it.
type NamedFigure struct {
	Name     string // of its files, without .png or .svg: "speedup"
	Workload string // whose it is; empty: of several
	Place    Place
	Title    string // the finding, as it stands in the picture
	Caption  string // what to look at
	Alt      string // what it shows, for readers who do not see it
	Figure   chart.Figure
}

// Picture is f with its drawing.
func (f *NamedFigure) Picture(svg []byte) Picture {
	return Picture{Name: f.Name, Workload: f.Workload, Place: f.Place, Title: f.Title, Caption: f.Caption, Alt: f.Alt, SVG: svg}
}

// Figures says which pictures the report has, in the order in which they stand in it:
//
//   - speedup: the curves of the workload; with several workloads those of all, and speedup-<workload> for each;
//   - benchmark-<workload>: what a Go benchmark reports of itself: operations per second, bytes and allocations per operation;
//   - stack: where the cores go, for every point that has traced runs; stack-<workload> with several workloads;
//   - memory: peak memory against n, if several counts know it; memory-<workload> with several workloads;
//   - timeline-<workload>-<n>: who ran when at n, for every n beyond the base that has a traced run: threads above, processes below;
//   - cores-<point>: how many cores were busy, for every point that has a traced run.
func (r *Report) Figures() []NamedFigure {
	var out []NamedFigure
	if len(r.Workloads) > 1 {
		out = append(out, r.speedupOfAll())
	}
	for i := range r.Workloads {
		w := &r.Workloads[i]
		out = append(out, r.speedupOf(w))
		out = append(out, r.metricsOf(w)...)
		out = append(out, r.stacksOf(w)...)
		out = append(out, r.memoryOf(w)...)
		out = append(out, r.timelinesOf(w)...)
		out = append(out, r.coresOf(w)...)
	}
	return out
}

// speedupOf is the picture of the curves of w.
func (r *Report) speedupOf(w *Workload) NamedFigure {
	name := "speedup"
	if len(r.Workloads) > 1 {
		name += "-" + w.Program.Name
	}
	s := r.speedup([]*Workload{w})
	s.Title = w.Title
	if len(w.Curves) > 0 {
		c := &w.Curves[0]
		s.Subtitle = fmt.Sprintf("%s; %s; %s; %s", c.baseText(), r.sizeWords(c.Sweep), r.measureWords(), machineWords(r.study.Header.Host))
	}
	return NamedFigure{
		Name: name, Workload: w.Program.Name, Place: Lead, Title: s.Title, Figure: s,
		Caption: fmt.Sprintf("Left: speedup of %s over its base. Right: the share of each count that was put to use.", w.Program.Name) + lawNotes(w),
		Alt:     "Speedup and efficiency. " + words.Sentence(s.Title) + curvesAlt(w),
	}
}

// curvesAlt tells the curves of w in a sentence each.
func curvesAlt(w *Workload) string {
	var b strings.Builder
	for _, c := range w.Curves {
		var points []string
		for _, p := range c.Points {
			points = append(points, fmt.Sprintf("%s at %d", words.Times(p.Speedup), p.N))
		}
		fmt.Fprintf(&b, " %s: %s.", words.Upper(c.Label), words.List(points))
	}
	return b.String()
}

// speedupOfAll is the picture of the curves of all workloads.
func (r *Report) speedupOfAll() NamedFigure {
	var all []*Workload
	var best []string
	for i := range r.Workloads {
		w := &r.Workloads[i]
		all = append(all, w)
		if c, p := w.best(); p != nil {
			best = append(best, fmt.Sprintf("%s %s on %s", w.Program.Name, words.Times(p.Speedup), words.At(c.Sweep, p.Point)))
		}
	}
	s := r.speedup(all)
	s.Title = cmp.Or(strings.Join(best, ", "), "no speedup was measured")
	s.Subtitle = fmt.Sprintf("largest speedups, each over the workload’s own base; %s; %s", r.measureWords(), machineWords(r.study.Header.Host))
	return NamedFigure{
		Name: "speedup", Place: Lead, Title: s.Title, Figure: s,
		Caption: "All workloads of the study. The pictures of each workload, and its base, stand with it.",
		Alt:     "Speedup and efficiency of all workloads. " + s.Title + ".",
	}
}

// best is the point of w with the largest speedup.
func (w *Workload) best() (c *Curve, best *curve.Point) {
	for i := range w.Curves {
		for j := range w.Curves[i].Points {
			if p := &w.Curves[i].Points[j]; words.Finite(p.Speedup) && (best == nil || p.Speedup > best.Speedup) {
				c, best = &w.Curves[i], p
			}
		}
	}
	return c, best
}

// speedup is the data of a speedup picture.
func (r *Report) speedup(workloads []*Workload) chart.Speedup {
	h := r.study.Header.Host
	s := chart.Speedup{Cores: len(h.CPUs), Worthwhile: r.study.Efficiency}
	base := 0
	for _, w := range workloads {
		for i := range w.Curves {
			c := &w.Curves[i]
			name := c.Label
			if len(workloads) > 1 {
				name = w.Program.Name + " " + name
			}
			line := chart.Line{Name: name, Curve: &c.Curve.Curve}
			if len(workloads) == 1 { // the picture of all has no room for laws
				line.Law = c.drawnLaw()
			}
			s.Lines = append(s.Lines, line)
			if n, ok := c.peak(); ok && line.Law != nil {
				s.Markers = append(s.Markers, chart.Marker{N: n, Label: c.peakLabel(n)})
			}
			if c.Verdict.Bound == verdict.IO {
				s.Cores = 0
			}
			if len(c.Points) > 0 && (base == 0 || c.Points[0].Usable() < base) {
				base = c.Points[0].Usable()
			}
		}
	}
	if r.study.Ceiling != nil && !r.study.CeilingNoisy && s.Cores > 0 { // as the text: it is not known
		s.Ceiling = readings(r.study.Ceiling, max(base, 1))
	}
	s.Markers = append(s.Markers, markers(h)...)
	slices.SortStableFunc(s.Markers, func(a, b chart.Marker) int { return cmp.Compare(a.N, b.N) })
	return s
}

// readings is the ceiling over what it is at the least base.
func readings(c *curve.Ceiling, base int) []chart.Reading {
	var out []chart.Reading
	for _, p := range c.Curve.Points {
		if v := p.Speedup / c.At(base); p.N >= base && words.Finite(v) {
			out = append(out, chart.Reading{N: float64(p.N), Speedup: v})
		}
	}
	return out
}

// markers are the limits of the machine.
func markers(h sweep.Host) []chart.Marker {
	var out []chart.Marker
	if n := len(h.CPUs); n > 0 {
		out = append(out, chart.Marker{N: float64(n), Label: words.Plural(n, "core", "cores")})
		if h.SMT && h.Physical > 0 && h.Physical < n {
			out[0].Label = words.Plural(n, "CPU", "CPUs")
			out = append(out, chart.Marker{N: float64(h.Physical), Label: words.Plural(h.Physical, "physical core", "physical cores")})
		}
	}
	if n := coresOfSocket(h); h.Sockets > 1 && n > 0 {
		out = append(out, chart.Marker{N: float64(n), Label: "one socket"})
	}
	if h.QuotaCores > 0 {
		out = append(out, chart.Marker{N: h.QuotaCores, Label: "quota"})
	}
	slices.SortStableFunc(out, func(a, b chart.Marker) int { return cmp.Compare(a.N, b.N) })
	return out
}

// coresOfSocket is how many CPUs points take before they take one of a second socket.
func coresOfSocket(h sweep.Host) int {
	for i, c := range h.CPUs {
		if c.Socket != h.CPUs[0].Socket {
			return i
		}
	}
	return 0
}
