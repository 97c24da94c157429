//go:build unix

package proc

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func supported() error { return nil }

// inherit takes over file fd. It makes it non-blocking, so that waiting on it costs a parked goroutine and no thread.
func inherit(fd int, name string) (*os.File, error) {
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("inherited file %d (%s): %w", fd, name, err)
	}
	return os.NewFile(uintptr(fd), name), nil
}
