package compare_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/compare"
)

// Two measurements of one program: with one worker nothing is shown, with four it got slower.
func Example() {
	side := func(one, four float64) []compare.Curve {
		launches := func(middle float64) (seconds []float64) {
			for k := -4; k <= 4; k++ {
				seconds = append(seconds, middle*(1+float64(k)/100))
			}
			return seconds
		}
		return []compare.Curve{{
			Key:    compare.Key{Workload: "sort"},
			Counts: []compare.Count{{N: 1, Seconds: launches(one)}, {N: 4, Seconds: launches(four)}},
		}}
	}
	r := compare.Compare(side(8, 2), side(8.04, 2.6), compare.Options{NoLaws: true})
	for _, p := range r.Pairs[0].Points {
		fmt.Printf("n = %v: %.2f times as long: %s\n", p.N, p.Ratio, p.Verdict)
	}
	fmt.Println("tests:", r.Tests)
	// Output:
	// n = 1: 1.00 times as long: no difference shown
	// n = 4: 1.30 times as long: slower
	// tests: 2
}
