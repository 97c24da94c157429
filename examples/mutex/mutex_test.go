package mutex

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// open returns the state of a process and its environment.
func open(t *testing.T, w workload.Workload, size int64) (*lock, *workload.Env) {
	t.Helper()
	env := &workload.Env{Workers: 2, Procs: 1, Size: size}
	state, err := w.Open(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	env.State = state
	return state.(*lock), env
}

func TestFractions(t *testing.T) {
	for _, c := range []struct {
		fraction   float64
		held, free int64
	}{
		{0, 0, 300_000},
		{0.1, 30_000, 270_000},
		{0.3, 90_000, 210_000},
		{1, 300_000, 0},
	} {
		l, _ := open(t, Held(c.fraction, "m"), 1)
		if l.held != c.held || l.free != c.free {
			t.Errorf("fraction %g: %d steps held and %d free, want %d and %d", c.fraction, l.held, l.free, c.held, c.free)
		}
	}
	for _, f := range []float64{-0.1, 1.1, math.NaN()} {
		_, err := Held(f, "m").Open(t.Context(), &workload.Env{})
		if err == nil || !strings.Contains(err.Error(), "between 0 and 1") {
			t.Errorf("fraction %g: error %v", f, err)
		}
	}
}

// Whatever the fraction, a task is the same steps in the same order, and all iterations pass the lock.
func TestTasks(t *testing.T) {
	const size = 66 // two tasks of two iterations and 62 of one
	for _, w := range []workload.Workload{Workload(), Held(1, "mutex-100"), Held(0, "mutex-0")} {
		l, env := open(t, w, size)
		n := w.Tasks(size)
		if n != 64 {
			t.Fatalf("%s: %d tasks, want 64", w.Name, n)
		}
		got := make([]any, n)
		var wg sync.WaitGroup
		for half := range 2 {
			wg.Go(func() {
				for i := half; i < n; i += 2 {
					v, err := w.Task(t.Context(), env, i)
					if err != nil {
						t.Errorf("%s: %v", w.Name, err)
					}
					got[i] = v
				}
			})
		}
		wg.Wait()
		for _, c := range []struct {
			task       int
			iterations int64
		}{{0, 2}, {1, 2}, {2, 1}, {63, 1}} {
			if want := spin.Steps(spin.Seed(c.task), c.iterations*iterationSteps); got[c.task] != want {
				t.Errorf("%s: task %d gives %v, want %v", w.Name, c.task, got[c.task], want)
			}
		}
		if l.count != size {
			t.Errorf("%s: %d iterations passed the lock, want %d", w.Name, l.count, size)
		}
	}
}

func TestNoLock(t *testing.T) {
	_, err := Workload().Task(t.Context(), &workload.Env{Size: 1}, 0)
	if err == nil || !strings.Contains(err.Error(), "not a lock") {
		t.Errorf("error %v", err)
	}
}

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		fraction float64
		workers  int
		want     float64
	}{
		{0.3, 1, 1},
		{0.3, 2, 2},
		{0.3, 3, 3},
		{0.3, 4, 10.0 / 3},
		{1, 8, 1},
		{0, 8, 8},
	} {
		if got := speedup(c.fraction, c.workers); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Speedup(%g, %d) = %g, want %g", c.fraction, c.workers, got, c.want)
		}
	}
}

func BenchmarkIteration(b *testing.B) {
	l := &lock{held: 90_000, free: 210_000}
	x := spin.Seed(0)
	for b.Loop() {
		x = l.iterate(x, 1)
	}
}

// speedup returns the most that so many workers can reach if the lock is held for the given fraction of an iteration.
func speedup(fraction float64, workers int) float64 { return min(float64(workers), limit(fraction)) }
