package pop_test

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/pop"
)

// Two workers share the 90 s that one needs: the first works for 60 s, the second for 40 s of the 64 s that it takes.
func Example() {
	base := pop.Run{Wall: 90 * time.Second, Useful: []time.Duration{90 * time.Second}}
	run := pop.Run{Wall: 64 * time.Second, Useful: []time.Duration{60 * time.Second, 40 * time.Second}}
	e := pop.Measure(base, run, 1)
	fmt.Printf("load balance %.2f (%s)\n", e.LoadBalance, pop.GradeOf(e.LoadBalance))
	fmt.Printf("communication %.2f (%s)\n", e.Communication, pop.GradeOf(e.Communication))
	fmt.Printf("computation %.2f (%s)\n", e.Computation, pop.GradeOf(e.Computation))
	fmt.Printf("global efficiency %.2f (%s)\n", e.Global, pop.GradeOf(e.Global))
	// Output:
	// load balance 0.83 (good)
	// communication 0.94 (good)
	// computation 0.90 (good)
	// global efficiency 0.70 (fair)
}
