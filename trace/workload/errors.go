package workload

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// A TaskError is the failure of one task.
type TaskError struct {
	Task  int
	Err   error
	Stack []byte // where the task panicked; nil if it returned an error
}

// Error names the task and says what went wrong, without the stack.
func (e *TaskError) Error() string { return fmt.Sprintf("task %d: %v", e.Task, e.Err) }

// Unwrap returns what went wrong.
func (e *TaskError) Unwrap() error { return e.Err }

// A PanicError is a panic in the workload's code, or in a task.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the panic's value, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// errGoexit is the failure of code that ended its goroutine.
var errGoexit = errors.New("the goroutine was ended by runtime.Goexit")

// guard calls the workload's code and turns a panic into an error that names what was called.
func guard(what string, f func() error) (err error) {
	done := false
	defer func() {
		if done {
			return
		}
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: %w", what, &PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	err = f()
	done = true
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// report prints err for people, with the stack, which the message to the tool does not carry.
func report(w io.Writer, err error) {
	_, _ = fmt.Fprintf(w, "%v\n", err) // there is nobody else to report to
	if p, ok := errors.AsType[*PanicError](err); ok {
		_, _ = fmt.Fprintf(w, "\n%s", p.Stack)
	} else if t, ok := errors.AsType[*TaskError](err); ok && t.Stack != nil {
		_, _ = fmt.Fprintf(w, "\n%s", t.Stack)
	}
}
