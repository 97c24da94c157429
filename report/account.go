package report

import (
	"slices"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A found is a finding and the curve it is of.
type found struct {
	finding.Finding
	curve *Curve
	main  bool // of the point that its curve is judged by
	rank  int  // among those of its point, from 0
}

// account says for every curve of w where the speedups of its points went, and what follows from that.
func (r *Report) account(w *Workload) {
	for i := range w.Curves {
		c := &w.Curves[i]
		c.Stacks = make([]*stack.Stack, len(c.Points))
		if c.Base < 0 {
			continue
		}
		judged := verdict.Judged(&c.Curve, len(r.in.Header.Host.CPUs))
		for at := range c.Points {
			if at == c.Base {
				continue
			}
			s := r.stackAt(c, at)
			c.Stacks[at] = s
			if s == nil {
				continue
			}
			in := finding.At(&c.Curve, at, s)
			in.Ceiling = r.ceiling.Of(&c.Curve, at)
			findings, warnings := finding.Rank(in)
			for rank, f := range findings {
				w.found = append(w.found, found{f, c, at == judged, rank})
			}
			r.accountWarnings = append(append(r.accountWarnings, s.Warnings...), warnings...)
		}
	}
	// What is said of the points that the curves are judged by comes first, and of each point what is largest.
	slices.SortStableFunc(w.found, func(a, b found) int {
		if a.main != b.main {
			if a.main {
				return -1
			}
			return 1
		}
		return a.rank - b.rank
	})
}

// stackAt is the speedup stack of a point of c; nil if its runs or those of the base left no ledger.
func (r *Report) stackAt(c *Curve, at int) *stack.Stack {
	base, point := r.explainedRuns(c.Points[c.Base].Point), r.explainedRuns(c.Points[at].Point)
	in := stack.Input{Curve: &c.Curve, At: at, BaseProfile: profileOf(base), AtProfile: profileOf(point)}
	var all []stack.Account
	// Workers can be told apart in all of the runs or count in none: accounts of different lanes cannot be compared.
	workers := c.Sweep.Mode != sweep.Cores
	for _, x := range slices.Concat(base, point) {
		a, ok := stack.OfWorkers(x.result, x.Ledger)
		workers = workers && ok
		all = append(all, a)
	}
	if !workers {
		for i, x := range slices.Concat(base, point) {
			all[i] = stack.OfCores(x.result, x.Ledger)
		}
	}
	for i, x := range slices.Concat(base, point) {
		// What the ledger warns of is said of its trace already.
		all[i].Warnings = slices.DeleteFunc(all[i].Warnings, func(w warning.Warning) bool {
			return slices.ContainsFunc(x.Ledger.Warnings, w.Same)
		})
	}
	in.BaseRuns, in.AtRuns = all[:len(base)], all[len(base):]
	return stack.Build(in)
}

// An explainedRun is a traced run with a ledger.
type explainedRun struct {
	result *sweep.Result
	study.Explained
}

// explainedRuns are the traced runs of p that have ledgers, in their order.
func (r *Report) explainedRuns(p sweep.Point) []explainedRun {
	var out []explainedRun
	for i := range r.in.Results {
		res := &r.in.Results[i]
		if res.Point != p || res.Kind != sweep.Traced || res.Status != sweep.OK {
			continue
		}
		if x, ok := r.in.Explained[res.Run]; ok && x.Ledger != nil {
			out = append(out, explainedRun{res, x})
		}
	}
	slices.SortStableFunc(out, func(a, b explainedRun) int { return a.result.Rep - b.result.Rep })
	return out
}

// ledgerAt is the ledger of the run that explains p; nil if there is none.
func (r *Report) ledgerAt(p sweep.Point) *ledger.Ledger {
	if t := r.tracedAt(p); t != nil {
		return t.Ledger
	}
	return nil
}

// profileOf is the CPU profiles of runs as one; nil if some of them has none.
func profileOf(runs []explainedRun) *profile.Profile {
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
