// Package terminal gives the terminal back as it was before a run.
//
// A program may set what its terminal does with what is typed, and ends without setting it back. It may also make its
// own process group the one that the terminal is for: once that has ended, nobody hears an interrupt any more.
package terminal

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// A Terminal is the one that this process was started from, as it was when it was kept. Its nil value is none.
type Terminal struct {
	file *os.File
	was  unix.Termios
}

// Keep returns the terminal that this process is in the foreground of; nil: there is none.
func Keep() *Terminal {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	t := &Terminal{file: f}
	was, err := unix.IoctlGetTermios(t.fd(), unix.TCGETS)
	if err != nil || !t.ours() {
		_ = f.Close()
		return nil
	}
	t.was = *was
	return t
}

// Close forgets the terminal.
func (t *Terminal) Close() {
	if t != nil {
		_ = t.file.Close() // nothing was written to it
	}
}

func (t *Terminal) fd() int { return int(t.file.Fd()) }

// ours reports whether this process is in the foreground.
func (t *Terminal) ours() bool {
	group, err := unix.IoctlGetInt(t.fd(), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// Restore sets the terminal back and reports whether it had to, once all processes of a run have ended. It leaves it
// alone if the user has sent this process to the background meanwhile: the terminal is for another group then, which
// lives.
func (t *Terminal) Restore() (changed bool) {
	if t == nil {
		return false
	}
	if group, err := unix.IoctlGetInt(t.fd(), unix.TIOCGPGRP); err == nil && group != unix.Getpgrp() {
		if unix.Kill(-group, 0) != unix.ESRCH {
			return false
		}
		changed = t.take() == nil
	}
	if now, err := unix.IoctlGetTermios(t.fd(), unix.TCGETS); err == nil && *now != t.was && t.ours() {
		changed = unix.IoctlSetTermios(t.fd(), unix.TCSETS, &t.was) == nil || changed
	}
	return changed
}

// take makes the terminal's group this process's. A process in the background is stopped for that (SIGTTOU) unless its
// thread has blocked the signal; children would inherit that the process ignores it.
func (t *Terminal) take() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var block, old unix.Sigset_t
	block.Val[0] = 1 << (unix.SIGTTOU - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &block, &old); err != nil {
		return err
	}
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil) }() // it was possible before
	return unix.IoctlSetPointerInt(t.fd(), unix.TIOCSPGRP, unix.Getpgrp())
}
