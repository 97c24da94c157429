package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/captures"
)

// Two spans "load" of 30 and 10 that overlap, and one "sort" of 35: the former last 40 together.
func spans() []captures.Span {
	return []captures.Span{
		{Name: "load", PID: 7, From: 10, To: 40},
		{Name: "sort", PID: 8, From: 45, To: 80},
		{Name: "load", PID: 7, From: 20, To: 30},
	}
}

func TestPhases(t *testing.T) {
	want := []Phase{{"load", 2, 40, 30}, {"sort", 1, 35, 35}}
	if d := cmp.Diff(want, phases(spans())); d != "" {
		t.Error(d)
	}
}

// Process 7 has a worker's lane, process 8 has none. The last span ends after the timeline.
func TestMark(t *testing.T) {
	lanes := []timeline.Lane{{Kind: timeline.Worker, Name: "worker 0"}, {Kind: timeline.Core, Name: "core 0"}}
	tl := timeline.New(0, 70, lanes, nil)
	left := mark(tl, spans(), func(pid int) int {
		if pid == 7 {
			return 0
		}
		return -1
	})
	got := map[string][]timeline.Mark{}
	var order []string
	for _, l := range tl.Lanes {
		order = append(order, l.Name)
		got[l.Name] = l.Marks
	}
	want := map[string][]timeline.Mark{
		"worker 0":   {{Start: 10, End: 40, Label: "load"}, {Start: 20, End: 30, Label: "load"}},
		"spans of 8": {{Start: 45, End: 70, Label: "sort"}},
		"core 0":     nil,
	}
	if d := cmp.Diff(want, got); d != "" || left != 0 {
		t.Errorf("%d left\n%s", left, d)
	}
	if d := cmp.Diff([]string{"worker 0", "spans of 8", "core 0"}, order); d != "" {
		t.Error(d)
	}
	if err := timeline.Validate(tl); err != nil {
		t.Error(err)
	}
}
