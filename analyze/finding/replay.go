package finding

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Replay is what a replay of a recording with a single change against the cause of a finding gives.
type Replay struct {
	predict.Change                 // its speedups are over the base of the curve
	Lock           []gotrace.Frame // where the lock was first used that is none; innermost first
	Unchanged      float64         // the speedup that is predicted without the change, on as many cores
}

// A NoReplay says why there is no replay with a change against a cause, or that there is one.
type NoReplay string

// The reasons.
const (
	HasReplay    NoReplay = ""
	NotAsked     NoReplay = "not-asked"     // nothing was to be replayed
	NotPredicted NoReplay = "not-predicted" // the curve has no prediction, or but a bound
	OtherCount   NoReplay = "other-count"   // changes are not tried for its count, or its lanes have not a core each
	Misses       NoReplay = "misses"        // the prediction does not agree with what was measured
	Doubtful     NoReplay = "doubtful"      // the replay, or that with the change, is in doubt
	NoChange     NoReplay = "no-change"     // no change that was tried is against the cause
)

// Function returns the function that f's waits are laid on: that it takes half as long is a change against their cause.
// It is empty if they are not laid on one, or are no waits for somebody who runs.
func (f *Finding) Function() place.Function {
	switch f.Cause.Group() {
	case cause.SerialPart, cause.Imbalance, cause.Channel, cause.Condition:
		return place.FunctionOf(f.Stack)
	}
	return place.Function{}
}

// Against reports whether a change is against the cause of f: the collector takes no time, the lock that is mostly
// waited for, known by where it was first used, is none, or the function that waits are laid on takes half as long.
func (f *Finding) Against(c *predict.Change, lock []gotrace.Frame) bool {
	switch c.Kind {
	case predict.WithoutCollector:
		return f.Cause.Group() == cause.GC
	case predict.WithoutLock:
		if f.Cause.Group() != cause.Lock || f.Object == nil {
			return false
		}
		at, known := place.Of(lock)
		of, told := place.Of(f.Object.Origin)
		return known && told && at == of
	case predict.FasterFunction:
		of := f.Function()
		return of.Name != "" && of == place.Function{Name: c.Func, Caller: c.Caller}
	}
	return false
}
