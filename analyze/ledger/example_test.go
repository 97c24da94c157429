package ledger_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Where the time of two Ps went: goroutine 7 runs from 0 to 30, waits for a lock until 50, and goes on to 100;
// goroutine 8 runs all the time. While 7 waits, one P is idle: the cost of the wait.
func Example() {
	var symbols gotrace.Symbols
	lock := symbols.InternStack([]gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "main.work"}})
	move := func(t clock.Time, by, g, p int64, from, to gotrace.State) gotrace.Event {
		return gotrace.Event{
			Kind: gotrace.GoTransition, Time: t, G: by, P: p, M: gotrace.None, Subject: g, From: from, To: to,
			Reason: gotrace.SyncWait, SubjectStack: lock,
		}
	}
	r, b := replay.Replay{Symbols: &symbols}, ledger.Builder{Symbols: &symbols}
	for _, ev := range []gotrace.Event{
		{Kind: gotrace.MetricValue, Metric: gotrace.GOMAXPROCS, Value: 2, G: gotrace.None},
		move(0, gotrace.None, 7, 0, gotrace.Runnable, gotrace.Running),
		move(0, gotrace.None, 8, 1, gotrace.Runnable, gotrace.Running),
		move(30, 7, 7, 0, gotrace.Running, gotrace.Waiting),
		move(50, 8, 7, gotrace.None, gotrace.Waiting, gotrace.Runnable),
		move(50, gotrace.None, 7, 0, gotrace.Runnable, gotrace.Running),
		{Kind: gotrace.Sync, Time: 100, G: gotrace.None},
	} {
		b.Add(r.Append(nil, ev))
	}
	l := b.Finish()
	fmt.Println("all Ps:", int64(l.Total), "ns")
	for _, row := range l.Rows {
		fmt.Printf("%s: %d ns\n", row.Cause, row.Time)
	}
	fmt.Println("waited at", l.Rows[1].Stacks[0].Waiting[0].Func)
	// Output:
	// all Ps: 200 ns
	// user: 180 ns
	// block.mutex: 20 ns
	// waited at sync.(*Mutex).Lock
}
