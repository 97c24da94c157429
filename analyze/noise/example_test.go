package noise_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A run of one second on two cores, of which others took 0.3 core-seconds while it was ready.
func Example() {
	r := &sweep.Result{Run: sweep.Run{Point: sweep.Point{Cores: 2}}, Total: 1e9, User: 1e9}
	r.Noise.Others, r.Noise.RunQueue = 3e8, 5e8
	fmt.Printf("%.1f core-seconds taken: between %.1f and 1.0 s on a quiet machine\n", noise.Taken(r), noise.Least(r, 1))
	// Output: 0.3 core-seconds taken: between 0.7 and 1.0 s on a quiet machine
}
