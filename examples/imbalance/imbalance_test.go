package imbalance

import (
	"math"
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/examples/internal/split"
	"github.com/corecurve/corecurve/trace/workload"
)

// Of 129 steps the short tasks get 64, two each, and the long one 65.
func TestTask(t *testing.T) {
	w := Workload()
	env := &workload.Env{Size: 129}
	if n := w.Tasks(env.Size); n != 33 {
		t.Fatalf("%d tasks, want 33", n)
	}
	for _, c := range []struct {
		task  int
		steps int64
	}{{0, 2}, {31, 2}, {32, 65}} {
		got, err := w.Task(t.Context(), env, c.task)
		if err != nil {
			t.Fatal(err)
		}
		if want := spin.Steps(spin.Seed(c.task), c.steps); got != want {
			t.Errorf("task %d gives %v, want %v, of %d steps", c.task, got, want, c.steps)
		}
	}
}

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		workers int
		want    float64
	}{
		{0, 0},
		{1, 1},
		{2, 4.0 / 3},            // 1 / (1/2 + 1/4)
		{3, 1 / (0.5 + 11./64)}, // 32 tasks in 11 rounds
		{4, 1.6},                // 1 / (1/2 + 1/8)
		{32, 1 / (0.5 + 1./64)}, // 1.939
		{1000, 1 / (0.5 + 1./64)},
	} {
		got := speedup(c.workers)
		if math.Abs(got-c.want) > 1e-12 || got > limit {
			t.Errorf("speedup(%d) = %g, want %g, which is below %g", c.workers, got, c.want, limit)
		}
	}
}

// speedup returns the speedup of so many workers over one.
func speedup(workers int) float64 {
	if workers < 1 {
		return 0
	}
	return 1 / (0.5 + 0.5/split.Speedup(shortTasks, workers))
}

// limit is what no number of workers can exceed: all work divided by the longest task.
const limit = 2.0
