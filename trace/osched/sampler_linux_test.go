package osched

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// collect samples why threads of a process and its descendants are blocked until enough returns true, for two minutes
// at most, and returns what was seen.
func collect(t *testing.T, pid int, enough func([]Record) bool) []Record {
	t.Helper()
	var mu sync.Mutex
	var seen []Record
	s := startSampler(pid, true, func(r *Record) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, *r)
	})
	for range 6000 {
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		done := enough(seen)
		mu.Unlock()
		if done {
			break
		}
	}
	if notes := s.stop(); len(notes) > 0 {
		t.Log(notes)
	}
	return seen
}

// needReasons skips the test where the kernel does not say what a thread of a child waits for.
func needReasons(t testing.TB) {
	t.Helper()
	if _, err := os.ReadFile("/proc/self/syscall"); err != nil {
		t.Skip(err)
	}
}

// The structure is found in a program at a fixed address, in a relocated one, in a stripped one, and in a library;
// another futex of the same program is not taken for it.
func TestPythonRuntime(t *testing.T) {
	needReasons(t)
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed")
	}
	for _, tt := range []struct {
		name  string
		flags []string
	}{
		{"not moved", []string{"-DRUNTIME", "-no-pie"}},
		{"moved", []string{"-DRUNTIME", "-pie", "-fPIE"}},
		{"stripped", []string{"-DRUNTIME", "-pie", "-fPIE", "-rdynamic", "-s"}},
		{"library", []string{"-pie", "-fPIC"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			flags := append([]string{"-pthread", "-o", dir + "/program", "testdata/runtime.c"}, tt.flags...)
			if tt.name == "library" {
				gcc(t, "-shared", "-fPIC", "-DLIBRARY", "-o", dir+"/libpython3.99.so", "testdata/runtime.c")
				flags = append(flags, dir+"/libpython3.99.so", "-Wl,-rpath,"+dir)
			}
			gcc(t, flags...)
			cmd := exec.Command(filepath.Join(dir, "program"))
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var inside, outside uint64
			if _, err := fmt.Fscan(out, &inside, &outside); err != nil {
				t.Fatal(err)
			}
			names := func(records []Record) map[uint64]string {
				m := map[uint64]string{}
				for _, r := range records {
					if r.Reason == Futex {
						m[r.Object] = r.Name
					}
				}
				return m
			}
			seen := collect(t, cmd.Process.Pid, func(r []Record) bool {
				m := names(r)
				_, a := m[inside]
				_, b := m[outside]
				return a && b
			})
			_ = in.Close()
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			m := names(seen)
			if name, ok := m[inside]; !ok || name != GIL {
				t.Errorf("the wait inside the runtime at %#x is called %q, in %v", inside, name, m)
			}
			if name, ok := m[outside]; !ok || name != "" {
				t.Errorf("the wait outside at %#x is called %q, in %v", outside, name, m)
			}
		})
	}
}

func gcc(t *testing.T, args ...string) {
	t.Helper()
	if text, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc %v: %v\n%s", args, err, text)
	}
}

// A shell waits for its child and the child sleeps: both are seen, although only the shell was named.
func TestReasonsOfATree(t *testing.T) {
	needReasons(t)
	cmd := exec.Command("sh", "-c", "sleep 100; true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := int32(cmd.Process.Pid)
	var child int32
	seen := collect(t, int(pid), func(records []Record) bool {
		waits := false
		for _, r := range records {
			waits = waits || r.PID == pid && r.Reason == Child
			if r.PID != pid && r.Reason == Sleeping {
				child = r.PID
			}
		}
		return waits && child != 0
	})
	if child == 0 {
		t.Errorf("no sleeping child of %d among %d samples", pid, len(seen))
	} else if err := unix.Kill(int(child), unix.SIGKILL); err != nil {
		t.Error(err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// A program that reads its input from a pipe is seen to wait for the pipe.
func TestReasonsOfFiles(t *testing.T) {
	needReasons(t)
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := func(r Record) bool { return r.Reason == Reading && r.Object == 0 && r.Name == "pipe" }
	seen := collect(t, cmd.Process.Pid, func(records []Record) bool {
		return len(records) > 0 && read(records[len(records)-1])
	})
	if len(seen) == 0 || !read(seen[len(seen)-1]) {
		t.Errorf("%+v", seen)
	}
	_ = in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// The numbers in the table are those of this machine's kernel.
func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		call int
		want Reason
	}{
		{unix.SYS_FUTEX, Futex},
		{unix.SYS_FUTEX_WAITV, Futex},
		{unix.SYS_FUTEX_WAIT, Futex},
		{unix.SYS_NANOSLEEP, Sleeping},
		{unix.SYS_CLOCK_NANOSLEEP, Sleeping},
		{unix.SYS_READ, Reading},
		{unix.SYS_PREAD64, Reading},
		{unix.SYS_RECVFROM, Reading},
		{unix.SYS_RECVMSG, Reading},
		{unix.SYS_ACCEPT4, Reading},
		{unix.SYS_WRITE, Writing},
		{unix.SYS_WRITEV, Writing},
		{unix.SYS_SENDTO, Writing},
		{unix.SYS_SENDFILE, Writing},
		{unix.SYS_CONNECT, Writing},
		{unix.SYS_PPOLL, Polling},
		{unix.SYS_PSELECT6, Polling},
		{unix.SYS_EPOLL_PWAIT, Polling},
		{unix.SYS_EPOLL_PWAIT2, Polling},
		{unix.SYS_FSYNC, Syncing},
		{unix.SYS_FDATASYNC, Syncing},
		{unix.SYS_WAIT4, Child},
		{unix.SYS_WAITID, Child},
		{unix.SYS_FLOCK, FileLock},
		{unix.SYS_FCNTL, FileLock},
		{unix.SYS_RT_SIGSUSPEND, Signal},
		{unix.SYS_GETPID, Other},
		{-1, Fault},
	} {
		if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
			t.Skip("no table for " + runtime.GOARCH)
		}
		if got := classify(runtime.GOARCH, tt.call); got != tt.want {
			t.Errorf("call %d: %v, want %v", tt.call, got, tt.want)
		}
	}
	if got := classify("riscv64", 0); got != Other {
		t.Errorf("an architecture without a table: %v", got)
	}
}

// When perf events are denied the next level is used, and the kernel's reason noted.
func TestFallback(t *testing.T) {
	var file strings.Builder
	r, err := Start([]int{1 << 20}, &file, Options{}) // a CPU that does not exist
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Stop()
	if err != nil {
		t.Fatal(err)
	}
	if r.Header.Level == Switches || len(s.Notes) == 0 || !strings.Contains(s.Notes[0], "CPU 1048576") {
		t.Errorf("level %q, notes %q", r.Header.Level, s.Notes)
	}
	if r.Header.Level.Cannot() == "" {
		t.Errorf("nothing is missing at level %q", r.Header.Level)
	}
	h, err := Each("x", strings.NewReader(file.String()), func(*Record) error { return nil })
	if err != nil || h.Level != r.Header.Level {
		t.Errorf("read again: %+v, %v", h, err)
	}
}
