package workload

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

// check returns an error that says what is wrong with w, or nil.
func (w *Workload) check() error {
	if !validName(w.Name) {
		return fmt.Errorf("workload name %q: "+
			"want lower-case letters, digits, '.', '_' and '-', at most 64, the first a letter or a digit", w.Name)
	}
	if err := w.problem(); err != nil {
		return fmt.Errorf("workload %s: %w", w.Name, err)
	}
	return nil
}

func (w *Workload) problem() error {
	switch {
	case strings.TrimSpace(w.Doc) == "" || strings.Contains(w.Doc, "\n"):
		return errors.New("its Doc must be one line that says what it does")
	case w.Run != nil && (w.Tasks != nil || w.Task != nil):
		return errors.New("has both Run and Tasks: want one form")
	case w.Run == nil && (w.Tasks == nil) != (w.Task == nil):
		return errors.New("the task form needs both Tasks and Task")
	case w.Run == nil && w.Task == nil:
		return errors.New("has neither Run nor Tasks and Task")
	case w.Size < 1 && !w.Weak:
		return errors.New("its Size must be at least 1")
	case w.Size < 0 || w.PerWorker < 0:
		return errors.New("its Size and PerWorker must not be negative")
	case w.Weak && w.PerWorker < 1:
		return errors.New("its Weak needs a PerWorker of at least 1")
	case w.Chunk < 0:
		return errors.New("its Chunk must not be negative")
	}
	return nil
}

// validName compiles its pattern on each call and not at start-up, because every process of a run would pay for it.
func validName(name string) bool {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`).MatchString(name)
}

// Describe returns what the tool needs to know about w to plan its runs.
func Describe(w Workload) wire.Info {
	return wire.Info{
		Name: w.Name, Doc: w.Doc, Size: w.Size, PerWorker: w.PerWorker, Unit: w.Unit, Weak: w.Weak, Chunk: w.Chunk,
		Shared: w.Shared, Free: w.Run != nil, Service: w.Service != nil, Tries: true,
	}
}

// checkAll checks the workloads of a program, whose names must differ.
func checkAll(ws []Workload) error {
	if len(ws) == 0 {
		return errors.New("the program has no workloads")
	}
	seen := make(map[string]bool, len(ws))
	for i := range ws {
		if err := ws[i].check(); err != nil {
			return err
		}
		if seen[ws[i].Name] {
			return fmt.Errorf("workload %s: two workloads have this name", ws[i].Name)
		}
		seen[ws[i].Name] = true
	}
	return nil
}

// find returns the workload that spec names, after checking that it can be run as spec says.
func find(ws []Workload, spec *wire.Spec) (*Workload, error) {
	for i := range ws {
		if ws[i].Name == spec.Workload {
			return &ws[i], ws[i].fits(spec)
		}
	}
	return nil, fmt.Errorf("workload %q: the program has none of this name", spec.Workload)
}

// fits returns an error that says why w cannot be run as spec says, or nil.
func (w *Workload) fits(spec *wire.Spec) error {
	switch {
	case (w.Task == nil || w.Tasks == nil) && w.Run == nil:
		return w.check()
	case spec.Procs < 1 || spec.Workers < 1 || spec.Size < 1 || spec.Chunk < 0:
		return fmt.Errorf("workload %s: procs %d, workers %d, size %d, chunk %d: want at least 1, 1, 1, 0",
			w.Name, spec.Procs, spec.Workers, spec.Size, spec.Chunk)
	case w.Shared != "" && spec.Procs > 1:
		return fmt.Errorf("workload %s runs in one process only: %s", w.Name, w.Shared)
	}
	return nil
}

// chunk returns the number of tasks of a list of n that a worker takes at a time. It is larger than asked for where the
// list would have more than [limits.Chunks]: each costs a message to a process and back, and a place in memory.
func (w *Workload) chunk(spec *wire.Spec, n int) int {
	asked := max(w.Chunk, 1)
	if spec.Chunk > 0 {
		asked = spec.Chunk
	}
	return max(asked, (n-1)/limits.Chunks+1)
}

// tasks returns the length of the task list; 0 in the free form.
func (w *Workload) tasks(size int64) (int, error) {
	if w.Tasks == nil {
		return 0, nil
	}
	n := w.Tasks(size)
	if n < 1 {
		return 0, fmt.Errorf("workload %s has nothing to do at size %d: Tasks(%d) is %d: want at least 1", w.Name, size, size, n)
	}
	if n > limits.TaskList {
		return 0, fmt.Errorf("workload %s: Tasks(%d) is %d: want at most %d, each with more work if need be",
			w.Name, size, n, limits.TaskList)
	}
	return n, nil
}
