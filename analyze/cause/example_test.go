package cause_test

import (
	"encoding/json"
	"fmt"

	"github.com/corecurve/corecurve/analyze/cause"
)

// The causes that a person would call one, and how a cause is written to files.
func Example() {
	for _, c := range cause.Of(cause.Channel) {
		fmt.Printf("%s: a worker is %s\n", c, c.Entry().Doing)
	}
	text, err := json.Marshal(map[cause.Cause]float64{cause.Mutex: 0.25})
	fmt.Println(string(text), err)
	// Output:
	// block.chan.send: a worker is waiting at channels
	// block.chan.recv: a worker is waiting at channels
	// block.select: a worker is waiting at channels
	// {"block.mutex":0.25} <nil>
}
