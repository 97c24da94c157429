package battery

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A scarcity is a limit of the kernel on what the tool and its runs may take.
type scarcity struct {
	name   string
	limit  int      // of setrlimit(2)
	values []uint64 // the first for the short form; from what nothing can be done with to what is nearly enough
	words  []string // one of which the error has
	uid    bool     // it binds only users without privileges
	dies   bool     // Go's runtime ends a process that meets it
}

func scarcities() []scarcity {
	return []scarcity{
		{
			// With less than these Go's runtime itself cannot begin to poll.
			name: "files", limit: unix.RLIMIT_NOFILE, values: []uint64{12, 14, 16, 20, 24, 32, 48, 64},
			words: []string{"too many open files"},
		},
		{
			name: "processes", limit: unix.RLIMIT_NPROC, values: []uint64{16, 6, 10, 12, 20, 24, 32, 48},
			words: []string{"resource temporarily unavailable", "too little of processes"}, uid: true, dies: true,
		},
		{
			name: "memory", limit: unix.RLIMIT_AS,
			values: []uint64{1300 << 20, 600 << 20, 900 << 20, 1200 << 20, 1400 << 20, 1600 << 20},
			words:  []string{"cannot allocate memory", "out of memory"}, dies: true,
		},
		{
			name: "file size", limit: unix.RLIMIT_FSIZE,
			values: []uint64{8 << 10, 512, 2 << 10, 4 << 10, 16 << 10, 32 << 10, 128 << 10, 1 << 20},
			words:  []string{"file too large"},
		},
	}
}

// limits makes studies with too little of what the kernel gives: the tool says what is short, blames no workload for
// it, and goes on when there is enough.
func (l *lab) limits(t *testing.T) {
	t.Parallel()
	for _, s := range scarcities() {
		if s.uid && os.Getuid() != 0 {
			t.Logf("%s: not tried, as only root can become another user", s.name)
			continue
		}
		for _, value := range s.values[:l.pick(1, len(s.values))] {
			l.limit(t, &s, value)
		}
	}
}

// limit makes one study with little, and goes on with it with enough. The study is of the tool's own workload: that a
// command cannot start processes of its own is a failure of the command.
func (l *lab) limit(t *testing.T, s *scarcity, value uint64) {
	kind := &subjects()[0]
	room := l.room(t)
	kind.furnish(t, room)
	d := &diary{dir: room.path("work/study")}
	try := l.trial(t, "limit on "+s.name)
	defer try.end()
	cmd := room.command(kind.arguments(d)...)
	uid := os.Getuid()
	if s.uid {
		uid = stranger
		room.open(t)
		room.own(t, uid)
	}
	confine(t, cmd, confinement{Limit: s.limit, Value: value, UID: uid})
	first := room.startCommand(t, cmd)
	if !first.wait(4 * patience) {
		try.fail("hangs", "%s", first.say())
		return
	}
	room.empty(try, first.say())
	if !s.dies || !first.crashed() {
		lacking(try, first, d, s.words...)
	}
	if s.uid {
		room.own(t, os.Getuid())
	}
	goOn(try, room, kind, d, "with enough again")
}

// stranger is a user that has no other process.
const stranger = 54321

// open lets other users into the room.
func (r *room) open(t *testing.T) {
	t.Helper()
	tool := filepath.Dir(r.lab.tool)
	for _, dir := range []string{r.dir, filepath.Dir(r.dir), tool, filepath.Dir(tool)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// own makes the room that of a user.
func (r *room) own(t *testing.T, uid int) {
	t.Helper()
	err := filepath.WalkDir(r.dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, uid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// confineEnv has the test binary become another program under a confinement.
const confineEnv = "CORECURVE_BATTERY_CONFINE"

// A confinement is a limit on a process and the user that it runs as.
type confinement struct {
	Limit int    `json:"limit"`
	Value uint64 `json:"value"`
	UID   int    `json:"uid"`
}

// confine has cmd started under c.
func confine(t *testing.T, cmd *exec.Cmd, c confinement) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Args = append([]string{self, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	cmd.Env = append(cmd.Env, confineEnv+"="+string(spec))
}

// become makes this process the program of its arguments, confined.
func become(spec string) error {
	var c confinement
	if err := json.Unmarshal([]byte(spec), &c); err != nil {
		return err
	}
	if err := os.Unsetenv(confineEnv); err != nil {
		return err
	}
	if c.UID != os.Getuid() {
		if err := syscall.Setgid(c.UID); err != nil {
			return err
		}
		if err := syscall.Setuid(c.UID); err != nil {
			return err
		}
	}
	if err := syscall.Setrlimit(c.Limit, &syscall.Rlimit{Cur: c.Value, Max: c.Value}); err != nil {
		return err
	}
	return syscall.Exec(os.Args[1], os.Args[1:], os.Environ())
}
