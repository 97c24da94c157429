package osched_test

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// How long each thread of a recording was on a core.
func ExampleEach() {
	// As osched.jsonl holds it once it is decompressed.
	file := `{"schema":"corecurve/osched/1","level":"switches","clock":"CLOCK_MONOTONIC","start_ns":1000}
["f",0,0,7,7,1,1]
["i",0,0,7,7]
["o",2000000,0,7,7]
["i",5000000,1,7,7]
["x",6000000,1,7,7]
["z",7000000]
`
	since := map[int32]clock.Time{}
	onCore := map[int32]int64{}
	header, err := osched.Each("osched.jsonl", strings.NewReader(file), func(r *osched.Record) error {
		switch r.Kind {
		case osched.In, osched.Exec:
			since[r.TID] = r.Time
		case osched.Out, osched.Preempt, osched.Exit:
			onCore[r.TID] += r.Time.Sub(since[r.TID]).Microseconds()
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("level:", header.Level)
	fmt.Println("thread 7:", onCore[7], "µs on a core")
	// Output:
	// level: switches
	// thread 7: 3000 µs on a core
}
