package supervise_test

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The copies of a command that a run of two processes starts, each with its share of the size.
func Example() {
	argv := []string{"convert", "--threads={workers}", "--part={rank}", "--items={size}"}
	point := sweep.Point{Workload: "convert", Procs: 2, Workers: 4, Cores: 2, Size: 101}
	copies := supervise.Copies(argv, point)
	for rank := range copies {
		fmt.Println(supervise.Expand(argv, point, copies, rank))
	}
	// Output:
	// [convert --threads=4 --part=0 --items=51]
	// [convert --threads=4 --part=1 --items=50]
}
