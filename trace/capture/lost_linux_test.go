package capture

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/sweep"
)

// endSupervisor kills the first process of the run that is being made, after a while.
func endSupervisor(after time.Duration) *time.Timer {
	return time.AfterFunc(after, func() {
		for _, pid := range supervise.Children(os.Getpid()) {
			_ = unix.Kill(pid, unix.SIGKILL) // what is left then fails the test
		}
	})
}

// A command whose supervisor is killed has not failed: the run is made again.
func TestLostSupervisor(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "0.3")
	task := Task{
		Sweeps: []sweep.Sweep{{Workload: "sleeps", Points: []sweep.Point{point("sleeps", 2, 1, 1, 1)}}},
		Rule:   sweep.Rule{MinRuns: 1, MaxRuns: 1},
	}
	defer endSupervisor(150 * time.Millisecond).Stop()
	end, err := r.Measure(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range end.Results {
		if res.Status != sweep.OK {
			t.Errorf("%s: %s: %s", res.Dir(), res.Status, res.Error)
		}
	}
	s, err := sweep.ReadStudy(r.journal.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Interrupted) != 1 || !strings.Contains(s.Interrupted[0].Error, "the supervisor of its command") {
		t.Errorf("runs that do not count: %+v, want one without its supervisor", s.Interrupted)
	}
	if left := supervise.Children(os.Getpid()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

// A study whose supervisors are killed again and again ends, and does not blame the command.
func TestLostSupervisors(t *testing.T) {
	r := newRunner(t)
	p, err := External("rebels", sweep.Command{Argv: []string{"sh", "-c", "kill -9 $PPID; sleep 10"}})
	if err != nil {
		t.Fatal(err)
	}
	r.programs["rebels"] = p
	task := Task{
		Sweeps: []sweep.Sweep{{Workload: "rebels", Points: []sweep.Point{point("rebels", 1, 1, 1, 1)}}},
		Rule:   sweep.Rule{MinRuns: 3, MaxRuns: 3}, Warmup: 1,
	}
	end, err := r.Measure(t.Context(), task, nil)
	if lost, is := errors.AsType[*LostError](err); !is || lost.Times != mostInterrupted || len(end.Results) > 0 {
		t.Errorf("%d results, error %v; want none, and %d attempts", len(end.Results), err, mostInterrupted)
	}
	if left := supervise.Children(os.Getpid()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

// So it is where the supervisor of a command that prepares the run is killed.
func TestLostAside(t *testing.T) {
	r := newRunner(t)
	p, err := External("prepared", sweep.Command{
		Argv: []string{"true"}, Prepare: []string{"sh", "-c", "kill -9 $PPID; sleep 10"},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.programs["prepared"] = p
	run := sweep.Run{Point: point("prepared", 1, 1, 1, 1), Kind: sweep.Timed}
	res, err := r.run(t.Context(), run)
	if _, is := errors.AsType[*LostError](err); !is || res.Status != sweep.Interrupted {
		t.Errorf("%s: %s, error %v", res.Status, res.Error, err)
	}
}

// What the kernel has killed for want of memory is said of a run that failed, and of no other.
func TestOutOfMemory(t *testing.T) {
	group := filepath.Join("/sys/fs/cgroup/memory", "corecurve-capture-"+strconv.Itoa(os.Getpid()))
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil || os.Mkdir(group, 0o755) != nil {
		t.Skip("no control group of version 1 can be made here")
	}
	t.Cleanup(func() {
		if err := os.Remove(group); err != nil {
			t.Error(err)
		}
	})
	home := "/"
	for line := range strings.Lines(string(own)) {
		if _, path, ok := strings.Cut(strings.TrimSpace(line), ":memory:"); ok {
			home = path
		}
	}
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pid := strconv.Itoa(os.Getpid())
	write(filepath.Join(group, "cgroup.procs"), pid)
	defer write(filepath.Join("/sys/fs/cgroup/memory", home, "cgroup.procs"), pid)
	r := newRunner(t)
	const hungry = `echo 1000 >/proc/self/oom_score_adj; i=0; s=0123456789abcdef; while [ $i -lt 24 ]; do s=$s$s; i=$((i+1)); done`
	for argv, want := range map[string]string{
		hungry:   "; out of memory: the kernel killed a process in the control group of corecurve meanwhile",
		"exit 3": "exit status 3",
	} {
		p, err := External("eats", sweep.Command{Argv: []string{"sh", "-c", argv}})
		if err != nil {
			t.Fatal(err)
		}
		r.programs["eats"] = p
		write(filepath.Join(group, "memory.limit_in_bytes"), "100000000")
		res := mustRun(t, r, point("eats", 1, 1, 1, 1), sweep.Timed)
		write(filepath.Join(group, "memory.limit_in_bytes"), "-1")
		if res.Status != sweep.Failed || !strings.HasSuffix(res.Error, want) {
			t.Errorf("%s: %s: %q, want %q", argv, res.Status, res.Error, want)
		}
	}
}
