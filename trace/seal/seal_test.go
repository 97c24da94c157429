package seal

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/corecurve/corecurve/trace/sweep"
)

// header is that of a study with one of each thing that a study can run.
func header() *sweep.Header {
	command := func() *sweep.Command {
		return &sweep.Command{
			Argv: []string{"/bin/sh", "-c", "true"}, Env: []string{"A=1"}, WorkDir: "/w", Stdin: "/in",
			Prepare: []string{"p"}, Cleanup: []string{"c"}, TracedArgs: []string{"t"},
		}
	}
	bench := command()
	bench.Benchmark = &sweep.Benchmark{Name: "BenchmarkX", Package: "x", Folder: "/f"}
	point := sweep.Point{Workload: "sh", Procs: 1, Workers: 1, Cores: 1, Size: 1}
	return &sweep.Header{
		Schema: sweep.StudySchema, Folder: "~/f",
		Workloads: []sweep.Program{
			{Name: "sh", Doc: "not UTF-8: \xff", SHA256: "ab", Command: command()},
			{Name: "x", Command: bench},
			{Name: "pkg", Package: "~/pkg", Argv: []string{"a"}},
		},
		Sweeps: []sweep.Sweep{{Workload: "sh", Points: []sweep.Point{point}}},
	}
}

// A seal holds for the header that it was made for, also once that is written and read, and for no other that runs
// anything else. What changes while a study is measured does not break it.
func TestSeal(t *testing.T) {
	key, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sealed := func() *sweep.Header {
		h := header()
		if h.Seal, err = key.Of(h); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var read sweep.Header
		if err := json.Unmarshal(b, &read); err != nil {
			t.Fatal(err)
		}
		return &read
	}
	for name, change := range map[string]func(h *sweep.Header){
		"nothing":       func(*sweep.Header) {},
		"what happened": func(h *sweep.Header) { h.Stopped, h.Warnings, h.Host.BootID = "done", []string{"w"}, "b" },
	} {
		h := sealed()
		if change(h); !key.Holds(h) {
			t.Errorf("%s: the seal does not hold", name)
		}
	}
	for name, change := range map[string]func(h *sweep.Header){
		"no seal":     func(h *sweep.Header) { h.Seal = "" },
		"folder":      func(h *sweep.Header) { h.Folder = "/tmp" },
		"SHA-256":     func(h *sweep.Header) { h.Workloads[0].SHA256 = "cd" },
		"word":        func(h *sweep.Header) { h.Workloads[0].Command.Argv[2] = "false" },
		"bytes":       func(h *sweep.Header) { h.Workloads[0].Command.Argv[2] = "true\xff" },
		"variable":    func(h *sweep.Header) { h.Workloads[0].Command.Env[0] = "LD_PRELOAD=x" },
		"work folder": func(h *sweep.Header) { h.Workloads[0].Command.WorkDir = "/" },
		"stdin":       func(h *sweep.Header) { h.Workloads[0].Command.Stdin = "/x" },
		"prepare":     func(h *sweep.Header) { h.Workloads[0].Command.Prepare = nil },
		"cleanup":     func(h *sweep.Header) { h.Workloads[0].Command.Cleanup = []string{"c", "d"} },
		"traced":      func(h *sweep.Header) { h.Workloads[0].Command.TracedArgs[0] = "x" },
		"package":     func(h *sweep.Header) { h.Workloads[2].Package = "~/other" },
		"benchmark":   func(h *sweep.Header) { h.Workloads[1].Command.Benchmark.Folder = "/g" },
		"import path": func(h *sweep.Header) { h.Workloads[1].Command.Benchmark.Package = "-toolexec=x" },
		"order":       func(h *sweep.Header) { h.Workloads[0], h.Workloads[1] = h.Workloads[1], h.Workloads[0] },
		"count":       func(h *sweep.Header) { h.Sweeps[0].Points[0].Size = 2 },
	} {
		h := sealed()
		if change(h); key.Holds(h) {
			t.Errorf("%s: the seal holds for another study", name)
		}
	}
	other, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if other.Holds(sealed()) {
		t.Error("the seal of another user holds")
	}
}

// All who open the key for the first time get the same; a key that is none, or that others can read, is refused.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "corecurve")
	keys := make([]Key, 16)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			var err error
			if keys[i], err = Open(dir); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] || k == (Key{}) {
			t.Errorf("key %x, want %x", k, keys[0])
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files beside the key: %v", len(entries)-1, err)
	}
	path := filepath.Join(dir, keyFile)
	if info, err := os.Stat(path); err != nil || secured && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}
	for name, c := range map[string]struct {
		spoil func() error
		want  string
		modes bool // is seen where files have modes
	}{
		"short":    {func() error { return os.Truncate(path, 31) }, path + " is not a key (31 bytes of 32): remove it", false},
		"empty":    {func() error { return os.Truncate(path, 0) }, path + " is not a key (0 bytes of 32): remove it", false},
		"long":     {func() error { return os.Truncate(path, 1<<40) }, path + " is not a key (1099511627776 bytes", false},
		"a link":   {func() error { return errOf(os.Remove(path), os.Symlink("/dev/zero", path)) }, path + ": not", false},
		"a folder": {func() error { return errOf(os.Remove(path), os.Mkdir(path, 0o700)) }, path + ": not a file", false},
		"open": {
			func() error { return os.Chmod(path, 0o644) },
			"others may read the key (mode 0644): chmod 600 " + path + ", or if they have, rm " + path + " (there will be", true,
		},
		"of another user": {
			func() error {
				if os.Geteuid() != 0 {
					return errSkipped
				}
				return os.Chown(path, 12345, -1)
			}, path + " belongs to another user", true,
		},
	} {
		err := c.spoil()
		if errors.Is(err, errSkipped) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); (!c.modes || secured) && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if err := errOf(os.Remove(path), os.WriteFile(path, make([]byte, 32), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(""); err == nil {
		t.Error("opened without a folder")
	}
}

var errSkipped = errors.New("cannot be done by this user")

func errOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// A file where the folder of the state should be, or one that it lies in, is said to be one.
func TestFileForFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "corecurve"), filepath.Join(file, "a", "corecurve")} {
		want := dir + ", the folder of your state, cannot be made: " + file + " is a file: move it away, or have " +
			"XDG_STATE_HOME name another folder"
		if _, err := Open(dir); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
