package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/capture/orphans"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A conn is a process of a run with its lifeline and the messages that it sends.
type conn struct {
	cmd      *exec.Cmd
	link     *proc.Link
	spec     wire.Spec
	in       *wire.MessageReader
	begun    clock.Time // just before the fork
	messages chan message
	exited   chan struct{}   // closed once the process has exited
	ended    chan clock.Time // receives when it has, and is reaped
	stopped  chan struct{}   // receives if a signal stops it
	killed   bool            // it was ended here

	// Of a supervisor, from the end of its last run on:
	waits bool          // for the next run
	run   time.Duration // CPU time, in that run, of it and of all that it waited for
	used  time.Duration // and in all so far
}

// A message is one that a process sent, with the time of its arrival, or the reason why no more can be read.
type message struct {
	wire.Message
	at  clock.Time
	err error
}

// connect prepares a process of the run's program; start starts it.
func (l *launch) connect(program Program, spec wire.Spec) (*conn, error) {
	c := &conn{
		cmd: exec.Command(program.Argv[0], program.Argv[1:]...), spec: spec,
		messages: make(chan message, 16), exited: make(chan struct{}),
	}
	c.cmd.Env = append(orphans.Mark(l.span.environ(os.Environ())), "GOMAXPROCS="+strconv.Itoa(l.run.Point.GOMAXPROCS()))
	ownGroup(c.cmd)
	var err error
	c.link, err = proc.Attach(c.cmd, spec)
	if spec.Job == wire.Command {
		outliveTool(c.cmd)
	}
	return c, err
}

// start forks the process, confined to cpus (nil: as the tool is), begins to read what it sends, and returns the time
// just before the fork. It calls ready, if not nil, on the forking thread before that.
func (c *conn) start(f *proc.Forker, cpus []int, ready func()) (at clock.Time, err error) {
	f.Do(func() {
		if ready != nil {
			ready()
		}
		err = confined(cpus, func() error {
			at = clock.Now()
			return c.cmd.Start()
		})
	})
	c.link.Started()
	if err != nil {
		c.link.Close()
		close(c.messages)
		return 0, err
	}
	c.in, c.begun = wire.NewMessageReader(c.link.Output), at
	go c.read()
	return at, nil
}

// silence is how long a process may run on once it has closed its output without an outcome.
const silence = 2 * time.Second

// read passes on messages until the process has closed its end, waits for its next run, or has sent what is no message:
// nothing that follows it can be trusted.
func (c *conn) read() {
	defer close(c.messages)
	waits := false
	defer func() {
		if !waits {
			_ = c.link.Output.Close()
		}
	}()
	for over := false; ; {
		m, err := c.in.Next()
		at := c.in.Arrived() // before its JSON was decoded
		if errors.Is(err, io.EOF) {
			if !over {
				c.missed()
			}
			return
		}
		if err == nil && m.Done != nil {
			err = m.Done.Check(&c.spec, c.begun, at)
		}
		if err != nil {
			c.messages <- message{at: at, err: fmt.Errorf("the program wrote %w", err)}
			return
		}
		over = over || m.Done != nil || m.Failure != nil
		c.messages <- message{Message: m, at: at}
		if waits = m.End != nil && c.spec.Again; waits {
			return
		}
	}
}

// missed reports a process that has closed its output without an outcome and runs on.
func (c *conn) missed() {
	select {
	case <-c.exited:
	case <-time.After(silence):
		c.messages <- message{at: clock.Now(), err: fmt.Errorf(
			"the program closed the pipe of corecurve (fd %d) before it gave a result, and ran on", wire.OutputFD)}
	}
}

// gone bounds the reading once the process has exited: what it sent is in the pipe already, but a process that it left
// behind may hold the other end open.
func (c *conn) gone() {
	close(c.exited)
	c.in.Until(time.Now().Add(time.Second))
}

// A service is the running service process of a run.
type service struct {
	conn *conn
	addr string
}

// beside returns the CPU time so far of what belongs to a run and is not confined to its CPUs: of corecurve and of the
// run's service, nil if it has none.
func (s *service) beside() time.Duration {
	t := ownCPU()
	if s != nil {
		t += processCPU(s.conn.cmd.Process.Pid)
	}
	return t
}

// serviceStart is how long a service may take to give its address, serviceEnd how long it may take to end once its
// lifeline is cut.
const (
	serviceStart = 10 * time.Second
	serviceEnd   = 2 * time.Second
)

// startService starts the workload's service, on any core, and waits for its address.
func (l *launch) startService(ctx context.Context, program Program) error {
	c, err := l.connect(program, l.spec(wire.Service))
	if err != nil {
		return err
	}
	c.cmd.Stdout, c.cmd.Stderr = l.stderr.w, l.stderr.w
	if _, err := c.start(l.r.forker, nil, nil); err != nil {
		return err
	}
	l.service = &service{conn: c}
	return l.service.await(ctx)
}

// await waits for the address of the service.
func (s *service) await(ctx context.Context) error {
	late := time.NewTimer(serviceStart)
	defer late.Stop()
	select {
	case m, ok := <-s.conn.messages:
		switch {
		case !ok:
			return errors.New("it ended before it gave its address")
		case m.err != nil:
			return m.err
		case m.Failure != nil:
			m.Failure.Error = strings.TrimPrefix(m.Failure.Error, "service: ")
			return m.Failure.Err()
		case m.Serving != nil:
			s.addr = *m.Serving
			return nil
		}
		return errors.New("it sent something other than its address")
	case <-late.C:
		return fmt.Errorf("it gave no address within %v", serviceStart)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end ends the service, with ctx at the latest, and returns what it was as a process of its run.
func (s *service) end(ctx context.Context) sweep.Process {
	ctx, cancel := context.WithTimeout(ctx, serviceEnd)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { endGroup(s.conn.cmd.Process.Pid) })
	s.conn.link.Hangup()
	_ = s.conn.cmd.Wait() // it ends because it is told to, so how does not matter
	stop()
	var used resources
	usage(s.conn.cmd.ProcessState, &used)
	return sweep.Process{
		Role: sweep.Service, Rank: -1, PID: s.conn.cmd.Process.Pid,
		User: sweep.Seconds(used.user), Sys: sweep.Seconds(used.sys),
	}
}
