package shortage_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/corecurve/corecurve/trace/internal/shortage"
)

// Only what was marked is a shortage of corecurve's, and only what the kernel says is short can be marked.
func TestMark(t *testing.T) {
	for err, want := range map[error]shortage.Kind{
		&os.SyscallError{Syscall: "pipe2", Err: syscall.EMFILE}:             shortage.Files,
		&fs.PathError{Op: "fork/exec", Path: "/x", Err: syscall.EAGAIN}:     shortage.Processes,
		&fs.PathError{Op: "fork/exec", Path: "/x", Err: syscall.ENOMEM}:     shortage.Memory,
		errors.Join(errors.New("a"), fmt.Errorf("b: %w", syscall.ENOSPC)):   shortage.Disk,
		&fs.PathError{Op: "write", Path: "p0.trace", Err: syscall.EFBIG}:    shortage.Disk,
		&fs.PathError{Op: "fork/exec", Path: "/x", Err: syscall.ENOENT}:     "",
		&fs.PathError{Op: "fork/exec", Path: "/x", Err: syscall.EACCES}:     "",
		fmt.Errorf("what the program said: %s", syscall.EMFILE.Error()):     "",
		&shortage.Error{Kind: shortage.Disk, Err: errors.New("said by it")}: shortage.Disk,
	} {
		if _, is := errors.AsType[*shortage.Error](err); !is && shortage.In(err) != "" {
			t.Errorf("%v: %q before it is marked", err, shortage.In(err))
		}
		marked := shortage.Mark(err)
		if got := shortage.In(fmt.Errorf("starting it: %w", marked)); got != want {
			t.Errorf("%v: %q is short, want %q", err, got, want)
		}
		if marked.Error() != err.Error() {
			t.Errorf("marked, %q is %q", err, marked)
		}
	}
	if shortage.Mark(nil) != nil {
		t.Error("no error is marked")
	}
}
