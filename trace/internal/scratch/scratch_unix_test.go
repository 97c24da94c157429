//go:build unix

package scratch

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// childEnv makes the test binary a process that makes a folder, says so and waits to be killed.
const childEnv = "SCRATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		f, err := New()
		if err != nil {
			os.Exit(1)
		}
		_, _ = os.Stdout.WriteString(f.Path)
		time.Sleep(time.Hour)
	}
	os.Exit(m.Run())
}

// killed returns a folder whose process was killed.
func killed(t *testing.T) (path string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childEnv+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := out.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	Clear() // it lives
	if _, err := os.Stat(string(b[:n])); err != nil {
		t.Errorf("the folder of a living process: %v", err)
	}
	_ = c.Process.Kill()
	_ = c.Wait() // killed, as it should be
	return string(b[:n])
}

// Where there is no place for temporary files, that is what is said.
func TestNoPlace(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	if f, err := New(); err == nil || !strings.HasPrefix(err.Error(), "no folder for temporary files can be made: ") {
		t.Errorf("%v, %v", f, err)
	}
}

// Only folders of processes that are gone are removed, and nothing else: no file, no link and what it leads to, and no
// study.
func TestClear(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	mine, err := New()
	if err != nil {
		t.Fatal(err)
	}
	gone := killed(t)
	kept := []string{
		mine.Path, filepath.Join(temp, "corecurve-tmp-20260102T150405Z"), filepath.Join(temp, prefix+"file"),
		filepath.Join(temp, prefix+"link"), filepath.Join(temp, "victim"), filepath.Join(temp, "victim", "inside"),
	}
	for _, dir := range []string{kept[1], kept[5], filepath.Join(gone, "deep", "er")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(kept[2], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(kept[4], kept[3]); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(kept[4], filepath.Join(gone, "out")); err != nil {
		t.Fatal(err)
	}
	Clear()
	for _, path := range kept {
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(gone); err == nil {
		t.Errorf("%s is left", gone)
	}
	if err := mine.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(mine.Path); err == nil {
		t.Errorf("%s was not removed", mine.Path)
	}
}

// A folder that New returns stays, however often others clear.
func TestNewWhileOthersClear(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	stop := make(chan struct{})
	var clearing, making sync.WaitGroup
	for range 3 {
		clearing.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					Clear()
				}
			}
		})
	}
	for range 4 {
		making.Go(func() {
			for range 200 {
				f, err := New()
				if err != nil {
					t.Error(err)
					return
				}
				if err := os.WriteFile(filepath.Join(f.Path, "x"), nil, 0o600); err != nil {
					t.Error(err)
				}
				if err := f.Remove(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	making.Wait()
	close(stop)
	clearing.Wait()
}
