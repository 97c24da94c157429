// Package figures says which pictures a report has, and what their titles, captions and descriptions say.
package figures

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Figure is a picture of the report before it is drawn, and the words that go with it.
type Figure struct {
	view.Picture
	Chart chart.Figure
	Other chart.Figure // the same on other axes, for a page; nil: there is none
	Short bool         // the page has it in one width, on one kind of axes
}

// figure is a picture of a workload; of none if that is of several.
func figure(c chart.Figure, workload string, at view.Place, name string, said chart.Words, caption, alt string) Figure {
	return Figure{Picture: view.Picture{
		Name: name, Workload: workload, Place: at, Title: said.Title, Head: said.Title, Caption: caption, Alt: alt,
	}, Chart: c}
}

// Drawn is f with its file and the drawings for a page.
func (f *Figure) Drawn(svg []byte) (view.Picture, error) {
	p := f.Picture
	p.SVG = svg
	var err, other error
	if f.Short {
		var narrow bytes.Buffer
		err = chart.WritePage(&narrow, f.Chart, chart.Narrow)
		p.Page.Narrow = narrow.Bytes()
		return p, err
	}
	p.Page, err = drawing(f.Chart)
	if f.Other != nil {
		p.Other, other = drawing(f.Other)
	}
	return p, errors.Join(err, other)
}

// drawing draws c as a page shows it: on a phone the efficiencies of curves stand apart, below what was found.
func drawing(c chart.Figure) (page.Drawing, error) {
	wide, narrow, err := chart.Drawings(c)
	s, ok := c.(chart.Speedup)
	if !ok || err != nil {
		return page.Drawing{Wide: wide, Narrow: narrow}, err
	}
	var first, rest bytes.Buffer
	speedups, efficiencies := s.Apart()
	err = errors.Join(chart.WritePage(&first, speedups, chart.Narrow), chart.WritePage(&rest, efficiencies, chart.Narrow))
	return page.Drawing{Wide: wide, Narrow: first.Bytes(), Rest: rest.Bytes()}, err
}

// Of says which pictures the report has, in the order in which they stand in it:
//
//   - speedup: the curves of the workload, or the map of a grid, and speedup-weak where other curves are under strong
//     scaling; with several workloads those of all, and
//     speedup-<workload> for each;
//   - sizes: time and speedup over the size, where several were measured; sizes-<workload> with several workloads;
//   - benchmark-<workload>: what a Go benchmark reports of itself, if its operations take more or less memory at one count
//     than at another: operations per second, bytes and allocations per operation;
//   - stack: where the cores go, for every point that has traced runs; stack-<workload> with several workloads;
//   - memory: peak memory against n, if several counts know it; memory-<workload> with several workloads;
//   - timeline-<workload>-<n>: who ran when at n, for every n beyond the base that has a traced run: threads above,
//     processes below;
//   - cores-<point>: how many cores were busy, for every point that has a traced run.
//
// Of workloads that are folded away, those that lose most core time have all of these, and the next have their curve
// and stack, in the page in one width.
//
// A report has at most mostFigures of them: those that stand nearest to the top, over all workloads; left is how many
// are left out.
func Of(v *view.View) (drawn []Figure, left int) {
	all, more := allOf(v)
	drawn, left = nearest(all)
	return drawn, left + more
}

// nearest are the figures of all that there is room for, and how many are left out.
func nearest(all []Figure) (drawn []Figure, left int) {
	if len(all) <= mostFigures {
		return all, 0
	}
	places := make([]view.Place, len(all))
	for i := range all {
		places[i] = all[i].Place
	}
	slices.Sort(places)
	last := places[mostFigures-1] // of which as many as there is room for are drawn
	room, _ := slices.BinarySearch(places, last)
	room = mostFigures - room
	for _, f := range all {
		if f.Place == last {
			room--
		}
		if f.Place < last || f.Place == last && room >= 0 {
			drawn = append(drawn, f)
		}
	}
	return drawn, len(all) - len(drawn)
}

// mostFigures is how many pictures a report has: drawing one takes some hundredths of a second, and its SVG up to some
// hundred kilobytes of report.html.
const mostFigures = 256

// Of how many of the workloads that are folded away there are pictures.
const (
	MostWhole  = 8  // all pictures
	MostCurves = 24 // and of so many more the curve and the stack
)

// allOf are all pictures that v has the data for, but for those of workloads that are folded away: left is how many
// there would be.
func allOf(v *view.View) (out []Figure, left int) {
	if len(v.Workloads) > 1 {
		out = append(out, speedupOfAll(v))
	}
	for rank, i := range v.Ordered() {
		for _, f := range ofWorkload(v, &v.Workloads[i]) {
			f.Short = v.Folded() && rank >= MostWhole
			if f.Short && (rank >= MostWhole+MostCurves || f.Place > view.Causes) {
				left++
			} else {
				out = append(out, f)
			}
		}
	}
	return out, left
}

// ofWorkload are all pictures that there are data for of w.
func ofWorkload(v *view.View, w *view.Workload) []Figure {
	sizes := sizesOf(v, w)
	first := slices.IndexFunc(sizes, func(f Figure) bool { return f.Place == view.Sizes })
	if first < 0 {
		first = len(sizes)
	}
	return slices.Concat(sizes[:first], speedupsOf(v, w), sizes[first:], metricsOf(v, w), stacksOf(v, w), memoryOf(v, w), timelinesOf(v, w), coresOf(v, w))
}

// speedupsOf are the picture of the curves of w, or the maps of its grids.
func speedupsOf(v *view.View, w *view.Workload) []Figure {
	name := "speedup"
	if len(v.Workloads) > 1 {
		name += "-" + w.Name
	}
	if grids := gridsOf(v, w, name); len(grids) > 0 {
		return grids
	}
	var out []Figure
	for i, part := range w.ByScaling() {
		if i > 0 {
			name += "-" + string(part.Curves[0].Sweep.Scaling)
		}
		out = append(out, speedupOf(v, part, name))
	}
	return out
}

// speedupOf is the picture of the curves of w.
func speedupOf(v *view.View, w *view.Workload, name string) Figure {
	s := speedup(v, w)
	s.Title = w.Reached
	s.Footnote = words.BarsOfFall(w.Families)
	if len(w.Curves) > 0 {
		c := &w.Curves[0]
		s.Subtitle = fmt.Sprintf("%s; %s; %s; %s", c.BaseText(), words.Size(c.Sweep, w.Program.Unit),
			words.Measure(v.Study.Measure), words.Machine(v.Study.Header.Host))
	}
	out := figure(s, w.Name, view.Lead, name, s.Words, lawNotes(w),
		"Speedup and efficiency. "+words.Sentence(s.Title)+curvesAlt(w))
	if other, has, doubling := s.Other(); has {
		out.Other, out.PageLabel, out.OtherLabel = other, "linear", "logarithmic"
		if doubling {
			out.PageLabel, out.OtherLabel = out.OtherLabel, out.PageLabel
		}
	}
	return out
}

// curvesAlt tells the curves of w in a sentence each.
func curvesAlt(w *view.Workload) string {
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
func speedupOfAll(v *view.View) Figure {
	if len(v.Workloads) > chart.MostPanels {
		return ranked(v)
	}
	var m chart.Multiples
	for i := range v.Workloads {
		w := &v.Workloads[i]
		s := speedup(v, w)
		p := chart.Multiple{
			Name: w.Name, Lines: s.Lines, Cores: s.Cores, Ceiling: s.Ceiling, Markers: markers(v.Study.Header.Host),
		}
		for k := range p.Lines {
			p.Lines[k].Law, p.Lines[k].Ahead = nil, nil // there is no room for laws and predictions
		}
		p.Note, p.Unsure = outcomeOf(v, i)
		m.Panels = append(m.Panels, p)
	}
	if slices.ContainsFunc(m.Panels, func(p chart.Multiple) bool { return p.Note != "" }) {
		for i := range m.Panels { // beside others that are not
			m.Panels[i].Note = cmp.Or(m.Panels[i].Note, words.Outcome(overview.Faster))
		}
	}
	m.Title = strings.TrimSuffix(v.Title, ".")
	m.Subtitle = fmt.Sprintf("each over the workload’s own base; %s; %s",
		words.Measure(v.Study.Measure), words.Machine(v.Study.Header.Host))
	return figure(m, "", view.Lead, "speedup", m.Words, "All on one scale.",
		"Speedup of all workloads. "+words.Sentence(m.Title))
}

// outcomeOf says what is shown of workload i, if it is no gain, and whether neither gain nor loss is.
func outcomeOf(v *view.View, i int) (note string, unsure bool) {
	rows := v.Study.Overview.Rows
	r := &rows[slices.IndexFunc(rows, func(r overview.Row) bool { return r.Workload == i })]
	of := r.Outcome()
	if of == overview.Faster {
		return "", false
	}
	note = words.Outcome(of)
	if of == overview.CannotFollow && r.At >= 0 {
		note += ": " + words.Busy(&v.Study.Workloads[i].Curves[r.Curve].Points[r.At])
	}
	return note, !of.Shown()
}

// ranked is the picture of the speedups of all workloads where there are too many for a panel of each.
func ranked(v *view.View) Figure {
	m := chart.Ranked{Words: chart.Words{
		Title:    strings.TrimSuffix(v.Title, "."),
		Subtitle: fmt.Sprintf("each over the workload’s own base; %s; %s", words.Measure(v.Study.Measure), words.Machine(v.Study.Header.Host)),
	}}
	with := map[string]bool{}
	for i := range v.Study.Overview.Rows {
		r := &v.Study.Overview.Rows[i]
		w := &v.Study.Workloads[r.Workload]
		item := chart.RankedItem{Name: w.Program.Name, Speedup: math.NaN(), Outcome: r.Outcome()}
		if r.At >= 0 {
			c := &w.Curves[r.Curve]
			p := &c.Points[r.At]
			item.Speedup = p.Speedup
			item.Low, item.High = p.Bounds()
			item.Text = fmt.Sprintf("%s with %s, interval %s, %s; loses %s core-s", words.Times(p.Speedup), words.At(c.Sweep, p.Point),
				words.RatioRange(p.Interval), words.Plural(p.Runs, "run", "runs"), words.CoreTime(r.Lost.Value))
			with[words.At(c.Sweep, p.Point)] = true
			switch ideal := c.Ideal(r.At); {
			case m.Ideal == 0:
				m.Ideal = ideal
			case m.Ideal != ideal:
				m.Ideal = -1 // they have none in common
			}
		}
		m.Items = append(m.Items, item)
	}
	m.Ideal = max(m.Ideal, 0)
	if !m.InRows() {
		m.Title, _, _ = strings.Cut(m.Title, "; ") // the groups say how many the others are
	}
	if len(with) == 1 {
		m.With = slices.Collect(maps.Keys(with))[0]
	}
	return figure(m, "", view.Lead, "speedup", m.Words, "Each at the largest count within the cores.",
		"Speedup of all workloads, by rank. "+words.Sentence(m.Title))
}

// speedup is the data of the picture of the speedups of w.
func speedup(v *view.View, w *view.Workload) chart.Speedup {
	h := v.Study.Header.Host
	s := chart.Speedup{Cores: len(h.CPUs), Worthwhile: v.Study.Efficiency}
	base, most := 0, 0
	for i := range w.Curves {
		c := &w.Curves[i]
		line := chart.Line{Name: c.Label, Curve: &c.Curve.Curve, Law: drawnLaw(c), Ahead: ahead(c, s.Cores)}
		s.Lines = append(s.Lines, line)
		if n, ok := peak(c); ok && line.Law != nil {
			s.Markers = append(s.Markers, chart.Marker{N: n, Label: peakLabel(c, n)})
		}
		if c.Verdict.Bound == verdict.IO {
			s.Cores = 0
		}
		for _, p := range c.Points {
			most = max(most, p.Usable())
		}
		if len(c.Points) > 0 && (base == 0 || c.Points[0].Usable() < base) {
			base = c.Points[0].Usable()
		}
	}
	if v.Study.Ceiling != nil && !v.Study.CeilingNoisy && s.Cores > 0 { // as the text: it is not known
		s.Ceiling = readings(v.Study.Ceiling, max(base, 1), most)
	}
	s.Markers = append(s.Markers, markers(h)...)
	slices.SortStableFunc(s.Markers, func(a, b chart.Marker) int { return cmp.Compare(a.N, b.N) })
	return s
}

// readings is the ceiling over what it is at the least base, for points that use as many cores as most.
func readings(c *curve.Ceiling, base, most int) []chart.Reading {
	var out []chart.Reading
	for _, p := range c.Curve.Points {
		if v := p.Speedup / c.At(base); p.N >= base && words.Finite(v) {
			out = append(out, chart.Reading{N: float64(p.N), Speedup: v})
		}
	}
	if len(out) > 0 && most > c.Last() {
		out = append(out, chart.Reading{N: float64(most), Speedup: math.NaN()})
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
			out = append(out, chart.Marker{N: float64(h.Physical), Label: words.Plural(h.Physical, "physical core",
				"physical cores")})
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
