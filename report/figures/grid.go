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
			if c := &w.Curves[k]; f.Of(c.Curve) && c.Sweep.Mode == sweep.Grid {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		named := name
		if len(w.Families) > 1 {
			named += fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		out = append(out, gridOf(v, w, named, of, &f.Headline))
	}
	return out
}

// gridOf is the map of the grid that curves make, of which a headline says what is best.
func gridOf(v *view.View, w *view.Workload, name string, curves []*view.Curve, of *verdict.Headline) Figure {
	s := speedup(v, w)
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
