package study

import (
	"slices"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// stacks builds the speedup stacks of the points of w.
func (a *analysis) stacks(w *Workload) {
	for i := range w.Curves {
		c := &w.Curves[i]
		for at := range c.Points {
			if c.Base >= 0 && at != c.Base {
				c.Figures[at].Stack = a.stack(c, at)
			}
		}
	}
}

// find ranks what is found in the speedup stacks of w.
func (a *analysis) find(w *Workload) {
	var others []Finding
	for i := range w.Curves {
		c := &w.Curves[i]
		for at := range c.Points {
			s := c.Figures[at].Stack
			if s == nil {
				continue
			}
			in := finding.At(&c.Curve, at, s)
			in.Ceiling, in.Among = a.firm().Of(&c.Curve, at), w.Among(&c.Sweep)
			findings, warnings := finding.Rank(in)
			for rank, f := range findings {
				found := Finding{Finding: f, Curve: c, At: at, Judged: at == c.Judged, rank: rank}
				if found.Judged {
					w.Findings = append(w.Findings, found)
				} else {
					others = append(others, found)
				}
			}
			a.account = append(append(a.account, s.Warnings...), warnings...)
		}
	}
	byRank := func(x, y Finding) int { return x.rank - y.rank }
	slices.SortStableFunc(w.Findings, byRank)
	slices.SortStableFunc(others, byRank)
	w.Findings = append(w.Findings, others...)
}

// stack builds the speedup stack of a point of c. It returns nil if the runs of the point, or of the base, left no
// ledger.
func (a *analysis) stack(c *Curve, at int) *stack.Stack {
	in := stack.Input{Curve: &c.Curve, At: at, Alone: a.alone(c.Sweep.Workload)}
	return stackOf(in, a.explained(c.Points[c.Base].Point), a.explained(c.Points[at].Point))
}

// Between builds the stack from point i of base to point k of at, which is the same work on as many lanes, of another
// program or another study: what stands between the speeds of the two. It returns nil if either left no ledger.
func Between(base *Curve, i int, at *Curve, k int) *stack.Stack {
	c := curve.Curve{Sweep: at.Sweep, Measure: at.Measure, Points: []curve.Point{base.Points[i], at.Points[k]}}
	return stackOf(stack.Input{Curve: &c, At: 1}, base.Figures[i].Explaining, at.Figures[k].Explaining)
}

// stackOf builds the stack of a point of a curve, of its traced runs and those of the base.
func stackOf(in stack.Input, base, point []Traced) *stack.Stack {
	in.BaseProfile, in.AtProfile = profileOf(base), profileOf(point)
	both := slices.Concat(base, point)
	var all []stack.Account
	// Workers must be known apart in all of the runs: accounts of different lanes cannot be compared.
	workers := in.Curve.Sweep.Mode != sweep.Cores
	for _, x := range both {
		account, ok := stack.OfWorkers(x.Result, x.Ledger)
		workers = workers && ok
		all = append(all, account)
	}
	for i, x := range both {
		if !workers {
			all[i] = stack.OfCores(x.Result, x.Ledger)
		}
		// The ledger's own warnings are among those of its trace already.
		all[i].Warnings = slices.DeleteFunc(all[i].Warnings, func(w warning.Warning) bool {
			return slices.ContainsFunc(x.Ledger.Warnings, w.Same)
		})
	}
	in.BaseRuns, in.AtRuns = all[:len(base)], all[len(base):]
	return stack.Build(in)
}

// explained returns the traced runs of p that have ledgers.
func (a *analysis) explained(p sweep.Point) []Traced {
	var out []Traced
	for _, r := range a.at(p).traced {
		if x, ok := a.in.Explained[r.Run]; ok && x.Ledger != nil {
			out = append(out, Traced{r, x})
		}
	}
	return out
}

// profileOf merges the CPU profiles of runs. It returns nil if one of the runs has none.
func profileOf(runs []Traced) *profile.Profile {
	var all []*profile.Profile
	for _, x := range runs {
		if len(x.Profiles) == 0 {
			return nil
		}
		all = append(all, x.Profiles...)
	}
	if len(all) == 0 {
		return nil
	}
	merged, err := loss.Merged(all)
	if err != nil {
		return nil // they are profiles of something else than CPU time
	}
	return merged
}
