package words

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/cause"
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
		return fmt.Sprintf("its trace of %s bytes does not fit, beside those of other curves, into the %s bytes that a "+
			"report replays in all: corecurve predict replays it", Whole(int64(f.Count)), Whole(int64(f.Of)))
	case warning.PredictWaits:
		return ofWaits(w)
	}
	return ""
}

// ofWaits is what workers of a curve wait for and a recording of it does not show.
func ofWaits(w *warning.Warning) string {
	f := &w.Figures
	who, few := Plural(f.Count, "worker", "workers"), strconv.Itoa(f.Of)
	of := "of " + few
	if w.Subject.Mode == sweep.Cores {
		who, few, of = "on "+Plural(f.Count, "core", "cores")+" workers", "on "+few, "on "+few
	}
	text := who + " wait " + waitingFor(w.Items[0].Name) + " for " + Percent(f.Ratio) + " of their time"
	if f.AgainstRatio > 0 {
		text += ", " + few + " for " + Percent(f.AgainstRatio)
	}
	return text + ", which the recording " + of + " does not show without sync events (--sync-events)"
}

// waitingFor is what a worker waits for, by the group of the cause.
func waitingFor(group string) string {
	switch cause.Group(group) {
	case cause.Channel:
		return "at channels"
	case cause.Condition:
		return "for conditions"
	}
	return "for locks"
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

// mostAhead is on how many counts beyond those that were measured it is said what is predicted.
const mostAhead = 2

// Predicted says what speedups there are on the first counts above from, the most that was measured, with the bands
// that can be seen; then the most, from which count on it is no more, and what it is no more than on any. In mode procs
// they are by the number of processes. It is empty where none is known on several cores. why, if there is one, says why
// there is no more.
func Predicted(points []predict.Prediction, most float64, mode sweep.Mode, from int, why string) string {
	if !Several(points) {
		return ""
	}
	points = slices.DeleteFunc(slices.Clone(points), func(q predict.Prediction) bool {
		return !Finite(q.Speedup) || q.Cores == 1
	})
	same := func(p, q *predict.Prediction) bool { return Times(p.Speedup) == Times(q.Speedup) }
	peak := slices.MaxFunc(points, func(p, q predict.Prediction) int { return cmp.Compare(p.Speedup, q.Speedup) })
	best := slices.IndexFunc(points, func(q predict.Prediction) bool { return same(&q, &peak) })
	if !same(&points[len(points)-1], &peak) {
		most = math.NaN() // more than what is predicted is no matter of more cores
	}
	level := best+1 < len(points) && !slices.ContainsFunc(points[best:], func(q predict.Prediction) bool {
		return !same(&q, &peak)
	})
	first := slices.IndexFunc(points, func(q predict.Prediction) bool { return q.Cores > from })
	if first < 0 {
		first = len(points) - 1
	}
	last := min(first+mostAhead, len(points)) - 1
	text := ""
	if level && best <= first {
		text = "the most " + Times(peak.Speedup) + ", from " + counted(points[best].Cores, mode) + " on"
		if Times(most) == Times(peak.Speedup) {
			text = "at " + strings.TrimPrefix(text, "the ")
		}
	} else {
		text = shown(points[first:last+1], mode) + beyond(points, best, first, last, level, mode)
	}
	if Finite(most) && Times(most) != Times(peak.Speedup) {
		text += ", no more than " + Times(most) + " on any number"
	}
	if Finite(most) {
		text += why
	}
	return text
}

// BandApart is by how much both ends of a band differ if they are shown apart.
const BandApart = 1.03

// MostPredicted says in a few words the most that is predicted on several cores, with its band, and whether more cores give
// more. That they give less is said where their bands do not reach it.
func MostPredicted(points []predict.Prediction, mode sweep.Mode) string {
	points = slices.DeleteFunc(slices.Clone(points), func(q predict.Prediction) bool {
		return !Finite(q.Speedup) || q.Cores == 1
	})
	peak := slices.MaxFunc(points, func(p, q predict.Prediction) int { return cmp.Compare(p.Speedup, q.Speedup) })
	same := func(q predict.Prediction) bool { return Times(q.Speedup) == Times(peak.Speedup) }
	best, last := slices.IndexFunc(points, same), len(points)-1
	for !same(points[last]) {
		last--
	}
	at := points[best]
	text := Times(at.Speedup)
	if at.High > BandApart*at.Low {
		text = Banded(at.Speedup, at.Low, at.High)
	}
	text += " predicted"
	switch {
	case best == len(points)-1:
		return text + onCount(at.Cores, mode)
	case last == len(points)-1:
		return text + " from " + counted(at.Cores, mode) + " on"
	case last > best:
		on := strings.Replace(onBare(at.Cores, mode), strconv.Itoa(at.Cores),
			strconv.Itoa(at.Cores)+"–"+counted(points[last].Cores, mode), 1)
		text += on
	default:
		text += onCount(at.Cores, mode)
	}
	if slices.ContainsFunc(points[last+1:], func(q predict.Prediction) bool { return q.High > BandApart*at.Speedup }) {
		return text
	}
	return text + ", less" + strings.TrimSuffix(onBare(at.Cores, mode), strconv.Itoa(at.Cores)) + "more"
}

// ForetoldTitle is what a picture of a prediction is to say: one thing.
func ForetoldTitle(c *study.Curve) string {
	p := c.Prediction
	switch {
	case p.Unknown == nil && Unforetold(p.Points) != nil && Finite(p.Most):
		return "no more than " + Times(p.Most) + " on any number of cores"
	case p.Unknown != nil || !Several(p.Points) || p.Misses():
		return strings.TrimPrefix(Foretold(c), "not predicted: ")
	}
	return MostPredicted(p.Points, c.Sweep.Mode)
}

// shown are the speedups at points, with their bands.
func shown(points []predict.Prediction, mode sweep.Mode) string {
	var out []string
	for i, q := range points {
		on := onBare(q.Cores, mode)
		if i == 0 {
			on = onCount(q.Cores, mode)
		}
		out = append(out, Banded(q.Speedup, q.Low, q.High)+on)
	}
	return strings.Join(out, ", ")
}

// beyond says where among points the most is, which stands at best, where those from first to last are told; level: it
// is the same from there on.
func beyond(points []predict.Prediction, best, first, last int, level bool, mode sweep.Mode) string {
	most := Times(points[best].Speedup)
	n := points[best].Cores
	switch {
	case best > last && level:
		return ", the most " + most + ", from " + strconv.Itoa(n) + " on"
	case best < first || best == len(points)-1 && best > last:
		return ", the most " + most + onBare(n, mode)
	case best > last:
		return ", the most " + most + onBare(n, mode) + ", less" +
			strings.TrimSuffix(onBare(n, mode), strconv.Itoa(n)) + "more"
	case level:
		return ", no more from " + strconv.Itoa(n) + " on"
	case best < len(points)-1:
		return ", less" + strings.TrimSuffix(onBare(n, mode), strconv.Itoa(n)) + "more than " + strconv.Itoa(n)
	}
	return ""
}

// counted is a count that predictions are for.
func counted(n int, mode sweep.Mode) string {
	if mode == sweep.Procs {
		return Plural(n, "process", "processes")
	}
	return Plural(n, "core", "cores")
}

// onCount says for what count a prediction is, and onBare where it has been said what the counts are of.
func onCount(n int, mode sweep.Mode) string {
	return strings.Replace(onBare(n, mode), strconv.Itoa(n), counted(n, mode), 1)
}

func onBare(n int, mode sweep.Mode) string {
	if mode == sweep.Procs {
		return " with " + strconv.Itoa(n)
	}
	return " on " + strconv.Itoa(n)
}

// NoneForetold says why no speedup is known on several cores; or one, if there is no reason.
func NoneForetold(points []predict.Prediction, one string) string {
	if w := Unforetold(points); w != nil {
		return "No speedup can be predicted from this recording: " + Statement(w)
	}
	return one
}

// Foretold says what is predicted of a curve on more cores than were measured, and what on the most of those, or why
// nothing is.
func Foretold(c *study.Curve) string {
	p := c.Prediction
	if p.Unknown != nil {
		return "not predicted: " + Statement(p.Unknown)
	}
	if w := Unforetold(p.Points); w != nil {
		text := "not predicted: " + Statement(w)
		if Finite(p.Most) {
			text += "; no more than " + Times(p.Most) + " on any number"
		}
		return text
	}
	if !Several(p.Points) {
		return "nothing is predicted on several cores"
	}
	if x := p.Worst(); p.Misses() && !x.Known {
		return fmt.Sprintf("not predicted: a replay gives %s%s, where what was measured is too noisy to tell", Times(x.Predicted),
			onCount(x.Cores, c.Sweep.Mode))
	} else if p.Misses() {
		return fmt.Sprintf("not predicted: a replay gives %s%s, where %s was measured (%s)", Times(x.Predicted),
			onCount(x.Cores, c.Sweep.Mode), Times(c.Points[x.At].Speedup), Off(x.Error))
	}
	last, from := p.Last(), 0
	if last != nil {
		from = last.Cores
	}
	text := "predicted by replay" + OfPart(p.Curve) + ": " + Predicted(p.Points, p.Most, c.Sweep.Mode, from, "")
	if last != nil {
		text += fmt.Sprintf("; %s%s, where %s was measured", Times(last.Predicted), onBare(last.Cores, c.Sweep.Mode),
			Times(c.Points[last.At].Speedup))
	}
	return text
}

// Unheard reports whether the recording of a prediction tells nothing of what is done with locks.
func Unheard(c *predict.Curve) bool {
	return slices.ContainsFunc(c.Warnings, func(w warning.Warning) bool {
		return w.Kind == warning.PredictOneP || w.Kind == warning.PredictUnseen
	})
}

// OfPart says of what a prediction is if a part of its recording could not be read; else it is empty.
func OfPart(c *predict.Curve) string {
	if c != nil && slices.ContainsFunc(c.Warnings, func(w warning.Warning) bool { return w.Kind == warning.PredictLost }) {
		return " of the part of the trace that was read"
	}
	return ""
}

// WithoutLocks is what a prediction is without, if its recording tells nothing of locks.
const WithoutLocks = "without waiting for locks, of which this recording tells nothing"

// Change says what would be otherwise; at is where its lock was first used.
func Change(c *predict.Change, at string) string {
	switch c.Kind {
	case predict.WithoutLock:
		if at == "" {
			at = "a place that the trace does not tell"
		}
		return "without the lock first used at " + Printable(at)
	case predict.FasterFunction:
		what := Printable(place.Name(gotrace.Frame{Func: c.Func}))
		if c.Caller != "" {
			what += " called by " + Printable(place.Name(gotrace.Frame{Func: c.Caller}))
		}
		return what + " twice as fast"
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
	return fmt.Sprintf("%s: %s on %s, %s", Change(c, at), Banded(c.Speedup, c.Low, c.High),
		Plural(c.Cores, "core", "cores"), Off(c.Gain))
}

// Banded is a speedup by replay with its band, if there is one that can be seen: from the costs of scheduler and locks
// to none.
func Banded(speedup, low, high float64) string {
	if !Finite(low) || !Finite(high) || Times(low) == Times(high) {
		return Times(speedup)
	}
	return fmt.Sprintf("%s (%s–%s)", Times(speedup), Ratio(low), Ratio(high))
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
	text := "Replayed: the traced run " + Printable(p.Run.Dir()) + with(s, p)
	if p.Fixed > 0 {
		text += fmt.Sprintf("; %s of the time of the base is not work, and is taken to stay", Percent(p.Fixed))
	}
	return text + "."
}

// ReplayedIn says the same below a picture's title, without the name of the run.
func ReplayedIn(s sweep.Sweep, p *study.Prediction) string {
	text := "a traced run was replayed" + with(s, p)
	if Unheard(p.Curve) {
		text += "; " + WithoutLocks
	}
	return text
}

// with says at what count the run of p was made.
func with(s sweep.Sweep, p *study.Prediction) string {
	if s.Mode == sweep.Cores {
		return " on " + At(s, p.Run.Point)
	}
	return " with " + At(s, p.Run.Point)
}

// PredictedAxis says what the counts of a prediction of a curve are.
func PredictedAxis(s sweep.Sweep) string {
	switch s.Mode {
	case sweep.Cores:
		return "n: cores"
	case sweep.Procs:
		return "n: processes, a core for each"
	}
	return "n: workers; predicted: cores"
}
