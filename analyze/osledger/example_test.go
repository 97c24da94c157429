package osledger_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/osledger"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/osched"
)

// Where two cores went: process 7 computes on one of them for 60 of 100 ns, then waits for a file; it never asks for
// the other core.
func Example() {
	records := []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 7, TID: 7, Name: "prog"},
		{Time: 60, Kind: osched.Out, CPU: 0, PID: 7, TID: 7},
		{Time: 65, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 7, TID: 7, Reason: osched.Reading},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	}
	var first threads.Builder
	for i := range records {
		first.Add(&records[i])
	}
	t := first.Finish()
	b := osledger.Builder{Threads: t, Choice: osledger.Choose(t, []int32{7}, 1), To: 100, Cores: 2}
	second := threads.Builder{Watch: b.Change}
	for i := range records {
		second.Add(&records[i])
	}
	second.Finish()
	on, _ := b.Finish()
	fmt.Println("busy:", int64(on.Busy), "ns, idle:", int64(on.Idle), "ns")
	for _, r := range b.Ledger().Rows {
		fmt.Println(r.Cause, int64(r.Time), "ns")
	}
	// Output:
	// busy: 60 ns, idle: 140 ns
	// user 60 ns
	// block.io 40 ns
	// serial 100 ns
}
