package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/sweep"
)

// A moment is something that the tool may be at when a signal comes.
type moment struct {
	name  string
	args  []string
	ready string // a file that holds something from then on, or "process WORD…": one with those words is there
	keeps bool   // the directory st is then a study
	stdin bool   // is open and says nothing
}

// hang is a script that starts processes of its own, in a session of their own too, says so, and hangs.
const hang = "sleep 601 & setsid sleep 602 & echo ready >$READY; sleep 603"

// moments are those of every verb. The go command, python3 and gcc are those of [fakes].
func moments() []moment {
	command := func(flags ...string) []string {
		return append(append([]string{"run", "--out", "st", "--workers", "1", "--runs", "9", "--yes", "--traced", "0"},
			flags...), "--", "sleep", "0.05")
	}
	return []moment{
		{"runs", command("--max-runs", "900"), "st/runs.jsonl", true, false},
		{"prepare", command("--prepare", "sh -c '"+hang+"'"), "ready", true, false},
		{"cleanup", command("--cleanup", "sh -c '"+hang+"'"), "ready", true, false},
		{"warm-up", append(command("--warmup", "1")[:10], "--", "sh", "-c", hang), "ready", true, false},
		{"processes", []string{"run", "sleep", "--out", "st", "--procs", "2", "--size", "10000", "--yes"}, "process corecurve", true, false},
		{"service", []string{"run", "fetch", "--out", "st", "--workers", "2", "--size", "10000", "--yes"}, "st/study.json", true, false},
		{"build", []string{"run", "./build"}, "ready", false, false},
		{"dry run", []string{"run", "--dry-run", "./build"}, "ready", false, false},
		{"asking for workloads", []string{"run", "./ask"}, "ready", false, false},
		{"building tests", []string{"bench", "./build"}, "ready", false, false},
		{"calibration", []string{"bench", "./ask"}, "ready", false, false},
		{"resume", []string{"run", "--resume", "built", "--trust"}, "ready", false, false},
		{"analyze FIFO", []string{"analyze", "fifo"}, "", false, false},
		{"analyze stdin", []string{"analyze", "-"}, "", false, true},
		{"fit FIFO", []string{"fit", "fifo"}, "", false, false},
		{"fit stdin", []string{"fit", "-"}, "", false, true},
		{"compare", []string{"compare", "fifo", "fifo"}, "", false, false},
		{"open", []string{"open", "traced"}, "ready", false, false},
		{"doctor", []string{"doctor"}, "ready", false, false},
		{"list", []string{"list"}, "ready", false, false},
	}
}

// A scene is a directory for the tool to be signalled in.
type scene struct {
	t    *testing.T
	dir  string
	mark string // in the environment of all processes
}

// fakes are programs that hang when they are to do something, and a go command that can do the rest.
var fakes = map[string]string{
	"go": `case "$*" in
version) echo go version fake; exit;;
list*) echo '{"ImportPath": "'$(basename $PWD)'", "Dir": "'$PWD'", "TestGoFiles": ["x_test.go"]}'; exit;;
*build|*tool*) ;;
*) [ $(basename $PWD) = ask ] && while [ $# -gt 0 ]; do
	[ "$1" = -o ] && { echo '#!/bin/sh'; echo '` + hang + `'; } >$2 && chmod +x $2 && exit
	shift; done;;
esac
` + hang,
	"python3": "[ \"$1\" = --version ] || {\n" + hang + "\n}",
	"gcc":     hang,
}

func newScene(t *testing.T, made string) *scene {
	s := &scene{t: t, dir: t.TempDir(), mark: fmt.Sprintf("SIGNALS_TEST=%s-%d", strings.ReplaceAll(t.Name(), " ", "-"), os.Getpid())}
	for _, dir := range []string{"bin", "build", "ask", "tmp"} {
		s.check(os.Mkdir(filepath.Join(s.dir, dir), 0o755))
	}
	for name, script := range fakes {
		s.check(os.WriteFile(filepath.Join(s.dir, "bin", name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	s.check(unix.Mkfifo(filepath.Join(s.dir, "fifo"), 0o600))
	s.check(os.CopyFS(filepath.Join(s.dir, "traced"), os.DirFS(made)))
	// One that lacks its runs, and whose program is built when it is resumed.
	s.check(os.CopyFS(filepath.Join(s.dir, "built"), os.DirFS(made)))
	s.check(os.Truncate(filepath.Join(s.dir, "built", "runs.jsonl"), 0))
	file := filepath.Join(s.dir, "built", "study.json")
	text, err := os.ReadFile(file)
	s.check(err)
	s.check(os.WriteFile(file, bytes.Replace(text, []byte(`"name": "sleep",`), fmt.Appendf(nil, `"name": "sleep", "package": %q,`,
		filepath.Join(s.dir, "build")), 1), 0o600))
	return s
}

func (s *scene) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// start starts the tool and waits until it is at the moment.
func (s *scene) start(m moment, wrap ...string) (tool *exec.Cmd, stderr *bytes.Buffer) {
	s.t.Helper()
	argv := append(append(wrap, "corecurve"), m.args...)
	tool, stderr = exec.Command(argv[0], argv[1:]...), &bytes.Buffer{}
	tool.Dir, tool.Stderr, tool.WaitDelay = s.dir, stderr, 10*time.Second
	tool.Env = append(os.Environ(), s.mark, "READY="+filepath.Join(s.dir, "ready"), "TMPDIR="+filepath.Join(s.dir, "tmp"),
		"PATH="+filepath.Join(s.dir, "bin")+":"+os.Getenv("PATH"))
	if m.stdin {
		_, err := tool.StdinPipe()
		s.check(err)
	}
	s.check(tool.Start())
	s.t.Cleanup(func() { _ = tool.Process.Kill() })
	words, process := strings.CutPrefix(m.ready, "process ")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		switch info, err := os.Stat(filepath.Join(s.dir, m.ready)); {
		case process && len(processesWith(s.mark, strings.Fields(words)...)) > 3,
			!process && m.ready != "" && err == nil && info.Size() > 0:
			return tool, stderr
		case m.ready == "" && len(processesWith(s.mark)) > 0:
			time.Sleep(200 * time.Millisecond) // for it to read, which it does at once
			return tool, stderr
		case time.Now().After(deadline):
			s.t.Fatalf("%s: the moment did not come: %s", m.name, stderr)
		}
	}
}

// ends waits for the end of the tool, and checks that it ends with that status and leaves no process.
func (s *scene) ends(tool *exec.Cmd, status int) (took time.Duration) {
	s.t.Helper()
	began := time.Now()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = tool.Wait() // the state says more
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		s.t.Fatal("the tool goes on")
	}
	took = time.Since(began)
	got := tool.ProcessState.ExitCode()
	if ws, ok := tool.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		got = -int(ws.Signal())
	}
	if got != status {
		s.t.Errorf("status %d, want %d", got, status)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if left := processesWith(s.mark); len(left) == 0 {
			return took
		} else if time.Now().After(deadline) {
			s.t.Fatalf("processes are left:\n%s", strings.Join(left, "\n"))
		}
	}
}

// readable checks that what there is of a study can be read.
func (s *scene) readable(m moment) {
	s.t.Helper()
	if _, err := sweep.ReadStudy(filepath.Join(s.dir, "st")); m.keeps && err != nil {
		s.t.Error(err)
	}
}

// tidy checks that nothing is left in the folder for temporary files.
func (s *scene) tidy() {
	s.t.Helper()
	if left, err := os.ReadDir(filepath.Join(s.dir, "tmp")); err != nil || len(left) > 0 {
		s.t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// slow is when an end is not at once any more, on a machine that does much else.
const slow = 5 * time.Second

// made makes a study with a traced run of sleep.
func made(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made")
	out, err := exec.Command("corecurve", "run", "sleep", "--out", dir, "--size", "4", "--workers", "1", "--runs", "1", "--no-report").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

var stops = []struct {
	signal syscall.Signal
	word   string
}{{unix.SIGINT, "interrupted"}, {unix.SIGTERM, "terminated"}, {unix.SIGHUP, "hung up"}}

// The first signal ends every verb, whatever it is at, with what there is.
func TestFirstSignal(t *testing.T) {
	study := made(t)
	for i, m := range moments() {
		for k, stop := range stops {
			if testing.Short() && k != i%len(stops) {
				continue
			}
			t.Run(m.name+" "+unix.SignalName(stop.signal), func(t *testing.T) {
				t.Parallel()
				s := newScene(t, study)
				tool, stderr := s.start(m)
				s.check(tool.Process.Signal(stop.signal))
				took := s.ends(tool, 128+int(stop.signal))
				t.Logf("ended after %v: %s", took.Round(time.Millisecond), stderr)
				if took > slow {
					t.Errorf("it took %v", took)
				}
				if !strings.Contains(stderr.String(), "corecurve: "+stop.word) {
					t.Errorf("it says %q, want %q", stderr, stop.word)
				}
				if m.keeps && !strings.Contains(stderr.String(), "Go on with: corecurve run --resume st") {
					t.Errorf("it says %q and not how to go on", stderr)
				}
				s.readable(m)
				s.tidy()
			})
		}
	}
}

// The second signal ends every verb at once, and so do more of them.
func TestSecondSignal(t *testing.T) {
	study := made(t)
	for i, m := range moments() {
		if testing.Short() && m.name != "cleanup" && i%5 != 0 || m.name == "list" { // python3 ends by itself there
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, study)
			tool, stderr := s.start(m)
			began := time.Now()
			for tool.Process.Signal(unix.SIGINT) == nil && time.Since(began) < slow { // 100 in a second
				time.Sleep(10 * time.Millisecond)
				if left := processesWith(s.mark, "corecurve"); len(left) == 0 {
					break
				}
			}
			s.ends(tool, 128+int(unix.SIGINT))
			t.Logf("%s", stderr)
			s.readable(m)
		})
	}
}

// With the tool that is killed ends all that it has started, and the next start removes its temporary folders.
func TestKillEndsAsides(t *testing.T) {
	study := made(t)
	for _, m := range moments() {
		if m.ready != "ready" || m.name == "list" { // python3 is asked for a module there, and ends by itself
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, study)
			tool, _ := s.start(m)
			s.check(tool.Process.Kill())
			s.ends(tool, -int(unix.SIGKILL))
			s.readable(m)
			next := exec.Command("corecurve", "help")
			next.Env = append(os.Environ(), "TMPDIR="+filepath.Join(s.dir, "tmp"))
			s.check(next.Run())
			s.tidy()
		})
	}
}

// A hang-up that was ignored at the start stays ignored.
func TestNohup(t *testing.T) {
	s := newScene(t, made(t))
	m := moments()[0]
	tool, stderr := s.start(m, "sh", "-c", `trap "" HUP; exec "$@"`, "sh")
	s.check(tool.Process.Signal(unix.SIGHUP))
	time.Sleep(300 * time.Millisecond)
	if len(processesWith(s.mark, "corecurve")) == 0 {
		t.Fatalf("it ended: %s", stderr)
	}
	s.check(tool.Process.Signal(unix.SIGINT))
	s.ends(tool, 128+int(unix.SIGINT))
	s.readable(m)
}

// Nothing is wrong with output that nobody reads: neither is there a message, nor does writing kill what cleans up.
func TestUnread(t *testing.T) {
	study := made(t)
	unread := func(tool *exec.Cmd) *os.File {
		r, w, err := os.Pipe()
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.Close() })
		return w
	}
	report := exec.Command("corecurve", "report", study)
	var stderr bytes.Buffer
	report.Stdout, report.Stderr = unread(report), &stderr
	_ = report.Run() // the status tells
	if report.ProcessState.ExitCode() != exitUnread || stderr.Len() > 0 {
		t.Errorf("report to nobody: %v, %q; want status %d and nothing", report.ProcessState, &stderr, exitUnread)
	}
	dir := filepath.Join(t.TempDir(), "st")
	run := exec.Command("corecurve", "run", "--out", dir, "--workers", "1", "--runs", "900", "--yes", "--", "sleep", "0.05")
	run.Stderr = unread(run)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if info, err := os.Stat(filepath.Join(dir, "runs.jsonl")); err == nil && info.Size() > 0 {
			break
		}
	}
	if err := run.Process.Signal(unix.SIGHUP); err != nil {
		t.Fatal(err)
	}
	_ = run.Wait() // the status tells
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if code := run.ProcessState.ExitCode(); code != 128+int(unix.SIGHUP) || s.Header.Stopped != "hung up" {
		t.Errorf("hung up while nobody reads: %v, stopped %q", run.ProcessState, s.Header.Stopped)
	}
}

// A signal while a report is made leaves whole files, and nothing else: unless the disk takes longer for a file than the
// tool's patience lasts. What that leaves is gone after the next report.
func TestSignalWhileReporting(t *testing.T) {
	study := made(t)
	hidden := func() []string {
		left, err := filepath.Glob(filepath.Join(study, "report", ".*"))
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	tries, cut := 12, 0
	if testing.Short() {
		tries = 4
	}
	for i := range tries {
		report := exec.Command("corecurve", "report", study)
		if err := report.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i+1) * 300 * time.Millisecond / time.Duration(tries))
		began := time.Now()
		_ = report.Process.Signal(unix.SIGTERM) // it may have ended
		_ = report.Wait()                       // the status tells
		took := time.Since(began)
		switch code := report.ProcessState.ExitCode(); code {
		case exitOK, -1: // or it had not begun
		case 128 + int(unix.SIGTERM):
			cut++
			if took > slow {
				t.Errorf("it took %v", took)
			}
		default:
			t.Errorf("%v", report.ProcessState)
		}
		if left := hidden(); len(left) > 0 && took < patience {
			t.Errorf("left after %v: %v", took, left)
		}
	}
	t.Logf("%d of %d were cut off", cut, tries)
	if out, err := exec.Command("corecurve", "report", study).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if left := hidden(); len(left) > 0 {
		t.Errorf("left after a whole report: %v", left)
	}
}

// A signal is an answer to the question whether to make a long study: no.
func TestSignalAtQuestion(t *testing.T) {
	master, slave := terminal(t)
	dir := filepath.Join(t.TempDir(), "st")
	tool := exec.Command("corecurve", "run", "--out", dir, "--workers", "1", "--runs", "99999", "--", "sleep", "0.1")
	tool.Stdin, tool.Stdout, tool.Stderr = slave, slave, slave
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close() // the tool has it now
	var said bytes.Buffer
	for b := make([]byte, 4096); !strings.Contains(said.String(), "Go on? [y/N]"); {
		n, err := master.Read(b)
		if said.Write(b[:n]); err != nil {
			t.Fatalf("%q: %v", &said, err)
		}
	}
	if err := tool.Process.Signal(unix.SIGINT); err != nil {
		t.Fatal(err)
	}
	_, _ = said.ReadFrom(master) // to the end, which is an error of a terminal
	_ = tool.Wait()              // the status tells
	if code := tool.ProcessState.ExitCode(); code != 130 || !strings.Contains(said.String(), "interrupted: nothing was measured") {
		t.Errorf("status %d, %q", code, &said)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("an empty study is left")
	}
}

// terminal opens a terminal.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = master.Close() })
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return master, slave
}

// What is written to somebody who does not read it, and does not go, does not keep the tool from ending.
func TestSignalWhileStuck(t *testing.T) {
	s := newScene(t, made(t))
	r, w, err := os.Pipe()
	s.check(err)
	t.Cleanup(func() { _ = errors.Join(r.Close(), w.Close()) })
	fd := int(w.Fd())
	s.check(unix.SetNonblock(fd, true))
	for err == nil { // until it is full
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	s.check(unix.SetNonblock(fd, false))
	tool := exec.Command("corecurve", "report", "traced")
	tool.Dir, tool.Stdout, tool.Stderr = s.dir, w, w
	s.check(tool.Start())
	time.Sleep(time.Second) // about what the report takes
	s.check(tool.Process.Signal(unix.SIGINT))
	if took := s.ends(tool, 130); took > slow {
		t.Errorf("it took %v", took)
	}
}
