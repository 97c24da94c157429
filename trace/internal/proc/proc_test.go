package proc

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/internal/wire"
)

// The test binary is also the process at the other end.
func TestMain(m *testing.M) {
	if Started() {
		os.Exit(other())
	}
	os.Exit(m.Run())
}

// other reports what it was given, repeats what it is told, and stays until the starter hangs up.
func other() int {
	self, err := Enter()
	if err != nil {
		return 3
	}
	gone := make(chan struct{})
	self.Watch(func() { close(gone) })
	text := self.Spec.Workload + " " + os.Getenv("PROC_TEST") + " " + os.Getenv(wire.SpecEnv) + "\n"
	if _, err := self.Output.WriteString(text); err != nil {
		return 4
	}
	if self.Input != nil {
		if _, err := io.Copy(self.Output, self.Input); err != nil {
			return 5
		}
	}
	if self.Spec.Workload == "exec" {
		// A program that it starts inherits none of the pipes, which close when this process ends.
		cmd := exec.Command("sleep", "100")
		if err := cmd.Start(); err != nil {
			return 6
		}
		_, _ = fmt.Fprintln(self.Output, cmd.Process.Pid)
		return 0
	}
	<-gone
	return 1
}

func start(t *testing.T, spec wire.Spec) (*exec.Cmd, *Link) {
	t.Helper()
	f := NewForker()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROC_TEST=yes")
	link, err := f.Start(cmd, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		link.Close()
		f.Close()
	})
	return cmd, link
}

func TestLink(t *testing.T) {
	cmd, link := start(t, wire.Spec{Job: wire.Child, Workload: "w"})
	if _, err := link.Input.WriteString("told"); err != nil {
		t.Fatal(err)
	}
	if err := link.Input.Close(); err != nil {
		t.Fatal(err)
	}
	want := "w yes \ntold" // the spec is not in its environment any more
	got := make([]byte, len(want))
	if _, err := io.ReadFull(link.Output, got); err != nil || string(got) != want {
		t.Errorf("output %q, %v, want %q", got, err, want)
	}
	link.Hangup()
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("%v, want status 1", cmd.ProcessState)
	}
}

// Closing the Forker ends its processes.
func TestForkerClose(t *testing.T) {
	f := NewForker()
	cmd := exec.Command(os.Args[0])
	link, err := f.Start(cmd, wire.Spec{Job: wire.Root, Workload: "w"})
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	f.Close()
	_ = cmd.Wait()
	if got := cmd.ProcessState.String(); got != "signal: killed" {
		t.Errorf("%s, want killed", got)
	}
}

func TestPipesAreNotPassedOn(t *testing.T) {
	cmd, link := start(t, wire.Spec{Job: wire.Root, Workload: "exec"})
	if err := link.Output.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(link.Output)
	if err != nil {
		t.Errorf("the output after the process has ended: %v", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	lines := strings.Fields(string(text))
	pid, err := strconv.Atoi(lines[len(lines)-1])
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := left.Kill(); err != nil {
		t.Errorf("the program that the process started: %v", err)
	}
}

func TestEnterRefuses(t *testing.T) {
	for _, tt := range []struct{ env, want string }{
		{"", "is not set"},
		{"{", "CORECURVE_SPEC: unexpected end"},
	} {
		t.Setenv(wire.SpecEnv, tt.env)
		if _, err := Enter(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %v, want %q", tt.env, err, tt.want)
		}
	}
}

func TestAttachRefuses(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.ExtraFiles = []*os.File{os.Stdin}
	if _, err := Attach(cmd, wire.Spec{}); err == nil {
		t.Error("a command with extra files of its own was attached")
	}
	f := NewForker()
	defer f.Close()
	_, err := f.Start(exec.Command("/no/such/program"), wire.Spec{Job: wire.Root})
	if err == nil || !strings.HasPrefix(err.Error(), "start root: ") {
		t.Errorf("error %v", err)
	}
}
