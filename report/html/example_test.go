package html_test

import (
	"bytes"
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/html"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/trace/sweep"
)

// One file that holds everything.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	var b bytes.Buffer
	if err := html.Write(&b, view.Of(a), nil); err != nil {
		fmt.Println(err)
	}
	first, _, _ := bytes.Cut(b.Bytes(), []byte("\n"))
	fmt.Printf("%s\n", first)
	// Output:
	// <!DOCTYPE html>
}
