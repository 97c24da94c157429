// Package folder is the only way into the directory of a study, for reading and for writing.
//
// A study is data, whoever made it. A [Folder] wraps an [os.Root], so that no name and no link leads out of the
// directory. It is stricter than a root: it follows no symlink below the directory, and opens regular files only. A
// FIFO, a device or a folder in the place of a file is refused, by name, before it can block or be read without an end.
// Names are slash paths relative to the directory; "..", absolute paths and empty parts are refused. The directory
// itself is what the user names, and may be a symlink.
//
//  1. Each operation checks the name, then with Lstat every folder on the way and the file itself: that gives the error
//     that says what stands there.
//  2. It acts through the root. What is put there between the two steps can make it act on something else inside the
//     directory, never outside.
//  3. A file is opened without blocking and looked at once more after that.
//
// Files are made whole or not at all, by a temporary file and a rename (temp.go), and get the modes that the umask
// leaves. Kernel locks keep two processes from writing one study (lock.go).
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A Folder is a directory, opened.
type Folder struct {
	root *os.Root
	dir  string // absolute
}

// A KindError says that something in a folder is not of the kind that it must be.
type KindError struct {
	Name string // relative to the folder
	Is   string // "a symlink"
	Want string // "a file"
}

func (e *KindError) Error() string { return fmt.Sprintf("%s is %s, not %s", e.Name, e.Is, e.Want) }

// A GoneError says that a folder or a file is not where it was opened.
type GoneError struct{ Path string }

func (e *GoneError) Error() string {
	return fmt.Sprintf("%s is gone: it was removed, renamed or replaced meanwhile", e.Path)
}

// Open opens the directory dir, which must exist.
func Open(dir string) (*Folder, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, told(dir, err)
	}
	if !info.IsDir() { // a root would be opened, and a FIFO be waited for
		return nil, &KindError{dir, kind(info.Mode()), "a folder"}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, told(dir, err)
	}
	return &Folder{root: root, dir: abs}, nil
}

// Make opens the directory dir, which it makes where it does not exist.
func Make(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, told(dir, err)
	}
	return Open(dir)
}

// Close closes the folder. Files that were opened in it stay open.
func (f *Folder) Close() error { return f.root.Close() }

// Dir returns the absolute path of the folder.
func (f *Folder) Dir() string { return f.dir }

// Path returns the absolute path of a name, for other programs.
func (f *Folder) Path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// Present returns a [GoneError] if the path of the folder does not lead to it any more. What is written then reaches
// nobody.
func (f *Folder) Present() error {
	is, err := f.root.Stat(".")
	if err != nil {
		return told(f.dir, err)
	}
	at, err := os.Stat(f.dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(is, at) {
		return &GoneError{f.dir}
	}
	return told(f.dir, err)
}

// Sub opens the folder name, which it makes where it does not exist.
func (f *Folder) Sub(name string) (*Folder, error) {
	if err := f.MkdirAll(name); err != nil {
		return nil, err
	}
	root, err := f.root.OpenRoot(name)
	if err != nil {
		return nil, told(name, err)
	}
	return &Folder{root: root, dir: f.Path(name)}, nil
}

// MkdirAll makes the folder name and those on the way to it, where they do not exist.
func (f *Folder) MkdirAll(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	for _, dir := range append(above(name), name) {
		err := f.root.Mkdir(dir, 0o777)
		if errors.Is(err, fs.ErrExist) {
			err = f.mustBeFolder(dir)
		}
		if err != nil {
			return told(dir, err)
		}
	}
	return nil
}

// RemoveAll removes name, with all that is in it if it is a folder. Of a symlink it removes the link.
func (f *Folder) RemoveAll(name string) error {
	switch err := f.way(name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return told(name, f.root.RemoveAll(name))
}

// Remove removes the file or the empty folder name, if it is there.
func (f *Folder) Remove(name string) error {
	err := f.way(name)
	if err == nil {
		err = told(name, f.root.Remove(name))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// ReadDir lists the folder name; "." is the folder itself.
func (f *Folder) ReadDir(name string) ([]fs.DirEntry, error) {
	shown := f.dir
	if name != "." {
		shown = name
		if err := f.way(name); err != nil {
			return nil, err
		}
		if err := f.mustBeFolder(name); err != nil {
			return nil, err
		}
	}
	file, err := f.root.OpenFile(name, os.O_RDONLY|noBlock, 0)
	if err != nil {
		return nil, told(shown, err)
	}
	defer func() { _ = file.Close() }()
	entries, err := file.ReadDir(-1)
	return entries, told(shown, err)
}

// way checks a name and the folders on the way to it.
func (f *Folder) way(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	for _, dir := range above(name) {
		if err := f.mustBeFolder(dir); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) mustBeFolder(name string) error {
	info, err := f.root.Lstat(name)
	if err != nil {
		return told(name, err)
	}
	if !info.IsDir() {
		return &KindError{name, kind(info.Mode()), "a folder"}
	}
	return nil
}

// checkName refuses what cannot be the name of a file in a folder.
func checkName(name string) error {
	if !Local(name) {
		return fmt.Errorf("%.100q is not the name of a file inside the folder", name)
	}
	return nil
}

// Local reports whether name can be that of a file in a folder: a relative slash path without "..", "." and empty
// parts.
func Local(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return !strings.Contains(name, "\x00") && filepath.IsLocal(filepath.FromSlash(name))
}

// above returns the folders on the way to name, the outermost first.
func above(name string) []string {
	var out []string
	for i := range name {
		if name[i] == '/' {
			out = append(out, name[:i])
		}
	}
	return out
}

// kind says what a mode is the mode of.
func kind(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return "a file"
	case m.IsDir():
		return "a folder"
	case m&fs.ModeSymlink != 0:
		return "a symlink"
	case m&fs.ModeNamedPipe != 0:
		return "a FIFO"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something else"
	}
}

// told names the file of an error as its users know it, and leaves out which system call it was.
func told(name string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	} else if l, ok := errors.AsType[*os.LinkError](err); ok {
		err = l.Err
	}
	if _, is := errors.AsType[*KindError](err); is || err == nil { // which names it
		return err
	}
	return fmt.Errorf("%s: %w", path.Clean(name), err)
}
