package pipeline

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/workload"
)

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		name    string
		items   int64
		workers int
		want    float64
	}{
		{"one worker", 100, 1, 1},
		{"two workers, one item: nothing to overlap", 1, 2, 1},
		// 6 + 9·4 = 42 for 60.
		{"two workers", 10, 2, 60.0 / 42},
		// 6 + 9·3 = 33 for 60.
		{"three workers", 10, 3, 60.0 / 33},
		{"more than stages", 10, 64, 60.0 / 33},
		{"no items", 0, 2, 0},
		{"no workers", 10, 0, 0},
	} {
		if got := speedup(c.items, c.workers); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

// The figures that the documentation states.
func TestStated(t *testing.T) {
	size := Workload().Size
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"two workers", speedup(size, 2), 1.5},
		{"three workers", speedup(size, 3), 2},
		{"any number", speedup(1<<40, 1000), limit},
		{"the limit", limit, 2},
	} {
		if math.Abs(c.got-c.want) > 0.006 {
			t.Errorf("%s: %g, want %g to two places", c.name, c.got, c.want)
		}
	}
}

// However many workers there are, every item passes the same stages and no result is missing.
func TestResultsAreTheSame(t *testing.T) {
	var want string
	for _, workers := range []int{1, 2, 3, 5} {
		got, err := workload.Do(t.Context(), Workload(), workload.Shape{Workers: workers, Size: 4})
		if err != nil {
			t.Fatal(err)
		}
		if got.Tasks != 4 {
			t.Errorf("%d workers give %d results, want 4", workers, got.Tasks)
		}
		if want == "" {
			want = got.Digest
		}
		if d := cmp.Diff(want, got.Digest); d != "" {
			t.Errorf("%d workers (-one worker +this):\n%s", workers, d)
		}
	}
}

// A pipeline that is told to stop ends, whichever worker waits for which.
func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, workers := range []int{1, 2, 3} {
		err := run(ctx, &workload.Env{Workers: workers, Procs: 1, Size: 1_000_000})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: error %v", workers, err)
		}
	}
}

// speedup returns the speedup of so many workers in one process on so many items.
func speedup(items int64, workers int) float64 {
	if items < 1 || workers < 1 {
		return 0
	}
	slowest := 0
	for _, stages := range split(workers) {
		cost := 0
		for _, s := range stages {
			cost += s.cost
		}
		slowest = max(slowest, cost)
	}
	return float64(itemCost*items) / float64(itemCost+(items-1)*int64(slowest))
}

// limit is the speedup that no number of workers of a process exceeds: all work divided by that of the slowest stage.
const limit = float64(itemCost) / secondCost
