package capture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
	"github.com/corecurve/corecurve/trace/workload"
)

// Info describes a workload of a program.
type Info = wire.Info

// A Program is an executable and the workloads that it holds.
type Program struct {
	Argv      []string
	SHA256    string // of the executable; empty: not known yet
	Sources   string // SHA-256 of what it was built from, wherever that lies; empty: not built here, or not known
	Library   GoLibrary
	Revision  *sweep.Revision // of what it was built from; nil: not built here, or not known
	Workloads []Info
	Command   *sweep.Command // set if it is not a program of workloads: Argv is then that of its supervisor
	// Dir is where the commands before and after its runs are started; empty: in the tool's own working directory.
	Dir string
	// Secrets are those of its words, which are left out of what is stored of its runs; nil: none are known.
	Secrets *secret.Hider
}

// Own returns the running executable as a program that holds the workloads linked into it. Its SHA-256 is left to
// [Program.Sum]: the tool is large, and a study of other programs needs none.
func Own(ws []workload.Workload) (Program, error) {
	exe, err := os.Executable()
	if err != nil {
		return Program{}, fmt.Errorf("own executable: %w", err)
	}
	p := Program{Argv: []string{exe}}
	for _, w := range ws {
		p.Workloads = append(p.Workloads, workload.Describe(w))
	}
	return p, nil
}

// Sum makes p's SHA-256 known, if it is not.
func (p *Program) Sum() (err error) {
	if p.SHA256 == "" {
		p.SHA256, err = hashFile(p.Argv[0])
	}
	return err
}

// External returns a command of any language as a workload of that name. The SHA-256 is that of the executable that its
// first word names.
func External(name string, c sweep.Command) (Program, error) {
	own, err := os.Executable()
	if err != nil {
		return Program{}, fmt.Errorf("own executable: %w", err)
	}
	if !commandsSupported {
		return Program{}, errors.New("commands as workloads need Linux")
	}
	if supervise.Uses(c.Argv[:1], "{") {
		return Program{}, fmt.Errorf("command %q: the program itself cannot depend on the point", c.Argv[0])
	}
	exe, err := Executable(c.Argv[0])
	if err != nil {
		return Program{}, err
	}
	c.Argv = append([]string{exe}, c.Argv[1:]...)
	sum, err := hashFile(exe)
	if err != nil {
		return Program{}, fmt.Errorf("command: %w", err)
	}
	return Program{
		Argv: []string{own}, SHA256: sum, Command: &c,
		Workloads: []Info{{Name: name, Size: 1, PerWorker: 1}},
	}, nil
}

// Executable returns the absolute path of the program that a word of a command names: even with another working
// directory, it is the one found from here.
func Executable(word string) (string, error) {
	exe, err := exec.LookPath(word)
	if err == nil {
		exe, err = filepath.Abs(exe)
	}
	if err != nil {
		return "", fmt.Errorf("command: %w", err)
	}
	return exe, nil
}

// Build compiles the main package in the folder path into dir and asks the program for its workloads.
func (l GoLibrary) Build(ctx context.Context, path, dir string, more ...string) (Program, error) {
	p, err := l.Compile(ctx, path, dir, more...)
	if err != nil {
		return p, err
	}
	return p, p.Ask(ctx, path)
}

// Compile compiles the main package in the folder path into dir. It runs nothing of the package, so the program's
// workloads are not known yet. more are flags of the go command.
func (l GoLibrary) Compile(ctx context.Context, path, dir string, more ...string) (Program, error) {
	exe := filepath.Join(dir, "workload.exe")
	if _, err := os.Stat(path); err != nil { // else the error would name the go command
		return Program{}, fmt.Errorf("building %s: %w", path, errors.Unwrap(err))
	}
	flags, key, err := l.flags(ctx, path, dir)
	if err != nil {
		return Program{}, err
	}
	// A commit elsewhere makes no other program.
	build := exec.Command("go", slices.Concat([]string{"build", "-buildvcs=false", "-o", exe}, flags, more, []string{"."})...)
	build.Dir, build.Env = path, tempIn(dir)
	if _, err := goOutput(ctx, build); err != nil {
		return Program{}, fmt.Errorf("building %s: %w", path, err)
	}
	library, err := isArchive(exe)
	if err != nil {
		return Program{}, err
	}
	if library {
		return Program{}, &NotMainError{Folder: path}
	}
	p := Program{Argv: []string{exe}, Library: l}
	if p.SHA256, err = hashFile(exe); err == nil {
		p.Sources, err = sources(ctx, exe, built{folder: path, query: ".", library: key})
	}
	return p, err
}

// A NotMainError says that the package in a folder is no main package, so that there is nothing to run.
type NotMainError struct{ Folder string }

func (e *NotMainError) Error() string {
	return shell.Quote(e.Folder) + " is not the folder of a main package: there is no program to build of it"
}

// isArchive reports whether the go command has built an archive, as it does of a package that is none of a program.
func isArchive(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	const magic = "!<arch>\n"
	b := make([]byte, len(magic))
	if _, err := io.ReadFull(f, b); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return string(b) == magic, nil
}

// Ask runs the program, which was compiled from the folder path, to learn its workloads.
func (p *Program) Ask(ctx context.Context, path string) error {
	list := exec.Command(p.Argv[0])
	list.Env = append(os.Environ(), wire.ListEnv+"=1")
	stdout, stderr := limits.Buffer{Most: limits.ListBytes}, limits.Tail{}
	list.Stdout, list.Stderr = &stdout, &stderr
	err := supervise.Run(ctx, list)
	if stdout.Err() != nil {
		return fmt.Errorf("%s: its main function does not call workload.Main: it printed %w", path, stdout.Err())
	}
	if err != nil {
		return fmt.Errorf("%s: asking for its workloads: %w (does its main function call workload.Main?)\n%s",
			path, err, tail(stderr.String()))
	}
	if err := json.Unmarshal(stdout.Bytes(), &p.Workloads); err != nil {
		return fmt.Errorf("%s: its main function does not call workload.Main: %s", path, limits.Brief(err))
	}
	if err := limits.Count(path, "workloads", int64(len(p.Workloads)), limits.Workloads); err != nil {
		return err
	}
	if len(p.Workloads) == 0 {
		return fmt.Errorf("%s: workload.Main was called without a workload", path)
	}
	return nil
}

func tail(s string) string {
	s = strings.TrimSpace(s)
	return s[max(0, len(s)-limits.TailBytes):]
}

func hashFile(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Find returns the description of the workload of that name.
func (p Program) Find(name string) (Info, bool) {
	for _, w := range p.Workloads {
		if w.Name == name {
			return w, true
		}
	}
	return Info{}, false
}

// Describe returns what study.json keeps of workload w of p, with tilde applied to every path.
func (p Program) Describe(w Info, tilde func(string) string) sweep.Program {
	out := sweep.Program{
		Name: w.Name, Doc: w.Doc, Unit: w.Unit, SHA256: p.SHA256, Sources: p.Sources, SyncEvents: bool(p.Library),
		Revision: p.Revision,
	}
	if p.Command != nil {
		c := *p.Command
		c.Argv = nil
		for _, a := range p.Command.Argv {
			c.Argv = append(c.Argv, tilde(a))
		}
		c.WorkDir, c.Stdin = tilde(c.WorkDir), tilde(c.Stdin)
		if c.Benchmark != nil { // the test binary is gone after the study
			b := *c.Benchmark
			b.Folder = tilde(b.Folder)
			c.Argv[0], c.Benchmark = path.Base(b.Package)+".test", &b
		}
		out.Command = &c
		return out
	}
	for _, a := range p.Argv {
		out.Argv = append(out.Argv, tilde(a))
	}
	return out
}
