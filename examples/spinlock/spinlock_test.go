package spinlock

import (
	"strings"
	"sync"
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// Two goroutines make all tasks: each gives the same steps, and every iteration passes the lock.
func TestTasks(t *testing.T) {
	const size = 66 // two tasks of two iterations and 62 of one
	w, l := Workload(), &lock{}
	env := &workload.Env{Workers: 2, Procs: 1, Size: size, State: l}
	got := make([]any, w.Tasks(size))
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			for i := half; i < len(got); i += 2 {
				v, err := w.Task(t.Context(), env, i)
				if err != nil {
					t.Error(err)
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
			t.Errorf("task %d gives %v, want %v", c.task, got[c.task], want)
		}
	}
	if l.count != size || l.taken.Load() {
		t.Errorf("%d iterations passed the lock, want %d; taken: %v", l.count, size, l.taken.Load())
	}
}

func TestNoLock(t *testing.T) {
	_, err := Workload().Task(t.Context(), &workload.Env{Size: 1}, 0)
	if err == nil || !strings.Contains(err.Error(), "not a lock") {
		t.Errorf("error %v", err)
	}
}
