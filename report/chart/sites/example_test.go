package sites_test

import (
	"fmt"
	"time"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/chart/sites"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Two stacks that differ in a line of one function are one place.
func Example() {
	at := func(line int) []gotrace.Frame {
		return []gotrace.Frame{
			{Func: "example.org/shop.price", File: "/src/price.go", Line: line},
			{Func: "main.main", File: "/src/main.go", Line: 8},
		}
	}
	for _, s := range sites.Of([]ledger.Stack{
		{Time: ledger.CoreTime(2 * time.Second), Waiting: at(11)},
		{Time: ledger.CoreTime(time.Second), Waiting: at(12)},
	}) {
		fmt.Println(s.Time.Seconds(), s.Waiting.Brief())
	}
	// Output: 3 shop.price (price.go:11)
}
