package timeline

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/trace/clock"
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
	want := Activity{Release: 10, From: 10, To: 110, Workers: 2, Idle: []Idle{{Worker: &tl.Lanes[1], From: 50}}}
	want.Shares[Running], want.Shares[Lock], want.Shares[Absent] = 0.7, 0.05, 0.25
	want.Each = []Own{
		{&tl.Lanes[0], Shares{Running: 1}},
		{&tl.Lanes[1], Shares{Running: 0.4, Lock: 0.1, Absent: 0.5}},
	}
	opts := cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmp.AllowUnexported(Lane{})}
	if diff := cmp.Diff(want, a, opts); diff != "" {
		t.Error(diff)
	}
	if most, others := a.Most(Lock); most == nil || most.Worker.ID != 1 || others != 0 {
		t.Errorf("%+v waits for the lock most, the others %v, want worker 1 and 0", most, others)
	}
	if got := (&Timeline{Start: 0, End: 10, Lanes: tl.Lanes[3:]}).Activity(0); got.Workers != 0 {
		t.Errorf("a timeline without workers has %d", got.Workers)
	}
}

// Of a release at 0, worker 0 is there from 40 on, worker 1 from 50, of which the latter waits for the former from 60
// to 100.
func TestActivityLater(t *testing.T) {
	tl := Timeline{Start: 0, End: 120, Lanes: []Lane{
		{Kind: Worker, ID: 0, Spans: []Span{{40, 100, Running}}},
		{Kind: Worker, ID: 1, Spans: []Span{{50, 60, Running}, {60, 100, Join}}},
	}}
	a := tl.Activity(0)
	want := Activity{From: 40, To: 100, Workers: 2, Idle: []Idle{{Worker: &tl.Lanes[1], From: 60, Joins: true}}}
	want.Shares[Running], want.Shares[Join], want.Shares[Absent] = 70.0/120, 40.0/120, 10.0/120
	want.Each = []Own{
		{&tl.Lanes[0], Shares{Running: 1}},
		{&tl.Lanes[1], Shares{Running: 10.0 / 60, Join: 40.0 / 60, Absent: 10.0 / 60}},
	}
	opts := cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmp.AllowUnexported(Lane{})}
	if diff := cmp.Diff(want, a, opts); diff != "" {
		t.Error(diff)
	}
}

// Goroutine 1 runs for 80 of the 105 that both run; from 60 on it is 40 of 45.
func TestBusiestGoroutine(t *testing.T) {
	tl := Timeline{Start: 0, End: 100, Lanes: []Lane{
		{Kind: Goroutine, ID: 1, Spans: []Span{{0, 40, Running}, {60, 100, Running}}},
		{Kind: Goroutine, ID: 2, Spans: []Span{{40, 65, Running}, {65, 100, GC}}},
		{Kind: Goroutine, ID: 3, Spans: []Span{{0, 100, Channel}}},
	}}
	for from, want := range map[clock.Time]float64{0: 80.0 / 105, 60: 40.0 / 45} {
		if got, of := tl.BusiestGoroutine(from); math.Abs(got-want) > 1e-12 || of != 2 {
			t.Errorf("from %v on: %v of %d, want %v of 2", from, got, of, want)
		}
	}
	tl.Lanes = append(tl.Lanes, Lane{Kind: Worker})
	if got, of := tl.BusiestGoroutine(0); got != 0 || of != 0 {
		t.Errorf("%v of %d beside a worker", got, of)
	}
}
