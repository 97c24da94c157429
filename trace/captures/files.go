package captures

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/corecurve/corecurve/trace/gotrace"
)

// Stdin stands for standard input among the paths of [OpenFiles].
const Stdin = "-"

// A File is a Go execution trace from anywhere.
type File struct {
	Name   string          // in errors
	Reader *gotrace.Reader // nil: it could not be opened
	Err    error           // why not
	Size   int64           // bytes of the regular file that could not be opened
	close  func()
}

// A SelectionError says why files cannot be those of one run.
type SelectionError struct{ reason string }

func (e *SelectionError) Error() string { return e.reason }

// OpenFiles opens the Go execution traces of the processes of one run. It fails if none of them can be opened, and with
// a [SelectionError] if one is given twice or has a clock of its own beside others. The caller must close the files.
func OpenFiles(paths []string, stdin io.Reader, o gotrace.Options) ([]File, error) {
	if err := sameTwice(paths); err != nil {
		return nil, err
	}
	o.Together = len(paths)
	files := make([]File, len(paths))
	errs := make([]error, len(paths))
	var opened []*File
	for i, path := range paths {
		f := &files[i]
		f.Name = path
		if path == Stdin {
			f.Name = "standard input"
			if f.Reader, f.Err = gotrace.OpenStream(stdin, f.Name, o); f.Err == nil {
				f.close = f.Reader.Close
			}
		} else {
			f.Reader, f.close, f.Err = OpenTrace(path, path, o)
		}
		if errs[i] = f.Err; f.Err == nil {
			opened = append(opened, f)
		} else if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			f.Size = info.Size()
		}
	}
	if len(opened) == 0 {
		return nil, errors.Join(errs...)
	}
	for _, f := range opened {
		if len(opened) > 1 && !f.Reader.SharedClock() {
			CloseFiles(files)
			return nil, &SelectionError{fmt.Sprintf(
				"%s: a trace of %s has a clock of its own: analyse it alone", f.Name, f.Reader.GoVersion())}
		}
	}
	return files, nil
}

// CloseFiles closes those that were opened.
func CloseFiles(files []File) {
	for _, f := range files {
		if f.Err == nil {
			f.close()
		}
	}
}

// sameTwice refuses a file that is given twice, because it would be counted twice.
func sameTwice(paths []string) error {
	infos := make([]os.FileInfo, len(paths))
	for i, path := range paths {
		if path != Stdin {
			infos[i], _ = os.Stat(path) // opening it tells what is wrong
		}
		for j := range i {
			if path == paths[j] || infos[i] != nil && infos[j] != nil && os.SameFile(infos[i], infos[j]) {
				return &SelectionError{fmt.Sprintf("%s and %s are the same file", paths[j], path)}
			}
		}
	}
	return nil
}
