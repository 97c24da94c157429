package osledger_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/osledger"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/osched"
)

// Process 7, which left a trace, runs from 0 to 10, starts 8 and waits for it. 8 has a core from 10 to 60, of which the
// window, from 20 to 100, has 40, and its thread 9 one from 30 to 50.
func TestUntraced(t *testing.T) {
	records := []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 7, TID: 7, Name: "parent"},
		{Time: 5, Kind: osched.Fork, CPU: 0, PID: 8, TID: 8, Parent: 7, Creator: 7},
		{Time: 10, Kind: osched.Out, CPU: 0, PID: 7, TID: 7},
		{Time: 10, Kind: osched.In, CPU: 0, PID: 8, TID: 8},
		{Time: 11, Kind: osched.Exec, CPU: 0, PID: 8, TID: 8, Name: "child"},
		{Time: 25, Kind: osched.Fork, CPU: 0, PID: 8, TID: 9, Parent: 8, Creator: 8},
		{Time: 30, Kind: osched.In, CPU: 1, PID: 8, TID: 9},
		{Time: 50, Kind: osched.Out, CPU: 1, PID: 8, TID: 9},
		{Time: 60, Kind: osched.Out, CPU: 0, PID: 8, TID: 8},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}
	var first threads.Builder
	for i := range records {
		first.Add(&records[i])
	}
	all := first.Finish()
	on := func(traces []int) ledger.OnCores {
		b := osledger.Builder{
			Threads: all, Choice: osledger.Choose(all, []int32{7}, 0), From: 20, To: 100, Cores: 2, Traces: traces,
		}
		second := threads.Builder{Watch: b.Change}
		for i := range records {
			second.Add(&records[i])
		}
		second.Finish()
		on, _ := b.Finish()
		return on
	}
	want := []ledger.Stack{{Time: 60, Waiting: []gotrace.Frame{{Func: "program child"}}}}
	got := on([]int{0, -1})
	if d := cmp.Diff(want, got.Untraced); d != "" || got.Busy != 60 || !slices.Equal(got.Each, []ledger.CoreTime{0}) {
		t.Errorf("busy %d, %d\n%s", got.Busy, got.Each, d)
	}
	if got := on([]int{0, 1}); got.Untraced != nil || !slices.Equal(got.Each, []ledger.CoreTime{0, 60}) {
		t.Errorf("both with a trace: %+v", got)
	}
	if got := on(nil); got.Untraced != nil || got.Each != nil || got.Busy != 60 {
		t.Errorf("without traces: %+v", got)
	}
}
