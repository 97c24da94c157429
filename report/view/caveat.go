package view

import (
	"cmp"
	"slices"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Caveat is what must be known of the figures on the first screen.
type Caveat struct {
	Text   string
	Notice int // the place of all of it among the warnings of the view
}

// caveatsOf returns what touches the curves of the workloads, and the findings of what is explained, the weightiest
// first: the same words once, with the points that they are about. Notices are the warnings of the view, in their
// order. Own is whether warnings that are about none of the workloads are left out.
func caveatsOf(all []*Workload, found []explained, notices []Notice, own bool) []Caveat {
	type clause struct {
		text   string
		notice int
		of     []warning.Warning
	}
	var said []clause
	for i := range notices {
		of := touched(all, found, notices[i].Of)
		if own {
			of = slices.DeleteFunc(of, func(x warning.Warning) bool {
				return x.Subject.Workload == "" || x.Subject.Workload == sweep.SpinWorkload
			})
		}
		if len(of) == 0 || notices[i].Minor {
			continue
		}
		text := words.Caveat(of, "")
		switch {
		case text != "":
		case len(of) == len(notices[i].Of):
			text = notices[i].Text
		default:
			text = words.Sentence(words.Foreign(alike(words.Warning(of[0]), len(of))))
		}
		if k := slices.IndexFunc(said, func(c clause) bool { return c.text == text }); k >= 0 {
			said[k].of = append(said[k].of, of...)
		} else {
			said = append(said, clause{text, i, of})
		}
	}
	slices.SortStableFunc(said, func(a, b clause) int { return weightOf(a.of[0].Kind) - weightOf(b.of[0].Kind) })
	var out []Caveat
	for _, c := range said {
		if own := words.Caveat(c.of, words.Places(placesOf(all, c.of))); own != "" {
			c.text = words.Upper(words.Sentence(own))
		}
		out = append(out, Caveat{c.text, c.notice})
	}
	return out
}

// weightOf ranks kinds of warnings by what they leave of the figures, from 0.
func weightOf(k warning.Kind) int {
	switch k {
	case warning.NoPoints, warning.NoTimedRun, warning.NoBase, warning.NoTime, warning.WorkersIgnored, warning.OtherWork,
		warning.IdleBenchmarks, warning.Forced:
		return 0 // the curve says nothing of how the program scales
	case warning.Drift, warning.AboveQuota, warning.FailedTimed, warning.FewLaunches, warning.FewAtBase, warning.NoisyRun:
		return 1 // speedups may be others
	case warning.TracedLoses, warning.CausesExceed, warning.NotExplained, warning.Withheld, warning.TracedDiffers, warning.TracedOutside:
		return 3 // causes may be others
	case warning.Outliers, warning.FewerResamples, warning.ShortRuns, warning.CoresInstead:
		return 4 // figures are coarser
	default:
		return 2 // it is not known what it is about
	}
}

// A spot is a point, or the place on a curve of a workload where one is.
type spot struct {
	workload string
	mode     sweep.Mode
	scaling  sweep.Scaling
	size     int64
	series   string
	n        int
	point    sweep.Point // if n is 0
}

// on is the place on s with n.
func on(s *sweep.Sweep, workload string, n int) spot {
	return spot{workload: workload, mode: s.Mode, scaling: s.Scaling, size: s.Size, series: s.Series, n: n}
}

// spotOf is what a warning is about.
func spotOf(s *warning.Subject) spot {
	if s.N != 0 {
		return spot{workload: s.Workload, mode: s.Mode, scaling: s.Scaling, size: s.Size, series: s.Series, n: s.N}
	}
	return spot{point: cmp.Or(s.Run.Point, s.Point)}
}

// placesOf names the points that warnings are about, in the order of the curves, and of several workloads whose they
// are.
func placesOf(all []*Workload, of []warning.Warning) []string {
	about, whole := map[spot]bool{}, map[string]bool{}
	for i := range of {
		s := &of[i].Subject
		about[spotOf(s)], whole[s.Workload] = true, true
	}
	var out []string
	left := 0
	for _, w := range all {
		whose, named := "", len(out)
		if len(all) > 1 {
			whose = " of " + w.Name
		}
		seen := map[sweep.Point]bool{} // curves have points in common
		for i := range w.Curves {
			c := &w.Curves[i]
			which := words.WhichCurve(w.Among(&c.Sweep), c.Sweep.Scaling, c.Sweep.Size)
			for _, p := range c.Points {
				switch {
				case seen[p.Point]:
				case about[on(&c.Sweep, w.Name, p.N)], about[spot{point: p.Point}]:
					seen[p.Point] = true
					out = append(out, words.At(c.Sweep, p.Point)+which+whose)
				default:
					left++
				}
			}
		}
		if named == len(out) && len(all) > 1 && whole[w.Name] {
			out = append(out, w.Name)
		}
	}
	if left == 0 && len(out) > 1 {
		out = []string{"all points"}
	}
	if whole[sweep.SpinWorkload] {
		out = append(out, "the spin loop")
	}
	return out
}

// touched are those of the warnings that touch what stands on the first screen: the curves of the workloads, and the
// findings of those found.
func touched(all []*Workload, found []explained, of []warning.Warning) []warning.Warning {
	var out []warning.Warning
	for i := range of {
		is := false
		switch reachOf(&of[i]) {
		case ofCurve:
			is = slices.ContainsFunc(all, func(w *Workload) bool { return w.measures(&of[i]) })
		case ofFindings:
			is = slices.ContainsFunc(found, func(e explained) bool { return e.by(&of[i]) })
		}
		if is {
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

// measures reports whether of is about the curves of w: about one of their points, their workload, the loop that they
// are compared with, or all of the study.
func (w *Workload) measures(of *warning.Warning) bool {
	s := &of.Subject
	if of.Kind == warning.IdleBenchmarks {
		return slices.ContainsFunc(of.Items, func(i warning.Item) bool { return i.Name == w.Name })
	}
	return s.Workload == "" || s.Workload == w.Name || s.Workload == sweep.SpinWorkload
}

// An explained is a workload of which findings stand on the first screen, and the curves that they are of; nil: all.
type explained struct {
	*Workload
	curves []int
}

// by reports whether of is about the traced runs that what is said rests on: those of the points that the curves are
// judged by, and of their bases.
func (e explained) by(of *warning.Warning) bool {
	s := &of.Subject
	if s.Workload != "" && s.Workload != e.Name {
		return false
	}
	p := s.Point
	if s.Run != (sweep.Run{}) {
		p = s.Run.Point
	}
	for i := range e.Curves {
		if e.curves != nil && !slices.Contains(e.curves, i) {
			continue
		}
		c := &e.Curves[i]
		for _, at := range []int{c.Judged, c.Base} {
			switch {
			case at < 0:
			case s.N != 0:
				if at == c.Judged && spotOf(s) == on(&c.Sweep, s.Workload, c.Points[at].N) {
					return true
				}
			case p == sweep.Point{}, p == c.Points[at].Point:
				return true
			}
		}
	}
	return false
}
