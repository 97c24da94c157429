// Package sites adds up the core time of call stacks by what a reader takes them for: a function of the user's own and
// who called it. Lines do not count, as that a loop has three of them is not worth three rows.
package sites

import (
	"cmp"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Site is the core time of all stacks that stand for the same functions.
type Site struct {
	Time            ledger.CoreTime
	Waiting, Blamed Place // of the stack that has most of it
	Objects         []ledger.Object
}

// A Place is what a stack stands for: the innermost function of the user's own or, if there is none, the innermost
// outside the runtime. It is zero if there is no stack.
type Place struct {
	At     string // "spin.Steps (spin.go:15)"
	Caller string // the function that called into the package of that one, written alike; empty: it is known by itself
}

// Of adds up the time of stacks, which are largest first, and so is what it returns.
func Of(stacks []ledger.Stack) []Site {
	var out []Site
	index := make(map[[2]string]int)
	for _, s := range stacks {
		waiting, who := placeOf(s.Waiting)
		blamed, whom := placeOf(s.Blamed)
		key := [2]string{who, whom}
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, Site{Waiting: waiting, Blamed: blamed})
		}
		all := ledger.Stack{Time: out[i].Time, Objects: out[i].Objects}
		out[i].Objects = ledger.JoinObjects(&all, &s)
		out[i].Time += s.Time
	}
	slices.SortStableFunc(out, func(a, b Site) int { return cmp.Compare(b.Time, a.Time) })
	return out
}

// PlaceOf is the place that stack stands for.
func PlaceOf(stack []gotrace.Frame) Place {
	p, _ := placeOf(stack)
	return p
}

// placeOf is the place that stack stands for, and its functions without lines.
func placeOf(stack []gotrace.Frame) (p Place, functions string) {
	own := place.User(stack)
	if len(own) == 0 {
		f, ok := place.Nearest(stack)
		if !ok {
			return Place{}, ""
		}
		own = []gotrace.Frame{f}
	}
	p.At, functions = place.Name(own[0]), own[0].Func
	if c, ok := place.Caller(own); ok {
		p.Caller = place.Name(c)
		functions += "\n" + c.Func
	}
	return p, functions
}

// Words is p for a sentence.
func (p Place) Words() string {
	if p.Caller == "" {
		return p.At
	}
	return p.At + ", called by " + p.Caller
}

// Brief is p for a column: of the caller the function is enough.
func (p Place) Brief() string {
	if p.Caller == "" {
		return p.At
	}
	caller, _, _ := strings.Cut(p.Caller, " (")
	return p.At + " ← " + caller
}
