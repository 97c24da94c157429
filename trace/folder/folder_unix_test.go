//go:build unix

package folder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/folder"
)

// What is no file is refused by its name, and without waiting for it.
func TestNoFiles(t *testing.T) {
	f, dir, beside := opened(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Skip(err)
	}
	socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(socket) }()
	want := map[string]string{"fifo": "fifo is a FIFO, not a file"}
	if err := syscall.Bind(socket, &syscall.SockaddrUnix{Name: filepath.Join(dir, "socket")}); err == nil {
		want["socket"] = "socket is a socket, not a file"
	}
	if err := syscall.Mknod(filepath.Join(dir, "zero"), syscall.S_IFCHR|0o666, 1<<8|5); err == nil { // as root
		want["zero"] = "zero is a device, not a file"
	}
	for name, text := range want {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, open := range []func(string) (*os.File, error){f.Open, f.Append, f.Create, f.Lock} {
				if _, err := open(name); err == nil || err.Error() != text {
					t.Errorf("error %v, want %s", err, text)
				}
			}
			if _, err := f.ReadDir(name); err == nil {
				t.Errorf("%s was listed", name)
			}
			if _, err := folder.Open(filepath.Join(dir, name)); err == nil {
				t.Errorf("%s was opened as a folder", name)
			}
			if err := f.WriteFile(name, []byte("x")); err != nil { // takes its place
				t.Error(err)
			}
		}()
		select {
		case <-done:
		case <-time.After(2 * time.Minute):
			t.Fatalf("%s: it waits", name)
		}
	}
	if err := os.Link(filepath.Join(beside, "secret"), filepath.Join(dir, "hard")); err != nil {
		t.Skip(err)
	}
	for _, open := range []func(string) (*os.File, error){f.Append, f.Lock} {
		if _, err := open("hard"); err == nil || !strings.Contains(err.Error(), "hard: it has other names") {
			t.Errorf("a file with another name: %v", err)
		}
	}
	if err := f.WriteFile("hard", []byte("own")); err != nil {
		t.Error(err)
	}
	untouched(t, beside)
}

// A file that is replaced all the time by links to elsewhere, FIFOs and folders is never read or written elsewhere.
func TestRace(t *testing.T) {
	f, dir, beside := opened(t)
	path := filepath.Join(dir, "a", "x")
	write(t, path, "own")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.RemoveAll(filepath.Join(dir, "a"))
			switch i % 4 {
			case 0:
				_ = os.Symlink(beside, filepath.Join(dir, "a"))
			default:
				_ = os.Mkdir(filepath.Join(dir, "a"), 0o777)
				switch i % 4 {
				case 1:
					_ = os.Symlink(filepath.Join(beside, "secret"), path)
				case 2:
					_ = syscall.Mkfifo(path, 0o600)
				default:
					_ = os.WriteFile(path, []byte("own"), 0o666)
				}
			}
		}
	})
	own := 0
	for range 3000 {
		if file, err := f.Open("a/x"); err == nil {
			b := make([]byte, 6)
			if n, _ := file.Read(b); string(b[:n]) == "own" {
				own++
			} else if strings.HasPrefix(string(b[:n]), "s") {
				t.Errorf("read %q", b[:n])
			}
			_ = file.Close()
		}
		if file, err := f.Append("a/x"); err == nil {
			_, _ = file.WriteString("x")
			_ = file.Close()
		}
		_ = f.WriteFile("a/secret", []byte("x"))
		_ = f.RemoveAll("a/secret")
	}
	close(stop)
	wg.Wait()
	untouched(t, beside)
	t.Logf("%d of 3000 reads met the file", own)
}

// The mode of files and folders is what the umask leaves.
func TestUmask(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for _, mask := range []int{0o022, 0o002, 0o077} {
		syscall.Umask(mask)
		f, dir, _ := opened(t)
		if err := errors.Join(f.MkdirAll("runs"), f.WriteFile("runs/x", nil)); err != nil {
			t.Fatal(err)
		}
		for name, all := range map[string]os.FileMode{".": 0o777, "runs": 0o777, "runs/x": 0o666} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if want := all &^ os.FileMode(mask); info.Mode().Perm() != want {
				t.Errorf("umask %03o: %s has mode %03o, want %03o", mask, name, info.Mode().Perm(), want)
			}
		}
	}
}

// Tidy removes the temporary files of killed processes, and none that is being written or that is not ours.
func TestTidy(t *testing.T) {
	f, dir, beside := opened(t)
	stale := ".study.json.corecurve-ABCDEFGHIJKLMN23"
	for _, name := range []string{stale, "study.json", ".study.json.1234", ".hidden", "x.corecurve-ABCDEFGHIJKLMN23"} {
		write(t, filepath.Join(dir, name), "x")
	}
	link(t, filepath.Join(beside, "secret"), filepath.Join(dir, ".y.corecurve-ABCDEFGHIJKLMN24"))
	busy, err := f.Lock(".z.corecurve-ABCDEFGHIJKLMN25")
	if err != nil {
		t.Fatal(err)
	}
	f.Tidy(".")
	entries, err := f.ReadDir(".")
	if err != nil || len(entries) != 6 {
		t.Errorf("%v, %v; want all but one", entries, err)
	}
	if _, err := f.Stat(stale); err == nil {
		t.Error("what a killed process left is still there")
	}
	if err := busy.Close(); err != nil {
		t.Fatal(err)
	}
	f.Tidy(".")
	if entries, err = f.ReadDir("."); err != nil || len(entries) != 5 {
		t.Errorf("%v, %v; want all but two", entries, err)
	}
	untouched(t, beside)
}

// Files that are being written survive those who tidy beside.
func TestTidyBesideWriters(t *testing.T) {
	f, _, _ := opened(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				f.Tidy(".")
			}
		}
	})
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 50 {
				if err := f.WriteFile("x", []byte("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	wg.Wait()
	if entries, err := f.ReadDir("."); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestLock(t *testing.T) {
	f, _, _ := opened(t)
	first, err := f.Lock("x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock("x"); !errors.Is(err, folder.ErrLocked) {
		t.Errorf("a second lock: %v", err)
	}
	if err := f.WriteFile("x", nil); err != nil {
		t.Fatal(err)
	}
	if f.Same("x", first) {
		t.Error("it was replaced, and seems the same")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := f.Lock("x")
	if err != nil {
		t.Fatal(err)
	}
	_ = second.Close()
}
