package supervise

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// toolEnv makes the test binary a tool that runs an aside of that script until it is killed.
const toolEnv = "SUPERVISE_TEST_TOOL"

func TestMain(m *testing.M) {
	if Asked() {
		os.Exit(Main())
	}
	if script := os.Getenv(toolEnv); script != "" {
		_ = Run(context.Background(), exec.Command("sh", "-c", script))
		os.Exit(0)
	}
	// Under the race detector each process would linger for a second at its exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// forking starts a process of the same session, one of a session of its own and one whose parent has ended, says so
// in the file $READY, and waits.
const forking = `sleep 601 & setsid sleep 602 & (setsid sh -c 'sleep 603 & sleep 604 &') ; echo ready >$READY; sleep 605`

// An aside gets its words as they are, and its output and status arrive.
func TestRunAside(t *testing.T) {
	for _, tt := range []struct{ script, argument, out, err string }{
		{"printf %s \"$1\"", "\xff\xfe of no encoding", "\xff\xfe of no encoding", ""},
		{"echo no; exit 3", "", "no\n", "exit status 3"},
		{"kill -9 $$", "", "", "killed by SIGKILL"},
	} {
		cmd := exec.Command("sh", "-c", tt.script, "sh", tt.argument)
		var out bytes.Buffer
		cmd.Stdout = &out
		err := Run(t.Context(), cmd)
		_, failed := errors.AsType[*FailedError](err)
		if failed != (tt.err != "") || failed && err.Error() != tt.err || out.String() != tt.out {
			t.Errorf("%q: printed %q, error %v; want %q, %q", tt.script, out.String(), err, tt.out, tt.err)
		}
	}
	if err := Run(t.Context(), exec.Command("no-such-program")); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a program that is nowhere: %v", err)
	}
	if err := Run(t.Context(), exec.Command(t.TempDir())); err == nil {
		t.Error("a folder was run")
	}
}

// What an aside leaves behind lives until its end.
func TestAsideEnd(t *testing.T) {
	mark := marked(t)
	a, err := Start(exec.Command("sh", "-c", "sleep 601 & setsid sleep 602 &"))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	n := 0 // with the supervisor; one that is being started shows no environment for a moment
	for began := time.Now(); n != 3 && time.Since(began) < patience; time.Sleep(time.Millisecond) {
		n = len(alive(mark))
	}
	if n != 3 {
		t.Errorf("%d processes are alive before the end, want 3", n)
	}
	if left := a.End(); left != 2 {
		t.Errorf("%d processes left behind, want 2", left)
	}
	wantNone(t, mark)
}

// A supervisor that finds nobody to tell what became of the program, nor anybody to tell that, still ends what the
// program left behind: the tool may be killed just before the program ends.
func TestAsideEndsUnheard(t *testing.T) {
	mark := marked(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(t.TempDir(), "ready")
	cmd := exec.Command("sh", "-c", "sleep 601 & sleep 0.2; echo ready >"+ready)
	cmd.Stderr = w
	a, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{r, w, a.link.Output} {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	await(ready)
	time.Sleep(200 * time.Millisecond) // the program has ended, and its supervisor has tried
	a.hangup()
	wantNone(t, mark)
}

// With the end of its context an aside ends, and all that it started.
func TestAsideEndsWithContext(t *testing.T) {
	mark := marked(t)
	ready := filepath.Join(t.TempDir(), "ready")
	t.Setenv("READY", ready)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		await(ready)
		cancel(why)
	}()
	if err := Run(ctx, exec.Command("sh", "-c", forking)); !errors.Is(err, why) {
		t.Errorf("%v, want the cause", err)
	}
	wantNone(t, mark)
}

// With the tool an aside ends, and all that it started, even if the tool is killed.
func TestAsideEndsWithTool(t *testing.T) {
	mark := marked(t)
	ready := filepath.Join(t.TempDir(), "ready")
	tool := exec.Command(os.Args[0])
	tool.Env = append(os.Environ(), toolEnv+"="+forking, "READY="+ready)
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	await(ready)
	if n := len(alive(mark)); n < 6 {
		t.Errorf("%d processes before the kill: the test tests nothing", n)
	}
	_ = tool.Process.Kill()
	_ = tool.Wait() // killed, as it should be
	wantNone(t, mark)
}

const markEnv = "SUPERVISE_TEST_MARK"

// marked marks the processes that are started from now on.
func marked(t *testing.T) (mark string) {
	mark = t.Name() + strconv.Itoa(os.Getpid())
	t.Setenv(markEnv, mark)
	return mark
}

// alive returns the processes with the mark, but this one.
func alive(mark string) (out []string) {
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is good
	for _, dir := range dirs {
		env, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err == nil && strings.Contains(string(env), markEnv+"="+mark) && filepath.Base(dir) != strconv.Itoa(os.Getpid()) {
			out = append(out, dir)
		}
	}
	return out
}

// patience is long enough for a busy machine.
const patience = 2 * time.Minute

func await(file string) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			return
		}
	}
}

func wantNone(t *testing.T, mark string) {
	t.Helper()
	for deadline := time.Now().Add(patience); len(alive(mark)) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("processes are left: %v", alive(mark))
		}
	}
}
