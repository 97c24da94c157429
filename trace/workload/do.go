package workload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// A Shape says how a run is spread over processes and goroutines. Its zero value is one worker in one process, at the
// workload's default size.
//
// Workers and processes are bounded queues: each process has Workers tasks in progress at a time, and begins the next
// when one of them ends.
type Shape struct {
	Procs   int   // processes; 0 means 1
	Workers int   // goroutines of each process; 0 means 1
	Size    int64 // total work; 0 means the workload's Size, or PerWorker times the workers if it has no Size
	Chunk   int   // tasks that a worker takes at a time; 0 means the workload's Chunk
	Static  bool  // split the task list evenly at the start, instead of giving the next chunk to whichever worker is free
}

// A Summary is the outcome of one run of a workload.
type Summary struct {
	Size   int64
	Tasks  int           // tasks done, or results given by the free form
	Total  time.Duration // from just before the first process is started to the last result
	Work   time.Duration // from the release of the workers to the end of the last one
	Digest string        // SHA-256 over all results in task order, hexadecimal: the same for every shape of one size
}

// Do runs w once, spread as shape says, and waits for it.
//
// With one process, workers are goroutines of this process, and a failing task cancels the context of the others. With
// several, Do starts children of this program, which do the tasks and are gone when Do returns. The program must then
// call [Main] or [Child] before anything else, with w among its workloads, and exit with its status. A process that is
// itself part of a run cannot start others. A workload's Service runs in this process.
func Do(ctx context.Context, w Workload, shape Shape) (Summary, error) {
	if err := w.check(); err != nil {
		return Summary{}, err
	}
	spec := &wire.Spec{
		Job: wire.Root, Workload: w.Name, Procs: max(shape.Procs, 1), Workers: max(shape.Workers, 1),
		Size: shape.Size, Chunk: shape.Chunk, Static: shape.Static,
	}
	if spec.Size == 0 {
		spec.Size = w.Size
	}
	if spec.Size == 0 {
		spec.Size = w.PerWorker * int64(spec.Procs) * int64(spec.Workers)
	}
	if err := w.fits(spec); err != nil {
		return Summary{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, err := serve(ctx, &w, spec)
	if err != nil {
		return Summary{}, err
	}
	start := clock.Now()
	out, err := do(ctx, &w, spec, start)
	total := time.Duration(clock.Now() - start)
	if err = errors.Join(err, stop()); err != nil {
		return Summary{}, err
	}
	return Summary{
		Size: spec.Size, Tasks: out.Tasks, Digest: out.Digest,
		Total: total, Work: time.Duration(out.Finished - out.Released),
	}, nil
}

func do(ctx context.Context, w *Workload, spec *wire.Spec, start clock.Time) (wire.Outcome, error) {
	here := newPart(w, spec, nil, start)
	if spec.Procs == 1 {
		s := &solo{part: here}
		out, err := s.run(ctx)
		if s.workers != nil {
			s.workers.wait()
		}
		return out, errors.Join(err, here.close())
	}
	if proc.Part() {
		return wire.Outcome{}, errors.New("this process is part of a run and must not start processes: " +
			"its main function must call workload.Main, or workload.Child and exit, before anything else")
	}
	program, err := os.Executable()
	if err != nil {
		return wire.Outcome{}, fmt.Errorf("workload %s: %w", w.Name, err)
	}
	procs := min(spec.Workers, runtime.NumCPU())
	c := &coordinator{part: here, program: program, environ: append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(procs))}
	out, err := c.run(ctx)
	if err != nil {
		c.end()
	} else {
		_, _, err = c.finish()
	}
	return out, errors.Join(err, here.close())
}

// serve starts the workload's service, if it has one, and puts its address into spec. stop ends it.
func serve(ctx context.Context, w *Workload, spec *wire.Spec) (stop func() error, err error) {
	if w.Service == nil {
		return func() error { return nil }, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- guard("service", func() error {
			return w.Service(ctx, func(addr string) { ready <- addr })
		})
	}()
	select {
	case spec.Service = <-ready:
	case err := <-ended:
		cancel()
		return nil, errors.Join(errors.New("the service ended before it was ready"), err)
	}
	return func() error {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}, nil
}
