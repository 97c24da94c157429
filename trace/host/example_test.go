package host_test

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The CPUs that a run on two cores is confined to: two physical cores, not two threads of one.
func ExampleCPUSet() {
	// What host.Describe returns for a machine of two cores with two threads each.
	machine := sweep.Host{CPUs: []sweep.CPU{{ID: 0, Core: 0}, {ID: 2, Core: 2}, {ID: 1, Core: 0}, {ID: 3, Core: 2}}}
	fmt.Println(host.CPUSet(machine, 2))
	// Output: [0 2]
}

// How much other programs disturbed a run.
func ExampleNoise() {
	sampler := host.NewSampler()
	before := sampler.Sample()
	// … the run …
	after := sampler.Sample()
	noise := host.Noise(before, after, host.Use{})
	fmt.Println("others used CPU time:", noise.Others >= 0)
	// Output: others used CPU time: true
}
