package capture

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

// tried are workloads for trials, by what they return: of some the results cannot be encoded.
func tried() []workload.Workload {
	tasks := func(name string, task func(i int) (any, error)) workload.Workload {
		return workload.Workload{
			Name: name, Doc: "for tests", Size: 9,
			Tasks: func(size int64) int { return int(size) },
			Task:  func(_ context.Context, _ *workload.Env, i int) (any, error) { return task(i) },
		}
	}
	needs := tasks("tried-before", func(int) (any, error) { return nil, nil }) // replaced below
	needs.Before = func(_ context.Context, env *workload.Env) error { env.State = 7; return nil }
	needs.Task = func(_ context.Context, env *workload.Env, _ int) (any, error) { return env.State, nil }
	return []workload.Workload{
		needs,
		tasks("tried-chan", func(int) (any, error) { return make(chan int), nil }),
		tasks("tried-last", func(i int) (any, error) {
			if i == 8 {
				return map[string]int{}, nil
			}
			return i, nil
		}),
		tasks("tried-error", func(int) (any, error) { return nil, errors.New("no luck") }),
		tasks("tried-panic", func(int) (any, error) { panic("boom") }),
		tasks("tried-exit", func(int) (any, error) { os.Exit(3); return nil, nil }),
		tasks("tried-hang", func(int) (any, error) { time.Sleep(time.Hour); return nil, nil }),
		tasks("tried-leaves", func(int) (any, error) {
			left := exec.Command("setsid", "sleep", "1000")
			if err := left.Start(); err != nil {
				return nil, err
			}
			return nil, os.WriteFile(os.Getenv("CAPTURE_TEST_LEFT"), []byte(strconv.Itoa(left.Process.Pid)), 0o600)
		}),
		{Name: "tried-run", Doc: "for tests", Size: 9, Run: func(_ context.Context, env *workload.Env) error {
			for i := range 9 {
				if err := env.Result(i, func() {}); err != nil {
					return err
				}
			}
			return nil
		}},
		{
			Name: "tried-served", Doc: "for tests", Size: 9,
			Tasks: func(size int64) int { return int(size) },
			Task: func(_ context.Context, env *workload.Env, _ int) (any, error) {
				if env.Service == "here" {
					return make(chan int), nil
				}
				return 1, nil
			},
			Service: func(ctx context.Context, ready func(string)) error {
				ready("here")
				<-ctx.Done()
				return nil
			},
		},
	}
}

// A workload whose results cannot be encoded is refused by the first of them; everything else is left to the runs.
func TestTry(t *testing.T) {
	own, err := Own(workloads())
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(t.TempDir(), "left")
	t.Setenv("CAPTURE_TEST_LEFT", left)
	for name, want := range map[string]string{
		"tried-chan":   "workload tried-chan: task 0: result of type chan int cannot be encoded: want nil, a bool",
		"tried-last":   "workload tried-last: task 8: result of type map[string]int cannot be encoded",
		"tried-run":    "workload tried-run: task 0: result of type func() cannot be encoded",
		"tried-served": "workload tried-served: task 0: result of type chan int",
		"tried-before": "", "tried-error": "", "tried-panic": "", "tried-exit": "", "tried-hang": "", "tried-leaves": "",
		"naps": "", "broken": "",
	} {
		var err error
		for range 5 {
			begin := time.Now()
			err = own.Try(t.Context(), point(name, 1, 1, 1, 9))
			d := time.Since(begin)
			if d > trialTime+patience {
				t.Errorf("%s took %v", name, d)
			}
			if want == "" || err != nil || d < trialTime {
				break
			}
			t.Logf("%s: a busy machine: the trial was over after %v", name, d)
		}
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", name, err, want)
		}
	}
	pid, err := os.ReadFile(left)
	if err != nil {
		t.Fatal(err)
	}
	// Whoever ends it need not reap it; a zombie has no program any more.
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Readlink(filepath.Join("/proc", string(pid), "exe")); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("a process that a task left behind lives on")
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped)
	if err := own.Try(ctx, point("tried-hang", 1, 1, 1, 9)); !errors.Is(err, stopped) {
		t.Errorf("error %v of a trial that was stopped", err)
	}
}
