//go:build !unix

package folder

import (
	"io/fs"
	"os"
)

// noBlock is nothing where there are no FIFOs among files.
const noBlock = 0

// locks says that lock tells nothing of others.
const locks = false

// lock does nothing, because this system has no flock.
func lock(*os.File) error { return nil }

// install gives the temporary file its name, which it can only get once it is closed.
func (f *Folder) install(file *os.File, temp, name string) error {
	if err := file.Close(); err != nil {
		return err
	}
	return f.root.Rename(temp, name)
}

// onlyName does not know of other names.
func onlyName(fs.FileInfo) error { return nil }
