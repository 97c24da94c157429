package capture

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A command whose supervisor is killed has not failed: the run is made again.
func TestLostSupervisor(t *testing.T) {
	r := newRunner(t)
	sleeps(t, r, "0.8")
	task := Task{
		Sweeps: []sweep.Sweep{{Workload: "sleeps", Points: []sweep.Point{point("sleeps", 2, 1, 1, 1)}}},
		Rule:   sweep.Rule{MinRuns: 1, MaxRuns: 1},
	}
	over := whenAtWork(2, func(first int, _ []int) {
		_ = unix.Kill(first, unix.SIGKILL) // what is left then fails the test
	})
	end, err := r.Measure(t.Context(), task, nil)
	over()
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
	r.release()
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
	r.programs[sweep.Key{Workload: "rebels"}] = p
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
	r.programs[sweep.Key{Workload: "prepared"}] = p
	run := sweep.Run{Point: point("prepared", 1, 1, 1, 1), Kind: sweep.Timed}
	res, err := r.run(t.Context(), run)
	if _, is := errors.AsType[*LostError](err); !is || res.Status != sweep.Interrupted {
		t.Errorf("%s: %s, error %v", res.Status, res.Error, err)
	}
}

// groupEnv is the control group in which the test binary makes runs that need more memory than there is.
const groupEnv = "CORECURVE_TEST_GROUP"

// What the kernel has killed for want of memory is said of a run that failed, and of no other. The tool is a process of
// its own, which has not taken memory for other tests.
func TestOutOfMemory(t *testing.T) {
	if group := os.Getenv(groupEnv); group != "" {
		outOfMemory(t, group)
		return
	}
	group := filepath.Join("/sys/fs/cgroup/memory", "corecurve-capture-"+strconv.Itoa(os.Getpid()))
	if os.Mkdir(group, 0o755) != nil {
		t.Skip("no control group of version 1 can be made here")
	}
	tool := exec.Command(os.Args[0], "-test.run=^TestOutOfMemory$", "-test.v")
	tool.Env = append(os.Environ(), groupEnv+"="+group)
	out, err := tool.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if err := os.Remove(group); err != nil {
		t.Error(err)
	}
}

func outOfMemory(t *testing.T, group string) {
	t.Helper()
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(group, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := newRunner(t)
	write("memory.limit_in_bytes", strconv.Itoa(400<<20))
	write("cgroup.procs", strconv.Itoa(os.Getpid()))
	r.noise = host.NewSampler() // of that group
	const hungry = `echo 1000 >/proc/self/oom_score_adj
		i=0; s=0123456789abcdef; while [ $i -lt 26 ]; do s=$s$s; i=$((i+1)); done`
	for script, want := range map[string]string{
		hungry:   "killed by SIGKILL; out of memory: the kernel killed a process in the control group of corecurve meanwhile",
		"exit 3": "exit status 3",
	} {
		scripted(t, r, "eats", script)
		res := mustRun(t, r, point("eats", 1, 1, 1, 1), sweep.Timed)
		if res.Status != sweep.Failed || res.Error != want {
			t.Errorf("%s: %s: %q, want %q", script, res.Status, res.Error, want)
		}
	}
}
