package view

import (
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
	Caveats  []Caveat // the weightiest first
	Others   int      // caveats that touch it, and stand below only
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
	f.caveat(caveatsOf([]*Workload{w}, notices))
	return f
}

// caveat puts as many of the caveats into f as there is room for.
func (f *First) caveat(all []Caveat) {
	if more := len(all) - mostCaveats; more > 0 {
		all, f.Others = all[:mostCaveats], more
	}
	f.Caveats = all
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
