package workload_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/proc"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/workload"
)

// A conversation is what a started process said, and how it ended.
type conversation struct {
	messages []wire.Message
	state    *os.ProcessState
	stderr   string
	start    clock.Time
}

// patience is how long what happens at once may take on a machine that does much else.
const patience = 2 * time.Minute

// begin starts this test binary with spec, as the tool does.
func begin(t *testing.T, spec wire.Spec) (*exec.Cmd, *proc.Link, *bytes.Buffer) {
	t.Helper()
	forker := proc.NewForker()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	stderr := &bytes.Buffer{}
	cmd.Stderr = stderr
	cmd.WaitDelay = patience
	link, err := forker.Start(cmd, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		link.Close()
		forker.Close()
	})
	return cmd, link, stderr
}

// converse starts a process and listens to its end.
func converse(t *testing.T, spec wire.Spec) conversation {
	t.Helper()
	c := conversation{start: clock.Now()}
	cmd, link, stderr := begin(t, spec)
	in := wire.NewMessageReader(link.Output)
	for {
		m, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		c.messages = append(c.messages, m)
	}
	_ = cmd.Wait() // the state says it
	c.state, c.stderr = cmd.ProcessState, stderr.String()
	return c
}

func spec(name string, procs, workers int) wire.Spec {
	return wire.Spec{Job: wire.Root, Workload: name, Procs: procs, Workers: workers, Size: 20}
}

func TestRootReportsItsRun(t *testing.T) {
	for _, s := range []wire.Spec{
		spec("squares", 1, 2), spec("squares", 2, 2), spec("free", 2, 1), spec("stateful", 1, 1),
	} {
		c := converse(t, s)
		if len(c.messages) != 2 || c.messages[0].Done == nil || c.messages[1].End == nil || !c.state.Success() {
			t.Fatalf("%+v: %d messages, %v\n%s", s, len(c.messages), c.state, c.stderr)
		}
		want, err := workload.Do(t.Context(), byName(t, s.Workload), workload.Shape{Size: s.Size})
		if err != nil {
			t.Fatal(err)
		}
		out := c.messages[0].Done
		if out.Digest != want.Digest || out.Tasks != 20 {
			t.Errorf("%+v: digest %s of %d, want %s of 20", s, out.Digest, out.Tasks, want.Digest)
		}
		checkAccounts(t, s, c.start, out)
	}
}

// checkAccounts checks that the stamps of all processes are in order and the tasks add up.
func checkAccounts(t *testing.T, s wire.Spec, start clock.Time, out *wire.Outcome) {
	t.Helper()
	sum := 0
	for _, p := range out.Processes {
		sum += p.Tasks
		times := []clock.Time{start, p.Launched, p.Entered, p.Ready, out.Released, p.Done, out.Finished}
		if p.Launched == 0 {
			times = append(times[:1], times[2:]...)
		}
		if p.Role == "coordinator" {
			times = []clock.Time{start, p.Entered, p.Ready, out.Released, p.Done, out.Finished}
		} else if p.Rank > 0 && p.Launched == 0 {
			t.Errorf("%+v: process %d was never launched", s, p.Rank)
		}
		if s.Procs > 1 && p.Role == "worker" && s.Workload == "squares" {
			// Its account closes after its last result has left, maybe after the coordinator was done with it.
			times = times[:len(times)-2]
		}
		for i := 1; i < len(times); i++ {
			if times[i] < times[i-1] {
				t.Errorf("%+v: process %d: stamps out of order: %v", s, p.Rank, times)
			}
		}
		if p.PID == 0 || p.User+p.Sys <= 0 || p.MaxRSS < 1<<20 || p.MaxRSS > 1<<30 {
			t.Errorf("%+v: implausible account %+v", s, p)
		}
	}
	want := s.Procs
	if s.Procs > 1 {
		want++
		if out.Processes[0].Role != "coordinator" || out.Processes[0].Rank != -1 {
			t.Errorf("%+v: first process %+v, want the coordinator", s, out.Processes[0])
		}
	}
	if len(out.Processes) != want || sum != out.Tasks {
		t.Errorf("%+v: %d processes with %d tasks, want %d with %d", s, len(out.Processes), sum, want, out.Tasks)
	}
}

func TestRootReportsFailures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		procs int
		want  string
		rank  []int // any of
		err   string
	}{
		{"panics", 1, "task 3: panic: boom", []int{0}, "main_test.go"},
		{"panics", 2, "task 3: panic: boom", []int{0, 1}, "main_test.go"},
		{"errs", 1, "task 3: no luck", []int{0}, ""},
		{"errs", 3, "task 3: no luck", []int{0, 1, 2}, ""},
		{"exits7", 2, "exited with status 7 before its result", []int{0, 1}, ""},
		{"killed", 2, "was ended by a signal (killed) before its result", []int{0, 1}, ""},
		{"before-fails", 2, "before: no luck", []int{-1}, ""},
		{"open-goexits", 1, "runtime.Goexit", []int{0}, ""},
		{"shared", 2, "one lock cannot span processes", []int{-1}, ""},
		{"unheard-of", 1, `workload "unheard-of"`, []int{0}, ""},
	} {
		c := converse(t, spec(tt.name, tt.procs, 1))
		if len(c.messages) != 1 || c.messages[0].Failure == nil {
			t.Errorf("%s: messages %+v, want a failure", tt.name, c.messages)
			continue
		}
		f := c.messages[0].Failure
		known := false
		for _, r := range tt.rank {
			known = known || r == f.Rank
		}
		if !strings.Contains(f.Error, tt.want) || !known {
			t.Errorf("%s: failure %+v, want %q of one of %v", tt.name, f, tt.want, tt.rank)
		}
		if c.state.ExitCode() != 1 {
			t.Errorf("%s: %v, want status 1", tt.name, c.state)
		}
		if !strings.Contains(c.stderr, tt.err) {
			t.Errorf("%s: stderr does not name %q:\n%s", tt.name, tt.err, c.stderr)
		}
	}
}

// A process that goes on after its job cannot start a run: its children would do the same, and their children.
func TestPartOfRunStartsNone(t *testing.T) {
	t.Setenv("WORKLOAD_TEST_MAIN", "2")
	c := converse(t, spec("squares", 1, 1))
	if c.state.ExitCode() != 2 || !strings.Contains(c.stderr, "part of a run") {
		t.Errorf("%v, want a panic\n%s", c.state, c.stderr)
	}
}

// A program that exits by itself sends nothing: the tool sees its output end, and the exit status.
func TestRootExitsEarly(t *testing.T) {
	c := converse(t, spec("exits7", 1, 1))
	if len(c.messages) != 0 || c.state.ExitCode() != 7 {
		t.Errorf("messages %+v, %v", c.messages, c.state)
	}
}

// A process whose starter hangs up is soon gone, its children too, even where user code never yields.
func TestHangup(t *testing.T) {
	for _, procs := range []int{1, 2} {
		cmd, link := hang(t, procs)
		children := childrenOf(t, cmd.Process.Pid)
		if procs > 1 && len(children) != procs {
			t.Errorf("%d children, want %d", len(children), procs)
		}
		link.Hangup()
		_ = cmd.Wait()
		if cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("procs %d: %v, want status 1", procs, cmd.ProcessState)
		}
		gone(t, children)
	}
}

// The kernel ends the children of a coordinator that is killed.
func TestCoordinatorIsKilled(t *testing.T) {
	cmd, _ := hang(t, 3)
	children := childrenOf(t, cmd.Process.Pid)
	if len(children) != 3 {
		t.Fatalf("%d children, want 3", len(children))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	gone(t, children)
}

// hang starts a run and waits until one of its tasks hangs.
func hang(t *testing.T, procs int) (*exec.Cmd, *proc.Link) {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "hangs")
	t.Setenv("WORKLOAD_TEST_MARK", mark)
	cmd, link, _ := begin(t, spec("hangs", procs, 1))
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(mark); err == nil {
			return cmd, link
		}
		if time.Now().After(deadline) {
			t.Fatal("no task hangs")
		}
	}
}

// childrenOf lists the processes whose parent is pid.
func childrenOf(t *testing.T, pid int) []string {
	t.Helper()
	lists, err := filepath.Glob("/proc/" + itoa(pid) + "/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	var pids []string
	for _, l := range lists {
		text, err := os.ReadFile(l)
		if err == nil {
			pids = append(pids, strings.Fields(string(text))...)
		}
	}
	return pids
}

// gone fails the test if one of the processes lives on. A zombie that waits for init counts as gone.
func gone(t *testing.T, pids []string) {
	t.Helper()
	for _, pid := range pids {
		deadline := time.Now().Add(patience)
		for {
			stat, err := os.ReadFile("/proc/" + pid + "/stat")
			if err != nil || bytes.Contains(stat, []byte(") Z ")) {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("process %s still lives", pid)
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
}

func TestService(t *testing.T) {
	for _, end := range []string{"hang up", "terminate"} {
		cmd, link, stderr := begin(t, wire.Spec{Job: wire.Service, Workload: "served"})
		m, err := wire.NewMessageReader(link.Output).Next()
		if err != nil {
			t.Fatalf("%v\n%s", err, stderr)
		}
		here := "here"
		if diff := cmp.Diff(wire.Message{Serving: &here}, m); diff != "" {
			t.Error(diff)
		}
		if end == "hang up" {
			link.Hangup()
		} else if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", end, err, stderr)
		}
	}
	c := converse(t, wire.Spec{Job: wire.Service, Workload: "service-fails"})
	if len(c.messages) != 1 || c.messages[0].Failure == nil || c.messages[0].Failure.Error != "service: no luck" {
		t.Errorf("messages %+v, want a failure", c.messages)
	}
}
