package text_test

import (
	"bytes"
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/text"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A report for a terminal begins with what was found.
func Example() {
	s, err := sweep.ReadStudy("../../analyze/study/testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{Header: s.Header, Results: s.Results})
	var b bytes.Buffer
	if err := text.Write(&b, view.Of(a), text.Options{}); err != nil {
		fmt.Println(err)
	}
	first, _, _ := bytes.Cut(b.Bytes(), []byte("\n"))
	fmt.Printf("%s\n", first)
	// Output:
	// mutex-100: no speedup shown up to 2 workers.
}
