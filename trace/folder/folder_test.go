package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corecurve/corecurve/trace/folder"
)

// opened returns a folder in a directory that has a neighbour with a file "secret".
func opened(t *testing.T) (f *folder.Folder, dir, beside string) {
	t.Helper()
	parent := t.TempDir()
	dir, beside = filepath.Join(parent, "study"), filepath.Join(parent, "beside")
	if err := os.Mkdir(beside, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(beside, "secret"), "secret")
	f, err := folder.Make(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, dir, beside
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skip(err)
	}
}

// untouched fails if anything in dir is not as opened made it.
func untouched(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	b, readErr := os.ReadFile(filepath.Join(dir, "secret"))
	if err != nil || readErr != nil || len(entries) != 1 || string(b) != "secret" {
		t.Errorf("%s has changed: %v, %q, %v, %v", dir, entries, b, err, readErr)
	}
}

func TestFiles(t *testing.T) {
	f, dir, _ := opened(t)
	if err := f.MkdirAll("runs/a"); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteFile("runs/a/x", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteFile("runs/a/x", []byte("two")); err != nil {
		t.Fatal(err)
	}
	a, err := f.Append("runs/a/x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.WriteString(" three"); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(f.Path("runs/a/x")); err != nil || string(b) != "two three" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := f.Create("runs/a/x"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("making a file that exists: %v", err)
	}
	_, err = f.Open("runs/b/x")
	if !errors.Is(err, fs.ErrNotExist) || err.Error() != "runs/b: no such file or directory" {
		t.Errorf("opening what does not exist: %v", err)
	}
	if entries, err := f.ReadDir("runs/a"); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v; want one file and nothing temporary", entries, err)
	}
	for range 2 {
		if err := errors.Join(f.RemoveAll("runs"), f.Remove("none/x")); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "runs")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A name leads nowhere else, whatever is done with it.
func TestNames(t *testing.T) {
	f, dir, beside := opened(t)
	for _, name := range []string{
		"", ".", "..", "../beside/secret", "runs/../../beside/secret", "runs/./x", "runs//x", "runs/",
		filepath.ToSlash(filepath.Join(beside, "secret")), "/", "x\x00y",
	} {
		for what, err := range everything(f, name) {
			if err == nil || !strings.Contains(err.Error(), "not the name") && name != "." {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
	}
	untouched(t, beside)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

// everything tries all that can be done with a name.
func everything(f *folder.Folder, name string) map[string]error {
	errs := map[string]error{}
	for what, open := range map[string]func(string) (*os.File, error){
		"open": f.Open, "append": f.Append, "create": f.Create, "lock": f.Lock,
	} {
		file, err := open(name)
		if errs[what] = err; err == nil {
			_ = file.Close()
		}
	}
	_, errs["stat"] = f.Stat(name)
	if name != "." {
		_, errs["list"] = f.ReadDir(name)
	}
	_, errs["sub"] = f.Sub(name)
	errs["make"] = f.MkdirAll(name)
	errs["write"] = f.WriteFile(name, []byte("x"))
	errs["remove"] = f.Remove(name)
	errs["remove all"] = f.RemoveAll(name)
	return errs
}

// No link below the folder is followed, to wherever it leads, and no folder is taken for a file.
func TestLinks(t *testing.T) {
	f, dir, beside := opened(t)
	write(t, filepath.Join(dir, "runs/a/x"), "inside")
	link(t, "../beside", filepath.Join(dir, "out"))
	link(t, filepath.Join(beside, "secret"), filepath.Join(dir, "file"))
	link(t, "runs", filepath.Join(dir, "in"))
	link(t, "none", filepath.Join(dir, "dangling"))
	link(t, "loop", filepath.Join(dir, "loop"))
	open := func(do func(string) (*os.File, error)) func(string) error {
		return func(name string) error {
			file, err := do(name)
			if err == nil {
				_ = file.Close()
			}
			return err
		}
	}
	list := func(name string) error { _, err := f.ReadDir(name); return err }
	sub := func(name string) error { _, err := f.Sub(name); return err }
	put := func(name string) error { return f.WriteFile(name, []byte("x")) }
	for _, tt := range []struct {
		do         func(string) error
		name, want string
	}{
		{open(f.Open), "file", "file is a symlink, not a file"},
		{open(f.Append), "file", "file is a symlink, not a file"},
		{open(f.Append), "dangling", "dangling is a symlink, not a file"},
		{open(f.Create), "dangling", "dangling is a symlink, not a file"},
		{open(f.Lock), "file", "file is a symlink, not a file"},
		{open(f.Open), "loop", "loop is a symlink, not a file"},
		{open(f.Open), "out/secret", "out is a symlink, not a folder"},
		{open(f.Open), "in/a/x", "in is a symlink, not a folder"},
		{open(f.Open), "runs/a", "runs/a is a folder, not a file"},
		{open(f.Open), "runs/a/x/y", "runs/a/x is a file, not a folder"},
		{open(f.Create), "out/new", "out is a symlink, not a folder"},
		{put, "out/new", "out is a symlink, not a folder"},
		{put, "runs", "runs is a folder, not a file"},
		{list, "out", "out is a symlink, not a folder"},
		{sub, "out", "out is a symlink, not a folder"},
		{sub, "out/new", "out is a symlink, not a folder"},
		{f.MkdirAll, "out/new", "out is a symlink, not a folder"},
		{f.MkdirAll, "runs/a/x", "runs/a/x is a file, not a folder"},
		{f.RemoveAll, "out/secret", "out is a symlink, not a folder"},
		{f.Remove, "out/secret", "out is a symlink, not a folder"},
	} {
		if err := tt.do(tt.name); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		} else if _, ok := errors.AsType[*folder.KindError](err); !ok {
			t.Errorf("%s: error of type %T", tt.name, err)
		}
	}
	// A link itself can be replaced and removed.
	if err := errors.Join(f.WriteFile("file", []byte("own")), f.RemoveAll("out"), f.Remove("in")); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "file")); err != nil || string(b) != "own" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := f.Stat("runs/a/x"); err != nil {
		t.Error(err)
	}
	untouched(t, beside)
}

// The directory that the user names may be a symlink.
func TestOpenThroughLink(t *testing.T) {
	f, dir, _ := opened(t)
	alias := dir + "-alias"
	link(t, dir, alias)
	g, err := folder.Open(alias)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.Present(), g.WriteFile("x", nil), g.Close()); err != nil {
		t.Error(err)
	}
	if _, err := f.Stat("x"); err != nil {
		t.Error(err)
	}
}

func TestPresent(t *testing.T) {
	for what, away := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"renamed": func(dir string) error { return os.Rename(dir, dir+"-old") },
		"replaced": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.Mkdir(dir, 0o777))
		},
	} {
		f, dir, _ := opened(t)
		if err := f.Present(); err != nil {
			t.Error(err)
		}
		if err := away(dir); err != nil {
			t.Fatal(err)
		}
		err := f.Present()
		if gone, ok := errors.AsType[*folder.GoneError](err); !ok || gone.Path != dir {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAppendTo(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.md")
	for _, text := range []string{"one\n", "two\n"} {
		if err := folder.AppendTo(path, []byte(text), 12); err != nil {
			t.Error(err)
		}
	}
	const want = "one\n\n\ntwo\n"
	if err := folder.AppendTo(path, []byte("three\n"), 12); err == nil || !strings.Contains(err.Error(), "beyond the 12") {
		t.Errorf("more than there may be: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != want {
		t.Errorf("%q, %v; want %q", b, err, want)
	}
	if err := folder.AppendTo(dir, []byte("x"), 12); err == nil {
		t.Error("a folder was written to")
	}
	if err := folder.AppendTo(filepath.Join(dir, "none", "x"), nil, 12); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestWriteTo(t *testing.T) {
	dir := t.TempDir()
	path, alias := filepath.Join(dir, "a.txt"), filepath.Join(dir, "alias")
	link(t, path, alias)
	for _, name := range []string{path, alias} {
		if err := folder.WriteTo(name, []byte(name)); err != nil {
			t.Error(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != name {
			t.Errorf("%q, %v; want %q", b, err, name)
		}
	}
	if info, err := os.Lstat(alias); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the user's link is gone: %v, %v", info, err)
	}
	if err := folder.WriteTo(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s is a file now: %v", os.DevNull, err)
	}
	if err := folder.WriteTo(dir, nil); err == nil {
		t.Error("a folder was written to")
	}
	if err := folder.WriteTo(filepath.Join(dir, "none", "x"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
