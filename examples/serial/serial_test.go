package serial

import (
	"math"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
	"github.com/corecurve/corecurve/trace/workload"
)

func TestParts(t *testing.T) {
	for _, c := range []struct {
		name         string
		size         int64
		fraction     float64
		before, each int64
	}{
		// 70 % of 360 million is 252 million, a 64th of that 3,937,500.
		{"default", 360_000_000, 0.3, 108_000_000, 3_937_500},
		{"a tenth", 640, 0.1, 64, 9},
		// 70 / 64 rounds to 1, and 36 of the 100 are left.
		{"rounded", 100, 0.3, 36, 1},
		// 127 / 64 would round to 2, which is 128.
		{"not more than there is", 127, 0, 63, 1},
		{"all before", 100, 1, 100, 0},
		{"less than the tasks", 10, 0.3, 10, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, each := parts(c.size, c.fraction)
			if before != c.before || each != c.each {
				t.Errorf("parts are %d and %d, want %d and %d", before, each, c.before, c.each)
			}
			if before+taskCount*each != c.size {
				t.Errorf("parts are %d together, want %d", before+taskCount*each, c.size)
			}
		})
	}
}

func TestWork(t *testing.T) {
	w := Workload()
	env := &workload.Env{Size: 6400} // 1920 steps before and 70 in each task
	if err := w.Before(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	for i := range w.Tasks(env.Size) {
		got, err := w.Task(t.Context(), env, i)
		if err != nil {
			t.Fatal(err)
		}
		if want := spin.Steps(spin.Seed(i), 70); got != want {
			t.Errorf("task %d gives %v, want %v", i, got, want)
		}
	}
	for _, f := range []float64{-0.1, 1.1, math.NaN()} {
		if err := First(f, "s").Before(t.Context(), env); err == nil || !strings.Contains(err.Error(), "between 0 and 1") {
			t.Errorf("fraction %g: error %v", f, err)
		}
	}
}

func TestSpeedup(t *testing.T) {
	for _, c := range []struct {
		name     string
		fraction float64
		workers  int
		want     float64
	}{
		{"one worker", 0.3, 1, 1},
		{"Amdahl at two", 0.3, 2, 1 / (0.3 + 0.7/2)}, // 1.538
		{"Amdahl at eight", 0.1, 8, 1 / (0.1 + 0.9/8)},
		// Three workers need 22 rounds, not 21.3.
		{"three", 0.3, 3, 1 / (0.3 + 0.7*22/64)},
		{"as many as tasks", 0.3, 64, 1 / (0.3 + 0.7/64)}, // 3.216
		{"more than tasks", 0.3, 1000, 1 / (0.3 + 0.7/64)},
		{"nothing before", 0, 64, 64},
		{"all before", 1, 64, 1},
		{"no worker", 0.3, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := speedup(c.fraction, c.workers); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("Speedup(%g, %d) = %g, want %g", c.fraction, c.workers, got, c.want)
			}
		})
	}
}

// The figures that the documentation states.
func TestStated(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"serial on two", speedup(0.3, 2), 1.54},
		{"serial at most", limit(0.3), 3.22},
		{"serial-10 on two", speedup(0.1, 2), 1.82},
		{"serial-10 at most", limit(0.1), 8.77},
	} {
		if math.Abs(c.got-c.want) > 0.005 {
			t.Errorf("%s: %g, want %g to two places", c.name, c.got, c.want)
		}
	}
}
