package threads

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/osched/oschedtest"
)

// spinEnv makes the test binary a Go program that keeps eight Ps busy.
const spinEnv = "THREADS_TEST_SPIN"

func TestMain(m *testing.M) {
	if os.Getenv(spinEnv) == "" {
		os.Exit(m.Run())
	}
	runtime.GOMAXPROCS(8)
	done := make(chan int)
	end := time.Now().Add(700 * time.Millisecond)
	for range 8 {
		go func() {
			n := 0
			for time.Now().Before(end) {
				n++
			}
			done <- n
		}()
	}
	for range 8 {
		<-done
	}
}

// record runs cmd under a recording on two CPUs at most, and skips the test where the level is not to be had.
func record(t *testing.T, cmd *exec.Cmd, o osched.Options) (*Threads, time.Duration) {
	t.Helper()
	level, file := oschedtest.Record(t, cmd, o)
	b := &Builder{Level: level}
	each := func(r *osched.Record) error { b.Add(r); return nil }
	if _, err := osched.Each("test", bytes.NewReader(file), each); err != nil {
		t.Fatal(err)
	}
	ru := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return b.Finish(), time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// agrees compares the time on cores with what wait4 tells: within 1 % and 6 µs for each slice, the cost of a switch
// that the kernel counts with one side and the records with the other. A hypervisor that takes CPUs away adds to the
// records what is nobody's time.
func agrees(t *testing.T, th *Threads, cpu time.Duration) {
	t.Helper()
	if len(th.Gaps) > 0 {
		t.Skipf("records were lost: %+v", th.Warnings)
	}
	n := 0
	for i := range th.Threads {
		n += th.Threads[i].Slices
	}
	off := (onCores(th) - cpu).Abs()
	t.Logf("on cores %v, wait4 %v (%+.2f %%), %d slices, %.2f busy cores", onCores(th), cpu,
		100*(float64(onCores(th))/float64(cpu)-1), n, busyCores(th))
	allowed := cpu/100 + time.Duration(n)*6*time.Microsecond
	if stolen() {
		allowed += cpu / 10
	}
	if off > allowed {
		t.Errorf("threads were on cores for %v, wait4 says %v: off by %v, want %v at most", onCores(th), cpu, off,
			allowed)
	}
}

// stolen reports whether this machine has time taken away at all.
func stolen() bool {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return true
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	f := bytes.Fields(first)
	return len(f) > 8 && string(f[8]) != "0"
}

func compile(t *testing.T, source string) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed")
	}
	out := filepath.Join(t.TempDir(), "program")
	if text, err := exec.Command("gcc", "-O1", "-pthread", "-o", out, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// Four pthreads each count for 0.3 s of CPU time, and take one lock again and again.
func TestPthreads(t *testing.T) {
	th, cpu := record(t, exec.Command(compile(t, "testdata/pthreads.c"), "spin"), osched.Options{})
	check(t, th)
	agrees(t, th, cpu)
	if len(th.Threads) != 5 || th.Processes[0].Threads != 5 || th.Threads[1].Name != "spinner" {
		t.Errorf("%d threads, the second is %q; want main and four called spinner", len(th.Threads), th.Threads[1].Name)
	}
}

// Four pthreads sleep under one lock in turn: each waits for three quarters of the time, on the same futex.
func TestPthreadLock(t *testing.T) {
	th, _ := record(t, exec.Command(compile(t, "testdata/pthreads.c"), "lock"), osched.Options{})
	check(t, th)
	if len(th.Locks) == 0 {
		t.Fatalf("no lock was recognised: %+v", th.Threads)
	}
	l := th.Locks[0]
	if l.Threads != 4 || l.Blocked < time.Second {
		t.Errorf("%+v, want the four threads for about 1.5 s together", l)
	}
}

// Eight Ps on the machine's CPUs: the records say how many cores were busy, not how many Ps.
func TestOversubscribed(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), spinEnv+"=1")
	th, cpu := record(t, cmd, osched.Options{})
	check(t, th)
	agrees(t, th, cpu)
	cpus := len(oschedtest.CPUs())
	if busyCores(th) > float64(cpus)+0.01 {
		t.Errorf("%.2f busy cores of %d", busyCores(th), cpus)
	}
	var ready time.Duration
	for i := range th.Threads {
		ready += th.Threads[i].Ready
	}
	if cpus < 8 && ready < 100*time.Millisecond {
		t.Errorf("threads were ready without a core for %v, want most of the time", ready)
	}
}

const pythonThreads = `
import threading, time
begun = threading.Barrier(4)
def spin():
    begun.wait()
    end = time.time() + 1.2
    while time.time() < end:
        sum(range(1000))
ts = [threading.Thread(target=spin) for _ in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
`

// Threads of Python take turns: one core is busy, and what they wait for is the lock of the interpreter.
func TestPythonGIL(t *testing.T) {
	// That of the system is often linked in another way than one that was installed beside it.
	tried := map[string]bool{}
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		python, err := exec.LookPath(name)
		if err != nil || tried[python] {
			continue
		}
		tried[python] = true
		t.Run(python, func(t *testing.T) { takesTurns(t, python) })
	}
	if len(tried) == 0 {
		t.Skip("python3 is not installed")
	}
}

func takesTurns(t *testing.T, python string) {
	t.Helper()
	const enabled = "import sys; print(getattr(sys, '_is_gil_enabled', lambda: True)())"
	out, err := exec.Command(python, "-c", enabled).Output()
	if err != nil || string(out) != "True\n" {
		t.Skipf("this python3 has no interpreter lock: %s %v", out, err)
	}
	th, cpu := record(t, exec.Command(python, "-c", pythonThreads), osched.Options{})
	check(t, th)
	agrees(t, th, cpu)
	if len(th.Locks) == 0 || th.Locks[0].Name != osched.GIL {
		t.Fatalf("locks %+v, want Python's first", th.Locks)
	}
	if l := th.Locks[0]; l.Threads < 4 || l.Blocked < time.Second {
		t.Errorf("%+v, want four threads, each blocked by it for most of 1.2 s", l)
	}
	if busy := busyCores(th); busy > 1.3 {
		t.Errorf("%.2f busy cores, want about one", busy)
	}
}

// Without switches the kernel's own sums do: the totals agree to within what a thread runs after it was last looked at.
func TestSampledLevel(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), spinEnv+"=1")
	th, cpu := record(t, cmd, osched.Options{Highest: osched.Sampled})
	check(t, th)
	if got := onCores(th); got < cpu/2 || got > cpu*21/20 {
		t.Errorf("%v on cores, wait4 says %v", got, cpu)
	}
	for _, l := range drawn(th).Lanes {
		if l.Kind == timeline.Core {
			t.Errorf("a lane of core %d: no one knows where threads ran", l.ID)
		}
	}
}
