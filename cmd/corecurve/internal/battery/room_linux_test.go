package battery

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// roomEnv names the room in the environment of the processes that are started in it.
const roomEnv = "CORECURVE_BATTERY_ROOM"

// A room is the folder of some trials, with its own home and its own folder for temporary files. Its processes are
// those that have its name in their environment, so whatever else runs on the machine is not its concern.
type room struct {
	lab *lab
	dir string
}

func (l *lab) room(t *testing.T) *room {
	t.Helper()
	r := &room{lab: l, dir: t.TempDir()}
	for _, name := range []string{"home", "tmp", "work"} {
		if err := os.Mkdir(r.path(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { r.clear() })
	return r
}

// path is that of a file of the room.
func (r *room) path(name string) string { return filepath.Join(r.dir, name) }

// write makes a file of the room.
func (r *room) write(t *testing.T, name, text string, mode fs.FileMode) {
	t.Helper()
	path := r.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// study makes a study in the room.
func (r *room) study(t *testing.T) {
	t.Helper()
	s := r.start(t, "run", "fetch", "--size", "2", "--workers", "1,2", "--runs", "2", "--traced", "1", "--out", "study",
		"--no-report")
	if !s.wait(4*patience) || s.status != 0 {
		t.Fatal(s.say())
	}
}

// A session is one start of the tool.
type session struct {
	cmd     *exec.Cmd
	room    *room
	began   time.Time
	out     string // file of what it printed
	err     string
	ended   chan struct{}
	status  int // −1: a signal ended it
	endedAt time.Time
	peak    int64 // most memory that was seen of it, in bytes; to be read when it has ended
}

// command returns the tool with arguments, to be started in the room's folder work, in a process group of its own.
func (r *room) command(args ...string) *exec.Cmd {
	cmd := exec.Command(r.lab.tool, args...)
	cmd.Dir = r.path("work")
	cmd.Env = append(os.Environ(), r.lab.env...)
	cmd.Env = append(cmd.Env, roomEnv+"="+r.dir, "HOME="+r.path("home"), "TMPDIR="+r.path("tmp"),
		"XDG_CACHE_HOME=", "XDG_STATE_HOME=", "XDG_CONFIG_HOME=", "GOFLAGS=-buildvcs=false")
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	return cmd
}

// start starts the tool with arguments.
func (r *room) start(t *testing.T, args ...string) *session {
	t.Helper()
	return r.startCommand(t, r.command(args...))
}

// startCommand starts cmd. Its output goes to files: a pipe would be held open by processes that it leaves behind.
func (r *room) startCommand(t *testing.T, cmd *exec.Cmd) *session {
	t.Helper()
	out, err := os.CreateTemp(r.dir, "stdout-*")
	if err != nil {
		t.Fatal(err)
	}
	errs, err := os.CreateTemp(r.dir, "stderr-*")
	if err != nil {
		t.Fatal(err)
	}
	s := &session{cmd: cmd, room: r, out: out.Name(), err: errs.Name(), ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, errs
	s.began = time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watched := make(chan struct{})
	go func() {
		s.watch()
		close(watched)
	}()
	go func() {
		s.status = exitStatus(cmd.Wait())
		s.endedAt = time.Now()
		<-watched
		_ = out.Close()
		_ = errs.Close()
		close(s.ended)
	}()
	return s
}

// watch follows the peak memory of the tool until it ends. What wait4(2) says of it would not do: that is at least what
// the test itself has had, which starts it.
func (s *session) watch() {
	status := fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid)
	for {
		b, err := os.ReadFile(status)
		_, rest, found := strings.Cut(string(b), "\nVmHWM:")
		if err != nil || !found { // it is gone, or has no memory any more
			return
		}
		if fields := strings.Fields(rest); len(fields) > 0 {
			kib, _ := strconv.ParseInt(fields[0], 10, 64) // of the kernel
			s.peak = max(s.peak, kib<<10)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// over reports whether the tool has ended.
func (s *session) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// signal sends the tool a signal, or its group as a terminal does, unless it has ended: its number may be another's
// then.
func (s *session) signal(sig unix.Signal, group bool) {
	pid := s.cmd.Process.Pid
	if group {
		pid = -pid
	}
	if !s.over() {
		_ = unix.Kill(pid, sig) // it may just have ended
	}
}

// wait waits until the tool has ended. If that takes longer than d it kills it and reports false.
func (s *session) wait(d time.Duration) bool {
	select {
	case <-s.ended:
		return true
	case <-time.After(d):
		s.signal(unix.SIGCONT, false) // it may be stopped
		_ = s.cmd.Process.Kill()
		<-s.ended
		return false
	}
}

// stderr is what it said so far.
func (s *session) stderr() string { return text(s.err) }

// stdout is what it printed so far.
func (s *session) stdout() string { return text(s.out) }

func text(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// say is how a session went, for the message of a failure.
func (s *session) say() string {
	said := strings.TrimSpace(s.stderr())
	if len(said) > 2000 {
		said = said[:1000] + " … " + said[len(said)-1000:]
	}
	return fmt.Sprintf("%s: status %d\n%s", strings.Join(s.cmd.Args[1:], " "), s.status, said)
}

// crashed reports whether it ended as only a bug makes it end.
func (s *session) crashed() bool {
	said := s.stderr()
	return strings.Contains(said, "\ngoroutine ") || strings.Contains(said, "panic:") ||
		strings.Contains(said, "fatal error:")
}

// A process is one of a room that is alive.
type process struct {
	pid, parent int
	line        string // its command line
}

// processes are those of the room, oldest first. A process that has ended and waits to be reaped is none.
func (r *room) processes() (out []process) {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	mark := []byte("\x00" + roomEnv + "=" + r.dir + "\x00")
	for _, dir := range dirs {
		env, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil || !bytes.Contains(slices.Concat([]byte{0}, env, []byte{0}), mark) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		_, rest, ok := strings.Cut(string(stat), ") ") // of the last: a name may hold one, ours do not
		fields := strings.Fields(rest)
		if !ok || len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" {
			continue
		}
		p := process{line: strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))}
		p.pid, _ = strconv.Atoi(filepath.Base(dir))
		p.parent, _ = strconv.Atoi(fields[1])
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b process) int { return cmp.Compare(a.pid, b.pid) })
	return out
}

// clear ends what is left in the room, so that it disturbs no other trial.
func (r *room) clear() {
	for range 100 {
		left := r.processes()
		if len(left) == 0 {
			return
		}
		for _, p := range left {
			_ = unix.Kill(p.pid, unix.SIGKILL)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// empty holds the trial to no process being left in the room, and clears it.
func (r *room) empty(try *trial, after string) {
	try.t.Helper()
	began := time.Now()
	for {
		left := r.processes()
		if len(left) == 0 {
			try.took(time.Since(began))
			return
		}
		if time.Since(began) > patience/3 {
			var lines []string
			for _, p := range left {
				lines = append(lines, fmt.Sprintf("%d (of %d): %.200s", p.pid, p.parent, p.line))
			}
			try.fail("processes left", "%s: %v later\n%s", after, patience/3, strings.Join(lines, "\n"))
			r.clear()
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// temporary are the files and folders of the tool that are left in the room's folder for temporary files.
func (r *room) temporary(t *testing.T) (left []string) {
	t.Helper()
	entries, err := os.ReadDir(r.path("tmp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "go-build") { // of the go command, which was killed
			continue
		}
		left = append(left, e.Name())
	}
	return left
}
