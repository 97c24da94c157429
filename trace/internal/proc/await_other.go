//go:build !linux

package proc

import "syscall"

// AwaitEnd returns at once: the wait that reaps a process is all that there is here.
func AwaitEnd(int, func(syscall.Signal)) {}

// WasStopped reports nothing: stops cannot be told here.
func WasStopped(int) bool { return false }
