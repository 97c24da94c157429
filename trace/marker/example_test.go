package marker_test

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/marker"
)

// The names of the regions of an execution trace, and the worker that each is of.
func ExampleParseWorker() {
	for _, region := range []string{marker.Worker(3), marker.Before, "request"} {
		k, ok := marker.ParseWorker(region)
		fmt.Println(region, k, ok)
	}
	// Output:
	// worker 3 3 true
	// before 0 false
	// request 0 false
}
