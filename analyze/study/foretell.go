package study

import (
	"iter"
	"slices"

	"github.com/corecurve/corecurve/analyze/finding"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/warning"
)

// blamed returns the functions that the findings of the point that c is judged by lay their waits on.
func (a *analysis) blamed(c *Curve) []place.Function {
	var out []place.Function
	for f := range a.findings() {
		if of := f.Function(); f.Curve == c && f.Judged && of.Name != "" {
			out = append(out, of)
		}
	}
	return out
}

// findings yields those of all workloads.
func (a *analysis) findings() iter.Seq[*Finding] {
	return func(yield func(*Finding) bool) {
		for i := range a.Workloads {
			for k := range a.Workloads[i].Findings {
				if !yield(&a.Workloads[i].Findings[k]) {
					return
				}
			}
		}
	}
}

// foretell says of every finding what a replay with a single change against its cause gives, or why there is none.
func (a *analysis) foretell() {
	for f := range a.findings() {
		f.Replay, f.NoReplay = f.replayed()
	}
}

// replayed returns what a replay with a change against the cause of f gives on as many cores as f's point has lanes.
func (f *Finding) replayed() (*finding.Replay, finding.NoReplay) {
	p := f.Curve.Prediction
	n := f.Curve.Points[f.At].N
	switch {
	case p == nil:
		return nil, finding.NotAsked
	case p.Unknown != nil:
		return nil, finding.NotPredicted
	case !f.Judged || !within(f.Curve, f.At):
		return nil, finding.OtherCount
	}
	q := p.At(n)
	switch {
	case q == nil || q.Unknown != nil:
		return nil, finding.NotPredicted
	case !p.Holds():
		return nil, finding.Misses
	case q.Forced > 0 || slices.ContainsFunc(p.Curve.Warnings, doubtful):
		return nil, finding.Doubtful
	}
	for _, x := range p.Changes {
		lock := p.Curve.Symbols.Stack(x.Stack)
		if x.Cores != n || !f.Against(&x, lock) {
			continue
		}
		if !(x.Speedup > 0) || x.Forced > 0 {
			return nil, finding.Doubtful
		}
		return &finding.Replay{Change: x, Lock: lock, Unchanged: q.Speedup}, finding.HasReplay
	}
	return nil, finding.NoChange
}

// doubtful reports whether a warning of a prediction says that its replay may be another one than what would happen,
// where what was measured says nothing of that: the change may matter to just what it is about. What a recording of one
// worker does not show is none of these, for what was measured agrees without it.
func doubtful(w warning.Warning) bool {
	switch w.Kind {
	case warning.PredictForced, warning.PredictCond, warning.PredictLate, warning.PredictLost, warning.PredictShared,
		warning.PredictBusy, warning.PredictTries, warning.PredictBrief, warning.PredictAdrift:
		return true
	}
	return false
}
