package sharing

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

// A task is the same steps wherever its counter lies: side by side, eight to a line, or two lines apart.
func TestTasks(t *testing.T) {
	for _, c := range []struct {
		w        workload.Workload
		distance uintptr // bytes from one counter to the next
	}{{Workload(), 8}, {Padded(), 128}} {
		env := &workload.Env{Size: 130} // two tasks of three rounds and 62 of two
		state, err := c.w.Open(t.Context(), env)
		if err != nil {
			t.Fatal(err)
		}
		env.State = state
		all := state.(counters)
		a, b := uintptr(unsafe.Pointer(&all.all[0])), uintptr(unsafe.Pointer(&all.all[all.stride]))
		if b-a != c.distance || a%64 != 0 {
			t.Errorf("%s: counters at %#x and %#x, want %d bytes apart from the start of a line", c.w.Name, a, b,
				c.distance)
		}
		for _, x := range []struct {
			task   int
			rounds int64
		}{{0, 3}, {1, 3}, {2, 2}, {63, 2}, {63, 2}} {
			got, err := c.w.Task(t.Context(), env, x.task)
			if want := spin.Steps(spin.Seed(x.task), x.rounds); err != nil || got != want {
				t.Errorf("%s: task %d gives %v, %v; want %v", c.w.Name, x.task, got, err, want)
			}
		}
	}
}

func TestNoCounters(t *testing.T) {
	_, err := Workload().Task(t.Context(), &workload.Env{Size: 1}, 0)
	if err == nil || !strings.Contains(err.Error(), "not counters") {
		t.Errorf("error %v", err)
	}
}
