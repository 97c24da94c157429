// Package seal tells the studies whose commands this user has chosen from all others.
//
// A study is data, and going on with one runs what it says. What it says of itself proves nothing: whoever makes a
// study to deceive can copy the description of this machine and the SHA-256 of its shell. So the user has a key, 32
// random bytes in a file that nobody else can read, in the folder of the user's state. The seal of a study is the HMAC,
// under that key, of everything in its header that decides what is run:
//
//  1. the workloads: programs with their SHA-256, words, variables, folders, prepare and cleanup, packages to build;
//  2. the folder in which the tool was called;
//  3. the sweeps, whose counts stand in the words;
//  4. the variants, whose revisions are built.
//
// A study is sealed when it is made, and when its user has agreed to what it runs. Nobody without the key can make a
// seal, and a change of what is run breaks it. A copy of a sealed study is as good as the study: it runs what its user
// has run. A key in each study's own record, kept beside the key by the study's name, would say no more, grow with each
// study, and not follow one that is moved.
package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// keyFile is the name of the key in the folder of the user's state.
const keyFile = "key"

// A Key is a user's.
type Key [32]byte

// Open returns the key in the folder dir. It makes both where they do not exist.
func Open(dir string) (Key, error) {
	if dir == "" {
		return Key{}, errors.New("no folder for the user's state is known (HOME, XDG_STATE_HOME)")
	}
	if file := fileAt(dir); file != "" {
		return Key{}, fmt.Errorf("%s, the folder of your state, cannot be made: %s is a file: move it away, or have "+
			"XDG_STATE_HOME name another folder", shell.Quote(dir), shell.Quote(file))
	}
	path := filepath.Join(dir, keyFile)
	k, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := write(path); err != nil {
		return Key{}, err
	}
	return read(path)
}

// fileAt returns what is no folder where dir, or a folder that it lies in, should be; empty: nothing is.
func fileAt(dir string) string {
	for {
		info, err := os.Stat(dir)
		up := filepath.Dir(dir)
		switch {
		case err == nil && !info.IsDir():
			return dir
		case err == nil || up == dir:
			return ""
		}
		dir = up
	}
}

// removed says what it means to remove a key.
const removed = "(there will be a new one, for which the studies that you have made are those of others)"

// read reads the key. One that others can read is none.
func read(path string) (k Key, err error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return k, err
	case !info.Mode().IsRegular():
		return k, fmt.Errorf("%s: not a file", path)
	case !mine(info):
		return k, fmt.Errorf("%s belongs to another user: remove it", path)
	case info.Mode().Perm()&0o077 != 0 && secured:
		return k, fmt.Errorf("others may read the key (mode %04o): %s, or if they have, %s %s", info.Mode().Perm(),
			shell.Quote("chmod", "600", path), shell.Quote("rm", path), removed)
	case info.Size() != int64(len(k)):
		return k, fmt.Errorf("%s is not a key (%d bytes of %d): remove it %s", path, info.Size(), len(k), removed)
	}
	f, err := os.Open(path)
	if err != nil {
		return k, err
	}
	defer func() { _ = f.Close() }()
	if _, err := io.ReadFull(f, k[:]); err != nil {
		return Key{}, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// write makes a key. If another process makes one at the same time, the first stays.
func write(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var k Key
	_, _ = rand.Read(k[:]) // never fails
	f, err := os.CreateTemp(dir, "."+keyFile+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(k[:])
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// content is what a seal is of.
type content struct {
	Seal      string
	Folder    []byte
	Workloads []sweep.Program
	Sweeps    []sweep.Sweep
	Variants  []sweep.Variant `json:",omitempty"`
}

// Of returns the seal of what h runs.
func (k Key) Of(h *sweep.Header) (string, error) {
	// What is read is written a second time, because JSON has two ways to write a text that is not UTF-8: that of the
	// text, and that of what is read of it.
	var read content
	b, err := json.Marshal(content{"corecurve/seal/1", []byte(h.Folder), h.Workloads, h.Sweeps, h.Variants})
	if err == nil {
		err = json.Unmarshal(b, &read)
	}
	if err == nil {
		b, err = json.Marshal(read)
	}
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	mac := hmac.New(sha256.New, k[:])
	mac.Write(b)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// Holds reports whether h bears the seal of what it runs.
func (k Key) Holds(h *sweep.Header) bool {
	want, err := k.Of(h)
	return err == nil && hmac.Equal([]byte(want), []byte(h.Seal))
}
