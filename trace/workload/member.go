package workload

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/digest"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

// A member is the coordinator's side of one child.
type member struct {
	rank     int
	spec     wire.Spec
	cmd      *exec.Cmd
	link     *proc.Link
	in       *wire.FrameReader
	launched clock.Time
	gone     chan struct{} // closed when its output has ended
	reaped   bool
	silenced bool // it was ended because it had closed its end of a pipe

	mu    sync.Mutex // held while a chunk is taken and sent, so that "no more" comes after it
	buf   []byte
	given []chunk // that it has not done yet
	deaf  bool    // it could not be told something

	// Written by serve; read after the event that says so, or after serve has ended.
	ready   bool
	talk    wire.Talk
	results digest.Set
	process wire.Process
	spans   []wire.Span
	end     wire.End
	err     error // why nothing more was read
}

// A chunk is the tasks lo … hi-1.
type chunk struct{ lo, hi int }

// launch starts the child of the given rank.
func (c *coordinator) launch(rank int) (*member, error) {
	spec := *c.spec
	spec.Job, spec.Rank, spec.Traceparent = wire.Child, rank, c.rec.Traceparent()
	cmd := exec.Command(c.program)
	cmd.Env = c.environ
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	m := &member{rank: rank, spec: spec, cmd: cmd, gone: make(chan struct{}), launched: clock.Now()}
	var err error
	if m.link, err = c.forker.Start(cmd, spec); err == nil {
		m.in = wire.NewFrameReader(m.link.Output)
	}
	return m, err
}

// serve reads what the child sends, until its output ends. What no child sends ends the reading: nothing that follows
// it can be trusted.
func (m *member) serve(c *coordinator) {
	defer close(m.gone)
	for {
		kind, payload, err := m.in.Next()
		if err == nil {
			err = m.handle(c, kind, payload)
		}
		switch {
		case errors.Is(err, io.EOF):
			c.events <- event{m: m, what: isGone}
			return
		case err != nil:
			m.err = fmt.Errorf("process %d wrote %w", m.rank, err)
			c.events <- event{m: m, what: hasFailed, err: m.err}
			return
		}
	}
}

func (m *member) handle(c *coordinator, kind wire.FrameKind, payload []byte) error {
	switch kind {
	case wire.FrameReady:
		if m.ready || m.talk.Over() {
			break
		}
		m.ready = true
		c.events <- event{m: m, what: isReady}
		return nil
	case wire.FrameResults:
		lo, hi, records, err := wire.CutRange(payload)
		if err == nil {
			err = m.done(c, lo, hi) // answers first of all, because a worker waits for it
		}
		if err != nil {
			return fmt.Errorf("results on the pipe of corecurve (fd %d) that cannot be: %w", wire.OutputFD, err)
		}
		if err := c.hold(len(records)); err != nil {
			return err
		}
		m.results.Add(lo, hi, records)
		if c.w.Run == nil && c.deal.finished(hi-lo) {
			c.events <- event{m: m, what: allResults}
		}
		return nil
	case wire.FrameMessage:
		msg, err := wire.Decode(payload)
		if err == nil {
			err = m.talk.Hear(&msg)
		}
		if err != nil {
			return fmt.Errorf("a message on the pipe of corecurve (fd %d) that is none of a run: %s",
				wire.OutputFD, limits.Brief(err))
		}
		return m.hear(c, &msg)
	}
	return fmt.Errorf("a frame %q on the pipe of corecurve (fd %d) that comes at the wrong time", kind, wire.OutputFD)
}

// done takes note that the tasks lo … hi-1 are done, which must be of those that the child was given, and answers with
// the next chunk. The member that sends the last chunk tells all children that there are no more, so that each closes
// its account with its last result.
func (m *member) done(c *coordinator, lo, hi int) error {
	if !m.ready || m.talk.Over() {
		return errors.New("they come at the wrong time")
	}
	if c.w.Run != nil {
		if hi != lo+1 {
			return fmt.Errorf("%d results at once", hi-lo)
		}
		return nil
	}
	m.mu.Lock()
	more := false
	ok := m.take(lo, hi)
	var next chunk
	if ok && !c.spec.Static {
		if next.lo, next.hi, more = c.deal.take(); more {
			m.given = append(m.given, next)
			m.buf = wire.AppendChunk(m.buf[:0], next.lo, next.hi)
			m.tell(c, m.buf)
		}
	}
	m.mu.Unlock()
	if !ok {
		return fmt.Errorf("tasks %d-%d were not given to it", lo, hi-1)
	}
	if !more || next.hi != c.deal.n {
		return nil
	}
	noMore := wire.AppendFrame(nil, wire.FrameNoMore)
	for _, other := range c.members {
		other.mu.Lock()
		other.tell(c, noMore)
		other.mu.Unlock()
	}
	return nil
}

// take removes lo … hi-1 from what the child was given: a whole chunk, or the next part of its share of a static split.
// It reports whether they were among it.
func (m *member) take(lo, hi int) bool {
	if lo >= hi {
		return false
	}
	for i := range m.given {
		switch g := &m.given[i]; {
		case g.lo == lo && g.hi == hi:
			*g = m.given[len(m.given)-1]
			m.given = m.given[:len(m.given)-1]
			return true
		case m.spec.Static && g.lo <= lo && hi <= g.hi:
			// The workers of the child send their chunks in any order.
			left, right := chunk{g.lo, lo}, chunk{hi, g.hi}
			*g = left
			if left.lo == left.hi {
				*g = right
			} else if right.lo < right.hi {
				m.given = append(m.given, right)
			}
			return true
		}
	}
	return false
}

// tell sends frames to the child. One that cannot hear them has gone or closed its pipe, which its output would not
// show.
func (m *member) tell(c *coordinator, frames []byte) {
	if err := m.send(frames); err != nil && !m.deaf {
		m.deaf = true
		c.events <- event{m: m, what: isGone}
	}
}

// hear handles one of the messages that are sent once.
func (m *member) hear(c *coordinator, msg *wire.Message) error {
	switch {
	case msg.Failure != nil:
		c.events <- event{m: m, what: hasFailed, err: msg.Failure.Err()}
	case msg.Done != nil:
		if err := msg.Done.Check(&m.spec, m.launched, clock.Now()); err != nil {
			return err
		}
		m.process = msg.Done.Processes[0]
		m.process.Launched = m.launched
		c.events <- event{m: m, what: isDone}
	case msg.Spans != nil:
		if err := limits.Count("", "spans", int64(len(m.spans)+len(msg.Spans)), limits.Spans); err != nil {
			return err
		}
		m.spans = append(m.spans, msg.Spans...)
	case msg.End != nil:
		m.end = *msg.End
	default:
		return errors.New("an address on the pipe of corecurve, which only a service has")
	}
	return nil
}

func (m *member) send(frames []byte) error {
	_, err := m.link.Input.Write(frames)
	return err
}

// partGrace is how long a child may run on once it has closed its end of a pipe, and how long its output may be held
// open by a process that it left behind.
const partGrace = 2 * time.Second

// leave waits until the child has exited and all that it sent has been read. A child that does not hear or speak any
// more is ended.
func (m *member) leave() {
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		m.reap()
	}()
	silent := m.gone
	m.mu.Lock()
	if m.deaf {
		silent = make(chan struct{})
		close(silent)
	}
	m.mu.Unlock()
	ended := false
	select {
	case <-exited:
	case <-silent:
		select {
		case <-exited:
		case <-time.After(partGrace):
			ended = true
			_ = m.cmd.Process.Kill() // it may have gone just now
			<-exited
		}
	}
	m.in.Until(time.Now().Add(partGrace)) //nolint:forbidigo // a deadline of a pipe
	<-m.gone
	m.silenced = ended && m.err == nil
}

// reap waits for the child to exit.
func (m *member) reap() {
	if !m.reaped {
		m.reaped = true
		_ = m.cmd.Wait() // how it exited is in its state
	}
}

// fate says how the child ended, once it has.
func (m *member) fate() string {
	state := m.cmd.ProcessState
	switch {
	case m.silenced:
		return fmt.Sprintf("closed the pipe of corecurve (fd %d or %d)", wire.OutputFD, wire.InputFD)
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
