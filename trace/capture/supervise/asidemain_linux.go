package supervise

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
)

// aside runs the program that this process's arguments name, with its own standard files, and tells what became of it.
// What the program leaves behind may be of use to a run, so it lives on until the tool hangs up.
func (s *supervisor) aside() int {
	if len(os.Args) < 3 {
		return s.fail(errors.New("an aside without a program"))
	}
	hungUp := make(chan struct{})
	s.self.Watch(func() { close(hungUp) })
	c := &exec.Cmd{
		Path: os.Args[1], Args: os.Args[2:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL},
	}
	var err error
	s.forker.Do(func() { err = c.Start() })
	if err != nil {
		return s.fail(shortage.Mark(err))
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = c.Wait() // the state says more
	}()
	select {
	case <-ended:
	case <-hungUp:
		EndChildren()
		return 1
	}
	m := &wire.Message{Done: &wire.Outcome{}}
	if why := endOf(c.ProcessState); why != "" {
		m = &wire.Message{Failure: &wire.Failure{Error: why}}
	}
	if err := wire.WriteMessage(s.self.Output, m); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if len(Children(os.Getpid())) > 0 {
		<-hungUp
	}
	// The tool reads this if it is still there.
	_ = wire.WriteMessage(s.self.Output, &wire.Message{End: &wire.End{Left: EndChildren()}})
	return 0
}

// endOf says how a process ended that did not end well; "": it did.
func endOf(state *os.ProcessState) string {
	ws, ok := state.Sys().(syscall.WaitStatus)
	switch code := state.ExitCode(); {
	case ok && ws.Signaled():
		return "killed by " + unix.SignalName(ws.Signal())
	case code != 0:
		return fmt.Sprintf("exit status %d", code)
	}
	return ""
}
