package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/sizes"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostSizeLines is how many lines beyond the bases a picture of sizes has; of more it shows those that are judged.
const mostSizeLines = 6

// sizesOf are the pictures of what the size of the work does to w: one for each scaling.
func sizesOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	for i := range w.BySize {
		s := &w.BySize[i]
		name := "sizes"
		if len(v.Workloads) > 1 {
			name += "-" + w.Name
		}
		if i > 0 {
			name += "-" + string(s.Scaling)
		}
		f := chart.Sizes{Unit: s.Unit}
		f.Subtitle = fmt.Sprintf("%s scaling; %s; %s", s.Scaling, words.Measure(v.Study.Measure),
			words.Machine(v.Study.Header.Host))
		shown := shownLines(w, s)
		shades := map[sweep.Mode]int{}
		judged := w.JudgedLines(s.Axis)
		title, ends := words.PayShort(judged, s.Unit)
		f.Title = w.Name + ": " + title
		f.Levels = levels(v, w, judged)
		least, most := math.MaxInt, 0
		for _, l := range shown {
			for _, p := range l.Places {
				least, most = min(least, p.Point.Runs), max(most, p.Point.Runs)
			}
			line := sizeLine(l)
			if len(judged) > 0 && !slices.Contains(judged, l) { // those that the title is of cross the line at 1; tables have all
				line.Pays, line.Thin = math.NaN(), !l.IsBase
			}
			if !l.IsBase {
				line.Shade = shades[l.Sweep.Mode]
				shades[l.Sweep.Mode]++
			}
			f.Lines = append(f.Lines, line)
		}
		if most > 0 {
			f.Footnote = words.RunsOfEach(least, most)
		}
		f.Footnote = strings.TrimSpace(ends + " " + f.Footnote)
		at := view.Sizes
		if s.Stands() {
			at = view.Lead // it shows what the headline says
		}
		out = append(out, figure(f, w.Name, at, name, f.Words,
			"Time and speedup at each size, on logarithmic axes. What lies above the line at 1 is faster than the base of its size.",
			"Time and speedup over size. "+words.Sentence(f.Title)))
	}
	return out
}

// levels are the ideals of the judged lines, and the speedups that have the efficiency that is asked for.
func levels(v *view.View, w *view.Workload, judged []*sizes.Line) []chart.Level {
	var out []chart.Level
	add := func(l chart.Level) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	cores := speedup(v, w).Cores
	for _, l := range judged {
		n := float64(l.N) / float64(l.Sweep.N(l.Base))
		ideal := n
		if cores > 0 {
			ideal = usable(l.Point) / usable(l.Base)
		}
		add(chart.Level{Speedup: ideal, Name: "ideal " + words.Figure(ideal, 3) + "×"})
		if at := v.Study.Efficiency * n; at < ideal {
			name := "efficiency " + words.Asked(v.Study.Efficiency)
			if slices.ContainsFunc(judged, func(o *sizes.Line) bool { return o.N != l.N }) {
				name += fmt.Sprintf(" with %d", l.N)
			}
			add(chart.Level{Speedup: at, Name: name, Dashed: true})
		}
	}
	return out
}

// shownLines are the lines of s that a picture has room for. The base of several modes, one worker in one process, is
// one line.
func shownLines(w *view.Workload, s *view.BySize) []*sizes.Line {
	beyond := 0
	for i := range s.Lines {
		if !s.Lines[i].IsBase {
			beyond++
		}
	}
	judged := w.JudgedLines(s.Axis)
	bases := map[sweep.Point]bool{}
	var out []*sizes.Line
	for i := range s.Lines {
		l := &s.Lines[i]
		switch {
		case l.IsBase && !bases[l.Point]:
			bases[l.Point] = true
			out = append(out, l)
		case l.IsBase:
		case beyond <= mostSizeLines:
			out = append(out, l)
		default:
			for _, j := range judged {
				if j == l {
					out = append(out, l)
				}
			}
		}
	}
	return out
}

// sizeLine is l as it is drawn.
func sizeLine(l *sizes.Line) chart.SizeLine {
	out := chart.SizeLine{Name: words.Line(l), Mode: l.Sweep.Mode, Base: l.IsBase, Pays: math.NaN()}
	for i := range l.Places {
		p := &l.Places[i]
		out.Points = append(out.Points, chart.SizePoint{Size: float64(p.Size), Point: &p.Point})
	}
	if p := &l.Pays; p.Kind == sizes.From {
		which, size := words.ShownFrom(p)
		out.Pays, out.Low, out.High = size, p.Low, p.High
		out.Label = words.Plain(out.Name + ": " + which + words.AboutSize(size))
	}
	return out
}

// usable is how many cores p can keep busy.
func usable(p sweep.Point) float64 { return float64((&curve.Point{Point: p}).Usable()) }
