package supervise

// A FailedError says how an aside ended that did not end well.
type FailedError struct{ Why string }

func (e *FailedError) Error() string { return e.Why }
