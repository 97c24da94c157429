package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Worker 0 runs from 10 to 110, worker 1 from 10 to 50 and waits then until 60; the trace ends at 130. From the release
// at 10 until 110 worker 0 runs all the time, worker 1 for 40 of 100, and waits for 10.
func TestActivity(t *testing.T) {
	tl := Timeline{Start: 0, End: 130, Lanes: []Lane{
		{Kind: Worker, ID: 0, Spans: []Span{{0, 10, Startup}, {10, 110, Running}, {110, 130, Startup}}},
		{Kind: Worker, ID: 1, Spans: []Span{{0, 10, Startup}, {10, 50, Running}, {50, 60, Lock}}},
		{Kind: Worker, ID: SerialID, Spans: []Span{{110, 130, Running}}},
		{Kind: P, ID: 0, Spans: []Span{{0, 130, Running}}},
	}}
	a := tl.Activity(10)
	want := Activity{From: 10, To: 110, Workers: 2, Idle: []Idle{{&tl.Lanes[1], 50}}}
	want.Shares[Running], want.Shares[Lock], want.Shares[Absent] = 0.7, 0.05, 0.25
	opts := cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmp.AllowUnexported(Lane{})}
	if diff := cmp.Diff(want, a, opts); diff != "" {
		t.Error(diff)
	}
	if got := (&Timeline{Start: 0, End: 10, Lanes: tl.Lanes[3:]}).Activity(0); got.Workers != 0 {
		t.Errorf("a timeline without workers has %d", got.Workers)
	}
}
