package timeline

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestGap: goroutine 1 runs from 0 to 10 and goroutine 2 waits from 0 to 10 when the trace breaks off. At 30 it goes
// on: goroutine 1 runs, until 40, and goroutine 2 is not told of by 50, when the next generation begins: it ended in
// the gap. So goroutine 1 has run 10 + 10 and was unknown for 20; goroutine 2 has waited 10 and was unknown for 40.
func TestGap(t *testing.T) {
	b := Builder{Symbols: &gotrace.Symbols{}}
	add := feed(&b)
	none := int64(gotrace.None)
	at := func(ms int64, ev gotrace.Event) {
		ev.Time = clock.Time(ms * int64(time.Millisecond))
		add(&ev)
	}
	status := func(g int64, to gotrace.State, p, m int64) gotrace.Event {
		return gotrace.Event{Kind: gotrace.GoTransition, G: none, P: p, M: m, Subject: g, To: to}
	}
	at(0, gotrace.Event{Kind: gotrace.Sync})
	at(0, status(1, gotrace.Running, 0, 7))
	at(0, status(2, gotrace.Waiting, none, none))
	at(10, gotrace.Event{Kind: gotrace.Gap})
	at(30, gotrace.Event{Kind: gotrace.Sync})
	at(30, status(1, gotrace.Running, 0, 7))
	at(40, gotrace.Event{
		Kind: gotrace.GoTransition, G: 1, P: 0, M: 7, Subject: 1, From: gotrace.Running, To: gotrace.NotExist,
	})
	at(50, gotrace.Event{Kind: gotrace.Sync})
	tl := b.Finish()
	type spent struct{ Running, Unknown, Other time.Duration }
	got := map[string]spent{}
	for i := range tl.Lanes {
		l := &tl.Lanes[i]
		sum := l.Totals()
		s := spent{Running: sum[Running], Unknown: sum[Unknown]}
		for state, d := range sum {
			if State(state) != Running && State(state) != Unknown && State(state) != Absent {
				s.Other += d
			}
		}
		if l.Kind == Goroutine {
			got[l.Name] = s
		}
	}
	ms := time.Millisecond
	want := map[string]spent{
		"goroutine 1": {Running: 20 * ms, Unknown: 20 * ms},
		"goroutine 2": {Unknown: 50 * ms}, // of a wait before the trace without a stack nothing is known either
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
