package pulse_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/pulse"
	"github.com/corecurve/corecurve/trace/clock"
)

// TestMain is also the process that is made to stand still: it says what it felt since the last line that it read.
func TestMain(m *testing.M) {
	if os.Getenv("PULSE_TEST") == "" {
		os.Exit(m.Run())
	}
	p := pulse.Start()
	since := clock.Now()
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		s, is := p.Since(since)
		since = clock.Now() // before the test can go on to stop this process
		fmt.Println(is, int(s.Why), s.For.Milliseconds())
	}
	p.Stop()
}

// A watched is such a process.
type watched struct {
	t   *testing.T
	pid int
	in  *os.File
	out *bufio.Reader
}

func start(t *testing.T) *watched {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PULSE_TEST=1")
	r, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin = r
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	t.Cleanup(func() { // before its cgroup is removed
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	w := &watched{t, cmd.Process.Pid, in, bufio.NewReader(out)}
	w.line()
	return w
}

func (w *watched) line() string {
	w.t.Helper()
	s, err := w.out.ReadString('\n')
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimSpace(s)
}

// felt is what the process has felt since it was last asked.
func (w *watched) felt() (is bool, why pulse.Why, ms int64) {
	w.t.Helper()
	if _, err := fmt.Fprintln(w.in); err != nil {
		w.t.Fatal(err)
	}
	if _, err := fmt.Sscan(w.line(), &is, (*int)(&why), &ms); err != nil {
		w.t.Fatal(err)
	}
	return is, why, ms
}

// waited is how long its threads have waited for a core in all, by /proc/PID/task/TID/schedstat.
func (w *watched) waited() (sum time.Duration) {
	w.t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", w.pid))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range files {
		var on, waited time.Duration
		if b, err := os.ReadFile(f); err == nil { // the thread lives, and the kernel tells
			_, _ = fmt.Sscan(string(b), (*int64)(&on), (*int64)(&waited))
		}
		sum += waited
	}
	return sum
}

func (w *watched) signal(s unix.Signal) {
	w.t.Helper()
	if err := unix.Kill(w.pid, s); err != nil {
		w.t.Fatal(err)
	}
}

// A process that a signal stops knows it when it is asked next.
func TestStopped(t *testing.T) {
	w := start(t)
	if is, why, ms := w.felt(); is {
		t.Errorf("it stood still for %d ms (%d) before it was stopped", ms, why)
	}
	for _, d := range []time.Duration{20 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond} {
		w.signal(unix.SIGSTOP)
		time.Sleep(d)
		w.signal(unix.SIGCONT)
		is, why, ms := w.felt()
		if !is || why != pulse.Stopped || ms < d.Milliseconds()-1 {
			t.Errorf("stopped for %v, it felt %v, %d, for %d ms", d, is, why, ms)
		}
		if is, why, ms := w.felt(); is {
			t.Errorf("it stood still again, for %d ms (%d)", ms, why)
		}
	}
}

// However short a signal stops a process, it knows.
func TestStoppedShortly(t *testing.T) {
	w := start(t)
	for i := range 100 {
		w.signal(unix.SIGSTOP)
		var ws unix.WaitStatus // so that it has stopped
		if _, err := unix.Wait4(w.pid, &ws, unix.WUNTRACED, nil); err != nil || !ws.Stopped() {
			t.Fatalf("%v, %v", ws, err)
		}
		w.signal(unix.SIGCONT)
		if is, why, _ := w.felt(); !is || why != pulse.Stopped {
			t.Fatalf("stop %d: it felt %v, %d", i, is, why)
		}
		if is, why, _ := w.felt(); is {
			t.Fatalf("after stop %d it felt another (%d)", i, why)
		}
	}
}

// freezer makes a cgroup and returns its folder; the file and the texts that freeze and thaw it.
func freezer(t *testing.T) (dir, file, freeze, thaw string) {
	t.Helper()
	name := "corecurve-pulse-" + strconv.Itoa(os.Getpid())
	for _, c := range []struct{ root, is, file, freeze, thaw string }{
		{"/sys/fs/cgroup", "cgroup.controllers", "cgroup.freeze", "1", "0"},
		{"/sys/fs/cgroup/unified", "cgroup.controllers", "cgroup.freeze", "1", "0"},
		{"/sys/fs/cgroup/freezer", "tasks", "freezer.state", "FROZEN", "THAWED"},
	} {
		dir := filepath.Join(c.root, name)
		if _, err := os.Stat(filepath.Join(c.root, c.is)); err != nil || os.Mkdir(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			if err := os.Remove(dir); err != nil {
				t.Error(err)
			}
		})
		return dir, c.file, c.freeze, c.thaw
	}
	t.Skip("no cgroup can be made here")
	return
}

// A frozen cgroup sends no signal.
func TestFrozen(t *testing.T) {
	dir, file, freeze, thaw := freezer(t)
	w := start(t)
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(dir, file)
	write(filepath.Join(dir, "cgroup.procs"), strconv.Itoa(w.pid))
	begin := time.Now()
	write(file, freeze)
	const d = 2 * time.Second
	time.Sleep(d)
	write(file, thaw)
	is, why, ms := w.felt()
	if waited := w.waited(); !is && waited > d/4 {
		t.Skipf("not felt, as its threads waited for a core for %v: that may be all that there was", waited)
	}
	if most := time.Since(begin); !is || why != pulse.Frozen || ms < d.Milliseconds()/2 || ms > most.Milliseconds()+100 {
		t.Errorf("frozen for %v, and asked after %v, it felt %v, %d, for %d ms", d, most, is, why, ms)
	}
}

// Others that take all cores stop nothing.
func TestBusyMachine(t *testing.T) {
	w := start(t)
	for range 4 * runtime.NumCPU() {
		busy := exec.Command("sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = busy.Process.Kill()
			_ = busy.Wait()
		}()
	}
	time.Sleep(2 * time.Second)
	if is, why, ms := w.felt(); is {
		t.Errorf("it stood still for %d ms (%d)", ms, why)
	}
}
