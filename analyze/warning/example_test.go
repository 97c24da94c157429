package warning_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A warning is a value: what it is, what it is about, and its numbers.
func Example() {
	w := warning.OfPoint(warning.FewLaunches, sweep.Point{Workload: "sort", Procs: 1, Workers: 4, Cores: 4, Size: 100})
	w.Figures.Count, w.Figures.Of = 3, 5
	for _, w := range warning.Unique([]warning.Warning{w, w}) {
		fmt.Println(w.Kind.Analysis(), w.Kind, w.Subject.Point, w.Figures.Count, "of", w.Figures.Of)
	}
	// Output:
	// curve curve.few-launches sort-p1-w4-c4-s100 3 of 5
}
