package capture

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/internal/shortage"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/sweep"
)

// wantShortage fails the test unless err is a shortage of that kind, and says so.
func wantShortage(t *testing.T, err error, kind shortage.Kind, says ...string) {
	t.Helper()
	if _, is := errors.AsType[*ShortageError](err); !is || shortage.In(err) != kind {
		t.Errorf("error %v, want a shortage of %s", err, kind)
		return
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}

// A tool that may open no more files makes no run, whatever the file was for: no failure of the program is recorded.
func TestFilesAreShort(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "0.01")
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []sweep.Point{point("naps", 1, 1, 1, 1), point("sleeps", 1, 1, 1, 1), point("broken", 1, 1, 1, 1)} {
		for _, kind := range []sweep.Kind{sweep.Timed, sweep.Traced} {
			for more := uint64(1); more < 12; more += 2 {
				now := unix.Rlimit{Cur: uint64(len(open)) + more, Max: old.Max}
				if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &now); err != nil {
					t.Fatal(err)
				}
				res, err := r.run(t.Context(), sweep.Run{Point: p, Kind: kind})
				if e := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); e != nil {
					t.Fatal(e)
				}
				if err != nil {
					wantShortage(t, err, shortage.Files, "ulimit -n", "no failure of the program")
				} else if res.Status != sweep.OK && p.Workload != "broken" {
					t.Errorf("%s with %d more files is %s: %s", p, more, res.Status, res.Error)
				}
			}
		}
	}
}

// What processes of corecurve lack is told apart from what programs lack: by what they send, or by how the runtime
// ends them.
func TestToldShortages(t *testing.T) {
	l := &launch{}
	l.take(message{Message: wire.Message{Failure: &wire.Failure{Error: "no more files: too many open files"}}})
	if l.short != nil || l.res.Status != sweep.Failed {
		t.Errorf("%s, short of %v; want the failure of a program", l.res.Status, l.short)
	}
	l = &launch{}
	l.take(message{Message: wire.Message{Failure: &wire.Failure{Error: "copy 3", Short: shortage.Processes}}})
	if l.res.Error != "" {
		t.Errorf("%s: %s", l.res.Status, l.res.Error)
	}
	wantShortage(t, &ShortageError{l.short}, shortage.Processes, "copy 3", "ulimit -u")

	threads := "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n"
	memory := "started\nruntime: out of memory: cannot allocate 4194304-byte block (%d in use)\nfatal error: out of memory\n"
	for _, tt := range []struct {
		crash   string
		command bool
		code    int
		kind    shortage.Kind
	}{
		{threads, false, 2, shortage.Processes},
		{threads, true, 2, shortage.Processes},
		{threads, true, 1, ""},
		{fmt.Sprintf(memory, 3866624), false, 2, shortage.Memory},
		{fmt.Sprintf(memory, 3866624), true, 2, shortage.Memory},
		{fmt.Sprintf(memory, 3866624), true, 3, ""},
		{fmt.Sprintf(memory, 1<<30), false, 2, ""}, // of the workload
		{"runtime: out of memory: cannot allocate nothing", false, 2, ""},
		{"it says: runtime: out of memory: cannot allocate 4-byte block (4 in use)", false, 2, ""},
	} {
		l := judgement{isCommand: tt.command}
		l.res.Status, l.res.ExitCode = sweep.Failed, tt.code
		if l.crashed([]byte(tt.crash), false); shortage.In(l.short) != tt.kind {
			t.Errorf("a process that ended with %d after %q: short of %v", tt.code, tt.crash, l.short)
		}
	}
}

// A disk that is full makes no traced run: what is there of its captures is removed, and a later one is whole.
func TestDiskIsShort(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	r := newRunner(t)
	sleeps(t, r, "0.01")
	j, err := sweep.CreateStudy(filepath.Join(dir, "study"), sweep.Header{Schema: sweep.StudySchema})
	if err != nil {
		t.Fatal(err)
	}
	small, err := New(j, host.Describe(host.Options{}), r.settings, r.programs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		small.Close(t.Context())
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}()
	filler := filepath.Join(dir, "filler")
	for _, p := range []sweep.Point{point("naps", 1, 2, 2, 8), point("naps", 2, 1, 2, 8), point("sleeps", 1, 1, 1, 1)} {
		for _, left := range []int{0, 4 << 10, 16 << 10} {
			if err := os.WriteFile(filler, make([]byte, 2<<20), 0o644); err == nil {
				t.Fatal("the disk is larger than it should be")
			}
			info, err := os.Stat(filler)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(filler, info.Size()-int64(left)); err != nil {
				t.Fatal(err)
			}
			_, err = small.run(t.Context(), sweep.Run{Point: p, Kind: sweep.Traced})
			wantShortage(t, err, shortage.Disk, "make room")
			if _, err := os.Stat(filepath.Join(j.Dir, "runs", sweep.Run{Point: p, Kind: sweep.Traced}.Dir())); err == nil {
				t.Errorf("%s left its captures on a full disk", p)
			}
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if res := mustRun(t, small, p, sweep.Traced); res.Status != sweep.OK || len(res.Captures) == 0 {
			t.Errorf("%s with room: %s: %s", p, res.Status, res.Error)
		}
	}
}
