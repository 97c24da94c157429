package measurements_test

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/trace/measurements"
)

// A benchmark that was run with -cpu 1,2,4 is a curve over GOMAXPROCS.
func ExampleRead() {
	text := `
BenchmarkSort      100   12000000 ns/op
BenchmarkSort-2    180    6500000 ns/op
BenchmarkSort-4    300    4000000 ns/op
`
	series, err := measurements.Read("bench.txt", strings.NewReader(text), measurements.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range series {
		fmt.Printf("%s over %s:\n", s.Title(), s.Axis)
		for _, c := range s.Counts {
			fmt.Printf("%2.0f  %.4f s\n", c.N, c.Values[0])
		}
	}
	// Output:
	// bench.txt: BenchmarkSort over GOMAXPROCS:
	//  1  0.0120 s
	//  2  0.0065 s
	//  4  0.0040 s
}
