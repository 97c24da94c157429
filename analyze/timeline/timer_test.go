package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// TestRuntimeWaits: the background sweeper waits from 1100 to 1400, in which it has nothing to do, and runs else.
func TestRuntimeWaits(t *testing.T) {
	s := &script{}
	s.sync(1000)
	s.p(1000, unknown, running)
	s.create(1000, 3, "runtime.bgsweep")
	s.g(1050, 3, 0, runnable, running, 0)
	s.g(1100, 3, 0, running, waiting, gotrace.SystemWait)
	s.g(1400, 3, none, waiting, runnable, 0)
	s.g(1400, 3, 0, runnable, running, 0)
	s.sync(1500)
	got := find(t, s.build(t, &Builder{}), Goroutine, 3).Totals()
	if got[Waiting] != 0 || got[Running] != 150 {
		t.Errorf("it waits %v and runs %v, want 0 and 150 ns", got[Waiting], got[Running])
	}
}

// TestTimerAtChannel: goroutine 1 waits twice in a select, from 1100 to 1400 until nobody of the program ends it, which
// a timer does, and from 1500 to 1700 until goroutine 2 does. Only the second is a wait for a channel.
func TestTimerAtChannel(t *testing.T) {
	s := &script{}
	s.sync(1000)
	s.p(1000, unknown, running)
	s.g(1000, 2, 1, unknown, running, 0)
	s.g(1000, 1, 0, unknown, running, 0)
	s.g(1100, 1, 0, running, waiting, gotrace.Select)
	s.g(1400, 1, none, waiting, runnable, 0)
	s.g(1400, 1, 0, runnable, running, 0)
	s.g(1500, 1, 0, running, waiting, gotrace.Select)
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: 1700, G: 2, P: 1, M: 101, Subject: 1, From: waiting, To: runnable,
	})
	s.g(1700, 1, 0, runnable, running, 0)
	s.sync(1800)
	got := find(t, s.build(t, &Builder{}), Goroutine, 1).Totals()
	want := [NumStates]clock.Time{Running: 300, Waiting: 300, Channel: 200}
	for state, d := range want {
		if diff := cmp.Diff(d, clock.Time(got[state])); diff != "" {
			t.Errorf("state %d: %s", state, diff)
		}
	}
}
