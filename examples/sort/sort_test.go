package sort

import (
	"slices"
	"testing"

	"github.com/corecurve/corecurve/trace/workload"
)

func TestTask(t *testing.T) {
	const size = 1000 // 40 arrays of 16 and 24 of 15: 640 + 360
	w := Workload()
	if got := w.Tasks(size); got != 64 {
		t.Fatalf("Tasks(%d) = %d, want 64", size, got)
	}
	for _, c := range []struct {
		task   int
		length int64
	}{{0, 16}, {39, 16}, {40, 15}, {63, 15}} {
		got, err := w.Task(t.Context(), &workload.Env{Size: size}, c.task)
		if err != nil {
			t.Fatal(err)
		}
		a := randomArray(c.length, uint64(c.task))
		slices.SortFunc(a, func(x, y int64) int { // by another comparison than the task's
			if x < y {
				return -1
			}
			return 1
		})
		if want := checksum(a); got != want {
			t.Errorf("task %d: %v, want %v", c.task, got, want)
		}
	}
}

func TestChecksum(t *testing.T) {
	for _, c := range []struct {
		name string
		a    []int64
		want uint64
	}{
		{"nothing", nil, 0},
		{"one", []int64{7}, 7},
		{"two", []int64{1, 2}, 0x100000001B5}, // 1·0x100000001B3 + 2
		{"the other order", []int64{2, 1}, 0x20000000367},
	} {
		if got := checksum(c.a); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.name, got, c.want)
		}
	}
}

func BenchmarkTask(b *testing.B) {
	w := Workload()
	env := &workload.Env{Size: w.Size}
	for b.Loop() {
		if _, err := w.Task(b.Context(), env, 0); err != nil {
			b.Fatal(err)
		}
	}
}
