package workload_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/workload"
)

// The test binary is also the program whose processes the tests start.
func TestMain(m *testing.M) {
	if workload.IsChild() && os.Getenv("WORKLOAD_TEST_MAIN") != "2" {
		os.Exit(workload.Child(workloads()...))
	}
	if os.Getenv("WORKLOAD_TEST_MAIN") == "2" {
		// A program that goes on after its job, as none should.
		_ = workload.Child(workloads()...)
		if _, err := workload.Do(context.Background(), squares(), workload.Shape{Procs: 2}); err != nil {
			panic(err)
		}
	}
	if os.Getenv("WORKLOAD_TEST_MAIN") == "1" {
		workload.Main(workloads()...)
	}
	// Under the race detector each process would linger for a second at its exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func perSize(size int64) int { return int(size) }

// tasks returns a workload of size tasks.
func tasks(name string, task func(ctx context.Context, env *workload.Env, i int) (any, error)) workload.Workload {
	return workload.Workload{Name: name, Doc: "for tests", Size: 20, Tasks: perSize, Task: task}
}

// failsAt3 is a workload whose task 3 fails.
func failsAt3(name string, fail func() (any, error)) workload.Workload {
	return tasks(name, func(_ context.Context, _ *workload.Env, i int) (any, error) {
		if i == 3 {
			return fail()
		}
		return i, nil
	})
}

var errTest = errors.New("no luck")

func workloads() []workload.Workload {
	return append(failing(), squares(), uneven(), mixed(), free(), stateful(), served(), serial(), doubled(), shared(),
		sleeps(), spins(), primes(), empty())
}

func squares() workload.Workload {
	return tasks("squares", func(_ context.Context, _ *workload.Env, i int) (any, error) { return i * i, nil })
}

// uneven has tasks each of which takes longer than the next.
func uneven() workload.Workload {
	return tasks("uneven", func(_ context.Context, _ *workload.Env, i int) (any, error) {
		time.Sleep(time.Duration(max(0, 20-i)) * 100 * time.Microsecond)
		return float64(i) / 3, nil
	})
}

// sleeps waits a millisecond in each task.
func sleeps() workload.Workload {
	return tasks("sleeps", func(context.Context, *workload.Env, int) (any, error) {
		time.Sleep(time.Millisecond)
		return nil, nil //nolint:nilnil // nil is a result
	})
}

// spins computes for a while in each task.
func spins() workload.Workload {
	return tasks("spins", func(_ context.Context, _ *workload.Env, i int) (any, error) {
		x := uint64(i) | 1
		for range 50_000_000 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
		return x, nil
	})
}

// empty does nothing.
func empty() workload.Workload {
	return tasks("empty", func(context.Context, *workload.Env, int) (any, error) {
		return nil, nil //nolint:nilnil // nil is a result
	})
}

// mixed has results of many types and lengths.
func mixed() workload.Workload {
	return tasks("mixed", func(_ context.Context, _ *workload.Env, i int) (any, error) {
		switch i % 7 {
		case 0:
			return nil, nil //nolint:nilnil // nil is a result
		case 1:
			return i%2 == 0, nil
		case 2:
			return math.Sqrt(float64(i)), nil
		case 3:
			return strconv.Itoa(i), nil
		case 4:
			return make([]byte, i*5000), nil
		case 5:
			return []float64{1, float64(i)}, nil
		}
		return struct{ A, B int32 }{int32(i), 7}, nil
	})
}

// free gives numbered results from goroutines of its own.
func free() workload.Workload {
	return workload.Workload{
		Name: "free", Doc: "for tests", Size: 50,
		Run: func(_ context.Context, env *workload.Env) error {
			var wg sync.WaitGroup
			errs := make([]error, env.Workers)
			for k := range env.Workers {
				wg.Go(func() {
					for i := env.Rank*env.Workers + k; i < int(env.Size); i += env.Procs * env.Workers {
						errs[k] = errors.Join(errs[k], env.Result(i, i*i))
					}
				})
			}
			wg.Wait()
			return errors.Join(errs...)
		},
	}
}

// doubled gives result 7 twice, from whatever processes there are.
func doubled() workload.Workload {
	return workload.Workload{
		Name: "doubled", Doc: "for tests", Size: 1,
		Run: func(_ context.Context, env *workload.Env) error {
			if env.Procs == 1 {
				return errors.Join(env.Result(7, 1), env.Result(7, 1))
			}
			return env.Result(7, 1)
		},
	}
}

type state struct {
	rank   int
	closed *int
}

func (s *state) Close() error { *s.closed++; return nil }

// stateful returns the contents of its process's state.
func stateful() workload.Workload {
	w := tasks("stateful", func(_ context.Context, env *workload.Env, i int) (any, error) {
		s, ok := env.State.(*state)
		if !ok || s.rank != env.Rank {
			return nil, errors.New("not the state of this process")
		}
		return i, nil
	})
	w.Open = func(_ context.Context, env *workload.Env) (any, error) { return &state{env.Rank, new(int)}, nil }
	return w
}

// served asks its service for each result.
func served() workload.Workload {
	w := tasks("served", func(_ context.Context, env *workload.Env, _ int) (any, error) { return env.Service, nil })
	w.Service = func(ctx context.Context, ready func(string)) error {
		ready("here")
		<-ctx.Done()
		return nil
	}
	return w
}

// serial has serial parts of 20 ms each.
func serial() workload.Workload {
	w := tasks("serial", func(_ context.Context, _ *workload.Env, i int) (any, error) { return i, nil })
	wait := func(context.Context, *workload.Env) error { time.Sleep(20 * time.Millisecond); return nil }
	w.Before, w.After = wait, wait
	return w
}

func shared() workload.Workload {
	w := squares()
	w.Name, w.Shared = "shared", "one lock cannot span processes"
	return w
}

type badCloser struct{}

func (badCloser) Close() error { return errTest }

// failing returns one workload for each way to fail.
func failing() []workload.Workload {
	ok := tasks("", func(_ context.Context, _ *workload.Env, i int) (any, error) { return i, nil })
	named := func(name string, change func(*workload.Workload)) workload.Workload {
		w := ok
		w.Name = name
		change(&w)
		return w
	}
	fails := func(context.Context, *workload.Env) error { return errTest }
	return slices.Concat([]workload.Workload{
		failsAt3("panics", func() (any, error) { panic("boom") }),
		failsAt3("errs", func() (any, error) { return nil, errTest }),
		failsAt3("exits", func() (any, error) { os.Exit(0); return nil, nil }),
		failsAt3("exits7", func() (any, error) { os.Exit(7); return nil, nil }),
		failsAt3("hangs", func() (any, error) {
			if mark := os.Getenv("WORKLOAD_TEST_MARK"); mark != "" {
				_ = os.WriteFile(mark, nil, 0o600) // the test waits for it
			}
			for x := uint64(1); ; x *= 3 {
				if x == 0 { // never: a power of 3 is odd
					return nil, nil //nolint:nilnil // nil is a result
				}
			}
		}),
		failsAt3("bad-type", func() (any, error) { return func() {}, nil }),
		failsAt3("goexits", func() (any, error) { runtime.Goexit(); return nil, nil }),
		failsAt3("killed", func() (any, error) {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			if err != nil {
				return nil, err
			}
			select {}
		}),
	}, []workload.Workload{
		named("open-fails", func(w *workload.Workload) {
			w.Open = func(context.Context, *workload.Env) (any, error) { return nil, errTest }
		}),
		named("open-goexits", func(w *workload.Workload) {
			w.Open = func(context.Context, *workload.Env) (any, error) { runtime.Goexit(); return nil, nil }
		}),
		named("before-fails", func(w *workload.Workload) { w.Before = fails }),
		named("after-panics", func(w *workload.Workload) {
			w.After = func(context.Context, *workload.Env) error { panic("late") }
		}),
		named("close-fails", func(w *workload.Workload) {
			w.Open = func(context.Context, *workload.Env) (any, error) { return io.Closer(badCloser{}), nil }
		}),
		named("run-fails", func(w *workload.Workload) { w.Tasks, w.Task, w.Run = nil, nil, fails }),
		named("service-fails", func(w *workload.Workload) {
			w.Service = func(context.Context, func(string)) error { return errTest }
		}),
	})
}
