package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/internal/scratch"
	"github.com/corecurve/corecurve/trace/syncevents"
)

// A GoLibrary says with which library of Go programs are built.
type GoLibrary bool

// The libraries.
const (
	Stock      GoLibrary = false // the user's own
	SyncEvents GoLibrary = true  // with sync events (package syncevents)
)

// flags returns what a go command that is called in folder needs for the library l: nothing for the stock one. What the
// flags name is written into dir, which must outlast the go command. key stands for all of the library that is not
// Go's; empty: nothing is.
func (l GoLibrary) flags(ctx context.Context, folder, dir string) (flags []string, key string, err error) {
	if l == Stock {
		return nil, "", nil
	}
	cmd := exec.Command("go", "env", "-json", "GOROOT", "GOVERSION", "GOFLAGS")
	cmd.Dir = folder
	out, err := goOutput(ctx, cmd)
	if err != nil {
		return nil, "", fmt.Errorf("sync events: %w", err)
	}
	var env struct{ GOROOT, GOVERSION, GOFLAGS string }
	if err := json.Unmarshal(out, &env); err != nil {
		return nil, "", fmt.Errorf("sync events: the output of go env cannot be read: %w", err)
	}
	patch, err := syncevents.Library{Root: env.GOROOT, Version: env.GOVERSION}.Patch()
	if err != nil {
		return nil, "", fmt.Errorf("sync events: %w", err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, "", err
	}
	if dir, err = os.MkdirTemp(dir, "syncevents"); err != nil {
		return nil, "", err
	}
	name, err := patch.Write(dir, flagValue(env.GOFLAGS, "overlay"), folder)
	if err != nil {
		return nil, "", fmt.Errorf("sync events: %w", err)
	}
	return []string{"-overlay=" + name}, patch.SHA256, nil
}

// flagValue returns the value of a flag in a list like that of GOFLAGS, where words are parted by spaces, and may stand
// in quotes. Of several it is the last.
func flagValue(list, flag string) (value string) {
	for list = strings.TrimSpace(list); list != ""; list = strings.TrimSpace(list) {
		word := ""
		if quote := list[:1]; quote == "'" || quote == `"` {
			word, list, _ = strings.Cut(list[1:], quote)
		} else if i := strings.IndexAny(list, " \t\n\r"); i >= 0 {
			word, list = list[:i], list[i:]
		} else {
			word, list = list, ""
		}
		name, v, ok := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if ok && name == flag && strings.HasPrefix(word, "-") {
			value = v
		}
	}
	return value
}

// FolderOf returns the folder of a package that the go command finds from here by its import path.
func FolderOf(ctx context.Context, importPath string) (string, error) {
	out, err := goOutput(ctx, exec.Command("go", "list", "-f", "{{.Dir}}", "--", importPath))
	return strings.TrimSpace(string(out)), err
}

// Install calls go build with args, here and as a user would, so that what it builds has sync events. What the go
// command prints goes to out.
func Install(ctx context.Context, args []string, out io.Writer) (err error) {
	for _, a := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		switch {
		case !strings.HasPrefix(a, "-"):
		case name == "overlay":
			return errors.New("sync events are an overlay themselves: give another in GOFLAGS, and it becomes part of it")
		case name == "C":
			return errors.New("-C is not passed on, as go build takes it before all else: change to that folder first")
		}
	}
	temp, err := scratch.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, temp.Remove()) }()
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	flags, _, err := SyncEvents.flags(ctx, here, temp.Path)
	if err != nil {
		return err
	}
	build := exec.Command("go", slices.Concat([]string{"build"}, flags, args)...)
	build.Env, build.Stdout, build.Stderr = tempIn(temp.Path), out, out
	if err := supervise.Run(ctx, build); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	return nil
}
