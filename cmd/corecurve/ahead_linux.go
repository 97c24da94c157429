package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget drops what was typed on a terminal before a question was asked: lines that are pasted together, of which the
// last is a y, are no consent to what nobody has read.
func forget(in any) {
	if f, ok := in.(*os.File); ok {
		_ = unix.IoctlSetInt(int(f.Fd()), unix.TCFLSH, unix.TCIFLUSH) // what is no terminal has none
	}
}
