package fit_test

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/report/fit"
	"github.com/corecurve/corecurve/trace/measurements"
)

// Throughputs that some tool measured, and the law that suits them.
func Example() {
	s := measurements.Series{File: "rates.csv", Axis: "n", Kind: measurements.Throughput}
	for _, n := range []float64{1, 2, 4, 8, 16} {
		s.Counts = append(s.Counts, measurements.Count{N: n, Values: []float64{100 * n / (1 + 0.1*(n-1))}})
	}
	var b strings.Builder
	if err := fit.WriteText(&b, []*fit.Fit{fit.New(s, fit.Options{Seed: 1})}); err != nil {
		fmt.Println(err)
	}
	finding, _, _ := strings.Cut(b.String(), "\n")
	fmt.Println(finding)
	// Output: rates.csv: 6.4× at n = 16; 10 % of the work is serialised
}
