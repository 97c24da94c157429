package clock_test

import (
	"fmt"

	"github.com/corecurve/corecurve/trace/clock"
)

// Times of different processes, traces and kernel records share one axis, so their difference is a duration.
func Example() {
	var released, done clock.Time = 5_000_000_000, 5_750_000_000
	fmt.Println(done.Sub(released))
	fmt.Println(clock.Now() > 0)
	// Output:
	// 750ms
	// true
}
