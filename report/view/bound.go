package view

import (
	"slices"
	"strings"

	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A bounded is the curves that have one bound.
type bounded struct {
	bound  string // empty: not clear
	untold string // what it may be, where that is too noisy to tell
	curves []*Curve
}

// bounds are the bounds of the curves of w, in the order of the curves.
func (w *Workload) bounds() []bounded {
	var out []bounded
	for i := range w.Curves {
		c := &w.Curves[i]
		bound, untold := words.Bound(&c.Verdict), words.Untold(&c.Verdict)
		k := slices.IndexFunc(out, func(b bounded) bool { return b.bound == bound && b.untold == untold })
		if k < 0 {
			k = len(out)
			out = append(out, bounded{bound: bound, untold: untold})
		}
		out[k].curves = append(out[k].curves, c)
	}
	return out
}

// not says of curves of w whose bound is not known why it is not.
func (w *Workload) not(b *bounded) string {
	if b.untold != "" {
		return "Whether " + w.Name + w.on(b) + " is " + b.untold + " is too noisy to tell"
	}
	return "What bounds " + w.Name + w.on(b) + " is not clear from the figures"
}

// on names the curves of b, unless it is all those of a grid.
func (w *Workload) on(b *bounded) string {
	var labels []string
	grid := len(b.curves) == len(w.Curves)
	for _, c := range b.curves {
		labels = append(labels, c.Label)
		grid = grid && c.Sweep.Mode == sweep.Grid
	}
	if grid {
		return ""
	}
	return " on " + words.List(labels)
}

// boundSentence says what bounds w: once if all its curves agree.
func (w *Workload) boundSentence() string {
	var known string
	var unclear []string
	for _, b := range w.bounds() {
		switch {
		case b.bound == "":
			unclear = append(unclear, w.not(&b)+".")
		case known == "":
			known = w.Name + " is " + b.bound + w.on(&b)
		default:
			known += ", and " + b.bound + w.on(&b)
		}
	}
	return strings.TrimSpace(words.Sentence(known) + " " + strings.Join(unclear, " "))
}
