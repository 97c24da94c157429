package folder

import (
	"errors"
	"io/fs"
	"os"
)

// Open opens the regular file name for reading.
func (f *Folder) Open(name string) (*os.File, error) { return f.open(name, os.O_RDONLY) }

// Create makes the file name, which must not exist, for writing.
func (f *Folder) Create(name string) (*os.File, error) {
	return f.open(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
}

// Append opens the file name for writing behind its end. It makes the file where it does not exist.
func (f *Folder) Append(name string) (*os.File, error) {
	return f.open(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
}

// Stat describes the regular file name.
func (f *Folder) Stat(name string) (fs.FileInfo, error) {
	if err := f.way(name); err != nil {
		return nil, err
	}
	info, err := f.root.Lstat(name)
	if err != nil {
		return nil, told(name, err)
	}
	return info, mustBeFile(name, info)
}

// open opens a regular file. Opening a device may already act on it, and opening a FIFO waits for its other end, so
// they are refused before; what is put there meanwhile is refused after.
func (f *Folder) open(name string, flag int) (*os.File, error) {
	_, err := f.Stat(name)
	if err != nil && (flag&os.O_CREATE == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	file, err := f.root.OpenFile(name, flag|noBlock, 0o666)
	if err != nil {
		return nil, told(name, err)
	}
	info, err := file.Stat()
	if err == nil {
		err = mustBeFile(name, info)
	}
	if err == nil && flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		err = onlyName(info)
	}
	if err != nil {
		return nil, errors.Join(told(name, err), file.Close())
	}
	return file, nil
}

func mustBeFile(name string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return &KindError{name, kind(info.Mode()), "a file"}
	}
	return nil
}
