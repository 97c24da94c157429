package factorial

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/trace/workload"
)

func TestFactorial(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want string
	}{
		{0, "1"},
		{1, "1"},
		{10, "3628800"},
		{20, "2432902008176640000"},
		{25, "15511210043330985984000000"},
		{50, "30414093201713378043612608166064768844377641568960512000000000000"},
	} {
		if got := factorial(c.n).String(); got != c.want {
			t.Errorf("%d! = %s, want %s", c.n, got, c.want)
		}
	}
}

// Each repetition is the same list, and its numbers have different digests.
func TestTasks(t *testing.T) {
	w := Workload()
	if got := w.Tasks(2); got != 82 {
		t.Fatalf("Tasks(2) = %d, want 2 × 41", got)
	}
	var got []any
	for i := range w.Tasks(2) {
		v, err := w.Task(t.Context(), &workload.Env{Size: 2}, i)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	seen := map[any]int{}
	for i, v := range got[:numbers] {
		if v != got[i+numbers] {
			t.Errorf("task %d gives %v, task %d %v", i, v, i+numbers, got[i+numbers])
		}
		if j, ok := seen[v]; ok {
			t.Errorf("tasks %d and %d both give %v", j, i, v)
		}
		seen[v] = i
	}
	// 10! = 3628800 fits into one word, which is then its own digest.
	if got[0] != uint64(3628800) {
		t.Errorf("task 0 gives %v, want 3628800", got[0])
	}
}

func TestBound(t *testing.T) {
	for _, c := range []struct {
		name          string
		task, handing float64
		chunk         int
		workers       int
		want          float64
	}{
		{"nothing to hand out", 1, 0, 1, 4, 4},
		// A task of 1 µs, handed out in 10 µs: more than one is never under way, 1/10.
		{"chunk of one", 1e-6, 10e-6, 1, 4, 0.1},
		// Ten tasks take as long as handing them out: two workers have 2 · 10/20 = 1, and ten no more than 10/10.
		{"chunk of ten, two workers", 1e-6, 10e-6, 10, 2, 1},
		{"chunk of ten, ten workers", 1e-6, 10e-6, 10, 10, 1},
		// 4 · 1000/1010
		{"chunk of a thousand", 1e-6, 10e-6, 1000, 4, 4000.0 / 1010},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := bound(c.task, c.handing, c.chunk, c.workers); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("bound = %g, want %g", got, c.want)
			}
		})
	}
}

func BenchmarkRepetition(b *testing.B) {
	w := Workload()
	for b.Loop() {
		for i := range numbers {
			if _, err := w.Task(b.Context(), nil, i); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// bound returns the best speedup of so many workers over one that needs no handing out. A task takes task seconds, and
// handing out a chunk of tasks takes handing seconds, one chunk after another.
func bound(task, handing float64, chunk, workers int) float64 {
	work := task * float64(chunk)
	shared := float64(workers) * work / (work + handing)
	if handing <= 0 {
		return shared
	}
	return min(shared, work/handing)
}
