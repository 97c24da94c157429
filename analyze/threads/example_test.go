package threads_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/osched"
)

// Thread 7 runs on core 0, loses it to another program from 30 to 40, and blocks at 60, seen waiting for a file.
func Example() {
	var b threads.Builder
	for _, r := range []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 7, TID: 7, Name: "prog"},
		{Time: 30, Kind: osched.Preempt, CPU: 0, PID: 7, TID: 7},
		{Time: 40, Kind: osched.In, CPU: 0, PID: 7, TID: 7},
		{Time: 60, Kind: osched.Out, CPU: 0, PID: 7, TID: 7},
		{Time: 65, Kind: osched.Blocked, CPU: osched.NoCPU, PID: 7, TID: 7, Reason: osched.Reading},
		{Time: 90, Kind: osched.In, CPU: 0, PID: 7, TID: 7},
		{Time: 100, Kind: osched.Exit, CPU: 0, PID: 7, TID: 7},
		{Time: 100, Kind: osched.End, CPU: osched.NoCPU},
	} {
		b.Add(&r)
	}
	t := b.Finish()
	for _, th := range t.Threads {
		fmt.Printf("%s: on a core %v, ready %v, blocked %v", th.Name, th.OnCPU, th.Ready, th.Blocked)
		fmt.Printf(" (%s)\n", th.Waits[0].Cause())
	}
	on, ready := t.OnCPU(7, 20, 50)
	fmt.Println("from 20 to 50 on a core", on, "and ready without one", ready)
	// Output:
	// prog: on a core 60ns, ready 10ns, blocked 30ns (block.io)
	// from 20 to 50 on a core 20ns and ready without one 10ns
}
