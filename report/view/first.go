package view

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// How many findings and caveats stand on the first screen of a report: a review looks for a minute.
const (
	mostFirst   = 3
	mostCaveats = 5
)

// A First is what of a workload stands on the first screen of a report, beside its headline, question and curve.
type First struct {
	Findings []*Claim // the first of those of the workload
	More     int      // findings of it that stand below only
	Bases    []string // what the speedups are relative to, and how many runs there are: a sentence each
	Advice   string   // a sentence
	Caveats  []Caveat // what touches the curve first
	Others   int      // caveats that touch it, and stand below only
}

// A Caveat is what must be known of the figures on the first screen.
type Caveat struct {
	Text   string
	Notice int // the place of all of it among the warnings of the view
}

// first gathers what of w stands on the first screen. Notices are the warnings of the view, in their order.
func (w *Workload) first(least float64, notices []Notice) First {
	f := First{Advice: w.briefAdvice(least)}
	for i := range w.Findings {
		if i < mostFirst {
			f.Findings = append(f.Findings, &w.Findings[i])
		}
	}
	f.More = len(w.Findings) + len(w.Others) - len(f.Findings)
	f.Bases = w.bases()
	for _, touched := range []bool{true, false} {
		for i := range notices {
			of, curve := w.touched(notices[i].Of)
			if len(of) == 0 || curve != touched || notices[i].Minor {
				continue
			}
			text := notices[i].Text
			if said := words.Caveat(of); said != "" {
				text = words.Upper(words.Sentence(said))
			}
			if !slices.ContainsFunc(f.Caveats, func(c Caveat) bool { return c.Text == text }) {
				f.Caveats = append(f.Caveats, Caveat{text, i})
			}
		}
	}
	if n := len(f.Caveats); n > mostCaveats {
		f.Caveats, f.Others = f.Caveats[:mostCaveats], n-mostCaveats
	}
	return f
}

// bases says what the speedups of w are relative to, once for curves that have their base in common, and of how many runs
// all of them are.
func (w *Workload) bases() []string {
	var out []string
	seen := map[sweep.Point]bool{}
	least, most := -1, 0
	for i := range w.Curves {
		c := &w.Curves[i]
		for _, p := range c.Points {
			if least < 0 || p.Runs < least {
				least = p.Runs
			}
			most = max(most, p.Runs)
		}
		if c.Base >= 0 {
			base := c.Points[c.Base].Point
			if seen[base] {
				continue
			}
			seen[base] = true
		}
		out = append(out, words.Upper(words.Sentence(c.BaseText()+"; "+words.Size(c.Sweep, w.Program.Unit))))
	}
	if most > 0 {
		out = append(out, words.RunsOfEach(least, most))
	}
	return out
}

// touched are those of the warnings that touch what stands on the first screen of w, and whether they touch its curve
// rather than its findings alone.
func (w *Workload) touched(all []warning.Warning) (out []warning.Warning, curve bool) {
	for i := range all {
		switch of := &all[i]; reachOf(of) {
		case ofCurve:
			if w.measures(of) {
				out, curve = append(out, *of), true
			}
		case ofFindings:
			if w.explains(of) {
				out = append(out, *of)
			}
		}
	}
	return out, curve
}

// A reach is what of the first screen a warning can touch.
type reach int

const (
	ofNeither  reach = iota // pictures, files and figures that stand further below
	ofCurve                 // speedups, and their intervals
	ofFindings              // what is said of the points that curves are judged by
)

// reachOf returns the reach of a warning. What is not known to be about something else touches the curve.
func reachOf(of *warning.Warning) reach {
	switch of.Kind {
	case warning.Recorded:
		if of.Subject.Run.Kind == sweep.Traced {
			return ofFindings
		}
	case warning.HiddenWords, warning.OutputLost:
		return ofNeither
	case warning.TracedOutside, warning.ShortRuns, warning.FailedTraced:
		return ofFindings
	}
	switch of.Kind.Analysis() {
	case "timeline", "path", "use", "spans":
		return ofNeither
	case "stack", "finding", "ledger", "threads", "records", "trace", "profile":
		return ofFindings
	default:
		return ofCurve
	}
}

// measures reports whether of is about the curves of w: about one of their points, their workload, the loop that they are
// compared with, or all of the study.
func (w *Workload) measures(of *warning.Warning) bool {
	s := &of.Subject
	if of.Kind == warning.IdleBenchmarks {
		return slices.ContainsFunc(of.Items, func(i warning.Item) bool { return i.Name == w.Name })
	}
	return s.Workload == "" || s.Workload == w.Name || s.Workload == sweep.SpinWorkload
}

// explains reports whether of is about the traced runs that the findings of w rest on: those of the points that its curves
// are judged by, and of their bases.
func (w *Workload) explains(of *warning.Warning) bool {
	s := &of.Subject
	if s.Workload != "" && s.Workload != w.Name {
		return false
	}
	p := s.Point
	if s.Run != (sweep.Run{}) {
		p = s.Run.Point
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		for _, at := range []int{c.Judged, c.Base} {
			switch {
			case at < 0:
			case s.N != 0:
				if at == c.Judged && s.N == c.Points[at].N && s.Mode == c.Sweep.Mode && s.Series == c.Sweep.Series {
					return true
				}
			case p == sweep.Point{}, p == c.Points[at].Point:
				return true
			}
		}
	}
	return false
}
