package orphans

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// toolEnv makes the test binary a tool that starts a program, which starts another in a session of its own, and waits.
const toolEnv = "ORPHANS_TEST_TOOL"

// spaceEnv makes the test binary a tool in a PID namespace of its own, below the /proc of another.
const spaceEnv = "ORPHANS_TEST_SPACE"

// apartEnv says that the test binary has process numbers and a /proc of its own. Elsewhere, other tests that start the
// tool would end what these tests leave.
const apartEnv = "ORPHANS_TEST_APART"

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(spaceEnv) != "":
		_, err := own()
		fmt.Println(err != nil, len(Mark(nil)), End())
		os.Exit(0)
	case os.Getenv(toolEnv) != "":
		c := exec.Command("sh", "-c", "setsid sleep 1000 & echo $!; wait")
		c.Env = Mark(os.Environ())
		c.Stdout = os.Stdout
		_ = c.Run()
		os.Exit(1)
	case os.Getenv(apartEnv) == "":
		os.Exit(runApart())
	case os.Getpid() == 1:
		err := errors.Join(
			unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
			unix.Mount("proc", "/proc", "proc", 0, ""),
		)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// runApart runs this binary in namespaces of its own.
func runApart() int {
	c := exec.Command(os.Args[0], os.Args[1:]...)
	c.Env = append(os.Environ(), apartEnv+"=1")
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	if uid := os.Getuid(); uid != 0 {
		c.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	}
	if err := c.Run(); err != nil {
		if _, ran := errors.AsType[*exec.ExitError](err); !ran {
			fmt.Println("SKIP: no namespaces can be made here:", err)
			return 0
		}
	}
	return c.ProcessState.ExitCode()
}

// patience is how long what happens at once may take on a machine that does much else.
const patience = 2 * time.Minute

// alive reports whether a process lives, at most a moment after it was ended.
func alive(pid int) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if _, state, err := stat(pid); err != nil || state == 'Z' || state == 'X' {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
	return true
}

// Processes of a run live as long as their tool does, and end with the next one.
func TestEnd(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), toolEnv+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	End() // what others left
	if _, state, err := stat(pid); err != nil || state == 'Z' {
		t.Fatal("a process was ended while its tool lives")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, state, _ := stat(c.Process.Pid); state != 'Z'; _, state, _ = stat(c.Process.Pid) { // it is not reaped yet
		time.Sleep(time.Millisecond)
	}
	if n := End(); n < 2 { // the shell and what it started
		t.Errorf("%d processes ended, want 2 or more", n)
		_ = unix.Kill(pid, unix.SIGKILL)
	} else if alive(pid) {
		t.Error("a process lives although its tool is gone")
		_ = unix.Kill(pid, unix.SIGKILL)
	}
	_ = c.Wait() // killed, as it should be
}

// Only a mark of the namespaces of this process, which names a tool that is gone, ends a process.
func TestMarks(t *testing.T) {
	self, err := own()
	if err != nil {
		t.Fatal(err)
	}
	const none = 1 << 22 // beyond the largest id
	for _, tt := range []struct {
		env   []string
		ended bool
	}{
		{[]string{Env + "=" + self.String()}, false},
		{[]string{Env + "=" + tool{none, 1, self.spaces}.String()}, true},
		{[]string{Env + "=" + tool{self.pid, self.start - 1, self.spaces}.String()}, true}, // the id is another's now
		{[]string{Env + "=" + tool{none, 1, "pid:[1]time:[1]"}.String()}, false},
		{[]string{Env + "=" + tool{none, 1, self.spaces}.String() + " x"}, false},
		{[]string{Env + "=" + fmt.Sprintf("%d", none)}, false},
		{[]string{Env + "=" + fmt.Sprintf("-1 1 %s", self.spaces)}, false},
		{[]string{Env + "="}, false},
		{[]string{"X" + Env + "=" + tool{none, 1, self.spaces}.String()}, false},
		{nil, false},
	} {
		c := exec.Command("sleep", "1000")
		c.Env = append([]string{"PATH=" + os.Getenv("PATH")}, tt.env...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		End()
		ended := make(chan struct{})
		go func() {
			_ = c.Wait() // killed by one or the other
			close(ended)
		}()
		got := false
		if tt.ended {
			select {
			case <-ended:
				got = true
			case <-time.After(patience):
			}
		} else {
			select {
			case <-ended:
				got = true
			case <-time.After(50 * time.Millisecond):
			}
		}
		if got != tt.ended {
			t.Errorf("%q: ended %v, want %v", tt.env, got, tt.ended)
		}
		_ = c.Process.Kill() // it may be gone
		<-ended
	}
}

// One that works below a program that outlived its run ends nothing.
func TestEndOfOrphan(t *testing.T) {
	self, err := own()
	if err != nil {
		t.Fatal(err)
	}
	mark := Env + "=" + tool{1 << 22, 1, self.spaces}.String()
	c := exec.Command("sleep", "1000")
	c.Env = append(os.Environ(), mark)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	again := exec.Command(os.Args[0], "-test.run=^TestEnd$")
	again.Env = append(os.Environ(), mark)
	if out, err := again.CombinedOutput(); err == nil || !strings.Contains(string(out), "0 processes ended") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Where the numbers in /proc stand for other processes, nothing is marked and nothing ended.
func TestOtherProc(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), spaceEnv+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Skipf("no namespace can be made here: %v", err)
	}
	if got := strings.TrimSpace(string(out)); got != "true 0 0" {
		t.Errorf("error, marks and processes ended: %s; want true 0 0", got)
	}
}
