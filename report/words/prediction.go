package words

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
)

func ofPrediction(w *warning.Warning) string {
	f := &w.Figures
	switch w.Kind {
	case warning.PredictStock:
		return fmt.Sprintf("the recording has %s for locks and channels; what was done with them without waiting leaves no "+
			"event in it, and is taken for never having to wait", Plural(f.Count, "wait", "waits"))
	case warning.PredictOneP:
		return "on one P goroutines hardly ever wait for locks and channels: what they did with them leaves no event in this " +
			"trace, and is taken for never having to wait"
	case warning.PredictCond:
		return fmt.Sprintf("the recording has %s for a Cond, taken to end by whoever ended it there: a program that shares "+
			"out work by one may do better, and one that waits for all to arrive worse", Plural(f.Count, "wait", "waits"))
	case warning.PredictForced:
		return fmt.Sprintf("on %s the replay came to a stop %s, and what was done first in the recording was let through: "+
			"the program may choose differently there", Plural(f.Of, "core", "cores"), Plural(f.Count, "time", "times"))
	case warning.PredictStuck:
		return fmt.Sprintf("on %s the replay comes to a stop for good after %s: what the program did in the recording does "+
			"not fit together there", Plural(f.Of, "core", "cores"),
			Plural(f.Count, "operation was forced", "operations were forced"))
	case warning.PredictLate:
		return fmt.Sprintf("%s of the longest chain of %s are waits that timers ended, some of them while no P was idle to see "+
			"to it: they may be shorter on more cores", Duration(f.Time.Seconds()), Duration(f.Against.Seconds()))
	case warning.PredictLost:
		return fmt.Sprintf("%s of the trace could not be read: nothing is known to depend on anything across them",
			Plural(f.Count, "part", "parts"))
	case warning.PredictAlone:
		return fmt.Sprintf("one goroutine does %s of all work: more cores have nothing to do", Percent(f.Ratio))
	case warning.PredictWorkers:
		return fmt.Sprintf("on %s there is work for %s only: there are no more", Plural(f.Of, "core", "cores"),
			Plural(f.Count, "worker", "workers"))
	case warning.PredictNoPool:
		return "the recording marks no workers, so it does not tell what more of them would do: corecurve predict, given the " +
			"trace of a run, replays the goroutines that it has"
	case warning.PredictUnseen:
		return "a recording of one worker does not show waits for locks, nor what memory that workers share costs: neither " +
			"is in the prediction"
	case warning.PredictMemory:
		return "a recording of one worker does not show what memory that workers share costs: it is not in the prediction"
	case warning.PredictShared:
		return fmt.Sprintf("%s began at one place, ran for different times and ended together: they likely share out work "+
			"as they go, or others had the cores while some of them ran; either way they are taken to share it out evenly "+
			"on any number of cores", Plural(f.Count, "goroutine", "goroutines"))
	case warning.PredictMarking:
		return fmt.Sprintf("marking for the garbage collector takes %s of the time on one core, and the recording does not "+
			"tell whether cores can share it out, as they cannot along a list: there is only a bound", Percent(f.Ratio))
	case warning.PredictCalls:
		return fmt.Sprintf("goroutines called the garbage collector %s and waited for it for %s in the %s of the recording, "+
			"and how long it takes on more cores is not known: there is only a bound", Plural(f.Count, "time", "times"),
			Duration(f.Time.Seconds()), Duration(f.Against.Seconds()))
	case warning.PredictSpins:
		return fmt.Sprintf("goroutines yield and look again %s, for %s of the time that they take Ps: they wait by spinning, "+
			"and the trace tells neither for what nor how long that takes on more cores",
			Plural(f.Count, "time", "times"), Percent(f.Ratio))
	case warning.PredictSized:
		return fmt.Sprintf("%s of the work is done by as many goroutines, started at one place, as the recording had Ps, %d: "+
			"a program that starts as many as there are cores has more of them on more, and may be faster there",
			Percent(f.Ratio), f.Count)
	case warning.PredictTries:
		return fmt.Sprintf("goroutines that do %s of the work try operations on locks and channels (TryLock, a select with a "+
			"default), of which %s: how many are done, and what is done instead of the others, depends on the number of "+
			"cores, and is taken to stay", Percent(f.Ratio), Plural(f.Count, "was done", "were done"))
	case warning.PredictBrief:
		return fmt.Sprintf("for %s of the work goroutines run for less than %s at a time between operations on locks and "+
			"channels that they share, %s: what it takes cores to hand those over is not in the prediction", Percent(f.Ratio),
			Duration(f.Time.Seconds()), Plural(f.Count, "time", "times"))
	case warning.PredictAdrift:
		return fmt.Sprintf("by locks and channels nobody waits for what %s did in %s of the work: how much of that is done "+
			"before the program goes on, or ends, depends on the number of cores, and is taken to stay",
			Plural(f.Count, "goroutine", "goroutines"), Percent(f.Ratio))
	case warning.PredictBusy:
		return fmt.Sprintf("by CPU samples goroutines had cores for %s of the %s for which they had Ps: others likely had "+
			"the cores meanwhile, and what they interrupted looks longer than it is", Duration(f.Time.Seconds()),
			Duration(f.Against.Seconds()))
	case warning.PredictNoTasks:
		return "the recording tells no tasks that a coordinator dealt to processes"
	case warning.PredictTasksWait:
		return fmt.Sprintf("of %s %s for other goroutines of their process, and are taken to take as long as they did, with "+
			"what others interrupted", Plural(f.Of, "chunk of tasks", "chunks of tasks"), Plural(f.Count, "waited", "waited"))
	case warning.PredictNothing:
		return "no goroutine of the program ran"
	}
	return ofUnpredicted(w)
}

// Scheduler says what the scheduler takes as it was measured.
func Scheduler(c *simulate.Costs) string {
	return fmt.Sprintf("The scheduler was measured: to switch goroutines takes it %s, to wake an idle P %s, which keeps "+
		"whoever wakes it for %s.", Duration(c.Switch.Seconds()), Duration(c.Wake.Seconds()), Duration(c.Waker.Seconds()))
}

// Limit is what a limit of the speedup says, with the place that it is about.
func Limit(l predict.Limit, at string) string {
	took := Duration(l.Time.Seconds())
	most := Times(l.AtMost)
	if l.Kind == predict.ByLock {
		if at == "" {
			at = "a place that the trace does not tell"
		}
		return fmt.Sprintf("at most %s: the lock first used at %s is held for %s", most, at, took)
	}
	if l.Kind == predict.ByCoordinator {
		return fmt.Sprintf("at most %s: the coordinator deals tasks and does what is done alone for %s", most, took)
	}
	who := "a goroutine"
	if l.Name != "" {
		who = "a goroutine of " + l.Name
	}
	return fmt.Sprintf("at most %s: %s runs for %s", most, who, took)
}
