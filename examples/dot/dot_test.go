package dot

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/workload"
)

func TestProduct(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y []float64
		want float64
	}{
		{"nothing", nil, nil, 0},
		{"one", []float64{3}, []float64{4}, 12},
		{"four", []float64{1, 2, 3, 4}, []float64{1, 10, 100, 1000}, 4321},
		// 4321 and the two that no group of four takes: 5·2 + 6·3 = 28
		{"six", []float64{1, 2, 3, 4, 5, 6}, []float64{1, 10, 100, 1000, 2, 3}, 4349},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := product(c.x, c.y); got != c.want {
				t.Errorf("product %g, want %g", got, c.want)
			}
		})
	}
}

// The vectors are the same however many goroutines fill them, those that do not divide them evenly and idle ones
// included.
func TestNewVectors(t *testing.T) {
	want := newVectors(1000, 1)
	for _, workers := range []int{0, 2, 3, 7, 1001} {
		got := newVectors(1000, workers)
		if !slices.Equal(got.x, want.x) || !slices.Equal(got.y, want.y) {
			t.Errorf("%d workers make other vectors than one", workers)
		}
	}
	if i := slices.IndexFunc(want.x, func(v float64) bool { return v < 0 || v >= 1 }); i >= 0 {
		t.Errorf("number %d is %g, want at least 0 and below 1", i, want.x[i])
	}
	if slices.Equal(want.x, want.y) {
		t.Error("both vectors are the same")
	}
}

func TestTask(t *testing.T) {
	// 130 MiB of 4 MiB each are 33 tasks. The first 32 go through the 128 MiB once; the last reads half of the first block
	// again.
	const size = 130
	w := Workload()
	if got := w.Tasks(size); got != 33 {
		t.Fatalf("Tasks(%d) = %d, want 33", size, got)
	}
	state, err := w.Open(t.Context(), &workload.Env{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	v := state.(*vectors)
	var got []any
	for _, i := range []int{0, 31, 32} {
		r, err := w.Task(t.Context(), &workload.Env{Size: size, State: v}, i)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := []any{
		product(v.x[:block], v.y[:block]),
		product(v.x[pairs-block:], v.y[pairs-block:]),
		product(v.x[:block/2], v.y[:block/2]),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("products (-want +got):\n%s", d)
	}
	_, err = w.Task(t.Context(), &workload.Env{Size: 1}, 0)
	if err == nil || !strings.Contains(err.Error(), "not vectors") {
		t.Errorf("without vectors: error %v", err)
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := open(b.Context(), &workload.Env{Workers: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTasks(b *testing.B) {
	state, err := open(b.Context(), &workload.Env{Workers: 2})
	if err != nil {
		b.Fatal(err)
	}
	env := &workload.Env{Size: stateMiB, State: state}
	b.SetBytes(stateMiB << 20)
	for b.Loop() {
		for i := range tasks(stateMiB) {
			if _, err := task(b.Context(), env, i); err != nil {
				b.Fatal(err)
			}
		}
	}
}
