package law_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/law"
)

// Throughputs of a program of which a tenth is serial, as Amdahl's law has them.
func Example() {
	var counts []law.Count
	for _, n := range []float64{1, 2, 4, 8, 16} {
		counts = append(counts, law.Count{N: n, Launches: []float64{100 * n / (1 + 0.1*(n-1))}})
	}
	r := law.FitCounts(counts, law.Options{})
	m := r.Model(r.Best)
	fmt.Printf("%s: serial share %.2f, at most %.0f\n", m.Name.Title(), m.Param("alpha").Value, m.Limit)
	fmt.Printf("with 64 workers %.0f\n", m.At(64))
	// Output:
	// Amdahl: serial share 0.10, at most 1000
	// with 64 workers 877
}
