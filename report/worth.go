package report

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/pop"
	"github.com/corecurve/corecurve/analyze/recommend"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// advice is what is recommended for the curves of w, a sentence each.
func (w *Workload) advice() []string {
	var out []string
	for i := range w.Curves {
		c := &w.Curves[i]
		if len(c.Points) < 2 {
			continue
		}
		if c.Advice.At < 0 {
			out = append(out, fmt.Sprintf("No count is recommended for %s: %s.", c.Label, words.Advice(&c.Advice)))
			continue
		}
		out = append(out, fmt.Sprintf("Recommended for %s: %s (%s).", c.Label, words.At(c.Sweep, c.Points[c.Advice.At].Point), words.Advice(&c.Advice)))
	}
	return out
}

// briefAdvice is what is recommended for w, in one sentence.
func (w *Workload) briefAdvice(least float64) string {
	var counts []string
	seen := false // there are too few runs of some for confidence
	for i := range w.Curves {
		c := &w.Curves[i]
		if len(c.Points) < 2 || c.Advice.At < 0 {
			continue
		}
		seen = seen || c.Advice.Reason == recommend.Seen
		s := words.At(c.Sweep, c.Points[c.Advice.At].Point)
		if len(w.Curves) > 1 && c.Sweep.Mode != sweep.Procs {
			s += " on " + c.Label
		}
		counts = append(counts, s)
	}
	if len(counts) == 0 {
		return ""
	}
	sure := "with 95" + words.NoBreak + "% confidence"
	if seen {
		sure = "in every run"
	}
	return fmt.Sprintf("Recommended: %s, the largest count whose efficiency is at least %s %s.", words.List(counts), words.Percent(least), sure)
}

// costTable is what a unit of work costs at each point.
func (r *Report) costTable(w *Workload) (t table, ok bool) {
	unit := "run"
	if u := w.Program.Unit; u != "" {
		unit = u
	}
	t = table{
		Caption: fmt.Sprintf("%s: what the work costs. Held: cores × time; busy: CPU time; both in core-seconds for %s of %s.", w.Program.Name,
			perUnit(w), unit),
		Head: []head{
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
			low, cost, mark := words.Unknown, c.Advice.Costs[at], ""
			if v, _ := recommend.Low(&c.Curve.Curve, at); words.Finite(v) {
				low = words.PercentNumber(v)
			}
			if at == c.Base {
				low = "base"
			}
			if at == c.Advice.At {
				mark = "recommended"
			}
			t.Rows = append(t.Rows, []string{
				c.Label, fmt.Sprint(p.N), low, words.Significant(cost.Held * scale), words.Significant(cost.CPU * scale), words.Ratio(cost.Over), mark,
			})
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

func perUnit(w *Workload) string { return fmt.Sprintf("a size of %d", sizeOf(w)) }

// popTable is the POP efficiencies of all points of w that have them.
func (w *Workload) popTable() (t table, ok bool) {
	t = table{
		Caption: fmt.Sprintf("%s: POP efficiencies, from the useful time of each worker in the traced runs: parallel = load balance × communication, "+
			"global = parallel × computation.", w.Program.Name),
		Head: []head{
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
			row := []string{c.Label, fmt.Sprint(p.N)}
			grades := []pop.Grade{"", ""}
			for _, v := range []float64{e.LoadBalance, e.Communication, e.Parallel, e.Computation, e.Global} {
				g := pop.GradeOf(v)
				grades = append(grades, g)
				cell := words.Percent(v)
				if g != pop.Unknown {
					cell += " " + string(g)
				}
				row = append(row, cell)
			}
			t.Rows, t.Grades = append(t.Rows, row), append(t.Grades, grades)
		}
	}
	return t, len(t.Rows) > 0
}

// A POPDoc is the POP efficiencies of a point.
type POPDoc struct {
	LoadBalance    schema.Number `json:"load_balance"`
	LoadReason     string        `json:"load_balance_reason,omitempty"`
	Communication  schema.Number `json:"communication"`
	CommReason     string        `json:"communication_reason,omitempty"`
	Parallel       schema.Number `json:"parallel"`
	ParallelReason string        `json:"parallel_reason,omitempty"`
	Computation    schema.Number `json:"computation"`
	CompReason     string        `json:"computation_reason,omitempty"`
	Global         schema.Number `json:"global"`
	GlobalReason   string        `json:"global_reason,omitempty"`
}

func popDoc(e *pop.Efficiency) *POPDoc {
	const why = "no worker did useful work"
	d := &POPDoc{}
	d.LoadBalance, d.LoadReason = schema.NumberOf(e.LoadBalance, why)
	d.Communication, d.CommReason = schema.NumberOf(e.Communication, why)
	d.Parallel, d.ParallelReason = schema.NumberOf(e.Parallel, why)
	d.Computation, d.CompReason = schema.NumberOf(e.Computation, why)
	d.Global, d.GlobalReason = schema.NumberOf(e.Global, why)
	return d
}

// A RecommendedDoc is the count that a curve is worth.
type RecommendedDoc struct {
	N   int     `json:"n"`
	Low float64 `json:"efficiency_low"`
	Why string  `json:"why"`
}

// A CostDoc is what a unit of work costs at a point.
type CostDoc struct {
	Held       schema.Number `json:"held_core_s"`
	HeldReason string        `json:"held_core_s_reason,omitempty"`
	CPU        schema.Number `json:"cpu_s"`
	CPUReason  string        `json:"cpu_s_reason,omitempty"`
	Over       schema.Number `json:"over_base"`
	OverReason string        `json:"over_base_reason,omitempty"`
}

// worthDocs fills in what report.json holds of use, cost and efficiencies of point i.
func worthDocs(c *Curve, i int, d *PointDoc) {
	u := c.Figures[i].Use
	d.Voluntary, d.VoluntaryReason = schema.NumberOf(u.Voluntary, noRuns)
	d.Involuntary, d.InvoluntaryReason = schema.NumberOf(u.Involuntary, noRuns)
	d.TreeRSS, d.TreeRSSReason = schema.NumberOf(u.Tree, "not reported by any run")
	d.TreeRSSBound = u.Bound
	d.Threads, d.ThreadsReason = schema.NumberOf(u.Threads, "counted of commands only")
	cost := c.Advice.Costs[i]
	d.Cost.Held, d.Cost.HeldReason = schema.NumberOf(cost.Held, noRuns)
	d.Cost.CPU, d.Cost.CPUReason = schema.NumberOf(cost.CPU, noRuns)
	d.Cost.Over, d.Cost.OverReason = schema.NumberOf(cost.Over, "this point or the base has no run that is ok")
	if e := c.Figures[i].POP; e != nil {
		d.POP = popDoc(e)
	} else if c.Verdict.Bound == verdict.IO {
		d.POPReason = "waiting is what an I/O-bound program is for, so useful time says nothing of it"
	} else {
		d.POPReason = "no traced run of this point, or of the base, tells its workers apart"
	}
}
