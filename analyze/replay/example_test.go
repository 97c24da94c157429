package replay_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A fold over the steps: how long each goroutine was in each cause. Goroutine 7 runs on P 0 and then waits for a mutex,
// which goroutine 8 unlocks.
func Example() {
	var symbols gotrace.Symbols
	lock := symbols.InternStack([]gotrace.Frame{{Func: "sync.(*Mutex).Lock"}, {Func: "main.work"}})
	move := func(t clock.Time, by, g, p int64, from, to gotrace.State, why gotrace.Reason) *gotrace.Event {
		return &gotrace.Event{
			Kind: gotrace.GoTransition, Time: t, G: by, P: p, M: gotrace.None, Subject: g, From: from, To: to,
			Reason: why, SubjectStack: lock,
		}
	}
	r := replay.Replay{Symbols: &symbols}
	for _, ev := range []*gotrace.Event{
		move(0, gotrace.None, 7, 0, gotrace.Runnable, gotrace.Running, 0),
		move(0, gotrace.None, 8, 1, gotrace.Runnable, gotrace.Running, 0),
		move(30, 7, 7, 0, gotrace.Running, gotrace.Waiting, gotrace.SyncWait),
		move(50, 8, 7, gotrace.None, gotrace.Waiting, gotrace.Runnable, 0),
	} {
		for _, s := range r.Append(nil, *ev) {
			switch s.Kind {
			case replay.Born:
				fmt.Printf("slot %d is goroutine %d\n", s.G, s.ID)
			case replay.Change:
				fmt.Printf("from %d slot %d: %s", s.Time, s.G, s.Cause)
				if s.By != replay.None {
					fmt.Printf(", by slot %d", s.By)
				}
				fmt.Println()
			}
		}
	}
	// Output:
	// slot 0 is goroutine 7
	// from 0 slot 0: user
	// slot 1 is goroutine 8
	// from 0 slot 1: user
	// from 30 slot 0: block.mutex
	// from 50 slot 0: sched.latency, by slot 1
}
