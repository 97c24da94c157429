package folder

import (
	"errors"
	"fmt"
	"os"
)

// ErrLocked is the error of a file that another process has locked.
var ErrLocked = errors.New("another process has locked it")

// Lock opens the file name for reading and writing and locks it against other processes that do the same. It makes the
// file where it does not exist. The kernel ends the lock when the file is closed or the process ends, however it ends.
// The lock is on the file, not on its name: [Folder.Same] tells whether they still go together.
func (f *Folder) Lock(name string) (*os.File, error) {
	for {
		file, err := f.open(name, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			return nil, errors.Join(lockError(name, err), file.Close())
		}
		if f.Same(name, file) {
			return file, nil
		}
		if err := file.Close(); err != nil { // it was replaced before it was locked
			return nil, err
		}
	}
}

// Same reports whether name is the file that is open.
func (f *Folder) Same(name string, file *os.File) bool {
	at, err := f.root.Lstat(name)
	if err != nil {
		return false
	}
	is, err := file.Stat()
	return err == nil && os.SameFile(at, is)
}

// lockError says why a file could not be locked.
func lockError(name string, err error) error {
	if errors.Is(err, ErrLocked) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Errorf("%s cannot be locked, so nothing would keep a second process from writing the study "+
		"(some network file systems have no locks): %w", name, err)
}
