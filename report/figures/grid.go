package figures

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// gridsOf are the maps of the grids of w, one for each of its families; none if w was not run on a grid.
func gridsOf(v *view.View, w *view.Workload, name string) []Figure {
	var out []Figure
	for i := range w.Families {
		f := &w.Families[i]
		var of []*view.Curve
		for k := range w.Curves {
			if c := &w.Curves[k]; f.Of(c.Curve) && c.Sweep.Mode == sweep.Grid && len(c.Points) > 0 {
				of = append(of, c)
			}
		}
		named := name
		if len(w.Families) > 1 {
			named += fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		for k, part := range byBase(of) {
			over := named
			if base := part[0].Points[0].Point; k > 0 {
				over += fmt.Sprintf("-over-p%d-w%d-c%d", base.Procs, base.Workers, base.Cores)
			}
			out = append(out, gridOf(v, w, over, part, &f.Headline))
		}
	}
	return out
}

// byBase are the curves of a grid by their base: speedups over several have no place on one scale. Where they are laid
// out by the tool there is one.
func byBase(curves []*view.Curve) (out [][]*view.Curve) {
	for _, c := range curves {
		i := slices.IndexFunc(out, func(part []*view.Curve) bool { return part[0].Points[0].Point == c.Points[0].Point })
		if i < 0 {
			i = len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}

// gridOf is the map of the grid that curves make, of which a headline says what is best.
func gridOf(v *view.View, w *view.Workload, name string, curves []*view.Curve, of *verdict.Headline) Figure {
	own := *w // what speedups over this base are held against
	own.Curves = nil
	for _, c := range curves {
		own.Curves = append(own.Curves, *c)
	}
	s := speedup(v, &own)
	h := chart.Heat{Cores: s.Cores, Ceiling: s.Ceiling, Base: -1}
	for _, c := range curves {
		for i, p := range c.Points {
			known := slices.ContainsFunc(h.Points, func(q curve.Point) bool { return q.Point == p.Point })
			if known {
				continue
			}
			if i == c.Base {
				h.Base = len(h.Points)
			}
			h.Points = append(h.Points, p)
		}
	}
	if of.Best != nil && of.Best.Kind == verdict.Rises {
		h.Best = &of.Best.Point
		for _, p := range of.Beside() {
			h.Beside = append(h.Beside, p.Point)
		}
	}
	c := curves[0]
	h.Title = w.Headline
	if h.Best != nil && !slices.ContainsFunc(h.Points, func(p curve.Point) bool { return p.Point == *h.Best }) {
		h.Best, h.Beside, h.Elsewhere = nil, nil, true
		h.Title = fmt.Sprintf("%s: speedups over %s", w.Name, words.At(c.Sweep, c.Points[0].Point))
	}
	h.Subtitle = fmt.Sprintf("%s; %s; %s; %s", c.BaseText(), words.Size(c.Sweep, w.Program.Unit),
		words.Measure(v.Study.Measure), words.Machine(v.Study.Header.Host))
	slices.SortStableFunc(h.Points[max(0, h.Base+1):], func(a, b curve.Point) int {
		return cmp.Or(cmp.Compare(a.Point.Procs, b.Point.Procs), cmp.Compare(a.Point.Workers, b.Point.Workers))
	})
	var cells []string
	for _, p := range h.Points {
		cells = append(cells, fmt.Sprintf("%s with %s", words.Times(p.Speedup), words.At(c.Sweep, p.Point)))
	}
	return figure(h, w.Name, view.Lead, name, h.Words, "",
		"A map of speedups. "+words.Sentence(h.Title)+" "+words.Upper(strings.Join(cells, ", "))+".")
}
