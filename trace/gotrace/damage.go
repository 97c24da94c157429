package gotrace

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// A DamageError says that parts of a trace could not be read. Everything before and after them was delivered.
type DamageError struct {
	Input       string
	Generation  int   // the first that is damaged, counted from 1
	Generations int   // how many are damaged
	Good        int64 // bytes before the first damage
	Lost        int64 // bytes of generations that could not be read, or not to their end
	Events      int64 // events delivered of the whole trace
	Err         error // the error of the first
}

// Error names the input and the place.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s: generation %d: damaged after byte %d (%d events read, %d bytes lost): %v%s",
		e.Input, e.Generation, e.Good, e.Events, e.Lost, e.Err, e.more())
}

// Reason is the error of the first damage and its generation, without the input and the extent.
func (e *DamageError) Reason() string {
	return fmt.Sprintf("generation %d: %v%s", e.Generation, e.Err, e.more())
}

func (e *DamageError) more() string {
	if e.Generations > 1 {
		return fmt.Sprintf("; %d generations are damaged", e.Generations)
	}
	return ""
}

// Unwrap returns the error of the first damage.
func (e *DamageError) Unwrap() error { return e.Err }

// A readError is an error of golang.org/x/exp/trace, cut to its first line, because a dump of all its state may follow.
type readError struct {
	text string
	err  error
}

func (e *readError) Error() string { return e.text }
func (e *readError) Unwrap() error { return e.err }

func shorten(err error) error {
	text, rest, _ := strings.Cut(err.Error(), "\n")
	if rest == "" {
		return err
	}
	return &readError{text: strings.TrimSuffix(strings.TrimSpace(text), ":"), err: err}
}

// panicError returns an error for what reading a broken trace panicked with.
func panicError(p any) error { return fmt.Errorf("broken trace: %v", p) }

// guard turns a panic into an error. Whatever reads a trace defers it, because damaged input must not bring the program
// down.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = panicError(p)
	}
}

// lose records that the current generation cannot be read, or not to its end.
func (r *Reader) lose(err error) {
	if r.damage == nil {
		r.damage = &DamageError{Input: r.name, Generation: r.section.number, Good: r.section.start, Err: shorten(err)}
	}
	if e := (anotherError{}); r.damage.Generations > 0 && errors.As(err, &e) { // of all damage a reader must know this
		r.damage.Err = fmt.Errorf("%w; %w", r.damage.Err, err)
	}
	r.damage.Generations++
	r.damage.Lost += r.section.end - r.section.start
}

// failure returns what kept the input from being read to its end.
func (r *Reader) failure() error {
	if r.whole != nil {
		return r.whole.data.err
	}
	return r.input.failure()
}

// finish ends the trace: it delivers a last Sync event, and then one error that describes all damage.
func (r *Reader) finish() {
	if !r.ended {
		r.ended = true
		if err := r.failure(); err != nil && (r.damage == nil || !errors.Is(r.damage.Err, err)) {
			if r.damage == nil {
				r.lose(err)
			} else { // what is lost is counted
				r.damage.Err = fmt.Errorf("%w; %w", r.damage.Err, err)
			}
		}
		if r.events > 0 && (r.whole == nil || !r.whole.synced) {
			r.last++
			*r.buffer.extend() = Event{Time: r.last, Kind: Sync, G: None, P: None, M: None, Subject: None}
			r.events++
			return
		}
	}
	r.err = io.EOF
	if r.damage != nil {
		r.damage.Events = r.events
		r.err = r.damage
	}
}
