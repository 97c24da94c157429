// Package shortage tells what corecurve itself lacks apart from the failures of the programs that it runs. A run that
// could not be made for want of files, processes, memory or disk says nothing of its program.
package shortage

import (
	"errors"
	"slices"
	"syscall"
)

// A Kind is what is short; empty: nothing.
type Kind string

// What may be short.
const (
	Files     Kind = "open files"
	Processes Kind = "processes"
	Memory    Kind = "memory"
	Disk      Kind = "disk space"
)

// errnos are how the kernel says so. EAGAIN is of fork and of the making of threads only where the caller did just
// that.
func errnos() map[Kind][]syscall.Errno {
	return map[Kind][]syscall.Errno{
		Files:     {syscall.EMFILE, syscall.ENFILE},
		Processes: {syscall.EAGAIN},
		Memory:    {syscall.ENOMEM},
		Disk:      {syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG},
	}
}

// An Error is an error of what corecurve did itself, for want of something.
type Error struct {
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Mark returns err, which is of something that corecurve did itself, as an [Error] if the kernel says that something is
// short, and unchanged otherwise.
func Mark(err error) error {
	if In(err) != "" {
		return err
	}
	for kind, list := range errnos() {
		if slices.ContainsFunc(list, func(e syscall.Errno) bool { return errors.Is(err, e) }) {
			return &Error{kind, err}
		}
	}
	return err
}

// In returns what the shortage in err, which was marked, is of; empty if it is none. An error of a program that has no
// files left is none.
func In(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}
