package figures

import (
	"fmt"
	"math"

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
		f.Title = w.Name + ": " + w.SizeTitle(s)
		f.Subtitle = fmt.Sprintf("%s scaling; %s; %s", s.Scaling, words.Measure(v.Study.Measure),
			words.Machine(v.Study.Header.Host))
		shown := shownLines(w, s)
		shades := map[sweep.Mode]int{}
		for _, l := range shown {
			line := sizeLine(l)
			if !l.IsBase {
				line.Shade = shades[l.Sweep.Mode]
				shades[l.Sweep.Mode]++
			}
			f.Lines = append(f.Lines, line)
		}
		out = append(out, figure(f, w.Name, view.Sizes, name, f.Words,
			"Time and speedup at each size, on logarithmic axes. What lies above the line at 1 is faster than the base of its size.",
			"Time and speedup over size. "+words.Sentence(f.Title)))
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
		out.Pays, out.Low, out.High = p.Size, p.Low, p.High
		out.Label = words.Plain(out.Name + ": " + words.AboutSize(p.Size))
	}
	return out
}
