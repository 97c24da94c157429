package main

import (
	"bytes"
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
	ready string // a file that holds something then; "process WORD…": one with them is there; "": it reads
	keeps bool   // the directory st is then a study
	stdin bool   // it reads that, and not the FIFO
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
		{"open", []string{"open", "--trace", "traced"}, "ready", false, false},
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
	tool.Dir, tool.Stderr, tool.WaitDelay = s.dir, stderr, longWait
	tool.Env = append(os.Environ(), s.mark, "READY="+filepath.Join(s.dir, "ready"), "TMPDIR="+filepath.Join(s.dir, "tmp"),
		"PATH="+filepath.Join(s.dir, "bin")+":"+os.Getenv("PATH"))
	in, err := unix.Open(filepath.Join(s.dir, "fifo"), unix.O_RDWR|unix.O_CLOEXEC, 0) // without an end
	s.check(err)
	fifo := os.NewFile(uintptr(in), "fifo")
	s.t.Cleanup(func() { _ = fifo.Close() })
	if m.stdin {
		tool.Stdin = fifo
	}
	if m.ready == "" {
		_, err := fifo.WriteString("g") // as a trace begins
		s.check(err)
	}
	s.check(tool.Start())
	s.t.Cleanup(func() { _ = tool.Process.Kill() })
	words, process := strings.CutPrefix(m.ready, "process ")
	for deadline := time.Now().Add(longWait); ; time.Sleep(5 * time.Millisecond) {
		unread := 1
		if m.ready == "" {
			unread, err = unix.IoctlGetInt(in, unix.TIOCINQ)
			s.check(err)
		}
		switch info, err := os.Stat(filepath.Join(s.dir, m.ready)); {
		case process && len(processesWith(s.mark, strings.Fields(words)...)) > 3,
			!process && m.ready != "" && err == nil && info.Size() > 0, unread == 0:
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
	case <-time.After(longWait):
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
	for deadline := time.Now().Add(longWait); ; time.Sleep(5 * time.Millisecond) {
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

// next starts the tool once more, which removes what one that could not has left.
func (s *scene) next() {
	s.t.Helper()
	next := exec.Command("corecurve", "help")
	next.Env = append(os.Environ(), "TMPDIR="+filepath.Join(s.dir, "tmp"))
	s.check(next.Run())
}

// tidy checks that nothing is left in the folder for temporary files.
func (s *scene) tidy() {
	s.t.Helper()
	if left, err := os.ReadDir(filepath.Join(s.dir, "tmp")); err != nil || len(left) > 0 {
		s.t.Errorf("temporary files are left: %v, %v", left, err)
	}
}
