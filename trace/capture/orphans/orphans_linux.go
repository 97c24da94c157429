package orphans

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Mark returns env with the mark of this process, which must be the tool.
func Mark(env []string) []string {
	mark, err := own()
	if err != nil {
		return env // what is not marked is not found, as without /proc
	}
	return append(slices.Clip(env), Env+"="+mark.String())
}

// A tool is what a mark says.
type tool struct {
	pid    int
	start  uint64 // ticks since the machine was started
	spaces string // of process ids and of time, which pid and start are of
}

func (t tool) String() string { return fmt.Sprintf("%d %d %s", t.pid, t.start, t.spaces) }

// own returns the mark of this process. It is an error if /proc is that of other namespaces, where numbers stand for
// other processes.
func own() (tool, error) {
	t := tool{pid: os.Getpid()}
	self, err := os.Readlink("/proc/self")
	if err == nil && self != strconv.Itoa(t.pid) {
		err = fmt.Errorf("/proc is of other namespaces: process %d is %s there", t.pid, self)
	}
	if err != nil {
		return t, err
	}
	if t.spaces, err = spaces("self"); err != nil {
		return t, err
	}
	t.start, _, err = stat(t.pid)
	return t, err
}

// spaces names the namespaces of a process.
func spaces(pid string) (string, error) {
	ids, err := os.Readlink(filepath.Join("/proc", pid, "ns", "pid"))
	if err != nil {
		return "", err
	}
	clock, err := os.Readlink(filepath.Join("/proc", pid, "ns", "time"))
	if err != nil {
		clock = "time" // a kernel before 5.6 has no such namespaces
	}
	return ids + clock, nil
}

// stat returns when a process was started, in ticks, and its state.
func stat(pid int) (start uint64, state byte, err error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0, err
	}
	// The name, which is in brackets, may hold brackets.
	f := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	const first, last = 0, 19 // state and starttime, fields 3 and 22 of proc_pid_stat(5), behind pid and name
	if len(f) <= last {
		return 0, 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(f))
	}
	start, err = strconv.ParseUint(string(f[last]), 10, 64)
	return start, f[first][0], err
}

// parse returns what a mark says; false if it is none.
func parse(text string) (t tool, ok bool) {
	f := strings.Split(text, " ")
	if len(f) != 3 {
		return t, false
	}
	pid, errPid := strconv.Atoi(f[0])
	start, errStart := strconv.ParseUint(f[1], 10, 64)
	return tool{pid, start, f[2]}, errPid == nil && errStart == nil && pid > 0
}

// gone reports whether the tool has ended for sure. Its mark must be of the namespaces of this process.
func (t tool) gone() bool {
	start, state, err := stat(t.pid)
	if err != nil {
		return unix.Kill(t.pid, 0) == unix.ESRCH // else it cannot be looked at
	}
	return start != t.start || state == 'Z' || state == 'X'
}

// markOf returns the mark that a process was started with. One with two is not ours.
func markOf(pid string) (t tool, ok bool) {
	env, err := os.ReadFile(filepath.Join("/proc", pid, "environ"))
	if err != nil {
		return t, false // it has ended, or is not to be looked at
	}
	n := 0
	for v := range bytes.SplitSeq(env, []byte{0}) {
		if text, is := bytes.CutPrefix(v, []byte(Env+"=")); is {
			n++
			t, ok = parse(string(text))
		}
	}
	return t, ok && n == 1
}

// rounds is how often End looks again: a process may have started another before it was ended.
const rounds = 20

// End ends the processes that are left of runs whose tool is gone, and returns how many there were.
func End() int {
	self, err := own()
	if err != nil {
		return 0
	}
	if t, ok := markOf("self"); ok && (t.spaces != self.spaces || t.gone()) {
		return 0
	}
	found := map[string]bool{}
	for range rounds {
		before := len(found)
		for _, name := range processes() {
			if !found[name] && end(name, self) {
				found[name] = true
			}
		}
		if len(found) == before {
			break
		}
		time.Sleep(time.Millisecond) // for those to be gone
	}
	return len(found)
}

// processes names those in /proc.
func processes() (names []string) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer func() { _ = dir.Close() }()
	all, _ := dir.Readdirnames(-1) // those that were read before an error
	for _, name := range all {
		if name[0] >= '1' && name[0] <= '9' {
			names = append(names, name)
		}
	}
	return names
}

// end ends a process if it is left of a run, and reports whether it did.
func end(name string, self tool) bool {
	pid, err := strconv.Atoi(name)
	if err != nil || pid == self.pid || !left(name, self) {
		return false
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(fd) }()
	if !left(name, self) { // the number may have become another's just before
		return false
	}
	return unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0) == nil
}

// left reports whether a process is left of a run: it is of this user, alive, in the namespaces of this process, and
// its mark names a tool that is gone.
func left(name string, self tool) bool {
	var st unix.Stat_t
	if err := unix.Stat(filepath.Join("/proc", name), &st); err != nil || int(st.Uid) != os.Geteuid() {
		return false
	}
	t, ok := markOf(name)
	if !ok || t.spaces != self.spaces {
		return false
	}
	if where, err := spaces(name); err != nil || where != self.spaces {
		return false
	}
	return t.gone()
}
