package cpu

import (
	"testing"

	"github.com/corecurve/corecurve/examples/internal/spin"
)

// Tasks have different start values, so none can take another's result, and all have the same number of steps.
func TestTask(t *testing.T) {
	w := Workload()
	if got := w.Tasks(3); got != 3 {
		t.Errorf("Tasks(3) = %d, want 3", got)
	}
	got, err := w.Task(t.Context(), nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := spin.Steps(spin.Steps(spin.Seed(2), taskSteps/2), taskSteps/2); got != want {
		t.Errorf("task 2 gives %v, want %v", got, want)
	}
}

func BenchmarkTask(b *testing.B) {
	w := Workload()
	for b.Loop() {
		if _, err := w.Task(b.Context(), nil, 0); err != nil {
			b.Fatal(err)
		}
	}
}
