package workload

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/selftrace"
	"github.com/corecurve/corecurve/trace/marker"
)

// A pool is the workers of one process: goroutines that take chunks of tasks and do them.
type pool struct {
	w   *Workload
	env *Env
	rec *selftrace.Recorder

	// next returns the tasks lo … hi-1 for worker k, or false when there are no more.
	next func(k int) (lo, hi int, ok bool, err error)
	// done takes the results of a chunk from worker k, as records of package digest. They are valid only during the
	// call.
	done func(k, lo, hi int, records []byte) error
	// last is called once by each worker after its last chunk; may be nil.
	last func(k int) error

	tasks atomic.Int64 // done so far
	left  sync.WaitGroup
}

// run starts the workers and returns when all are done, or as soon as one has failed. It then cancels the context of
// the others; wait waits for them, and a process that must report a failure exits instead.
func (p *pool) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	results := make(chan error, p.env.Workers) // so that no worker waits for the reader, which may have returned
	for k := range p.env.Workers {
		p.left.Go(func() { p.work(ctx, k, results) })
	}
	err := marker.Join(p.env.Workers, results)
	cancel(err)
	return err
}

// wait waits for the workers that run left behind.
func (p *pool) wait() { p.left.Wait() }

// work is worker k. It sends exactly one result, however it ends.
func (p *pool) work(ctx context.Context, k int, results chan<- error) {
	ctx, end := p.rec.Worker(ctx, k)
	job := chunkJob{current: -1}
	var err error
	returned := false
	defer func() {
		if !returned {
			// After a panic, or when the goroutine is being ended; in that case recover returns nil.
			err = job.failed(recover())
		}
		p.tasks.Add(int64(job.count))
		end(job.count, err)
		results <- err
	}()
	err = p.chunks(ctx, k, &job)
	returned = true
}

// A chunkJob is what a worker is doing.
type chunkJob struct {
	current int // task in progress; -1: none
	count   int // tasks done
	records []byte
}

func (j *chunkJob) failed(v any) error {
	err := errGoexit
	if v != nil {
		err = &PanicError{Value: v, Stack: debug.Stack()}
	}
	if j.current < 0 {
		return err // in our own code
	}
	return &TaskError{Task: j.current, Err: err, Stack: debug.Stack()}
}

// chunks does chunks until there are no more.
func (p *pool) chunks(ctx context.Context, k int, job *chunkJob) error {
	for {
		lo, hi, ok, err := p.next(k)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if ctx.Err() != nil { // an atomic load; Cause would take a lock that all workers share
			return context.Cause(ctx)
		}
		region := selftrace.Chunk(ctx, lo, hi)
		job.records = job.records[:0]
		for i := lo; i < hi; i++ {
			job.current = i
			v, err := p.w.Task(ctx, p.env, i)
			if err == nil {
				job.records, err = digest.Append(job.records, v)
			}
			if err != nil {
				return &TaskError{Task: i, Err: err}
			}
			job.count++
		}
		job.current = -1
		if region != nil {
			region.End()
		}
		if err := p.done(k, lo, hi, job.records); err != nil {
			return fmt.Errorf("results of tasks %d-%d: %w", lo, hi-1, err)
		}
	}
	if p.last != nil {
		return p.last(k)
	}
	return nil
}

// dealOut returns a next function that hands out lo … hi-1 in chunks to whichever worker asks.
func dealOut(lo, hi, chunk int) func(int) (int, int, bool, error) {
	var taken atomic.Int64 // chunks
	return func(int) (int, int, bool, error) {
		n := taken.Add(1) - 1
		if n > int64(hi-lo)/int64(chunk) {
			return 0, 0, false, nil
		}
		from := lo + int(n)*chunk
		if from >= hi {
			return 0, 0, false, nil
		}
		return from, from + min(chunk, hi-from), true, nil
	}
}

// dealEven returns a next function that gives each of workers an even share of 0 … n-1, in chunks.
func dealEven(n, workers, chunk int) func(int) (int, int, bool, error) {
	type cursor struct {
		at, hi int
		_      [112]byte // two cache lines each, so that a worker moves its cursor without disturbing the others
	}
	cursors := make([]cursor, workers)
	for k := range cursors {
		cursors[k].at, cursors[k].hi = marker.Share(n, workers, k)
	}
	return func(k int) (int, int, bool, error) {
		c := &cursors[k]
		from := c.at
		if from == c.hi {
			return 0, 0, false, nil
		}
		c.at += min(chunk, c.hi-from)
		return from, c.at, true, nil
	}
}
