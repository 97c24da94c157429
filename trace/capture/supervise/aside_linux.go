package supervise

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/corecurve/corecurve/trace/capture/orphans"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// An Aside is a program that the tool starts beside the measured work: one that prepares a run or cleans up after it,
// the go command, a benchmark's first run. It has a supervisor of its own, so that it ends with the tool, and all that
// it started with it, even if the tool is killed.
type Aside struct {
	cmd     *exec.Cmd
	link    *proc.Link
	answers chan answer
	gone    chan struct{} // closed when the supervisor has exited
	left    int
}

// An answer is what became of the program; nothing: its supervisor is gone.
type answer struct {
	failed *wire.Failure
	ok     bool
}

const (
	// hangupGrace is how long the supervisor may take to end what it supervises.
	hangupGrace = 200 * time.Millisecond
	// pipeGrace is how long a process that escaped may hold the program's output open.
	pipeGrace = time.Second
)

// Run runs cmd as an aside. When it has ended, or ctx ends before, whatever it left behind is ended.
func Run(ctx context.Context, cmd *exec.Cmd) error {
	a, err := Start(cmd)
	if err != nil {
		return err
	}
	defer a.End()
	return a.Wait(ctx)
}

// Start starts cmd, which must not have been started and is not to be used any more, as an aside. The caller must End
// it.
func Start(cmd *exec.Cmd) (*Aside, error) {
	if cmd.Err != nil {
		return nil, cmd.Err
	}
	if proc.Part() {
		return nil, errors.New("a process of a run starts nothing beside it")
	}
	own, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("own executable: %w", err)
	}
	a := &Aside{cmd: cmd, answers: make(chan answer, 1), gone: make(chan struct{})}
	// The words go as they are, because JSON has none that are not UTF-8.
	cmd.Args = append([]string{own, cmd.Path}, cmd.Args...)
	cmd.Path = own
	cmd.Env = orphans.Mark(cmd.Environ())
	cmd.WaitDelay = pipeGrace
	if a.link, err = proc.Attach(cmd, wire.Spec{Job: wire.Aside}); err != nil {
		return nil, shortage.Mark(err)
	}
	// Its own group, because an interrupt from the terminal is for the tool; and no parent-death signal: it could not
	// clean up after one.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Start()
	a.link.Started()
	if err != nil {
		a.link.Close()
		return nil, shortage.Mark(err)
	}
	go a.read()
	go func() {
		_ = cmd.Wait() // what became of the program is in its supervisor's answer
		close(a.gone)
	}()
	return a, nil
}

// read passes on what became of the program, and keeps how many processes it left behind.
func (a *Aside) read() {
	defer close(a.answers)
	for r := wire.NewMessageReader(a.link.Output); ; {
		m, err := r.Next()
		switch {
		case err != nil:
			return
		case m.Failure != nil, m.Done != nil:
			a.answers <- answer{m.Failure, true}
		case m.End != nil:
			a.left = m.End.Left
			return
		}
	}
}

// Wait waits until the program has ended, at most until ctx does. It returns a [FailedError] if the program did not end
// well, and the cause of ctx if it had to be ended.
func (a *Aside) Wait(ctx context.Context) error {
	select {
	case got := <-a.answers:
		switch {
		case !got.ok:
			return ErrGone
		case got.failed != nil && got.failed.Short != "":
			return got.failed.Err()
		case got.failed != nil:
			return &FailedError{got.failed.Error}
		}
		return nil
	case <-ctx.Done():
		a.hangup()
		return context.Cause(ctx)
	}
}

// End ends what the program left behind, and the program if it has not ended, and returns how many processes that were.
func (a *Aside) End() (left int) {
	a.hangup()
	for range a.answers { // until all that was sent is read
	}
	a.link.Close()
	return a.left
}

// hangup has the supervisor end everything, and waits for that.
func (a *Aside) hangup() {
	a.link.Hangup()
	late := time.AfterFunc(hangupGrace, func() { _ = a.cmd.Process.Kill() })
	defer late.Stop()
	<-a.gone
	_ = a.link.Output.SetReadDeadline(time.Now().Add(pipeGrace))
}
