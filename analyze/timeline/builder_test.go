package timeline

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// oneWorker is a program of one worker, by the hand of a clock in nanoseconds:
//
//	1000  trace begins; goroutine 1 (main) has been running on P 0
//	1100  main enters "before", leaves it at 1200
//	1300  main creates goroutine 5; blocks at 1310 to join it
//	1320  goroutine 5 starts on P 0; at 1400 it becomes worker 0
//	1400..1500  task 0: runs
//	1500..1600  waits for a mutex            (woken at 1600, runs again at 1620)
//	1620..1700  task 1, of which 1640..1660 is a mark assist
//	1700..1800  in a system call; the P is taken away at 1750; ready at 1800, runs at 1810
//	1900  worker 0 ends; at 1910 goroutine 5 ends and wakes main, which runs at 1920
//	2000  main enters "after", leaves it at 2100; the trace ends at 2200
func oneWorker() *script {
	s := &script{}
	s.sync(1000)
	s.p(1000, unknown, running)
	s.add(gotrace.Event{
		Kind: gotrace.GoTransition, Time: 1050, G: none, P: 0, M: 100, Subject: 1, From: unknown, To: running,
		SubjectStack: s.sym.InternStack([]gotrace.Frame{{Func: "main.main"}, {Func: "runtime.main"}}),
	})
	s.region(1100, 1, "before", true)
	s.region(1200, 1, "before", false)
	s.create(1300, 5, "main.work")
	s.g(1310, 1, 0, running, waiting, gotrace.SyncWait)
	s.g(1320, 5, 0, runnable, running, 0)
	s.region(1400, 5, "worker 0", true)
	s.region(1400, 5, "task 0", true)
	s.region(1500, 5, "task 0", false)
	s.g(1500, 5, 0, running, waiting, gotrace.SyncWait)
	s.g(1600, 5, none, waiting, runnable, 0)
	s.g(1620, 5, 0, runnable, running, 0)
	s.region(1620, 5, "task 1", true)
	s.assist(1640, 5, true)
	s.assist(1660, 5, false)
	s.region(1700, 5, "task 1", false)
	s.g(1700, 5, 0, running, inSyscall, 0)
	s.p(1750, running, gotrace.Idle)
	s.g(1800, 5, none, inSyscall, runnable, 0)
	s.p(1805, gotrace.Idle, running)
	s.g(1810, 5, 0, runnable, running, 0)
	s.region(1900, 5, "worker 0", false)
	s.g(1910, 1, none, waiting, runnable, 0)
	s.g(1910, 5, 0, running, notExist, 0)
	s.g(1920, 1, 0, runnable, running, 0)
	s.region(2000, 1, "after", true)
	s.region(2100, 1, "after", false)
	s.sync(2200)
	return s
}

func TestOneWorker(t *testing.T) {
	tl := oneWorker().build(t, &Builder{Rank: 0})
	want := &Timeline{Start: 1000, End: 2200, Lanes: []Lane{
		{
			Kind: Worker, ID: SerialID, Name: "serial", Spans: []Span{{1100, 1200, Running}, {2000, 2100, Running}},
			Marks: []Mark{{1100, 1200, "before"}, {2000, 2100, "after"}},
		},
		{Kind: Worker, ID: 0, Name: "worker 0", Spans: []Span{
			{1100, 1200, Serial}, // not there yet, while the serial part runs
			{1300, 1320, Ready},  // from the birth of its goroutine on
			{1320, 1500, Running},
			{1500, 1600, Lock},
			{1600, 1620, Ready},
			{1620, 1640, Running},
			{1640, 1660, GC},
			{1660, 1700, Running},
			{1700, 1800, Waiting},
			{1800, 1810, Ready},
			{1810, 1900, Running},
			{2000, 2100, Serial},
		}, Marks: []Mark{{1400, 1500, "task 0"}, {1620, 1700, "task 1"}}},
		{Kind: Goroutine, ID: 1, Name: "runtime.main", Spans: []Span{
			{1000, 1100, Running}, // first seen at 1050, running since the start
			{1200, 1310, Running},
			{1310, 1910, Lock},
			{1910, 1920, Ready},
			{1920, 2000, Running},
			{2100, 2200, Running},
		}},
		{Kind: Goroutine, ID: 5, Name: "main.work", Spans: []Span{
			{1900, 1910, Running},
		}},
		// A system call counts until the P is taken away; then it is idle, or looks for work, until 1810.
		{Kind: P, ID: 0, Name: "P 0", Spans: []Span{
			{1000, 1310, Running},
			{1320, 1500, Running},
			{1620, 1640, Running},
			{1640, 1660, GC},
			{1660, 1750, Running},
			{1810, 1910, Running},
			{1920, 2200, Running},
		}},
		{Kind: Thread, ID: 100, Name: "thread 100", Spans: []Span{
			{1000, 1310, Running},
			{1320, 1500, Running},
			{1620, 1640, Running},
			{1640, 1660, GC},
			{1660, 1700, Running},
			{1700, 1800, Waiting},
			{1810, 1910, Running},
			{1920, 2200, Running},
		}},
	}}
	if diff := cmp.Diff(want, tl, cmpopts.IgnoreUnexported(Timeline{}, Lane{})); diff != "" {
		t.Error(diff)
	}
}

func TestWindow(t *testing.T) {
	tl := oneWorker().build(t, &Builder{From: 1450, To: 1650})
	if tl.Start != 1450 || tl.End != 1650 {
		t.Errorf("from %d to %d", tl.Start, tl.End)
	}
	w := find(t, tl, Worker, 0)
	want := []Span{
		{1450, 1500, Running}, {1500, 1600, Lock}, {1600, 1620, Ready}, {1620, 1640, Running}, {1640, 1650, GC},
	}
	if diff := cmp.Diff(want, w.Spans); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Mark{{1450, 1500, "task 0"}, {1620, 1650, "task 1"}}, w.Marks); diff != "" {
		t.Error(diff)
	}
}

// TestCutOff ends the trace at 1810, inside the worker's region, while the part that is wanted goes on to 3000.
func TestCutOff(t *testing.T) {
	s := oneWorker()
	for i, ev := range s.evs {
		if ev.Time > 1810 {
			s.evs = s.evs[:i]
			break
		}
	}
	tl := s.build(t, &Builder{To: 3000})
	w := find(t, tl, Worker, 0)
	if got, want := w.Spans[len(w.Spans)-1], (Span{1810, 3000, Unknown}); got != want {
		t.Errorf("last span %v, want %v", got, want)
	}
	if len(tl.Warnings) != 1 {
		t.Errorf("warnings %+v", tl.Warnings)
	}
}

func TestStartup(t *testing.T) {
	tl := oneWorker().build(t, &Builder{})
	// The process was started at 400, and its main function entered at 1050, which its P knows better from 1000 on.
	tl.Startup(0, 400, 1050)
	tl.Startup(1, 0, 5000) // of a process that has no lanes: only the ends move
	if err := Validate(tl); err != nil {
		t.Fatal(err)
	}
	if tl.Start != 0 || tl.End != 5000 {
		t.Errorf("from %d to %d", tl.Start, tl.End)
	}
	if got, want := find(t, tl, Worker, 0).Spans[:2], []Span{
		{400, 1050, Startup}, {1100, 1200, Serial},
	}; !cmp.Equal(got, want) {
		t.Errorf("worker: %v", got)
	}
	if got, want := find(t, tl, P, 0).Spans[:2], []Span{
		{400, 1000, Startup}, {1000, 1310, Running},
	}; !cmp.Equal(got, want) {
		t.Errorf("P: %v", got)
	}
}

// TestManySerialParts: main does ten serial parts too many, 10 long each, while worker 0 waits. The last ten are not
// shown on its lane.
func TestManySerialParts(t *testing.T) {
	s := &script{}
	s.sync(0)
	s.g(1, 2, 1, unknown, running, 0)
	s.region(2, 2, "worker 0", true)
	s.g(3, 2, 1, running, waiting, gotrace.ChanReceive)
	s.g(4, 1, 0, unknown, running, 0)
	at := int64(100)
	for range maxSerial + 10 {
		s.region(at, 1, "before", true)
		s.region(at+10, 1, "before", false)
		at += 20
	}
	s.sync(clock.Time(at))
	tl := s.build(t, &Builder{})
	if got := find(t, tl, Worker, 0).Totals()[Serial]; got != 10*maxSerial {
		t.Errorf("%d of the worker's time is serial, want %d", got, 10*maxSerial)
	}
	cut := warning.OfProcess(warning.TimelineSerial, 0)
	cut.Figures = warning.Figures{Count: 10, Of: 4096}
	if !slices.ContainsFunc(tl.Warnings, cut.Same) {
		t.Errorf("warnings %+v", tl.Warnings)
	}
}

// TestMergeShowsSerialEverywhere: while the coordinator runs "before" from 1000 to 2000, the worker of process 0 waits
// for the network from 1500 to 1800 and runs (getting ready) from 1800 to 1900, and on its way to its region from 1400
// to 1500, before which it is not there.
func TestMergeShowsSerialEverywhere(t *testing.T) {
	c := &script{}
	c.sync(900)
	c.g(950, 1, 0, unknown, running, 0)
	c.region(1000, 1, "before", true)
	c.region(2000, 1, "before", false)
	c.sync(3000)
	w := &script{}
	w.sync(1400)
	w.g(1450, 1, 0, unknown, running, 0)
	w.region(1500, 1, "worker 0", true)
	w.g(1500, 1, 0, running, waiting, gotrace.Network)
	w.g(1800, 1, none, waiting, runnable, 0)
	w.g(1800, 1, 0, runnable, running, 0)
	w.g(1900, 1, 0, running, waiting, gotrace.Network)
	w.g(2500, 1, none, waiting, runnable, 0)
	w.g(2500, 1, 0, runnable, running, 0)
	w.region(2700, 1, "worker 0", false)
	w.sync(2800)
	tl := Merge(w.build(t, &Builder{Rank: 0}), c.build(t, &Builder{Rank: -1}))
	if err := Validate(tl); err != nil {
		t.Fatal(err)
	}
	if tl.Start != 900 || tl.End != 3000 {
		t.Errorf("from %d to %d", tl.Start, tl.End)
	}
	want := []Span{
		{1000, 1400, Serial}, {1400, 1500, Running}, {1500, 1800, Serial}, {1800, 1900, Running}, {1900, 2000, Serial}, {2000, 2500, Waiting}, {2500, 2700, Running},
	}
	if diff := cmp.Diff(want, find(t, tl, Worker, 0).Spans); diff != "" {
		t.Error(diff)
	}
	if tl.Lanes[0].Rank != -1 || tl.Lanes[0].Name != "serial" {
		t.Errorf("first lane %q of rank %d", tl.Lanes[0].Name, tl.Lanes[0].Rank)
	}
}

// manySpans is a worker that runs and waits for a channel in turn, n times, for lengths that are not in step with any
// bin.
func manySpans(n int) *script {
	s := &script{}
	s.sync(1000)
	s.g(1000, 1, 0, unknown, running, 0)
	t := int64(1000)
	s.region(t, 1, "worker 0", true)
	for i := range n {
		s.region(t, 1, fmt.Sprintf("task %d", i), true)
		t += 700 + int64(i*37%450)
		s.region(t, 1, fmt.Sprintf("task %d", i), false)
		s.g(t, 1, 0, running, waiting, gotrace.ChanReceive)
		t += 300 + int64(i*101%910)
		s.g(t, 1, none, waiting, runnable, 0)
		t += 11
		s.g(t, 1, 0, runnable, running, 0)
	}
	s.region(t, 1, "worker 0", false)
	s.sync(clock.Time(t + 5))
	return s
}

// TestFoldedEqualsExact builds the same timeline with every span and with 64 spans in 128 bins. Totals must be the same
// to the nanosecond. Shares over parts that hold many bins differ at most by what the two bins at a part's edges hold.
func TestFoldedEqualsExact(t *testing.T) {
	s := manySpans(5000)
	exact := find(t, s.build(t, &Builder{MaxSpans: 1 << 20, MaxMarks: 1 << 20}), Worker, 0)
	tl := s.build(t, &Builder{MaxSpans: 64, Bins: 128, MaxMarks: 64})
	folded := find(t, tl, Worker, 0)
	if exact.bins != nil || folded.bins == nil || len(folded.Spans) != 0 {
		t.Fatalf("exact %v, folded %v with %d spans", exact.bins == nil, folded.bins != nil, len(folded.Spans))
	}
	if diff := cmp.Diff(exact.Totals(), folded.Totals()); diff != "" {
		t.Error(diff)
	}
	var sum time.Duration
	for _, d := range exact.Totals() {
		sum += d
	}
	if last := exact.Spans[len(exact.Spans)-1].End; sum != last.Sub(1000) {
		t.Errorf("totals add up to %v of %v", sum, last.Sub(1000))
	}
	const n = 4
	a, b := exact.Shares(tl.Start, tl.End, n), folded.Shares(tl.Start, tl.End, n)
	for i := range n {
		var one float64
		for st := range a[i] {
			one += b[i][st]
			// 128 bins of which at least half are in use: a part of 4 holds at least 16, and shares two at its edges.
			if d := a[i][st] - b[i][st]; d > 2.0/16 || d < -2.0/16 {
				t.Errorf("part %d, state %d: %v exactly, %v folded", i, st, a[i][st], b[i][st])
			}
		}
		if one < 1-1e-9 || one > 1+1e-9 {
			t.Errorf("part %d: shares add up to %v", i, one)
		}
	}
	// 5000 marks of which at most 64 are kept: joined 128 at a time (5000/128 = 39.06), and the timeline says so.
	if len(exact.Marks) != 5000 || len(folded.Marks) != 40 || folded.Marks[0].Label != "task 0 … task 127" {
		t.Errorf("%d marks, %d joined, first %q", len(exact.Marks), len(folded.Marks), folded.Marks[0].Label)
	}
	if len(tl.Warnings) != 1 {
		t.Errorf("warnings %+v", tl.Warnings)
	}
}

// TestLanesAreShared: 10 goroutines one after the other and then 4 at a time, with room for 3 lanes. The first three
// have a lane each; the next seven take the lanes of those that ended; of the four at a time one finds no lane.
func TestLanesAreShared(t *testing.T) {
	s := &script{}
	s.sync(0)
	tm := int64(1000)
	run := func(id int64) {
		s.create(tm, id, "main.f")
		s.g(tm+10, id, 0, runnable, running, 0)
		s.g(tm+60, id, 0, running, notExist, 0)
		tm += 100
	}
	for id := range int64(10) {
		run(id + 10)
	}
	for id := range int64(4) {
		s.create(tm, id+30, "main.f")
	}
	for id := range int64(4) {
		s.g(tm+10, id+30, id, runnable, running, 0)
	}
	tm += 100
	for id := range int64(4) {
		s.g(tm, id+30, id, running, notExist, 0)
	}
	tl := s.build(t, &Builder{MaxLanes: 3})
	var names []string
	var sum [NumStates]time.Duration
	for i := range tl.Lanes {
		if l := &tl.Lanes[i]; l.Kind == Goroutine {
			names = append(names, l.Name)
			for st, d := range l.Totals() {
				sum[st] += d
			}
		}
	}
	// The free lane that was given up last is taken first, so that all seven share the third; then each gets one more.
	want := []string{"other goroutines", "main.f (2 of them)", "main.f (2 of them)", "main.f (9 of them)"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	// Ready: 14 times 10 ns. Running: 10 times 50 ns, 4 times 90 ns.
	if diff := cmp.Diff([NumStates]time.Duration{Ready: 140, Running: 860}, sum); diff != "" {
		t.Error(diff)
	}
}

func TestWarnings(t *testing.T) {
	s := &script{}
	s.sync(0)
	s.g(10, 1, 0, unknown, running, 0)
	s.g(10, 2, 1, unknown, running, 0)
	s.region(20, 1, "worker 0", true)
	s.region(30, 2, "worker 0", true) // a second one
	s.region(40, 2, "worker 0", false)
	s.region(42, 1, "worker 7", true) // inside its own region: it stays worker 0, and nobody is worker 7 already
	s.region(45, 1, "worker 7", false)
	s.region(50, 1, "worker 0", false)
	s.region(60, 1, "worker 1", false) // begun before the trace
	s.region(70, 1, "phase", false)    // begun before the trace: a mark from its start
	tl := s.build(t, &Builder{})
	again, earlier := warning.OfProcess(warning.TimelineAgain, 0), warning.OfProcess(warning.TimelineEarlier, 0)
	again.Subject.Name, earlier.Subject.Name = "worker 0", "worker 1"
	if diff := cmp.Diff([]warning.Warning{again, earlier}, tl.Warnings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Span{{0, 50, Running}}, find(t, tl, Worker, 0).Spans); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Mark{{0, 70, "phase"}}, find(t, tl, Goroutine, 1).Marks); diff != "" {
		t.Error(diff)
	}
	if tl := (&Builder{}).Finish(); len(tl.Warnings) != 1 || Validate(tl) != nil {
		t.Errorf("no events: %+v", tl)
	}
}
