package document_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/trace/sweep"
)

// The figures of a study as report.json has them.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	d := document.Of(a, nil)
	for _, p := range d.Curves[0].Points {
		fmt.Println(d.Schema, p.N, p.Runs)
	}
	// Output:
	// corecurve/report/1 1 5
	// corecurve/report/1 2 5
}
