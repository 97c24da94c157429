package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// An account is a speedup stack and the point it is of.
type account struct {
	curve *Curve
	n     int
	stack *stack.Stack
}

// accounts are the speedup stacks of a family, by n, in the order of the curves.
func (w *Workload) accounts(f *study.Family) []account {
	var out []account
	for i := range w.Curves {
		c := &w.Curves[i]
		if !f.Of(c.Curve) {
			continue
		}
		for at := range c.Figures {
			if s := c.Figures[at].Stack; s != nil {
				out = append(out, account{c, c.Points[at].N, s})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b account) int { return a.n - b.n })
	return out
}

// stacksOf is a picture for every family of w that has speedup stacks.
func (r *Report) stacksOf(w *Workload) []NamedFigure {
	var out []NamedFigure
	families := w.Families
	for i := range families {
		f := &families[i]
		name := "stack"
		if len(r.Workloads) > 1 {
			name += "-" + w.Program.Name
		}
		if len(families) > 1 {
			name += fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		accounts := w.accounts(f)
		if len(accounts) == 0 {
			continue
		}
		s := chart.Stack{}
		for _, a := range accounts {
			s.Bars = append(s.Bars, chart.Bar{N: a.n, Name: a.curve.Label, Mode: a.curve.Sweep.Mode, Stack: a.stack})
		}
		c := accounts[0].curve
		s.Title = w.stackTitle(f)
		s.Subtitle = fmt.Sprintf("%s; %s; %s; %s", c.baseText(), r.sizeWords(c.Sweep), r.measureWords(), machineWords(r.study.Header.Host))
		out = append(out, NamedFigure{
			Name: name, Workload: w.Program.Name, Place: Causes, Title: s.Title, Figure: s,
			Caption: "Where the cores go: the speedup reached, and what each cause takes from the ideal. Causes come from traced runs, " +
				"scaled to the medians of the timed ones.",
			Alt: "Stacked bars of the speedup and of what takes the rest. " + words.Sentence(s.Title),
		})
	}
	return out
}

// stackTitle is the first finding of a family that has stacks, or what is to be seen if nothing is claimed.
func (w *Workload) stackTitle(f *study.Family) string {
	for _, x := range w.found {
		if x.main && f.Of(x.curve.Curve) {
			return fmt.Sprintf("%s, %s, n = %d: %s", w.Program.Name, x.curve.Label, x.N, words.FindingTitle(&x.Finding))
		}
	}
	a := w.accounts(f)[0]
	return fmt.Sprintf("%s, %s, n = %d: %s of %s reached; no cause is named with certainty", w.Program.Name, a.curve.Label, a.n,
		words.Ratio(a.stack.Speedup), words.Times(a.stack.N))
}

// stackTable is what the picture shows, in figures.
func (w *Workload) stackTable(f *study.Family) (t table, ok bool) {
	accounts := w.accounts(f)
	if len(accounts) == 0 {
		return t, false
	}
	t = table{
		Caption: fmt.Sprintf("%s: what each cause takes from the speedup. A column adds up to its ideal.", w.Program.Name),
		Head:    []head{{Name: "cause", Left: true}},
		Notes:   []string{"negative: less of it than at the base"},
	}
	reached, ideal := []string{"speedup reached"}, []string{"ideal"}
	var causes []cause.Cause
	for _, a := range accounts {
		t.Head = append(t.Head, head{Name: fmt.Sprintf("%s, n = %d", a.curve.Label, a.n)})
		reached = append(reached, words.Ratio(a.stack.Speedup))
		ideal = append(ideal, words.Ratio(a.stack.N))
		for _, row := range a.stack.Rows {
			if !slices.Contains(causes, row.Cause) {
				causes = append(causes, row.Cause)
			}
		}
	}
	slices.SortStableFunc(causes, cause.Compare)
	t.Rows = append(t.Rows, reached)
	for _, c := range causes {
		row, seen := []string{words.Cause(c)}, false
		for _, a := range accounts {
			v := a.stack.Of(c)
			seen = seen || math.Abs(v) >= 0.005
			row = append(row, strings.Replace(words.Ratio(v), "-", "−", 1))
		}
		if seen {
			t.Rows = append(t.Rows, row)
		}
	}
	t.Rows = append(t.Rows, ideal)
	return t, true
}

// A claim is a finding in words.
type claim struct {
	Text     string
	Evidence []string
}

// claims are the findings of w: those of the points that its curves are judged by, and those of the others.
func (w *Workload) claims() (judged, others []claim) {
	for _, f := range w.found {
		c := claim{Text: f.text()}
		for _, e := range words.FindingEvidence(&f.Finding) {
			c.Evidence = append(c.Evidence, words.Printable(e))
		}
		if f.main {
			judged = append(judged, c)
		} else {
			others = append(others, c)
		}
	}
	return judged, others
}

// text is the sentence of f, with its place and what could be won.
func (f *found) text() string {
	s := fmt.Sprintf("%s, n = %d: %s", words.Upper(f.curve.Label), f.N, words.Printable(words.FindingTitle(&f.Finding)))
	if most := words.AtMost(&f.Finding); most != "" {
		s += "; without it at most " + most
	}
	return s + "."
}
