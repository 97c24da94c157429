package timeline_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/timeline"
)

// A lane from spans of any source, and what it was doing in each quarter of the time.
func Example() {
	var strip timeline.Strip
	strip.Add(0, 50, timeline.Running)
	strip.Add(50, 75, timeline.Lock)
	lane := strip.Lane(timeline.Worker, 0, 3, "worker 3")
	t := timeline.New(0, 100, []timeline.Lane{lane}, nil)
	for _, l := range t.Lanes {
		fmt.Println(l.Name, "ran for", l.Totals()[timeline.Running])
		for _, s := range l.Shares(t.Start, t.End, 4) {
			fmt.Printf("running %.0f %%, locked %.0f %%, absent %.0f %%\n",
				100*s[timeline.Running], 100*s[timeline.Lock], 100*s[timeline.Absent])
		}
	}
	// Output:
	// worker 3 ran for 50ns
	// running 100 %, locked 0 %, absent 0 %
	// running 100 %, locked 0 %, absent 0 %
	// running 0 %, locked 100 %, absent 0 %
	// running 0 %, locked 0 %, absent 100 %
}
