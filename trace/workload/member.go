package workload

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// A member is the coordinator's side of one child.
type member struct {
	rank     int
	cmd      *exec.Cmd
	link     *proc.Link
	launched clock.Time
	gone     chan struct{} // closed when its output has ended
	reaped   bool

	mu  sync.Mutex // held while a chunk is taken and sent, so that "no more" comes after it
	buf []byte

	// Written by serve; read after the event that says so, or after serve has ended.
	results digest.Set
	process wire.Process
	spans   []wire.Span
	end     wire.End
}

// launch starts the child of the given rank.
func (c *coordinator) launch(rank int) (*member, error) {
	spec := *c.spec
	spec.Job, spec.Rank, spec.Traceparent = wire.Child, rank, c.rec.Traceparent()
	cmd := exec.Command(c.program)
	cmd.Env = c.environ
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	m := &member{rank: rank, cmd: cmd, gone: make(chan struct{}), launched: clock.Now()}
	var err error
	m.link, err = c.forker.Start(cmd, spec)
	return m, err
}

// serve reads what the child sends, until its output ends.
func (m *member) serve(c *coordinator) {
	defer close(m.gone)
	in := wire.NewFrameReader(m.link.Output)
	for {
		kind, payload, err := in.Next()
		if err != nil {
			c.events <- event{m: m, what: isGone}
			return
		}
		if err := m.handle(c, kind, payload); err != nil {
			c.events <- event{m: m, what: hasFailed, err: fmt.Errorf("from process %d: %w", m.rank, err)}
			return
		}
	}
}

func (m *member) handle(c *coordinator, kind wire.FrameKind, payload []byte) error {
	switch kind {
	case wire.FrameReady:
		c.events <- event{m: m, what: isReady}
		return nil
	case wire.FrameResults:
		lo, hi, records, err := wire.CutRange(payload)
		if err != nil {
			return err
		}
		if c.w.Run == nil && !c.spec.Static {
			m.answer(c) // first of all, because a worker waits for it
		}
		m.results.Add(lo, hi, records)
		if c.w.Run == nil && c.deal.finished(hi-lo) {
			c.events <- event{m: m, what: allResults}
		}
		return nil
	case wire.FrameMessage:
		var msg wire.Message
		if err := json.Unmarshal(payload, &msg); err != nil {
			return fmt.Errorf("message: %w", err)
		}
		return m.hear(c, &msg)
	}
	return fmt.Errorf("unexpected frame %q", kind)
}

// answer sends the next chunk in return for results. The member that sends the last chunk tells all children that there
// are no more, so that each closes its account with its last result.
func (m *member) answer(c *coordinator) {
	m.mu.Lock()
	lo, hi, ok := c.deal.take()
	if ok {
		m.buf = wire.AppendChunk(m.buf[:0], lo, hi)
		_ = m.send(m.buf) // if the child has gone its output ends, which is reported
	}
	m.mu.Unlock()
	if !ok || hi != c.deal.n {
		return
	}
	noMore := wire.AppendFrame(nil, wire.FrameNoMore)
	for _, other := range c.members {
		other.mu.Lock()
		_ = other.send(noMore)
		other.mu.Unlock()
	}
}

// hear handles one of the messages that are sent once.
func (m *member) hear(c *coordinator, msg *wire.Message) error {
	switch {
	case msg.Failure != nil:
		c.events <- event{m: m, what: hasFailed, err: errors.New(msg.Failure.Error)}
	case msg.Done != nil && len(msg.Done.Processes) == 1:
		m.process = msg.Done.Processes[0]
		m.process.Launched = m.launched
		c.events <- event{m: m, what: isDone}
	case msg.Spans != nil:
		m.spans = append(m.spans, msg.Spans...)
	case msg.End != nil:
		m.end = *msg.End
	default:
		return errors.New("message: not one that a child sends")
	}
	return nil
}

func (m *member) send(frames []byte) error {
	_, err := m.link.Input.Write(frames)
	return err
}

// reap waits for the child to exit and returns how it did.
func (m *member) reap() string {
	if !m.reaped {
		m.reaped = true
		_ = m.cmd.Wait() // how it exited is in its state
	}
	state := m.cmd.ProcessState
	switch {
	case state == nil:
		return "could not be waited for"
	case state.Exited():
		return fmt.Sprintf("exited with status %d", state.ExitCode())
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return fmt.Sprintf("was ended by a signal (%s)", status.Signal())
	}
	return "ended: " + state.String()
}

// A dealer hands out the task list to the children in chunks and counts the results.
type dealer struct {
	n    int
	next func(int) (int, int, bool, error)
	done atomic.Int64
}

func newDealer(n, chunk int) *dealer {
	return &dealer{n: n, next: dealOut(0, n, chunk)}
}

// take returns the next chunk; ok is false if there is none.
func (d *dealer) take() (lo, hi int, ok bool) {
	lo, hi, ok, _ = d.next(0) // dealing from memory does not fail
	return lo, hi, ok
}

// finished counts results and reports whether they were the last.
func (d *dealer) finished(tasks int) bool {
	return d.done.Add(int64(tasks)) == int64(d.n)
}
