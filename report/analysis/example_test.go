package analysis_test

import (
	"fmt"
	"os"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/analysis"
	"github.com/corecurve/corecurve/trace/clock"
)

// What the analyses of a trace returned, as text.
func Example() {
	s := ledger.CoreTime(time.Second)
	a := analysis.Analysis{
		Traces: []analysis.Trace{{File: "trace.out", Go: "go1.26", Events: 1200, Duration: time.Second}},
		Use:    &cores.Use{End: clock.Time(time.Second), MaxPs: 2, Mean: 1.3},
		Ledger: &ledger.Ledger{Wall: time.Second, Total: 2 * s, Rows: []ledger.Row{
			{Cause: cause.User, Time: 13 * s / 10}, {Cause: cause.Mutex, Time: 7 * s / 10},
		}},
	}
	if err := a.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1.30 of 2 Ps were busy on average over 1.00 s; the largest loss is mutex
	// (block.mutex): 0.70 core-s, 35 % of all core time.
	//
	// trace.out: go1.26, 1200 events in 1.00 s
	//
	// Where the core time went: 2.00 core-s in 1.00 s
	// cause                core-s  share
	// own code (user)        1.30   65 %
	// mutex (block.mutex)    0.70   35 %
}
