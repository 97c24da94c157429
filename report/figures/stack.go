package figures

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
)

// stacksOf is a picture for every family of w that has speedup stacks.
func stacksOf(v *view.View, w *view.Workload) []Figure {
	var out []Figure
	families := w.Families
	for i := range families {
		f := &families[i]
		name := "stack"
		if len(v.Workloads) > 1 {
			name += "-" + w.Name
		}
		if len(families) > 1 {
			name += fmt.Sprintf("-%s-s%d", f.Scaling, f.Size)
		}
		accounts := w.Stacks(f)
		if len(accounts) == 0 {
			continue
		}
		s := chart.Stack{}
		for _, a := range accounts {
			s.Bars = append(s.Bars, chart.Bar{
				N: a.N, Name: a.Curve.Label, Place: a.Curve.Place(a.N), Mode: a.Curve.Sweep.Mode, Stack: a.Stack,
			})
		}
		c := accounts[0].Curve
		title, found := stackTitle(w, f)
		s.Title = title
		s.Subtitle = fmt.Sprintf("%s; %s; %s; %s", c.BaseText(), words.Size(c.Sweep, w.Program.Unit),
			words.Measure(v.Study.Measure), words.Machine(v.Study.Header.Host))
		drawn := figure(s, w.Name, view.Causes, name, s.Words,
			"What is reached, and what each cause takes from the ideal: by traced runs, scaled to the medians of the timed ones.",
			"Stacked bars of the speedup and of what takes the rest. "+words.Sentence(s.Title))
		if found { // which stands first of those beside it
			drawn.Head = ""
			if len(families) > 1 {
				drawn.Head = words.Upper(words.Size(c.Sweep, w.Program.Unit))
			}
		}
		for _, a := range accounts {
			drawn.Points = append(drawn.Points, a.Point)
		}
		out = append(out, drawn)
	}
	return out
}

// stackTitle says what most of the loss of a family is: that it is not explained, the first finding, or else what is
// reached; found is whether it is a finding.
func stackTitle(w *view.Workload, f *study.Family) (title string, found bool) {
	at := w.Stacks(f)[0]
	said := ""
	for i := range w.Workload.Findings {
		x := &w.Workload.Findings[i]
		if x.Judged && f.Of(x.Curve) {
			said = words.FindingTitle(&x.Finding)
			at.Curve = &view.Curve{Curve: x.Curve, Label: w.Label(x)}
			at.N, at.Stack = x.N, x.Curve.Figures[x.Curve.Judged].Stack
			break
		}
	}
	if said == "" {
		for _, a := range w.Stacks(f) {
			if a.Curve.Judged >= 0 && a.N == a.Curve.Points[a.Curve.Judged].N {
				at = a
				break
			}
		}
	}
	text := cmp.Or(words.Unexplained(at.Stack), said, words.Reached(at.Stack))
	return fmt.Sprintf("%s, %s: %s", w.Name, at.Curve.Place(at.N), text), text == said
}
