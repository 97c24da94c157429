package workload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/selftrace"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/marker"
)

// A part is one process's part in a run.
type part struct {
	w    *Workload
	spec *wire.Spec
	env  *Env
	rec  *selftrace.Recorder
	self wire.Process
	held atomic.Int64 // bytes of the results so far
}

// hold returns an error if n more bytes of results are more than a run may hold in memory.
func (p *part) hold(n int) error {
	return limits.Count("results of all tasks", "bytes", p.held.Add(int64(n)), limits.ResultsBytes)
}

func newPart(w *Workload, spec *wire.Spec, rec *selftrace.Recorder, entered clock.Time) *part {
	return &part{
		w: w, spec: spec, rec: rec,
		env: &Env{
			Workers: spec.Workers, Procs: spec.Procs, Rank: spec.Rank, Size: spec.Size, Service: spec.Service,
			emit: func(int, any) error { return errors.New("numbered results belong to the free form (Run)") },
		},
		self: wire.Process{Role: "worker", Rank: spec.Rank, Entered: entered},
	}
}

// open makes the state of the process.
func (p *part) open(ctx context.Context) error {
	if p.w.Open == nil {
		return nil
	}
	return guard("open", func() (err error) {
		p.env.State, err = p.w.Open(ctx, p.env)
		return err
	})
}

// close closes the state of the process.
func (p *part) close() error {
	c, ok := p.env.State.(io.Closer)
	if !ok {
		return nil
	}
	return guard("close", c.Close)
}

// serial runs one of the serial parts, if the workload has it.
func (p *part) serial(ctx context.Context, name string, f func(context.Context, *Env) error) error {
	if f == nil {
		return nil
	}
	ctx, end := p.rec.Phase(ctx, name, true)
	err := guard(name, func() error { return f(ctx, p.env) })
	end(err)
	return err
}

// account completes the process's account of itself.
func (p *part) account(done clock.Time, tasks int) wire.Process {
	p.self.Done, p.self.Tasks = done, tasks
	proc.Account(&p.self)
	return p.self
}

// sum puts the digest of all results into out. n is the length of the task list.
func (p *part) sum(out *wire.Outcome, n int, sets ...*digest.Set) (err error) {
	if out.Digest, out.Tasks, err = digest.Sum(sets...); err != nil {
		return err
	}
	if p.w.Task != nil && out.Tasks != n {
		return fmt.Errorf("%d of %d tasks gave a result", out.Tasks, n)
	}
	return nil
}

// A solo run has a single process.
type solo struct {
	*part
	workers *pool
}

// run does all of the work and returns its outcome. After a failure workers may still be busy.
func (s *solo) run(ctx context.Context) (wire.Outcome, error) {
	if err := s.open(ctx); err != nil {
		return wire.Outcome{}, err
	}
	n, err := s.w.tasks(s.spec.Size)
	if err != nil {
		return wire.Outcome{}, err
	}
	s.self.Ready = clock.Now()

	out := wire.Outcome{Released: clock.Now()}
	if err := s.serial(ctx, marker.Before, s.w.Before); err != nil {
		return wire.Outcome{}, err
	}
	var sets []*digest.Set
	if s.w.Run != nil {
		sets, err = s.free(ctx)
	} else {
		sets, err = s.tasks(ctx, n)
	}
	if err != nil {
		return wire.Outcome{}, err
	}
	done := clock.Now()
	if err := s.serial(ctx, marker.After, s.w.After); err != nil {
		return wire.Outcome{}, err
	}
	out.Finished = clock.Now()

	if err := s.sum(&out, n, sets...); err != nil {
		return wire.Outcome{}, err
	}
	out.Processes = []wire.Process{s.account(done, out.Tasks)}
	return out, nil
}

// tasks runs the task form and returns the results, one set per worker.
func (s *solo) tasks(ctx context.Context, n int) ([]*digest.Set, error) {
	type slot struct {
		digest.Set
		_ [80]byte // two cache lines each, so that workers add results without disturbing each other
	}
	slots := make([]slot, s.spec.Workers)
	sets := make([]*digest.Set, s.spec.Workers)
	for k := range slots {
		sets[k] = &slots[k].Set
	}
	chunk := s.w.chunk(s.spec, n)
	next := dealOut(0, n, chunk)
	if s.spec.Static {
		next = dealEven(n, s.spec.Workers, chunk)
	}
	s.workers = &pool{
		w: s.w, env: s.env, rec: s.rec, next: next,
		done: func(k, lo, hi int, records []byte) error {
			sets[k].Add(lo, hi, records)
			return s.hold(len(records))
		},
	}
	_, end := s.rec.Phase(ctx, "tasks", false)
	err := s.workers.run(ctx)
	end(err)
	return sets, err
}

// free runs the free form and returns the results.
func (s *solo) free(ctx context.Context) ([]*digest.Set, error) {
	set := lockedSet{hold: s.hold}
	s.env.emit = set.emit
	err := s.runFree(ctx)
	return []*digest.Set{&set.Set}, err
}

// runFree calls the workload's Run.
func (p *part) runFree(ctx context.Context) error {
	ctx, end := p.rec.Phase(ctx, "run", false)
	err := guard("run", func() error { return p.w.Run(ctx, p.env) })
	end(err)
	return err
}

// A lockedSet is a set of results to which goroutines of the workload add.
type lockedSet struct {
	mu sync.Mutex
	digest.Set
	buf  []byte
	hold func(bytes int) error // refuses too many
}

func (s *lockedSet) emit(i int, v any) error {
	if i < 0 {
		return fmt.Errorf("result %d: the number must not be negative", i)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.buf, err = digest.Append(s.buf[:0], v); err != nil {
		return fmt.Errorf("result %d: %w", i, err)
	}
	if err := s.hold(len(s.buf)); err != nil {
		return fmt.Errorf("result %d: %w", i, err)
	}
	s.Add(i, i+1, s.buf)
	return nil
}
