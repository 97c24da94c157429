package folder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// temporary matches the names of temporary files: that of the file that it becomes, and 16 random characters.
var temporary = pattern.Of(`^\..+\.corecurve-[A-Z2-7]{16}$`)

// Temporary reports whether a file of that name, without its folder, is a temporary one.
func Temporary(name string) bool { return temporary().MatchString(name) }

// WriteFile makes the file name of b, whole or not at all. It replaces what has that name, except a folder; of a
// symlink it replaces the link.
//
// The temporary file is locked as long as it is written, so that [Folder.Tidy] can tell those of processes that were
// killed.
func (f *Folder) WriteFile(name string, b []byte) error {
	if err := f.way(name); err != nil {
		return err
	}
	if info, err := f.root.Lstat(name); err == nil && info.IsDir() {
		return &KindError{name, kind(info.Mode()), "a file"}
	}
	file, temp, err := f.createTemp(name)
	if err != nil {
		return told(name, err)
	}
	if _, err = file.Write(b); err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(told(name, err), file.Close(), f.Remove(temp))
	}
	if err := f.install(file, temp, name); err != nil {
		return errors.Join(told(name, err), f.Remove(temp))
	}
	return nil
}

// createTemp makes a temporary file for name and locks it.
func (f *Folder) createTemp(name string) (*os.File, string, error) {
	for {
		temp := path.Join(path.Dir(name), fmt.Sprintf(".%s.corecurve-%.16s", shortened(path.Base(name)), rand.Text()))
		file, err := f.root.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return nil, "", err
		}
		// Where files cannot be locked, Tidy gets no lock either, and leaves them.
		if err := lock(file); !errors.Is(err, ErrLocked) && f.Same(temp, file) {
			return file, temp, nil
		}
		if err := file.Close(); err != nil { // Tidy was faster, and removes it
			return nil, "", err
		}
	}
}

// shortened returns a part of a file's name that leaves room for more in a name of 255 bytes.
func shortened(base string) string { return strings.ToValidUTF8(base[:min(len(base), 200)], "") }

// Tidy removes the temporary files in the folder name that no process writes any more: those of processes that were
// killed. What cannot be removed stays.
func (f *Folder) Tidy(name string) {
	entries, err := f.ReadDir(name)
	if err != nil || !locks {
		return
	}
	for _, e := range entries {
		if temp := path.Join(name, e.Name()); e.Type().IsRegular() && Temporary(e.Name()) {
			f.removeStale(temp)
		}
	}
}

func (f *Folder) removeStale(temp string) {
	file, err := f.open(temp, os.O_RDWR)
	if err != nil {
		return
	}
	if lock(file) == nil && f.Same(temp, file) {
		_ = f.root.Remove(temp)
	}
	_ = file.Close()
}

// AppendTo writes b, and an empty line before it, behind the end of the file at path, which the user names and which it
// makes where it does not exist. A file that would have more than most bytes is left as it is, as is one that cannot
// take all of b.
func AppendTo(file string, b []byte, most int64) (err error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND|noBlock, 0o666)
	if err != nil {
		return told(file, err)
	}
	defer func() { err = errors.Join(err, told(file, f.Close())) }()
	info, err := f.Stat()
	if err == nil {
		err = mustBeFile(file, info)
	}
	if err != nil {
		return told(file, err)
	}
	if info.Size() > 0 {
		b = append([]byte("\n\n"), b...)
	}
	if all := info.Size() + int64(len(b)); all > most {
		return fmt.Errorf("%s: %d bytes are there, and %d more would be beyond the %d that it may have", file, info.Size(), len(b), most)
	}
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(told(file, err), told(file, f.Truncate(info.Size())))
	}
	return nil
}

// WriteTo makes the file at path of b, whole or not at all. The path is one that the user names: it may lead through
// symlinks, and to a FIFO or a device, which are written to as they are.
func WriteTo(file string, b []byte) error {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return os.WriteFile(file, b, 0o666)
	}
	f, err := Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	err = f.WriteFile(filepath.Base(file), b)
	return errors.Join(err, f.Close())
}
