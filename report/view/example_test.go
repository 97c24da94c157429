package view_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A study as people read it: what was asked, and what was found.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	for _, w := range view.Of(a).Workloads {
		fmt.Println(w.Question)
		fmt.Println(w.Title)
	}
	// Output:
	// Does mutex-100 get faster with more workers, and if not, where do the cores go?
	// mutex-100: no speedup shown up to 2 workers.
}
