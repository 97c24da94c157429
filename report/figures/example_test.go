package figures_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/figures"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Which pictures a report has.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	drawn, _ := figures.Of(view.Of(a))
	for _, f := range drawn {
		fmt.Println(f.Name)
	}
	// Output:
	// speedup
}
