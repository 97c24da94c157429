package loss_test

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/loss"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// The profile of a window of 1 s in which 0.3 core-seconds were lost by waiting for a lock that main.flush held.
func Example() {
	p := loss.Lost(time.Second, []ledger.Row{{
		Cause: cause.Mutex, Time: ledger.CoreTime(300 * time.Millisecond),
		Stacks: []ledger.Stack{{
			Time:    ledger.CoreTime(300 * time.Millisecond),
			Waiting: []gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "main.get"}},
			Blamed:  []gotrace.Frame{{Func: "main.flush"}},
		}},
	}})
	for _, s := range p.Sample {
		for i, v := range s.Value {
			fmt.Println(p.SampleType[i].Type, time.Duration(v))
		}
		for _, l := range s.Location {
			fmt.Println("  ", l.Line[0].Function.Name)
		}
	}
	// Output:
	// lost 300ms
	// used 0s
	//    main.flush
	//    (waits for)
	//    sync.(*Mutex).Lock
	//    main.get
	//    block.mutex
}
