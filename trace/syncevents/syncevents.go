package syncevents

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A Library is the source of Go's library that a go command builds with.
type Library struct {
	Root    string // GOROOT
	Version string // GOVERSION: go1.26.8
}

// A VersionError says that a release of Go is not one that can be patched.
type VersionError struct{ Version string }

func (e *VersionError) Error() string {
	return fmt.Sprintf("they are known for Go %s, and this is %s", strings.Join(known(), ", "), e.Version)
}

// known returns the releases whose locks and channels work as the table of sites takes it. A test patches and builds
// the library of the one that is installed.
func known() []string { return []string{"1.26"} }

// ErrPatched says that a library has sync events already, so that any build with it has.
var ErrPatched = errors.New("this library of Go has sync events already")

// A Patch is what a library gets so that programs built with it have sync events.
type Patch struct {
	SHA256 string // of all of it
	files  []addition
	root   string
}

// Patch returns the patch of a library, which it reads and does not change.
func (l Library) Patch() (*Patch, error) {
	if !l.known() {
		return nil, &VersionError{l.Version}
	}
	src := os.DirFS(filepath.Join(l.Root, "src"))
	p := &Patch{root: l.Root}
	for _, a := range additions() {
		if _, err := fs.Stat(src, a.path); err == nil {
			return nil, fmt.Errorf("%w: %s", ErrPatched, path.Join(l.Root, "src", a.path))
		}
		p.files = append(p.files, a)
	}
	for _, f := range files() {
		source, err := fs.ReadFile(src, f.path)
		if err != nil {
			return nil, fmt.Errorf("the library of %s: %w", l.Version, err)
		}
		patched, err := f.patch(source, l.Version)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, addition{f.path, string(patched)})
	}
	sum := sha256.New()
	for _, f := range p.files {
		fmt.Fprintf(sum, "%q %q\n", f.path, f.text)
	}
	p.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// known reports whether the release is one of those known; go1.26rc1 and go1.26.8-custom are of 1.26, and a
// development version is of none.
func (l Library) known() bool {
	for _, k := range known() {
		rest, ok := strings.CutPrefix(l.Version, "go"+k)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], ".-+ r")) {
			return true
		}
	}
	return false
}

// An overlay is the content of the file of go build -overlay: what to read in the place of what.
type overlay struct{ Replace map[string]string }

// Write writes the patched files into dir, an absolute path, with an overlay for the go command that replaces those of
// the library by them, and returns the path of the overlay. Another overlay, if its path is not empty, is made part of
// it; folder is where its relative paths begin.
func (p *Patch) Write(dir, other, folder string) (name string, err error) {
	all := overlay{Replace: map[string]string{}}
	if other != "" {
		if all, err = readOverlay(other, folder); err != nil {
			return "", err
		}
	}
	for _, f := range p.files {
		at := filepath.Join(p.root, "src", filepath.FromSlash(f.path))
		if _, taken := all.Replace[at]; taken {
			return "", fmt.Errorf("overlay %s replaces %s, which sync events replace", other, at)
		}
		to := filepath.Join(dir, strings.ReplaceAll(f.path, "/", "_"))
		if err := os.WriteFile(to, []byte(f.text), 0o666); err != nil {
			return "", err
		}
		all.Replace[at] = to
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return "", err
	}
	name = filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o666)
}

// readOverlay reads the overlay of a user. Its paths become absolute.
func readOverlay(name, folder string) (o overlay, err error) {
	absolute := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(folder, path)
	}
	text, err := os.ReadFile(absolute(name))
	if err != nil {
		return o, fmt.Errorf("overlay: %w", err)
	}
	var theirs overlay
	if err := json.Unmarshal(text, &theirs); err != nil {
		return o, fmt.Errorf("overlay %s: %w", name, err)
	}
	o.Replace = map[string]string{}
	for from, to := range theirs.Replace {
		o.Replace[filepath.Clean(absolute(from))] = absolute(to)
	}
	return o, nil
}
