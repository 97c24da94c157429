// Package proc starts the processes of a run, and is both ends of the line between a process and its starter.
//
// A process gets, besides its standard files:
//
//	3   lifeline: reads end of file when the starter is gone or hangs up, whereupon the process exits at once
//	4   output: what it reports
//	5   input: what it is told (children of a coordinator, and processes that are handed more than one run)
//
// and its [wire.Spec] in the environment. On Linux the kernel also kills it when the thread that started it ends. That
// reaches processes that hang so that none of their goroutines can run, and those that are just being started. It also
// means that the thread must live as long as the processes, which no ordinary thread of a Go program is sure to do: a
// [Forker] keeps one.
package proc

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// Numbers of the inherited files.
const (
	lifelineFD = 3
	outputFD   = wire.OutputFD
	inputFD    = wire.InputFD
)

// A Forker starts processes from a thread of its own, which lives until Close.
type Forker struct {
	calls chan func()
	ended chan struct{}
}

// NewForker starts the thread.
func NewForker() *Forker {
	f := &Forker{calls: make(chan func()), ended: make(chan struct{})}
	go f.serve()
	return f
}

// serve makes the calls on a thread that ends with them.
func (f *Forker) serve() {
	// Never unlocked: the runtime ends the thread with the goroutine, and the thread's affinity, signal mask and
	// children end with it.
	runtime.LockOSThread()
	if onMainThread() {
		// The runtime only parks this one. While it is held, another goroutine gets another.
		go f.serve()
		<-f.ended
		runtime.UnlockOSThread()
		return
	}
	defer close(f.ended)
	for call := range f.calls {
		call()
	}
}

// Do runs fn on the thread and waits for it. Processes started afterwards inherit what fn sets for its thread
// (affinity, performance events).
func (f *Forker) Do(fn func()) {
	done := make(chan struct{})
	f.calls <- func() {
		defer close(done)
		fn()
	}
	<-done
}

// Start attaches cmd to a new link and starts it on the thread.
func (f *Forker) Start(cmd *exec.Cmd, spec wire.Spec) (*Link, error) {
	link, err := Attach(cmd, spec)
	if err != nil {
		return nil, err
	}
	f.Do(func() { err = cmd.Start() })
	link.Started()
	if err != nil {
		link.Close()
		return nil, fmt.Errorf("start %s: %w", spec.Job, err)
	}
	return link, nil
}

// Close ends the thread. On Linux the kernel then kills those of its processes that are still alive.
func (f *Forker) Close() {
	close(f.calls)
	<-f.ended
}

// A Link is the starter's end of the line to one process.
type Link struct {
	Output *os.File // what the process reports
	Input  *os.File // what it is told; nil unless it is a child, or is handed more than one run

	lifeline *os.File
	theirs   []*os.File
}

// Attach makes the pipes for a process that is to do spec's job and adds them, the spec and the parent-death signal to
// cmd. Its other fields are the caller's; ExtraFiles must be empty. The caller starts cmd and then calls
// [Link.Started].
func Attach(cmd *exec.Cmd, spec wire.Spec) (*Link, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	if len(cmd.ExtraFiles) > 0 {
		return nil, errors.New("attach: the command has extra files of its own")
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("attach: %w", err)
	}
	link := &Link{}
	lifeline, err := link.pipe(&link.lifeline, nil)
	if err != nil {
		return nil, err
	}
	output, err := link.pipe(nil, &link.Output)
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{lifeline, output}
	if spec.Job == wire.Child {
		input, err := link.pipe(&link.Input, nil)
		if err != nil {
			return nil, err
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, input)
	}
	if spec.Again {
		input, err := link.socket()
		if err != nil {
			return nil, err
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, input)
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(slices.Clip(cmd.Env), wire.SpecEnv+"="+string(text))
	dieWithParent(cmd)
	return link, nil
}

// pipe makes a pipe, keeps one end in the link (the write end in *w or the read end in *r) and returns the other.
func (l *Link) pipe(w, r **os.File) (*os.File, error) {
	read, write, err := os.Pipe()
	if err != nil {
		l.Started()
		l.Close()
		return nil, fmt.Errorf("attach: %w", err)
	}
	theirs := read
	if w != nil {
		*w = write
	} else {
		*r, theirs = read, write
	}
	l.theirs = append(l.theirs, theirs)
	return theirs, nil
}

// Started closes the starter's copies of the process's ends, so that the starter sees end of file when the process
// ends.
func (l *Link) Started() {
	for _, f := range l.theirs {
		_ = f.Close() // nothing was written to it
	}
	l.theirs = nil
}

// Hangup closes the lifeline: the process exits at once, a service is asked to finish.
func (l *Link) Hangup() {
	if l.lifeline != nil {
		_ = l.lifeline.Close()
		l.lifeline = nil
	}
}

// Close hangs up and closes the pipes.
func (l *Link) Close() {
	l.Hangup()
	for _, f := range []*os.File{l.Output, l.Input} {
		if f != nil {
			_ = f.Close()
		}
	}
}
