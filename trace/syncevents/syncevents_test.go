package syncevents

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// installed is the library that this test is built with.
func installed(t *testing.T) Library {
	t.Helper()
	l := Library{Root: runtime.GOROOT(), Version: runtime.Version()} //nolint:staticcheck // it runs where it is built
	if !l.known() {
		t.Skipf("%s is not known", l.Version)
	}
	return l
}

// TestInstalled: the installed library can be patched. Every line stays in its place, and every file can be parsed.
func TestInstalled(t *testing.T) {
	l := installed(t)
	p, err := l.Patch()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.files {
		if _, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.SkipObjectResolution); err != nil {
			t.Error(err)
		}
		if strings.HasSuffix(f.path, mark) {
			continue
		}
		old, err := os.ReadFile(filepath.Join(l.Root, "src", f.path))
		if err != nil {
			t.Fatal(err)
		}
		was, is := strings.Split(string(old), "\n"), strings.Split(f.text, "\n")
		if len(was) != len(is) {
			t.Errorf("%s has %d lines instead of %d", f.path, len(is), len(was))
			continue
		}
		for i := range was {
			if was[i] != is[i] && !strings.Contains(is[i], "corecurve") && !strings.Contains(is[i], ".mu.") {
				t.Errorf("%s:%d: %q has become %q", f.path, i+1, was[i], is[i])
			}
		}
	}
	again, err := l.Patch()
	if err != nil || again.SHA256 != p.SHA256 {
		t.Errorf("another patch of the same library: %v, %v", again, err)
	}
}

// library copies what is patched of the installed library to a folder of its own.
func library(t *testing.T) Library {
	t.Helper()
	l := installed(t)
	root := t.TempDir()
	for _, f := range files() {
		text, err := os.ReadFile(filepath.Join(l.Root, "src", f.path))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(root, "src", f.path), string(text))
	}
	return Library{root, l.Version}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// change replaces text in a file of a library.
func (l Library) change(t *testing.T, file, from, to string) {
	t.Helper()
	name := filepath.Join(l.Root, "src", file)
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q", file, from)
	}
	put(t, name, strings.ReplaceAll(string(text), from, to))
}

// TestRefused: whatever is not as expected is named, with its function and release.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, fn, why string }{
		{"gone", "sync/mutex.go", "func (m *Mutex) Lock()", "func (m *Mutex) Lick()", "(*Mutex).Lock", "is not there"},
		{
			"another type", "runtime/chan.go", "func closechan(c *hchan) {", "func closechan(c *hchan, why int) {",
			"closechan", "is a func(c *hchan, why int), not a func(c *hchan)",
		},
		{
			"another name", "sync/cond.go", "func (c *Cond) Signal() {", "func (x *Cond) Signal() { c := x",
			"(*Cond).Signal", "has the receiver x",
		},
		{
			"one return more", "sync/waitgroup.go", "isReset := wg.state.Load() != 0", "if wg == nil { return }",
			"(*WaitGroup).Wait", `has "return" 3 times, not 2`,
		},
		{
			"another call", "runtime/chan.go", "	chanrecv(c, elem, true)\n", "	chanrecv(c, elem, true, 0)\n",
			"chanrecv1", `has "chanrecv(c, elem, true)" 0 times, not 1`,
		},
		{
			"a return at the end", "sync/once.go", "		o.doSlow(f)\n	}\n}", "		o.doSlow(f)\n	}\n	return\n}",
			"(*Once).Do", "has a return at its end",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := library(t)
			l.change(t, c.file, c.from, c.to)
			p, err := l.Patch()
			got, ok := errors.AsType[*ShapeError](err)
			if !ok {
				t.Fatalf("%v, %v", p, err)
			}
			if diff := cmp.Diff(&ShapeError{File: c.file, Func: c.fn, Version: l.Version, Why: c.why}, got); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(err.Error(), l.Version) || !strings.Contains(err.Error(), c.fn) {
				t.Error(err)
			}
		})
	}
}

// TestLibraries: other releases, a library that is patched already, and none at all.
func TestLibraries(t *testing.T) {
	for version, want := range map[string]bool{
		"go1.26": true, "go1.26.1": true, "go1.26rc2": true, "go1.26.8-custom": true, "go1.26.8 X:nodwarf5": true,
		"go1.25.3": false, "go1.27": false, "go1.260": false, "go1.2": false, "devel go1.27-abc": false, "": false,
	} {
		if got := (Library{Version: version}).known(); got != want {
			t.Errorf("%q: known %t, want %t", version, got, want)
		}
	}
	if _, err := (Library{Root: t.TempDir(), Version: "go1.99"}).Patch(); err == nil ||
		err.Error() != "they are known for Go 1.26, and this is go1.99" {
		t.Error(err)
	}
	if _, err := (Library{Root: t.TempDir(), Version: "go1.26"}).Patch(); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	l := library(t)
	put(t, filepath.Join(l.Root, "src", "runtime", mark), "package runtime")
	if _, err := l.Patch(); !errors.Is(err, ErrPatched) || !strings.Contains(err.Error(), l.Root) {
		t.Error(err)
	}
	broken := library(t)
	broken.change(t, "sync/cond.go", "func (c *Cond) Wait() {", "func (c *Cond) Wait( {")
	if _, err := broken.Patch(); err == nil || !strings.Contains(err.Error(), "sync/cond.go:") {
		t.Error(err)
	}
}

// TestOverlay: the overlay of a user is merged, with its paths as they are meant, and refused where both replace a
// file.
func TestOverlay(t *testing.T) {
	l := library(t)
	p, err := l.Patch()
	if err != nil {
		t.Fatal(err)
	}
	dir, folder := t.TempDir(), t.TempDir()
	put(t, filepath.Join(folder, "theirs.json"), `{"Replace": {"a.go": "other/a.go", "/b.go": ""}}`)
	name, err := p.Write(dir, "theirs.json", folder)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got overlay
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{filepath.Join(folder, "a.go"): filepath.Join(folder, "other/a.go"), "/b.go": ""}
	for _, f := range p.files {
		want[filepath.Join(l.Root, "src", f.path)] = filepath.Join(dir, strings.ReplaceAll(f.path, "/", "_"))
	}
	if diff := cmp.Diff(want, got.Replace); diff != "" {
		t.Error(diff)
	}
	for from, to := range got.Replace {
		if strings.HasPrefix(to, dir) {
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %v", from, err)
			}
		}
	}
	// GOROOT is only read.
	for _, f := range files() {
		was, err := os.ReadFile(filepath.Join(installed(t).Root, "src", f.path))
		is, now := os.ReadFile(filepath.Join(l.Root, "src", f.path))
		if err != nil || now != nil || string(was) != string(is) {
			t.Errorf("%s has changed: %v, %v", f.path, err, now)
		}
	}
	if _, err := os.Stat(filepath.Join(l.Root, "src", "runtime", mark)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file of ours is in GOROOT: %v", err)
	}
	for text, why := range map[string]string{
		`{"Replace": {"` + l.Root + `/src/sync/./mutex.go": "x"}}`: "which sync events replace",
		`{"Replace"`: "unexpected end",
	} {
		put(t, filepath.Join(folder, "theirs.json"), text)
		if _, err := p.Write(dir, "theirs.json", folder); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := p.Write(dir, "none.json", folder); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
