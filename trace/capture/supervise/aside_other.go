//go:build !linux

package supervise

import (
	"context"
	"errors"
	"os/exec"
)

// An Aside is a program that the tool starts beside the measured work. Outside Linux it has no supervisor.
type Aside struct {
	cmd   *exec.Cmd
	ended chan error
}

// Run runs cmd as an aside.
func Run(ctx context.Context, cmd *exec.Cmd) error {
	a, err := Start(cmd)
	if err != nil {
		return err
	}
	defer a.End()
	return a.Wait(ctx)
}

// Start starts cmd. The caller must End it.
func Start(cmd *exec.Cmd) (*Aside, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	a := &Aside{cmd: cmd, ended: make(chan error, 1)}
	go func() { a.ended <- cmd.Wait() }()
	return a, nil
}

// Wait waits until the program has ended, at most until ctx does, which ends it.
func (a *Aside) Wait(ctx context.Context) error {
	select {
	case err := <-a.ended:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = &FailedError{exit.Error()}
		}
		return err
	case <-ctx.Done():
		_ = a.cmd.Process.Kill()
		<-a.ended
		return context.Cause(ctx)
	}
}

// End ends the program if it has not ended; what it left behind cannot be found here.
func (a *Aside) End() (left int) {
	_ = a.cmd.Process.Kill()
	return 0
}

// Adopt does nothing: there is no subreaper.
func Adopt() error { return nil }
