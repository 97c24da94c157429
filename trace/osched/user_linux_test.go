package osched

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched/oschedtest/refuse"
)

// recordAsUser is a job: it records a program for itself and prints the outcome.
func recordAsUser() error {
	runtime.LockOSThread()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return err
	}
	var cpus []int
	for i := range 1024 {
		if set.IsSet(i) {
			cpus = append(cpus, i)
		}
	}
	var file bytes.Buffer
	r, err := Start(cpus, &file, Options{})
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", "sleep 0.1; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done")
	if err := cmd.Start(); err != nil {
		return err
	}
	r.Follow(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		return err
	}
	s, err := r.Stop()
	if err != nil {
		return err
	}
	var on time.Duration
	since := map[int32]clock.Time{}
	reasons := 0
	_, err = Each("own", &file, func(x *Record) error {
		switch x.Kind {
		case In, Exec:
			if since[x.TID] == 0 {
				since[x.TID] = x.Time
			}
		case Out, Preempt, Exit:
			if since[x.TID] != 0 {
				on += time.Duration(x.Time - since[x.TID])
				since[x.TID] = 0
			}
		case Blocked:
			reasons++
		}
		return nil
	})
	ru := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
	fmt.Fprintf(os.Stdout, "%d %s %d %d %v %d\n", os.Getuid(), r.Header.Level, int64(on), int64(cpu), reasons > 0, s.Gaps)
	return err
}

// recordDenied is a job: it has the kernel refuse perf events and then does what recordAsUser does.
func recordDenied() error {
	if err := refuse.PerfEvents(); err != nil {
		return err
	}
	if level, why := Probe(); level == Switches || !errors.Is(why, unix.EPERM) {
		return fmt.Errorf("probe says %q: %w", level, why)
	}
	return recordAsUser()
}

// Where perf events are refused, as containers do, the recording goes one level down and says why.
func TestDenied(t *testing.T) {
	if err := schedstats(); err != nil {
		t.Skip(err)
	}
	out, err := self("denied 0").CombinedOutput()
	if err != nil {
		if strings.Contains(string(out), "seccomp: ") {
			t.Skipf("no seccomp: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), " "+string(Sampled)+" ") {
		t.Errorf("%s", out)
	}
}

// A capture closes what it opens.
func TestNothingLeft(t *testing.T) {
	needSwitches(t)
	files := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	record(t, exec.Command("true"), Options{})
	before := files()
	for range 10 {
		record(t, exec.Command("true"), Options{})
	}
	if after := files(); after > before {
		t.Errorf("%d open files, %d before ten more recordings", after, before)
	}
}

// An ordinary user gets switches, run times and reasons too.
func TestOrdinaryUser(t *testing.T) {
	needSwitches(t)
	if os.Getuid() != 0 {
		t.Skip("this is an ordinary user: all other tests show it")
	}
	text, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil || strings.TrimSpace(string(text)) > "2" {
		t.Skipf("kernel.perf_event_paranoid is %q: users are granted no events", text)
	}
	// The user may not enter the directory that this program lies in.
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "osched")
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "program")
	if err := os.WriteFile(path, program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), jobEnv+"=user 0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var uid int
	var level string
	var on, cpu int64
	var reasons bool
	var gaps int
	if _, err := fmt.Sscan(string(out), &uid, &level, &on, &cpu, &reasons, &gaps); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	t.Logf("as user %d: level %s, on cores %v, wait4 %v, reasons %v",
		uid, level, time.Duration(on), time.Duration(cpu), reasons)
	if uid != 65534 || level != string(Switches) || !reasons {
		t.Errorf("unlike what root gets: %s", out)
	}
	// A hypervisor that takes a CPU away adds to the records what is nobody's time.
	if gaps == 0 && (on < cpu*9/10 || on > cpu*18/10+int64(5*time.Millisecond)) {
		t.Errorf("on cores for another time than wait4 tells, and no switch was lost: %s", out)
	}
}
