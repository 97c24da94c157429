package view

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An advised is curves that have one recommendation: a curve or all those of a grid.
type advised struct {
	*curve.Curve
	*recommend.Recommendation
	label string
}

// advised are the curves of w with what is recommended of them.
func (w *Workload) advised() []advised {
	var out []advised
	var all []sweep.Sweep // a grid is told apart from others by all but its series
	for i := range w.Curves {
		s := w.Curves[i].Sweep
		s.Series = ""
		all = append(all, s)
	}
	grids := map[*study.Grid]bool{}
	for i := range w.Curves {
		c := &w.Curves[i]
		a := advised{&c.Curve.Curve, &c.Recommendation, c.Label}
		if g := w.gridOf(c); g != nil {
			if grids[g] {
				continue
			}
			grids[g] = true
			a = advised{&g.Curve, &g.Recommendation, label(all[i], all)}
		}
		if len(a.Points) > 1 {
			out = append(out, a)
		}
	}
	return out
}

// gridOf returns the grid that c is of; nil if it is of none.
func (w *Workload) gridOf(c *Curve) *study.Grid {
	if c.Sweep.Mode == sweep.Grid {
		for i := range w.Families {
			if w.Families[i].Of(c.Curve) {
				return w.Families[i].Grid
			}
		}
	}
	return nil
}

// recommends reports whether point i of c is the one that is recommended of it, or of its grid.
func (w *Workload) recommends(c *Curve, i int) bool {
	if g := w.gridOf(c); g != nil {
		at := g.Recommendation.At
		return at >= 0 && g.Points[at].Point == c.Points[i].Point
	}
	return i == c.Recommendation.At
}

// at says which point of a is meant.
func (a *advised) at(i int) string { return words.At(a.Sweep, a.Points[i].Point) }

// advice is what is recommended for the curves of w, a sentence each.
func (w *Workload) advice() []string {
	var out []string
	for _, a := range w.advised() {
		why := words.Advice(a.Recommendation)
		if a.At < 0 {
			out = append(out, fmt.Sprintf("No count is recommended for %s: %s.", a.label, why))
			continue
		}
		if more := words.Beyond(a.Recommendation); more != "" {
			why += "; " + more
		}
		out = append(out, fmt.Sprintf("Recommended for %s: %s (%s).", a.label, a.at(a.At), why))
	}
	return out
}

// costTable is what a unit of work costs at each point.
func costTable(w *Workload) (t page.Table, ok bool) {
	busy := "CPU time"
	if len(w.Curves) > 0 && w.Curves[0].Measure == curve.Work {
		busy += " of the whole run, start-up and teardown included"
	}
	t = page.Table{
		Title:   "What the work costs",
		Caption: fmt.Sprintf("Held: cores × time; busy: %s; both in core-seconds for %s.", busy, perUnit(w)),
		Head: []page.Head{
			{Name: "curve", Left: true},
			{Name: "n"},
			{Name: "efficiency at least", Unit: "%"},
			{Name: "held, core-s"},
			{Name: "busy, core-s"},
			{Name: "over base", Unit: "×"},
			{Name: "", Left: true},
		},
		Notes: []string{"efficiency at least: the lower end of its interval"},
	}
	scale := float64(sizeOf(w))
	for i := range w.Curves {
		c := &w.Curves[i]
		for at, p := range c.Points {
			low, cost, mark := words.Unknown, c.Recommendation.Costs[at], ""
			least, _ := recommend.Low(&c.Curve.Curve, at)
			if words.Finite(least) {
				low = words.PercentNumber(least)
			}
			if at == c.Base {
				low = "base"
			}
			if w.recommends(c, at) {
				mark = "recommended"
			}
			t.Put(
				page.Words(c.Label), page.Cell{Text: fmt.Sprint(p.N), Value: float64(p.N)}, page.Cell{Text: low, Value: least},
				page.Cell{Text: words.Significant(cost.Held * scale), Value: cost.Held},
				page.Cell{Text: words.Significant(cost.CPU * scale), Value: cost.CPU},
				page.Cell{Text: words.Ratio(cost.Over), Value: cost.Over}, page.Words(mark),
			)
		}
	}
	return t, len(t.Rows) > len(w.Curves)
}

// sizeOf is the least size of a point of w, which costs are given for: that of its first base.
func sizeOf(w *Workload) int64 {
	for i := range w.Curves {
		if c := &w.Curves[i]; len(c.Points) > 0 {
			return max(c.Points[0].Point.Size, 1)
		}
	}
	return 1
}

// perUnit names the work that costs are given for.
func perUnit(w *Workload) string {
	switch n := sizeOf(w); {
	case w.Program.Unit != "":
		return words.Quantity(n, w.Program.Unit)
	case n == 1:
		return "a run"
	default:
		return "a size of " + words.Whole(n)
	}
}

// popTable is the POP efficiencies of all points of w that have them.
func (w *Workload) popTable() (t page.Table, ok bool) {
	t = page.Table{
		Title: "POP efficiencies",
		Caption: "From the useful time of each worker in the traced runs: parallel = load balance × communication, " +
			"global = parallel × computation.",
		Head: []page.Head{
			{Name: "curve", Left: true},
			{Name: "n"},
			{Name: "load balance", Left: true},
			{Name: "communication", Left: true},
			{Name: "parallel", Left: true},
			{Name: "computation", Left: true},
			{Name: "global", Left: true},
		},
		Notes: []string{"good: 80 % and more (POP’s rule of thumb), fair: 50 % and more, poor: less"},
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		for at, p := range c.Points {
			e := c.Figures[at].POP
			if e == nil {
				continue
			}
			row := []page.Cell{page.Words(c.Label), {Text: fmt.Sprint(p.N), Value: float64(p.N)}}
			grades := []pop.Grade{"", ""}
			for _, v := range []float64{e.LoadBalance, e.Communication, e.Parallel, e.Computation, e.Global} {
				g := pop.GradeOf(v)
				grades = append(grades, g)
				cell := words.Percent(v)
				if g != pop.Unknown {
					cell += " " + string(g)
				}
				row = append(row, page.Cell{Text: cell, Value: v})
			}
			t.Put(row...)
			t.Grades = append(t.Grades, grades)
		}
	}
	return t, len(t.Rows) > 0
}

// mostPhases is how many phases of a point are listed.
const mostPhases = 12

// phasesTable says how long the phases of w took by the spans that the program itself sent, in the traced runs; false
// if there are none.
func phasesTable(w *Workload) (t page.Table, ok bool) {
	t.Head = []page.Head{
		{Name: "point", Left: true},
		{Name: "phase", Left: true},
		{Name: "spans"},
		{Name: "total"},
		{Name: "longest"},
	}
	seen := map[sweep.Point]bool{}
	left := 0
	for i := range w.Curves {
		c := &w.Curves[i]
		for k, p := range c.Points {
			left += addPhases(&t, p.Point, c.Figures[k].Traced, seen)
		}
	}
	t.Title = "Phases"
	t.Caption = "Phases, by the spans that the program sent in the traced runs; what overlaps counts twice"
	if left > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d shorter phases are not listed", left))
	}
	return t, len(t.Rows) > 0
}

func addPhases(t *page.Table, p sweep.Point, x *study.Traced, seen map[sweep.Point]bool) (left int) {
	if x == nil || seen[p] {
		return 0
	}
	seen[p] = true
	for i, ph := range x.Phases {
		if i == mostPhases {
			return len(x.Phases) - i
		}
		t.Put(
			page.Words(words.Layout(p)), page.Words(ph.Name), page.Cell{Text: fmt.Sprint(ph.Count), Value: float64(ph.Count)},
			page.Cell{Text: words.Duration(ph.Total.Seconds()), Value: ph.Total.Seconds()},
			page.Cell{Text: words.Duration(ph.Max.Seconds()), Value: ph.Max.Seconds()},
		)
	}
	return 0
}
