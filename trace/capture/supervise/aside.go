package supervise

import "errors"

// ErrGone says that the supervisor of an aside ended before it said what became of the program.
var ErrGone = errors.New("its supervisor, a process of corecurve, is gone")

// A FailedError says how an aside ended that did not end well.
type FailedError struct{ Why string }

func (e *FailedError) Error() string { return e.Why }
