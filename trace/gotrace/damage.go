package gotrace

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// A DamageError says that parts of a trace could not be read. All else was delivered, before and after them.
type DamageError struct {
	Input       string
	Generation  int   // that is damaged, or the first of them, counted from 1
	Generations int   // that are damaged
	Good        int64 // bytes before the damage, or before the first
	Lost        int64 // bytes of generations that could not be read, or not to their end
	Events      int64 // that were delivered of the whole trace
	Err         error // of the first
}

// Error names the input and the place.
func (e *DamageError) Error() string {
	more := ""
	if e.Generations > 1 {
		more = fmt.Sprintf("; %d generations are damaged", e.Generations)
	}
	return fmt.Sprintf("%s: generation %d: damaged after byte %d (%d events read, %d bytes lost): %v%s",
		e.Input, e.Generation, e.Good, e.Events, e.Lost, e.Err, more)
}

// Unwrap returns what the reader below said of the first damage.
func (e *DamageError) Unwrap() error { return e.Err }

// A readError is an error of the reader below, cut to its first line: it can go on with a dump of all its state.
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

// panicError is what the reader below panicked with.
func panicError(p any) error { return fmt.Errorf("broken trace: %v", p) }

// guard is deferred by whatever reads a trace: damaged input must not bring the program down.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = panicError(p)
	}
}

// lose notes that the present generation is not to be had, or not to its end.
func (r *Reader) lose(err error) {
	if r.damage == nil {
		r.damage = &DamageError{Input: r.name, Generation: r.section.number, Good: r.section.start, Err: shorten(err)}
	}
	r.damage.Generations++
	r.damage.Lost += r.section.end - r.section.start
}

// failure says what kept the input from being read to its end.
func (r *Reader) failure() error {
	if r.whole != nil {
		return r.whole.data.err
	}
	return r.input.failure()
}

// finish ends the trace: a last Sync event says so, and then one error tells of everything that is damaged.
func (r *Reader) finish() {
	if !r.ended {
		r.ended = true
		if err := r.failure(); err != nil && (r.damage == nil || !errors.Is(r.damage.Err, err)) {
			r.lose(err)
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
