package words

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
)

// tellingShare is the part of the time of the workers from which on a title speaks of it.
const tellingShare = 0.1

// Activity is what the workers of a run mainly did instead of running: that they had nothing to do from a time on, or
// what they waited for. It is empty if there are no workers, which are those of t; times count from the release.
func Activity(a *timeline.Activity, t *timeline.Timeline) string {
	if a.Workers == 0 {
		return ""
	}
	var last clock.Time
	idle := 0
	for _, i := range a.Idle {
		if float64(a.To-i.From) >= tellingShare*float64(a.To-a.From) {
			idle++
			last = i.From
		}
	}
	at := DurationTitle(last.Sub(a.From).Seconds())
	switch {
	case idle == 1:
		return fmt.Sprintf("%s idle from %s", workerName(t, a.Idle[0].Worker), at)
	case idle > 1:
		return fmt.Sprintf("%d of %d workers idle from %s", idle, a.Workers, at)
	}
	main := timeline.Running
	for s, share := range a.Shares {
		if state := timeline.State(s); state != timeline.Running && share >= tellingShare &&
			(main == timeline.Running || share > a.Shares[main]) {
			main = state
		}
	}
	who, is := "workers", "are"
	if a.Workers == 1 {
		who, is = "the worker", "is"
	}
	share := Percent(a.Shares[main]) + " of the time"
	said := map[timeline.State]string{
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
	}[main]
	return fmt.Sprintf("%s %s %s %s", who, is, said, share)
}

// mostOfAll is the part of what all threads run from which on a title names the one that runs it.
const mostOfAll = 0.6

// Busiest says that one of the threads of t, which has no workers, does most of what they run; "" if none does.
func Busiest(t *timeline.Timeline) string {
	l, share, of := t.Busiest()
	if l == nil || of < 2 || share < mostOfAll {
		return ""
	}
	return fmt.Sprintf("one of %d threads (%s) has %s of the CPU time", of, l.Name, Percent(share))
}

// workerName is the name of a worker, with its process if there are several.
func workerName(t *timeline.Timeline, l *timeline.Lane) string {
	name := cmp.Or(l.Name, fmt.Sprintf("worker %d", l.ID))
	several := func(o timeline.Lane) bool { return o.Kind == timeline.Worker && o.Rank != l.Rank }
	if slices.ContainsFunc(t.Lanes, several) {
		return fmt.Sprintf("process %d, %s", l.Rank, name)
	}
	return name
}

// TracedUnlike says that a traced run, of which a picture is, differs from the timed ones.
func TracedUnlike(ratio float64) string {
	return fmt.Sprintf("this traced run is not like the timed ones: its work took %s of their median.", Times(ratio))
}
