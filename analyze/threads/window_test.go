package threads

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/clock"
)

// From 120 to 185, where thread 8 alone is a worker, core 0 has main until 130 and the worker from 180 on, and core 1
// has the worker until 140 and main from 150 on. What is outside stands on no lane, but in the times of the threads.
func TestWindow(t *testing.T) {
	first := build(&Builder{From: 120, To: 185}, program()...)
	first.ShowCores(build(&Builder{From: 120, To: 185, Works: func(i int) bool {
		return first.Threads[i].TID == 8
	}}, program()...))
	tl := drawn(first)
	if tl.Start != 120 || tl.End != 185 {
		t.Errorf("from %d to %d", tl.Start, tl.End)
	}
	if err := timeline.Validate(tl); err != nil {
		t.Error(err)
	}
	span := func(from, to clock.Time, s timeline.State) timeline.Span {
		return timeline.Span{Start: from, End: to, State: s}
	}
	lanes := [][]timeline.Span{
		{span(120, 130, timeline.Running), span(130, 150, timeline.Ready), span(150, 185, timeline.Running)},
		{span(120, 140, timeline.Running), span(140, 180, timeline.Lock), span(180, 185, timeline.Running)},
		{span(120, 130, timeline.Others), span(180, 185, timeline.Running)},
		{span(120, 140, timeline.Running), span(150, 185, timeline.Others)},
	}
	for i, l := range tl.Lanes {
		if diff := cmp.Diff(lanes[i], l.Spans); diff != "" {
			t.Errorf("%s: %s", l.Name, diff)
		}
	}
	if got := onCores(first); got != 122*time.Nanosecond {
		t.Errorf("%v on cores", got)
	}
	// A window that the recording does not reach has nothing in it.
	if tl := drawn(build(&Builder{From: 300, To: 400}, program()...)); tl.End > tl.Start {
		t.Errorf("from %d to %d", tl.Start, tl.End)
	}
}
