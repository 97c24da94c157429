package figures

import (
	"cmp"
	"fmt"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/finding"
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
		title, at, told, found := stackTitle(w, f)
		for _, a := range accounts {
			b := chart.Bar{
				N: a.N, Name: a.Curve.Label, Place: a.Curve.Place(a.N), Mode: a.Curve.Sweep.Mode, Stack: a.Stack,
				Hidden: finding.Hidden(a.Stack),
			}
			if a.Stack == at.Stack {
				b.Told = told
			}
			s.Bars = append(s.Bars, b)
		}
		c := accounts[0].Curve
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

// stackTitle says what most of the loss of a family is, at the point that is spoken of: that it is not explained, the
// largest finding, or else what is reached. It returns the causes that it names, and whether it is the first finding of
// the family.
func stackTitle(w *view.Workload, f *study.Family) (title string, at view.StackAt, told []cause.Cause, found bool) {
	at = spokenOf(w.Stacks(f))
	said, others := "", false
	for i := range w.Workload.Findings {
		x := &w.Workload.Findings[i]
		if x.Curve == at.Curve.Curve && x.N == at.N {
			said, found = words.FindingTitle(&x.Finding), !others
			for _, m := range x.Members {
				told = append(told, m.Cause)
			}
			break
		}
		others = others || f.Of(x.Curve)
	}
	without := words.Unexplained(at.Stack)
	text := cmp.Or(without, said, words.Reached(at.Stack))
	switch {
	case text == said:
	case without != "" && at.Stack.MostlyUnexplained():
		told, found = []cause.Cause{cause.NotExplained, cause.Unknown}, false
	default:
		told, found = nil, false
	}
	return fmt.Sprintf("%s, %s: %s", w.Name, at.Curve.Place(at.N), text), at, told, found
}

// spokenOf is the point that loses most of its ideal, of those that their curves are judged by; those whose ideal the
// cores allow come first. If there are none it is the first.
func spokenOf(accounts []view.StackAt) view.StackAt {
	best := accounts[0]
	rank := func(a view.StackAt) (allowed int, loss float64) {
		c := a.Curve
		if c.Judged < 0 || a.N != c.Points[c.Judged].N {
			return -1, 0
		}
		if a.Stack.Usable >= a.Stack.N {
			allowed = 1
		}
		return allowed, 1 - a.Stack.Speedup/a.Stack.N
	}
	for _, a := range accounts[1:] {
		allowed, loss := rank(a)
		if most, least := rank(best); cmp.Or(cmp.Compare(allowed, most), cmp.Compare(loss, least)) > 0 {
			best = a
		}
	}
	return best
}
