package workload

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

func good() Workload {
	return Workload{
		Name: "good-1.0_x", Doc: "does nothing", Size: 1,
		Tasks: func(int64) int { return 1 },
		Task:  func(context.Context, *Env, int) (any, error) { return 1, nil },
	}
}

func run(context.Context, *Env) error { return nil }

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		change func(*Workload)
		want   string // empty: nothing is wrong
	}{
		{func(*Workload) {}, ""},
		{func(w *Workload) { w.Weak, w.PerWorker, w.Size = true, 1, 0 }, ""},
		{func(w *Workload) { w.Tasks, w.Task, w.Run = nil, nil, run }, ""},
		{func(w *Workload) { w.Name = "" }, `name ""`},
		{func(w *Workload) { w.Name = "Good" }, `name "Good"`},
		{func(w *Workload) { w.Name = "-x" }, `name "-x"`},
		{func(w *Workload) { w.Name = strings.Repeat("x", 65) }, "at most 64"},
		{func(w *Workload) { w.Doc = " " }, "Doc"},
		{func(w *Workload) { w.Doc = "a\nb" }, "Doc"},
		{func(w *Workload) { w.Run = run }, "both Run and Tasks"},
		{func(w *Workload) { w.Tasks = nil }, "both Tasks and Task"},
		{func(w *Workload) { w.Task = nil }, "both Tasks and Task"},
		{func(w *Workload) { w.Tasks, w.Task = nil, nil }, "neither"},
		{func(w *Workload) { w.Size = 0 }, "Size"},
		{func(w *Workload) { w.Weak = true }, "PerWorker"},
		{func(w *Workload) { w.PerWorker = -1 }, "negative"},
		{func(w *Workload) { w.Chunk = -1 }, "Chunk"},
	} {
		w := good()
		tt.change(&w)
		err := w.check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want %q", err, tt.want)
		}
	}
	if err := checkAll([]Workload{good(), good()}); err == nil || !strings.Contains(err.Error(), "two workloads have this name") {
		t.Errorf("two of one name: error %v", err)
	}
	if err := checkAll(nil); err == nil {
		t.Error("no workloads: no error")
	}
}

func TestDescribe(t *testing.T) {
	w := good()
	w.Size, w.PerWorker, w.Unit, w.Weak, w.Chunk, w.Shared = 2, 3, "darts", true, 4, "a lock"
	w.Tasks, w.Task, w.Run = nil, nil, run
	w.Service = func(context.Context, func(string)) error { return nil }
	want := wire.Info{
		Name: "good-1.0_x", Doc: "does nothing", Size: 2, PerWorker: 3, Unit: "darts", Weak: true, Chunk: 4,
		Shared: "a lock", Free: true, Service: true, Tries: true,
	}
	if diff := cmp.Diff(want, Describe(w)); diff != "" {
		t.Error(diff)
	}
}

// Chunks of three of the tasks 2 … 9 are 2-4, 5-7 and 8-9. Evenly split between two workers, 0 … 6 gives 0-3 and 4-6:
// in chunks of three 0-2 and 3, and 4-6.
func TestDeal(t *testing.T) {
	drain := func(next func(int) (int, int, bool, error), k int) (got [][2]int) {
		for {
			lo, hi, ok, err := next(k)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return got
			}
			got = append(got, [2]int{lo, hi})
		}
	}
	if diff := cmp.Diff([][2]int{{2, 5}, {5, 8}, {8, 10}}, drain(dealOut(2, 10, 3), 0)); diff != "" {
		t.Error(diff)
	}
	even := dealEven(7, 2, 3)
	if diff := cmp.Diff([][2]int{{4, 7}}, drain(even, 1)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]int{{0, 3}, {3, 4}}, drain(even, 0)); diff != "" {
		t.Error(diff)
	}
}

// A list is handed out in chunks of the length that is asked for, unless there were too many of them.
func TestChunk(t *testing.T) {
	for _, tt := range []struct{ own, asked, n, want int }{
		{0, 0, 0, 1},
		{0, 0, 10, 1},
		{3, 0, 10, 3},
		{3, 2, 10, 2},
		{0, 0, limits.Chunks, 1},
		{0, 0, limits.Chunks + 1, 2},
		{0, 1, 10_000_000, 39}, // 10,000,000 / 262,144 = 38.1
		{0, 50, 10_000_000, 50},
	} {
		w := Workload{Chunk: tt.own}
		if got := w.chunk(&wire.Spec{Chunk: tt.asked}, tt.n); got != tt.want {
			t.Errorf("%+v: chunks of %d", tt, got)
		}
	}
	for n, good := range map[int]bool{-1: false, 0: false, 1: true, limits.TaskList: true, limits.TaskList + 1: false, 1 << 62: false} {
		w := Workload{Name: "w", Tasks: func(int64) int { return n }}
		if _, err := w.tasks(7); (err == nil) != good || err != nil && !strings.Contains(err.Error(), "Tasks(7) is ") {
			t.Errorf("a list of %d: error %v", n, err)
		}
	}
}

// TestResultsBytes: the results of all tasks of a run, whichever process they are of, may not be more than there is
// memory for.
func TestResultsBytes(t *testing.T) {
	p := &part{}
	p.held.Store(limits.ResultsBytes - 10)
	set := lockedSet{hold: p.hold}
	if err := set.emit(0, int64(1)); err != nil {
		t.Fatal(err)
	}
	err := set.emit(1, "a longer one")
	if err == nil || !strings.HasPrefix(err.Error(), "result 1: results of all tasks: 4294967310 bytes: at most 429496729") {
		t.Errorf("error %v", err)
	}
}
