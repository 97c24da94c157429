package report_test

import (
	"bytes"
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A study as a document for a machine, and the pictures that go with it.
func Example() {
	s, err := sweep.ReadStudy("../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	r := report.Build(a)
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		fmt.Println(err)
	}
	fmt.Println(bytes.HasPrefix(b.Bytes(), []byte("{")))
	for _, f := range r.Figures() {
		fmt.Println(f.Name)
	}
	// Output:
	// true
	// speedup
}
