//go:build unix

package commands

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// What processes that were killed had begun is removed; what others are at, and what is not ours, stays.
func TestPlaceTidies(t *testing.T) {
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "program")
	stale := path + "." + strconv.Itoa(gone.Process.Pid)
	living, other := path+"."+strconv.Itoa(os.Getppid()), path+".c"
	for _, name := range []string{stale, living, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := place(path, func(path string) error { return os.WriteFile(path, nil, 0o600) }); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, living, other} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(stale); err == nil {
		t.Errorf("%s is left", stale)
	}
}
