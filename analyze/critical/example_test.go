package critical_test

import (
	"fmt"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/replay"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Goroutine 7 runs for 20 ns, starts goroutine 8, and runs for 40 ns more; 8 runs for 60 ns, all on one P. Side by side
// the two would need 80 of these 120 ns.
func Example() {
	var symbols gotrace.Symbols
	at := symbols.InternStack([]gotrace.Frame{{Func: "main.work"}})
	move := func(t clock.Time, by, g, p int64, from, to gotrace.State) gotrace.Event {
		return gotrace.Event{
			Kind: gotrace.GoTransition, Time: t, G: by, P: p, M: gotrace.None, Subject: g, From: from, To: to,
			SubjectStack: at,
		}
	}
	const none = gotrace.None
	r, b := replay.Replay{Symbols: &symbols}, critical.Builder{Symbols: &symbols}
	for _, ev := range []gotrace.Event{
		move(0, none, 7, 0, gotrace.Runnable, gotrace.Running),
		move(20, 7, 8, none, gotrace.NotExist, gotrace.Runnable),
		move(60, 7, 7, 0, gotrace.Running, gotrace.NotExist),
		move(60, none, 8, 0, gotrace.Runnable, gotrace.Running),
		move(120, 8, 8, 0, gotrace.Running, gotrace.NotExist),
	} {
		b.Add(r.Append(nil, ev))
	}
	p := b.Finish()
	low, high := p.Bounds(2)
	fmt.Printf("work %v, span %v, parallelism %.1f\n", p.Work, p.Span, p.Parallelism)
	fmt.Printf("speedup on 2 cores: %.2f to %.2f\n", low, high)
	// Output:
	// work 120ns, span 80ns, parallelism 1.5
	// speedup on 2 cores: 1.20 to 1.50
}
