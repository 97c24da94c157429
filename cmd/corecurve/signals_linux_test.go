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

// slow is when an end is not at once any more.
const slow = 5 * time.Second

// atOnce fails t unless try, which returns how long an end took, takes less than slow. A machine that does much else
// may delay an end, and hardly three of them.
func atOnce(t *testing.T, try func() (took time.Duration)) {
	t.Helper()
	for range 3 {
		took := try()
		if took < slow || t.Failed() {
			return
		}
		t.Logf("it took %v", took)
	}
	t.Error("it was slow each time")
}

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
				atOnce(t, func() time.Duration { return newScene(t, study).stopped(m, stop.signal, stop.word) })
			})
		}
	}
}

// stopped signals the tool once at that moment, and checks what it says and leaves.
func (s *scene) stopped(m moment, signal syscall.Signal, word string) (took time.Duration) {
	s.t.Helper()
	tool, stderr := s.start(m)
	s.check(tool.Process.Signal(signal))
	took = s.ends(tool, 128+int(signal))
	s.t.Logf("ended after %v: %s", took.Round(time.Millisecond), stderr)
	if !strings.Contains(stderr.String(), "corecurve: "+word) {
		s.t.Errorf("it says %q, want %q", stderr, word)
	}
	if m.keeps && !strings.Contains(stderr.String(), "Go on with: corecurve run --resume st") {
		s.t.Errorf("it says %q and not how to go on", stderr)
	}
	s.readable(m)
	if took >= patience { // it may have left while its verb was still at it
		s.next()
	}
	s.tidy()
	return took
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
			for tool.Process.Signal(unix.SIGINT) == nil && time.Since(began) < longWait { // 100 in a second
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
			s.next()
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
	for deadline := time.Now().Add(longWait); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
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

// A signal while a report is made leaves whole files, and nothing else: unless the disk takes longer for a file than
// the tool's patience lasts. What that leaves is gone after the next report.
func TestSignalWhileReporting(t *testing.T) {
	study := made(t)
	hidden := func() []string {
		left, err := filepath.Glob(filepath.Join(study, "report", ".*"))
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	tries, cut, late := 12, 0, 0
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
				late++
			}
		default:
			t.Errorf("%v", report.ProcessState)
		}
		if left := hidden(); len(left) > 0 && took < patience {
			t.Errorf("left after %v: %v", took, left)
		}
	}
	t.Logf("%d of %d were cut off, %d late", cut, tries, late)
	if late > cut/2 { // else the machine does much else
		t.Errorf("%d of %d took longer than %v", late, cut, slow)
	}
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
	study := made(t)
	atOnce(t, func() time.Duration { return newScene(t, study).stuck() })
}

// stuck signals the tool when nobody reads what it writes.
func (s *scene) stuck() (took time.Duration) {
	s.t.Helper()
	r, w, err := os.Pipe()
	s.check(err)
	s.t.Cleanup(func() { _ = errors.Join(r.Close(), w.Close()) })
	fd := int(w.Fd())
	s.check(unix.SetNonblock(fd, true))
	for err == nil { // until it is full
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	s.check(unix.SetNonblock(fd, false))
	tool := exec.Command("corecurve", "report", "traced")
	tool.Dir, tool.Stdout, tool.Stderr = s.dir, w, w
	s.check(os.RemoveAll(filepath.Join(s.dir, "traced", "report")))
	s.check(tool.Start())
	for deadline := time.Now().Add(longWait); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(s.dir, "traced", "report", "report.html")); err == nil {
			break
		} else if time.Now().After(deadline) {
			s.t.Fatal("there is no report")
		}
	}
	time.Sleep(200 * time.Millisecond) // it writes to nobody after that
	s.check(tool.Process.Signal(unix.SIGINT))
	return s.ends(tool, 130)
}
