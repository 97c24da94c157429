package tracegen_test

import (
	"bytes"
	"fmt"

	"github.com/corecurve/corecurve/trace/gotrace/tracegen"
)

// A trace to measure a reader with.
func ExampleWrite() {
	var trace bytes.Buffer
	if err := tracegen.Write(&trace, tracegen.Options{Events: 1000, Goroutines: 20}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trace.Len() > 1000)
	// Output: true
}
