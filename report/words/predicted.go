package words

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/place"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ofUnpredicted is why a curve of a study is not predicted.
func ofUnpredicted(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.PredictNoTrace:
		return "no traced run left a Go execution trace of a single process, which alone can be replayed"
	case warning.PredictGrows:
		return "its work grows with the count, and a recording has that of one count"
	case warning.PredictProcs:
		return fmt.Sprintf("up to %s share its work, which is replayed only where their number alone varies and a run left "+
			"the Go traces of all of them and of the coordinator that deals them tasks", Plural(f.Count, "process", "processes"))
	case warning.PredictLarge:
		return fmt.Sprintf("its trace has %s bytes, and a report replays no more than %s of all traces: corecurve predict "+
			"replays it", Whole(int64(f.Count)), Whole(int64(f.Of)))
	}
	return ""
}

// Several reports whether a speedup is known on more than one core.
func Several(points []predict.Prediction) bool {
	return slices.ContainsFunc(points, func(q predict.Prediction) bool { return q.Cores > 1 && Finite(q.Speedup) })
}

// Unforetold is the first reason why a speedup is not known; nil: all are.
func Unforetold(points []predict.Prediction) *warning.Warning {
	for i := range points {
		if w := points[i].Unknown; w != nil {
			return w
		}
	}
	return nil
}

// Predicted says what speedups there are: the first on several cores, and the best; or one, if there are none for no
// reason. In mode procs they are by the number of processes.
func Predicted(points []predict.Prediction, mode sweep.Mode, one string) string {
	if !Several(points) {
		if w := Unforetold(points); w != nil {
			return "No speedup can be predicted from this recording: " + Statement(w)
		}
		return one
	}
	var first, best *predict.Prediction
	for i := range points {
		q := &points[i]
		if !Finite(q.Speedup) || q.Cores == 1 {
			continue
		}
		if first == nil {
			first = q
		}
		if best == nil || q.Speedup > best.Speedup {
			best = q
		}
	}
	text := "Predicted: " + Times(first.Speedup) + " on " + Plural(first.Cores, "core", "cores")
	if mode == sweep.Procs {
		text = "Predicted: " + Times(first.Speedup) + " with " + Plural(first.Cores, "process", "processes")
	}
	if best != first {
		text += ", the most " + Times(best.Speedup) + " on " + strconv.Itoa(best.Cores)
	}
	return text
}

// Foretold says what is predicted of a curve, and whether it agrees with what was measured.
func Foretold(s sweep.Sweep, p *study.Prediction) string {
	if p.Unknown != nil {
		return "Not predicted: " + Statement(p.Unknown)
	}
	text := Predicted(p.Points, s.Mode, "No speedup can be predicted from this recording")
	if Finite(p.Most) && Several(p.Points) {
		text += "; no more than " + Times(p.Most) + " on any number"
	}
	if worst := p.Worst(); worst != nil && !p.Holds() {
		text += "; not relied on, for it misses what was measured by " + Off(worst.Error)
	}
	return text
}

// Change says what would be otherwise; at is where its lock was first used.
func Change(c *predict.Change, at string) string {
	switch c.Kind {
	case predict.WithoutLock:
		if at == "" {
			at = "a place that the trace does not tell"
		}
		return "without the lock first used at " + Printable(at)
	case predict.FasterFunction:
		return Printable(place.Name(gotrace.Frame{Func: c.Func})) + " twice as fast"
	case predict.WithoutCollector:
		return "without garbage collection"
	case predict.MoreWorkers:
		return Plural(c.Workers, "worker", "workers")
	}
	return ""
}

// Changed says what a single change gives; at is as for [Change].
func Changed(c *predict.Change, at string) string {
	if !Finite(c.Speedup) {
		return fmt.Sprintf("%s: not known on %s, where the replay comes to a stop", Change(c, at),
			Plural(c.Cores, "core", "cores"))
	}
	return fmt.Sprintf("%s: %s on %s, %s", Change(c, at), Times(c.Speedup), Plural(c.Cores, "core", "cores"), Off(c.Gain))
}

// LittleGain says how many changes gain and lose less than a share.
func LittleGain(n int, share float64) string {
	return fmt.Sprintf("%s less than %s", Plural(n, "change gains", "changes gain"), Percent(share))
}

// Off is by how much one figure is off another, as a share with its sign.
func Off(share float64) string {
	text := Percent(math.Abs(share))
	switch {
	case !Finite(share):
		return Unknown
	case math.Abs(share) < 0.001: // which is said to be less than something
		return text
	case share < 0:
		return "−" + text
	default:
		return "+" + text
	}
}

// Checked says how a prediction stands to what was measured at m.
func Checked(s sweep.Sweep, m *curve.Point, c *study.Check) string {
	text := fmt.Sprintf("%s: %s measured", At(s, m.Point), Times(m.Speedup))
	if m.Interval != nil {
		text += " (" + RatioWithin(m.Interval) + ")"
	}
	text += ", " + Times(c.Predicted) + " predicted"
	switch {
	case !c.Known:
		return text
	case c.Within && m.Interval.Method == curve.MinMax:
		return text + ": within the range of the runs"
	case c.Within:
		return text + ": within the interval"
	}
	more := "more"
	if c.Error < 0 {
		more = "less"
	}
	return text + fmt.Sprintf(": %s %s than measured, outside the interval", Percent(math.Abs(c.Error)), more)
}

// Replayed says what a prediction of a curve is a replay of.
func Replayed(s sweep.Sweep, p *study.Prediction) string {
	text := fmt.Sprintf("Replayed: the traced run %s with %s", Printable(p.Run.Dir()), At(s, p.Run.Point))
	if p.Fixed > 0 {
		text += fmt.Sprintf("; %s of the time of the base is not work, and is taken to stay", Percent(p.Fixed))
	}
	return text + "."
}

// PredictedAxis says what the counts of a prediction of a curve are.
func PredictedAxis(s sweep.Sweep) string {
	switch s.Mode {
	case sweep.Cores:
		return "n: cores"
	case sweep.Procs:
		return "n: processes; predicted: on cores for all of them"
	}
	return "n: workers; predicted: on as many cores"
}
