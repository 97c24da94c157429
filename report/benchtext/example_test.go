package benchtext_test

import (
	"fmt"
	"os"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/benchtext"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Only benchmarks have a text that benchstat reads: of another study nothing is written.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	fmt.Println(benchtext.Results(os.Stdout, a))
	// Output:
	// <nil>
}
