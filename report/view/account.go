package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A StackAt is a speedup stack and the point it is of.
type StackAt struct {
	Curve *Curve
	N     int
	Point sweep.Point
	Stack *stack.Stack
}

// Stacks are the speedup stacks of a family, by n, in the order of the curves.
func (w *Workload) Stacks(f *study.Family) []StackAt {
	var out []StackAt
	for i := range w.Curves {
		c := &w.Curves[i]
		if !f.Of(c.Curve) {
			continue
		}
		for at := range c.Figures {
			if s := c.Figures[at].Stack; s != nil {
				out = append(out, StackAt{c, c.Points[at].N, c.Points[at].Point, s})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b StackAt) int { return a.N - b.N })
	return out
}

// stackTable is what the picture shows, in figures.
func (w *Workload) stackTable(f *study.Family) (t page.Table, ok bool) {
	accounts := w.Stacks(f)
	if len(accounts) == 0 {
		return t, false
	}
	t = page.Table{
		Title:   "The speedup stack in figures",
		Caption: "What each cause takes from the speedup. A column adds up to its ideal.",
		Head:    []page.Head{{Name: "cause", Left: true}},
		Notes: []string{
			"negative: less of it than at the base",
			"shares in the picture and in findings are of what all causes above 0 take together",
		},
	}
	reached, ideal := []page.Cell{page.Words("speedup reached")}, []page.Cell{page.Words("ideal")}
	var causes []cause.Cause
	for _, a := range accounts {
		t.Head = append(t.Head, page.Head{Name: a.Curve.Place(a.N)})
		reached = append(reached, page.Cell{Text: words.Ratio(a.Stack.Speedup), Value: a.Stack.Speedup})
		ideal = append(ideal, page.Cell{Text: words.Ratio(a.Stack.N), Value: a.Stack.N})
		for _, row := range a.Stack.Rows {
			if !slices.Contains(causes, row.Cause) {
				causes = append(causes, row.Cause)
			}
		}
	}
	slices.SortStableFunc(causes, cmp.Compare[cause.Cause])
	t.Put(reached...)
	for _, c := range causes {
		row, seen := []page.Cell{page.Words(words.Cause(c))}, false
		for _, a := range accounts {
			v := a.Stack.Of(c)
			seen = seen || math.Abs(v) >= 0.005
			row = append(row, page.Cell{Text: words.Taken(v), Value: v})
		}
		if seen {
			t.Put(row...)
		}
	}
	t.Put(ideal...)
	return t, true
}

// A Claim is something that is concluded, in words.
type Claim struct {
	Text     string
	Evidence []string
	Found    *Found // of a finding
}

// A Found is a finding where there is little room, and where in the documents that which it is of stands.
type Found struct {
	Share    string  // of the lost core time
	What     string  // that time is: "likely waiting for a lock"
	Whose    string  // its workload
	Where    string  // on which curve: "threads, n = 2"
	Won      string  // what could be won without it, a clause; empty: not known
	CoreTime float64 // that it takes of a run, in core-seconds; 0: not known
	NoLoss   string  // that no loss is shown at its point; empty: one is
	Bar      string  // how the words of its part of a bar begin in the picture of the stack

	Curve, At int // the point, by index into the curves of the workload and the points of that curve
	Point     sweep.Point
}

// claims puts the findings of w into words: those of the points that its curves are judged by, and those of the others.
func (w *Workload) claims() {
	said := map[Found]bool{} // of points, by curve and place
	for i := range w.Workload.Findings {
		f := &w.Workload.Findings[i]
		c := Claim{Text: w.sentence(f), Found: w.found(f)}
		of := Found{Curve: c.Found.Curve, At: c.Found.At}
		for _, e := range words.FindingSupport(&f.Finding, said[of]) {
			c.Evidence = append(c.Evidence, words.Printable(e))
		}
		said[of] = true
		if f.Judged {
			w.Findings = append(w.Findings, c)
		} else {
			w.Others = append(w.Others, c)
		}
	}
}

// found is f in few words.
func (w *Workload) found(f *study.Finding) *Found {
	k := slices.IndexFunc(w.Curves, func(c Curve) bool { return c.Curve == f.Curve })
	return &Found{
		Whose: w.Name, CoreTime: f.Seconds * f.Ideal,
		Share: words.Percent(f.Share), What: words.Printable(words.FindingShort(&f.Finding)),
		Where:  strings.Replace(w.Curves[k].Place(f.N), "n = ", "n"+words.NoBreak+"="+words.NoBreak, 1),
		Won:    words.Won(&f.Finding),
		NoLoss: words.NoLoss(&f.Finding),
		Bar:    w.Curves[k].Place(f.N) + ": " + words.Cause(f.Cause),
		Curve:  k, At: f.At, Point: f.Curve.Points[f.At].Point,
	}
}

// Place says where on c its point with n is: on a grid by its processes and workers, as several points have one n.
func (c *Curve) Place(n int) string {
	i := slices.IndexFunc(c.Points, func(p curve.Point) bool { return p.N == n })
	if c.Sweep.Mode == sweep.Grid && i >= 0 {
		return words.At(c.Sweep, c.Points[i].Point)
	}
	return fmt.Sprintf("%s, n = %d", c.Label, n)
}

// Label is what the curve of a finding is called.
func (w *Workload) Label(f *study.Finding) string {
	i := slices.IndexFunc(w.Curves, func(c Curve) bool { return c.Curve == f.Curve })
	return w.Curves[i].Label
}

// sentence is f with its place and what could be won.
func (w *Workload) sentence(f *study.Finding) string {
	at := &Curve{Curve: f.Curve, Label: w.Label(f)}
	s := words.Upper(at.Place(f.N)) + ": " + words.Printable(words.FindingTitle(&f.Finding))
	if won := words.Won(&f.Finding); won != "" {
		s += "; " + won
		if f.Replay == nil {
			s += ", other losses unchanged"
		}
	}
	return s + "."
}
