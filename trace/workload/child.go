package workload

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// flushAt is how many bytes of results a worker collects before it sends them, where nobody waits for them.
const flushAt = 32 << 10

// A child is a worker process of a coordinator.
type child struct {
	*part
	out *os.File
	in  *wire.FrameReader
}

// run does the tasks that the coordinator hands out, sends the results, and then the account.
func (c *child) run(ctx context.Context) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	c.self.Ready = clock.Now()
	if err := c.send(wire.AppendFrame(nil, wire.FrameReady)); err != nil {
		return err
	}
	if _, err := c.expect(wire.FrameRelease); err != nil {
		return err
	}
	out := wire.Outcome{Released: clock.Now()}
	var err error
	if c.w.Run != nil {
		out.Tasks, err = c.free(ctx)
	} else {
		out.Tasks, err = c.tasks(ctx)
	}
	if err != nil {
		return err
	}
	out.Finished = clock.Now()
	out.Processes = []wire.Process{c.account(out.Finished, out.Tasks)}
	return c.message(&wire.Message{Done: &out})
}

// tasks runs the workers on the tasks that the coordinator sends.
func (c *child) tasks(ctx context.Context) (int, error) {
	p := &pool{w: c.w, env: c.env, rec: c.rec}
	sink := newSink(c.out, c.spec.Workers)
	p.done = sink.add
	if c.spec.Static {
		payload, err := c.expect(wire.FrameChunk)
		if err != nil {
			return 0, err
		}
		lo, hi, _, err := wire.CutRange(payload)
		if err != nil {
			return 0, err
		}
		p.next = dealOut(lo, hi, c.w.chunk(c.spec, hi-lo))
		p.last = sink.flush
	} else {
		sink.eager = true
		p.next = newFeed(c.in).next
	}
	_, end := c.rec.Phase(ctx, "tasks", false)
	err := p.run(ctx)
	end(err)
	return int(p.tasks.Load()), err
}

// free runs the free form and sends its results.
func (c *child) free(ctx context.Context) (int, error) {
	sink := newSink(c.out, 1)
	var mu sync.Mutex
	var records []byte
	var count atomic.Int64
	c.env.emit = func(i int, v any) error {
		if i < 0 {
			return fmt.Errorf("result %d: the number must not be negative", i)
		}
		mu.Lock()
		defer mu.Unlock()
		var err error
		if records, err = digest.Append(records[:0], v); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
		count.Add(1)
		return sink.add(0, i, i+1, records)
	}
	if err := c.runFree(ctx); err != nil {
		return 0, err
	}
	mu.Lock()
	defer mu.Unlock()
	return int(count.Load()), sink.flush(0)
}

// finish waits until the coordinator has the result of the run, and hands over what was recorded.
func (c *child) finish() error {
	if _, err := c.expect(wire.FrameStop); err != nil {
		return err
	}
	spans, end := c.rec.Stop()
	if err := wire.EachSpans(spans, c.message); err != nil {
		return err
	}
	return c.message(&wire.Message{End: &end})
}

func (c *child) send(frame []byte) error {
	if _, err := c.out.Write(frame); err != nil {
		return fmt.Errorf("to the coordinator: %w", err)
	}
	return nil
}

func (c *child) message(m *wire.Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("to the coordinator: %w", err)
	}
	frame := append(wire.BeginFrame(nil, wire.FrameMessage), text...)
	if err := wire.EndFrame(frame, 0); err != nil {
		return err
	}
	return c.send(frame)
}

// expect reads the next frame, which must be of the given kind.
func (c *child) expect(kind wire.FrameKind) ([]byte, error) {
	got, payload, err := c.in.Next()
	if err != nil {
		return nil, fmt.Errorf("from the coordinator: %w", err)
	}
	if got != kind {
		return nil, fmt.Errorf("from the coordinator: frame %q, want %q", got, kind)
	}
	return payload, nil
}

// A feed passes the chunks that arrive from the coordinator to the workers of a child. The worker whose turn it is
// reads the pipe itself, so that no goroutine stands between the pipe and the work.
type feed struct {
	turn chan struct{}
	in   *wire.FrameReader
	over bool
}

func newFeed(in *wire.FrameReader) *feed {
	f := &feed{turn: make(chan struct{}, 1), in: in}
	f.turn <- struct{}{}
	return f
}

func (f *feed) next(int) (lo, hi int, ok bool, err error) {
	<-f.turn
	defer func() { f.turn <- struct{}{} }()
	if f.over {
		return 0, 0, false, nil
	}
	kind, payload, err := f.in.Next()
	switch {
	case err != nil:
		err = fmt.Errorf("from the coordinator: %w", err)
	case kind == wire.FrameNoMore:
	case kind == wire.FrameChunk:
		if lo, hi, _, err = wire.CutRange(payload); err == nil {
			return lo, hi, true, nil
		}
	default:
		err = fmt.Errorf("from the coordinator: unexpected frame %q", kind)
	}
	f.over = true // one worker reports the error, the others end
	return 0, 0, false, err
}

// A sink sends the results of the workers of a child to the coordinator.
type sink struct {
	out     *os.File
	eager   bool // send each chunk at once, because the coordinator answers it with the next
	pending [][]byte
}

func newSink(out *os.File, workers int) *sink {
	return &sink{out: out, pending: make([][]byte, workers)}
}

// add sends the results of a chunk, or keeps them until flush.
func (s *sink) add(k, lo, hi int, records []byte) error {
	buf := s.pending[k]
	start := len(buf)
	buf = append(wire.AppendRange(wire.BeginFrame(buf, wire.FrameResults), lo, hi), records...)
	s.pending[k] = buf
	if err := wire.EndFrame(buf, start); err != nil {
		return err
	}
	if s.eager || len(buf) >= flushAt {
		return s.flush(k)
	}
	return nil
}

// flush sends what worker k has kept, in one write, which is not interleaved with others whatever its length.
func (s *sink) flush(k int) error {
	if len(s.pending[k]) == 0 {
		return nil
	}
	_, err := s.out.Write(s.pending[k])
	s.pending[k] = s.pending[k][:0]
	if err != nil {
		return fmt.Errorf("to the coordinator: %w", err)
	}
	return nil
}
