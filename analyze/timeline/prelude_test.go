package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// From 100 to 110 main makes three workers, on one P. Worker 0 does all tasks from 120 to 800; the others are ready all
// the while, and find none. Then main makes another goroutine for worker 0 at 900, which is ready until 950. What the
// ledger books of them, TestWorkersWithoutTasks says.
func TestPrelude(t *testing.T) {
	s := &script{}
	s.sync(0)
	s.g(0, 1, 0, unknown, running, 0)
	for i, id := range []int64{5, 6, 7} {
		s.create(100+5*int64(i), id, "main.work")
	}
	s.g(120, 1, 0, running, waiting, 0)
	names, at := []string{"worker 0", "worker 1", "worker 2"}, int64(120)
	for i, id := range []int64{5, 6, 7} {
		s.g(at, id, 0, runnable, running, 0)
		s.region(at, id, names[i], true)
		at = max(800, at+20)
		s.region(at, id, names[i], false)
		s.g(at, id, 0, running, notExist, 0)
	}
	s.g(at, 1, none, waiting, runnable, 0)
	s.g(at, 1, 0, runnable, running, 0)
	s.create(900, 8, "main.work")
	s.g(950, 1, 0, running, waiting, 0)
	s.g(950, 8, 0, runnable, running, 0)
	s.region(960, 8, "worker 0", true)
	s.region(980, 8, "worker 0", false)
	s.sync(1000)
	tl := Merge(s.build(t, &Builder{}))
	tl.Ends(0, 0, 1000)
	if err := Validate(tl); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]Span{
		{
			{0, 100, Startup},
			{100, 120, Ready},
			{120, 800, Running},
			{800, 840, Join},
			{840, 900, Serial},
			{900, 950, Ready},
			{950, 980, Running},
			{980, 1000, Startup},
		},
		{
			{0, 105, Startup},
			{105, 800, Ready},
			{800, 820, Running},
			{820, 840, Join},
			{840, 960, Startup},
			{960, 980, Join},
			{980, 1000, Startup},
		},
		{
			{0, 110, Startup},
			{110, 820, Ready},
			{820, 840, Running},
			{840, 960, Startup},
			{960, 980, Join},
			{980, 1000, Startup},
		},
	} {
		if diff := cmp.Diff(want, find(t, tl, Worker, int64(i)).Spans); diff != "" {
			t.Errorf("worker %d: %s", i, diff)
		}
	}
}

// A goroutine that served others again and again before its region was not made to be a worker: its time stays its own.
func TestLongPrelude(t *testing.T) {
	for n, want := range map[int64]int64{10: 0, 60: 600} {
		s := &script{}
		s.sync(0)
		s.g(0, 1, 0, unknown, running, 0)
		for i := range n {
			s.g(10*i+5, 1, 0, running, waiting, 0)
			s.g(10*i+7, 1, none, waiting, runnable, 0)
			s.g(10*i+8, 1, 0, runnable, running, 0)
		}
		s.region(10*n, 1, "worker 0", true)
		s.region(10*n+5, 1, "worker 0", false)
		s.sync(0)
		tl := s.build(t, &Builder{})
		if got := int64(find(t, tl, Worker, 0).Spans[0].Start); got != want {
			t.Errorf("the worker begins at %d after %d changes, want %d", got, 3*n, want)
		}
	}
}

// Process 0 has done its tasks at 300 and waits until 700 for those of process 1.
func TestJoinOthers(t *testing.T) {
	var parts []*Timeline
	for rank, done := range []int64{300, 700} {
		s := &script{}
		s.sync(100)
		s.g(100, 1, 0, unknown, running, 0)
		s.region(100, 1, "worker 0", true)
		s.region(done, 1, "worker 0", false)
		s.g(done, 1, 0, running, waiting, 0)
		s.sync(1000)
		parts = append(parts, s.build(t, &Builder{Rank: rank}))
	}
	tl := Merge(parts...)
	want := []Span{{100, 300, Running}, {300, 700, Join}}
	if diff := cmp.Diff(want, find(t, tl, Worker, 0).Spans); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Span{{100, 700, Running}}, tl.Lanes[1].Spans); diff != "" {
		t.Error(diff)
	}
}

// A worker of a process waits for its next task at a pipe of the coordinator: that is told from the program's own
// reading of a pipe by the stack.
func TestDispatch(t *testing.T) {
	for in, want := range map[string]State{
		"github.com/corecurve/corecurve/trace/workload.(*pipe).next": Dispatch, "main.task": Waiting,
	} {
		s := &script{}
		s.sync(0)
		s.g(0, 1, 0, unknown, running, 0)
		s.region(0, 1, "worker 0", true)
		s.g(100, 1, 0, running, waiting, gotrace.Network)
		s.evs[len(s.evs)-1].SubjectStack = s.sym.InternStack([]gotrace.Frame{{Func: "os.(*File).Read"}, {Func: in}})
		s.g(200, 1, none, waiting, runnable, 0)
		s.g(200, 1, 0, runnable, running, 0)
		s.region(300, 1, "worker 0", false)
		s.sync(300)
		spans := find(t, s.build(t, &Builder{}), Worker, 0).Spans
		if diff := cmp.Diff([]Span{{0, 100, Running}, {100, 200, want}, {200, 300, Running}}, spans); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}
