package workload

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/marker"
)

// A coordinator makes a run of several processes: it starts them, hands out the tasks over pipes and collects the
// results.
//
// One goroutine per child reads what the child sends and answers each chunk of results with the next chunk. So a child
// never has more chunks than workers: the queue is bounded, and nothing is fetched ahead. The main goroutine sees only
// what happens once: a child is ready, has finished its part, has failed, has gone.
type coordinator struct {
	*part
	program string   // the executable of the children
	environ []string // their environment

	forker  *proc.Forker
	members []*member
	deal    *dealer
	own     lockedSet // results of Before and After in the free form
	events  chan event
	seen    [allResults + 1]int // events so far, by kind
}

// An event is something that happens once in the life of a child.
type event struct {
	m    *member
	what happening
	err  error
}

type happening int

const (
	isReady    happening = iota
	isDone               // its account has arrived, and before it all its results
	isGone               // its output has ended
	hasFailed            // it has reported an error
	allResults           // the last result of the run has arrived, from whichever child
)

// run does the work of the run and returns its outcome. After a failure the caller must call end.
func (c *coordinator) run(ctx context.Context) (wire.Outcome, error) {
	c.self.Role, c.self.Rank = "coordinator", -1
	c.env.Rank = -1
	if c.w.Run != nil {
		c.own.hold = c.hold
		c.env.emit = c.own.emit
	}
	n, err := c.w.tasks(c.spec.Size)
	if err != nil {
		return wire.Outcome{}, err
	}
	if err := c.start(n); err != nil {
		return wire.Outcome{}, err
	}
	if c.w.Before != nil || c.w.After != nil {
		if err := c.open(ctx); err != nil {
			return wire.Outcome{}, err
		}
	}
	if err := c.await(ctx, isReady, len(c.members)); err != nil {
		return wire.Outcome{}, err
	}
	c.self.Ready = clock.Now()

	out := wire.Outcome{Released: clock.Now()}
	if err := c.serial(ctx, marker.Before, c.w.Before); err != nil {
		return wire.Outcome{}, err
	}
	if err := c.parallel(ctx, n); err != nil {
		return wire.Outcome{}, err
	}
	done := clock.Now()
	if err := c.serial(ctx, marker.After, c.w.After); err != nil {
		return wire.Outcome{}, err
	}
	out.Finished = clock.Now()

	sets := []*digest.Set{&c.own.Set}
	for _, m := range c.members {
		sets = append(sets, &m.results)
	}
	if err := c.sum(&out, n, sets...); err != nil {
		return wire.Outcome{}, err
	}
	if c.w.Run == nil {
		// All results are here; the accounts follow immediately.
		if err := c.await(ctx, isDone, len(c.members)); err != nil {
			return wire.Outcome{}, err
		}
	}
	out.Processes = []wire.Process{c.account(done, 0)}
	for _, m := range c.members {
		out.Processes = append(out.Processes, m.process)
		out.Stopped = out.Stopped || proc.WasStopped(m.cmd.Process.Pid)
	}
	return out, nil
}

// start starts the children.
func (c *coordinator) start(n int) error {
	c.forker = proc.NewForker()
	c.deal = newDealer(n, c.w.chunk(c.spec, n))
	// Room for every event that a child can have, so that no child waits for a reader after a failure.
	c.events = make(chan event, 5*c.spec.Procs+1)
	for rank := range c.spec.Procs {
		m, err := c.launch(rank)
		if err != nil {
			return fmt.Errorf("process %d: %w", rank, shortage.Mark(err))
		}
		c.members = append(c.members, m)
	}
	for _, m := range c.members {
		go m.serve(c)
	}
	return nil
}

// parallel releases the children and waits for all results.
func (c *coordinator) parallel(ctx context.Context, n int) error {
	phase, want, count := "tasks", allResults, 1
	if c.w.Run != nil {
		phase, want, count = "run", isDone, len(c.members)
	}
	_, end := c.rec.Phase(ctx, phase, false)
	c.release(n)
	var err error
	if want != allResults || n > 0 {
		err = c.await(ctx, want, count)
	}
	end(err)
	return err
}

// release sends each child its first work. It hands out the first chunks round-robin, so that a short list reaches as
// many processes as possible.
func (c *coordinator) release(n int) {
	first := make([][]byte, len(c.members))
	for i, m := range c.members {
		m.mu.Lock() // otherwise a quick child could have another told "no more" before its first chunk
		first[i] = wire.AppendFrame(nil, wire.FrameRelease)
	}
	switch {
	case c.w.Run != nil:
	case c.spec.Static:
		for i := range first {
			lo, hi := marker.Share(n, len(first), i)
			first[i] = wire.AppendChunk(first[i], lo, hi)
			c.members[i].given = []chunk{{lo, hi}}
		}
	default:
		dealt := 0
		for range c.spec.Workers {
			for i := range first {
				if lo, hi, ok := c.deal.take(); ok {
					first[i] = wire.AppendChunk(first[i], lo, hi)
					c.members[i].given = append(c.members[i].given, chunk{lo, hi})
					dealt = hi
				}
			}
		}
		if dealt == n {
			for i := range first {
				first[i] = wire.AppendFrame(first[i], wire.FrameNoMore)
			}
		}
	}
	for i, m := range c.members {
		m.tell(c, first[i])
		m.mu.Unlock()
	}
}

// await waits until something has happened n times since the start of the run.
func (c *coordinator) await(ctx context.Context, what happening, n int) error {
	for c.seen[what] < n {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e := <-c.events:
			c.seen[e.what]++
			switch e.what {
			case hasFailed:
				return &rankError{e.m.rank, e.err}
			case isGone:
				return c.blame(e.m)
			}
		}
	}
	return nil
}

// blame returns what happened to a child that is going or gone. A failure that it reported itself says more than how it
// exited.
func (c *coordinator) blame(m *member) error {
	m.leave()
	for len(c.events) > 0 {
		if e := <-c.events; e.what == hasFailed {
			return &rankError{e.m.rank, e.err}
		}
	}
	return &rankError{m.rank, fmt.Errorf("process %d %s before its result", m.rank, m.fate())}
}

// finish lets the children finish their captures and exit, and returns the spans of all and the end message. The
// children are gone when it returns.
func (c *coordinator) finish() ([]wire.Span, wire.End, error) {
	stop := wire.AppendFrame(nil, wire.FrameStop)
	for _, m := range c.members {
		_ = m.send(stop) // a child that cannot hear it is found below
	}
	spans, end := c.rec.Stop()
	var errs []error
	for _, m := range c.members {
		m.leave()
		spans = append(spans, m.spans...)
		end.SpansStarted += m.end.SpansStarted
		end.SpansEnded += m.end.SpansEnded
		end.Errors = append(end.Errors, m.end.Errors...)
		end.Short = cmp.Or(end.Short, m.end.Short)
		if m.err == nil && !m.cmd.ProcessState.Success() {
			m.err = fmt.Errorf("process %d %s after its result", m.rank, m.fate())
		}
		if m.err != nil {
			errs = append(errs, m.err)
			end.Errors = append(end.Errors, m.err.Error())
		}
		m.link.Close()
	}
	c.forker.Close()
	return spans, end, errors.Join(errs...)
}

// end kills the children that are still alive and waits for them.
func (c *coordinator) end() {
	for _, m := range c.members {
		_ = m.cmd.Process.Kill() // it may have gone already
	}
	for _, m := range c.members {
		m.reap()
		m.link.Close()
	}
	if c.forker != nil {
		c.forker.Close()
	}
}

// A rankError is a failure in the process of a certain rank.
type rankError struct {
	rank int
	err  error
}

func (e *rankError) Error() string { return e.err.Error() }
func (e *rankError) Unwrap() error { return e.err }
