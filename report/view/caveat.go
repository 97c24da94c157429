package view

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Caveat is what must be known of the figures on the first screen.
type Caveat struct {
	Text   string
	Notice int // the place of all of it among the warnings of the view
}

// caveatsOf returns what touches the curves of the workloads and their findings, the weightiest first: the same words once,
// with the points that they are about. Notices are the warnings of the view, in their order.
func caveatsOf(all []*Workload, notices []Notice) []Caveat {
	var out []Caveat
	var weights []int
	for i := range notices {
		of := touched(all, notices[i].Of)
		if len(of) == 0 || notices[i].Minor {
			continue
		}
		c := Caveat{notices[i].Text, i}
		if said := words.Caveat(of, words.Places(placesOf(all, of))); said != "" {
			c.Text = words.Upper(words.Sentence(said))
		}
		if slices.ContainsFunc(out, func(x Caveat) bool { return x.Text == c.Text }) {
			continue
		}
		weight := weightOf(of[0].Kind)
		at := len(out)
		for at > 0 && weights[at-1] > weight {
			at--
		}
		out, weights = slices.Insert(out, at, c), slices.Insert(weights, at, weight)
	}
	return out
}

// weightOf ranks kinds of warnings by what they leave of the figures, from 0.
func weightOf(k warning.Kind) int {
	switch k {
	case warning.NoPoints, warning.NoTimedRun, warning.NoBase, warning.NoTime, warning.WorkersIgnored, warning.IdleBenchmarks, warning.Forced:
		return 0 // the curve says nothing of how the program scales
	case warning.Drift, warning.AboveQuota, warning.FailedTimed, warning.FewLaunches, warning.FewAtBase, warning.NoisyRun:
		return 1 // speedups may be others
	case warning.TracedLoses, warning.NotExplained, warning.Withheld, warning.TracedDiffers, warning.TracedOutside:
		return 3 // causes may be others
	case warning.Outliers, warning.FewerResamples, warning.ShortRuns, warning.CoresInstead:
		return 4 // figures are coarser
	default:
		return 2 // it is not known what it is about
	}
}

// placesOf names the points that warnings are about, each once, and of several workloads whose they are.
func placesOf(all []*Workload, of []warning.Warning) []string {
	var out tally
	for i := range of {
		for _, w := range all {
			name, whose := w.placeOf(&of[i]), of[i].Subject.Workload
			switch {
			case len(all) == 1 || whose == sweep.SpinWorkload:
			case name != "":
				name += " of " + w.Name
			case whose == w.Name:
				name = w.Name
			}
			if name != "" {
				out.add(name)
				break
			}
		}
	}
	return out.order
}

// placeOf names the point of w that of is about; empty if it is about none of w.
func (w *Workload) placeOf(of *warning.Warning) string {
	s := &of.Subject
	point := cmp.Or(s.Run.Point, s.Point)
	if s.Workload == sweep.SpinWorkload {
		if point == (sweep.Point{}) {
			return "the spin loop"
		}
		return "the spin loop on " + words.Plural(point.Cores, "core", "cores")
	}
	for i := range w.Curves {
		c := &w.Curves[i]
		at := slices.IndexFunc(c.Points, func(p curve.Point) bool {
			if s.N != 0 {
				return s.Workload == w.Name && s.N == p.N && s.Mode == c.Sweep.Mode && s.Series == c.Sweep.Series
			}
			return point == p.Point
		})
		if at < 0 {
			continue
		}
		name := words.At(c.Sweep, c.Points[at].Point)
		for k := range w.Families {
			if f := &w.Families[k]; len(w.Families) > 1 && f.Of(c.Curve) {
				name += " at " + w.sizeOf(f)
			}
		}
		return name
	}
	return ""
}

// touched are those of the warnings that touch what stands on the first screen of one of the workloads: their curves, and
// their findings.
func touched(all []*Workload, of []warning.Warning) []warning.Warning {
	var out []warning.Warning
	for i := range of {
		reach := reachOf(&of[i])
		if slices.ContainsFunc(all, func(w *Workload) bool {
			return reach == ofCurve && w.measures(&of[i]) || reach == ofFindings && w.explains(&of[i])
		}) {
			out = append(out, of[i])
		}
	}
	return out
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
