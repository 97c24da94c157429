//go:build unix

package folder

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noBlock keeps an open from waiting for the other end of a FIFO. Regular files do not know it.
const noBlock = unix.O_NONBLOCK | unix.O_NOCTTY

// locks says that lock tells whether others have a file.
const locks = true

// lock locks file, or returns [ErrLocked] at once.
func lock(file *os.File) error {
	for {
		switch err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return ErrLocked
		default:
			return err
		}
	}
}

// install gives the temporary file its name before the lock ends with its closing, so that nobody takes it for stale.
func (f *Folder) install(file *os.File, temp, name string) error {
	return errors.Join(f.root.Rename(temp, name), file.Close())
}

// onlyName refuses to write into a file that has other names too: they may be outside the folder.
func onlyName(info fs.FileInfo) error {
	if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Nlink > 1 {
		return errors.New("it has other names too (hard links), which may be outside the folder: put a copy in its place")
	}
	return nil
}
