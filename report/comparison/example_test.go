package comparison_test

import (
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/report/comparison"
)

// Five launches at one count, before a change and after it.
func ExampleComparison_WriteMarkdown() {
	side := func(seconds ...float64) []compare.Curve {
		return []compare.Curve{{Key: compare.Key{Workload: "sort"}, Counts: []compare.Count{{N: 2, Seconds: seconds}}}}
	}
	r := compare.Compare(side(1, 1.01, 1.02, 1.03, 1.04), side(1.2, 1.21, 1.22, 1.23, 1.24), compare.Options{Seed: 1})
	c := &comparison.Comparison{Base: "main", New: "branch", Result: r}
	var b strings.Builder
	if err := c.WriteMarkdown(&b); err != nil {
		fmt.Println(err)
	}
	fmt.Println(b.String()[:strings.Index(b.String(), "No law")])
	// Output:
	// ### NEW is 0.84× (0.81–0.86) as fast at n = 2
	//
	// BASE: main; NEW: branch
	//
	// #### sort
	//
	// | n | runs | BASE | NEW | speed | 95 % interval | p | P(slower) | verdict |
	// |---:|---:|---:|---:|---:|---:|---:|---:|---|
	// | 2 | 5/5 | 1.02 s | 1.22 s | 0.836 | 0.815–0.858 | 0.008 | 1.00 | **slower** |
}
