//go:build unix

package sweep

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps a second corecurve from writing the same study. The kernel releases it when the process ends, however it
// ends.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
