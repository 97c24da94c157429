package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/sweep"
)

// tellingShare is the part of the time of the workers from which on a title speaks of it.
const tellingShare = 0.1

// telling is whether a part of the time of a is long enough for a title to speak of it.
func telling(a *timeline.Activity, from, to clock.Time) bool {
	return float64(to-from) >= tellingShare*float64(a.To-a.Release)
}

// Activity is what the workers of a run mainly did instead of running: that they had nothing to do from a time on, or
// what they waited for. It is empty if there are no workers, which are those of t and are called who; times count from
// the release.
func Activity(a *timeline.Activity, t *timeline.Timeline, who string) string {
	if a.Workers == 0 {
		return ""
	}
	var idle []timeline.Idle
	for _, i := range a.Idle {
		if telling(a, i.From, a.To) {
			idle = append(idle, i)
		}
	}
	main := timeline.Running
	for s, share := range a.Shares {
		if state := timeline.State(s); state != timeline.Running && share >= tellingShare &&
			(main == timeline.Running || share > a.Shares[main]) {
			main = state
		}
	}
	switch main {
	case timeline.Running, timeline.Absent, timeline.Join: // nothing else takes more
		if len(idle) > 0 {
			return idling(a, t, idle, who)
		}
	}
	return mainly(a, t, main, who)
}

const (
	nearlyAs  = 0.8 // of the longest state: a title that tells of that tells of another that takes as much
	standsOut = 2.0 // times the mean of the others: a worker that is in a state for so long is named
)

// mainly says for what part of the time the workers are in their main state: where one of them is for most of it, that one,
// and where another state takes nearly as much, that too.
func mainly(a *timeline.Activity, t *timeline.Timeline, main timeline.State, who string) string {
	is, one, share := "are", false, a.Shares[main]
	if a.Workers == 1 {
		who, is, one = "the worker", "is", true
	}
	second := main
	if most, others := a.Most(main); most != nil && most.Shares[main] >= standsOut*others {
		who, is, one, share = workerName(t, most.Worker), "is", true, most.Shares[main]
	} else {
		for s, v := range a.Shares {
			if state := timeline.State(s); state != main && state != timeline.Running && state != timeline.Absent &&
				v >= max(tellingShare, nearlyAs*share) && (second == main || v > a.Shares[second]) {
				second = state
			}
		}
	}
	of := " of the time"
	if telling(a, a.Release, a.From) { // none of them is there before
		of = map[bool]string{true: " of its time", false: " of their time"}[one]
	}
	said := fmt.Sprintf("%s %s %s %s", who, is, inState(main, one), Percent(share)+of)
	if second != main {
		said += fmt.Sprintf(" and %s %s", inState(second, one), Percent(a.Shares[second]))
	}
	return said
}

// inState says that workers, or one of them, are in a state for as long as follows.
func inState(s timeline.State, one bool) string {
	if s == timeline.Dispatch && one {
		return "waiting for its next task for"
	}
	return map[timeline.State]string{
		timeline.Absent:   "idle for",
		timeline.Running:  "busy for",
		timeline.Ready:    "ready, on no core, for",
		timeline.Lock:     "waiting for a lock or a condition for",
		timeline.Join:     "waiting for others to finish for",
		timeline.Dispatch: "waiting for their next tasks for",
		timeline.Channel:  "waiting at channels for",
		timeline.Waiting:  "asleep or waiting for input and output for",
		timeline.GC:       "in garbage collection for",
		timeline.Serial:   "idle while a serial part runs for",
		timeline.Startup:  "starting for",
		timeline.Unknown:  "in a state that is not known for",
	}[s]
}

// idling says which workers have nothing to do from when on, in the words of their rows.
func idling(a *timeline.Activity, t *timeline.Timeline, idle []timeline.Idle, who string) string {
	one, many := "is idle", "are idle"
	if !slices.ContainsFunc(idle, func(i timeline.Idle) bool { return !i.Joins }) {
		one, many = "waits for others to finish", "wait for others to finish"
	}
	at := DurationTitle(idle[len(idle)-1].From.Sub(a.Release).Seconds())
	if len(idle) == 1 {
		return fmt.Sprintf("%s %s from %s on", workerName(t, idle[0].Worker), one, at)
	}
	return fmt.Sprintf("%d of %d %s %s from %s on", len(idle), a.Workers, who, many, at)
}

// leastStarting is the part of the time of a run from which on a title speaks of its start-up.
const leastStarting = 0.3

// Starting says what part of the time of a run its start-up takes; "" where that is not much.
func Starting(share float64) string {
	if !(share >= leastStarting) {
		return ""
	}
	return "start-up takes " + Percent(share) + " of the run"
}

// mostOfAll is the part of what all goroutines or threads run from which on a title tells of the one that runs it.
const mostOfAll = 0.6

// OneGoroutine says that one goroutine does most of the work of a run from a time on, of which the share is its part;
// "" where it does not, or is the only one.
func OneGoroutine(share float64, of int) string {
	if of < 2 || !(share >= mostOfAll) {
		return ""
	}
	if share >= 0.995 {
		return "one goroutine does all the work"
	}
	return "one goroutine does " + Percent(share) + " of the work"
}

// Busiest says that one of the threads of t, which has no workers, does most of what they run; "" if none does.
func Busiest(t *timeline.Timeline) string {
	l, share, of := t.Busiest()
	if l == nil || of < 2 || share < mostOfAll {
		return ""
	}
	return fmt.Sprintf("one of %d threads (%s) has %s of the CPU time", of, l.Name, Percent(share))
}

// OfBenchmark replaces, in the names of rows, the functions of the library in which the goroutines of b begin by that
// of b: "BenchmarkWrite (goroutine)". It is nil if b is.
func OfBenchmark(b *sweep.Benchmark) *strings.Replacer {
	if b == nil {
		return nil
	}
	name, _, _ := strings.Cut(b.Name, "/") // what it runs under another name has that of its function
	return strings.NewReplacer(
		"testing.(*B).run1.func1", name+" (goroutine)", // which runs all of a loop over b.Loop
		"testing.(*B).launch", name+" (goroutine)",
		"testing.(*B).RunParallel.func1", name+" (RunParallel)",
	)
}

// workerName is the name of a worker, with its process if there are several.
func workerName(t *timeline.Timeline, l *timeline.Lane) string {
	name := cmp.Or(l.Name, fmt.Sprintf("worker %d", l.ID))
	several := func(o timeline.Lane) bool { return o.Kind == timeline.Worker && o.Rank != l.Rank }
	if !slices.ContainsFunc(t.Lanes, several) {
		return name
	}
	return WorkerOf(l.Rank, name, slices.ContainsFunc(t.Lanes, func(o timeline.Lane) bool {
		return o.Kind == timeline.Worker && o.Rank == l.Rank && o.ID != l.ID && o.ID != timeline.SerialID
	}))
}

// WorkerOf names a worker of one of several processes, which may have more of them.
func WorkerOf(rank int, name string, more bool) string {
	if !more {
		return fmt.Sprintf("process %d", rank)
	}
	return fmt.Sprintf("process %d, %s", rank, name)
}

// WorkersSeen says that fewer workers than a point has are in its trace; "" where none or all are.
func WorkersSeen(n int, p sweep.Point) string {
	if n == 0 || n >= p.Parallelism() {
		return ""
	}
	return fmt.Sprintf(", %d of %d in the trace", n, p.Parallelism())
}

// TracedUnlike says that a traced run, of which a picture is, differs from the timed ones: its work took a ratio of
// their median.
func TracedUnlike(ratio float64) string {
	return fmt.Sprintf("this traced run is not like the timed ones: its work took %s of their median.", Times(ratio))
}
