package goroutines_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Two goroutines that main.work starts: the first runs for 30 ns and waits for a channel for 20 ns, the second runs for
// 10 ns.
func Example() {
	var symbols gotrace.Symbols
	at := symbols.InternStack([]gotrace.Frame{{Func: "main.work"}})
	move := func(t clock.Time, g int64, from, to gotrace.State) gotrace.Event {
		return gotrace.Event{
			Kind: gotrace.GoTransition, Time: t, G: gotrace.None, P: g, M: g, Subject: g, From: from, To: to,
			Reason: gotrace.ChanReceive, SubjectStack: at,
		}
	}
	r, b := replay.Replay{Symbols: &symbols}, goroutines.Builder{Symbols: &symbols}
	for _, ev := range []gotrace.Event{
		move(0, 7, gotrace.NotExist, gotrace.Runnable),
		move(0, 7, gotrace.Runnable, gotrace.Running),
		move(0, 8, gotrace.NotExist, gotrace.Runnable),
		move(0, 8, gotrace.Runnable, gotrace.Running),
		move(10, 8, gotrace.Running, gotrace.NotExist),
		move(30, 7, gotrace.Running, gotrace.Waiting),
		move(50, 7, gotrace.Waiting, gotrace.NotExist),
	} {
		b.Add(r.Append(nil, ev))
	}
	for _, g := range goroutines.Merge(&b).Groups {
		fmt.Printf("%s: %d, running %v (median %v)\n", g.Start, g.Count, g.Running.Total, g.Running.Median)
		for _, w := range g.Blocked {
			fmt.Println(w.Cause, w.Total)
		}
	}
	// Output:
	// main.work: 2, running 40ns (median 20ns)
	// block.chan.recv 20ns
}
