// Package scratch makes folders for temporary files that do not outlast their process.
//
// A process that is killed removes nothing. So each folder is locked by the process that made it, for as long as that
// lives, and [Clear] removes those that nobody holds. The lock is the kernel's, on the folder itself:
//
//  1. [New] makes a folder and locks it. If another process has cleared it in between, it makes another.
//  2. [Clear] takes the lock of a folder, which it gets only if its process is gone, and removes it.
//
// Rejected: the id of the process in the name, which another process may have by then, also in another container that
// shares the folder for temporary files.
package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// prefix begins the names of the folders. No folder of a study has it: those go on with a hyphen.
const prefix = "corecurve.tmp-"

// Is reports whether name is that of a folder that [New] makes, of this process or another.
func Is(name string) bool { return strings.HasPrefix(name, prefix) }

// A Folder is a folder for temporary files.
type Folder struct {
	Path string
	lock *os.File // nil: there are no locks here
}

// New makes a folder in the system's folder for temporary files.
func New() (*Folder, error) {
	const attempts = 100 // all of them cleared at once: something else removes what is new
	for range attempts {
		path, err := os.MkdirTemp("", prefix)
		if err != nil {
			return nil, fmt.Errorf("no folder for temporary files can be made: %w", err)
		}
		f, err := hold(path)
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, errHeld) && !errors.Is(err, os.ErrNotExist):
			return &Folder{Path: path}, nil // there are no locks here, and so nobody clears it
		}
	}
	return nil, fmt.Errorf("%s: each new folder is removed at once", os.TempDir())
}

// hold locks the folder at path, which must still be there.
func hold(path string) (*Folder, error) {
	f, err := take(path)
	if err != nil {
		return nil, err
	}
	mine, err := f.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = os.Lstat(path); err == nil && !os.SameFile(mine, there) {
			err = os.ErrNotExist
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Folder{Path: path, lock: f}, nil
}

// Remove removes the folder and what is in it.
func (f *Folder) Remove() error {
	err := os.RemoveAll(f.Path)
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	return err
}

// Clear removes the folders of processes that are gone. What cannot be removed stays, for it harms nobody.
func Clear() {
	dir, err := os.Open(os.TempDir())
	if err != nil {
		return
	}
	defer func() { _ = dir.Close() }()
	names, _ := dir.Readdirnames(-1) // those that were read before an error
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		path := filepath.Join(os.TempDir(), name)
		if f, err := hold(path); err == nil {
			_ = f.Remove()
		}
	}
}
