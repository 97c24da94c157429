package stat_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/corecurve/corecurve/analyze/stat"
)

// Is the second program slower? Its median is, and the rank-sum test says by which chance that would happen by itself.
func Example() {
	a, b := []float64{10, 11, 10, 12, 11}, []float64{13, 12, 14, 13, 15}
	fmt.Println("medians:", stat.Median(a), stat.Median(b))
	p, above := stat.RankSum(a, b)
	fmt.Printf("p = %.3f; in %.0f %% of pairs the second takes longer\n", p, 100*above)

	medians := make([]float64, 1000)
	stat.ResampleMedians(medians, b, rand.NewPCG(1, 2))
	fmt.Println("interval:", stat.Quantile(medians, 0.025), "to", stat.Quantile(medians, 0.975))
	// Output:
	// medians: 11 13
	// p = 0.016; in 98 % of pairs the second takes longer
	// interval: 12 to 15
}
