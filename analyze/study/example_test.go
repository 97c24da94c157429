package study_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/sweep"
)

// From the folder of a study to what was found in it. The study is of a workload that holds one lock all the time; what
// other programs did on the machine that recorded it is left out.
func Example() {
	s, err := sweep.ReadStudy("testdata/mutex")
	if err != nil {
		fmt.Println(err)
		return
	}
	a := study.Analyze(study.Input{
		Header: s.Header, Results: s.Results, Damage: s.Warnings,
		Explained: study.Explain(s.Results, study.Reading{}, captures.Dir(s.Dir).Open),
	})
	for _, w := range a.Workloads {
		for _, f := range w.Findings {
			fmt.Println(w.Program.Name, "at n =", f.N)
			fmt.Println(words.Plain(words.FindingTitle(&f.Finding)))
		}
	}
	// Output:
	// mutex-100 at n = 2
	// 65 % of the lost core time is workers waiting for a lock (block.mutex), taken in mutex.(*lock).hold (mutex.go:93)
	// mutex-100 at n = 2
	// 21 % of the lost core time is workers that are ready, not yet running, while a core is free (sched.latency)
}
