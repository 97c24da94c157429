package setup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/seal"
	"github.com/corecurve/corecurve/trace/sweep"
)

// foreign is a study that somebody made to have its workload run here. It says of itself what this machine is, and the
// right SHA-256 of the program that it names.
func foreign(t *testing.T, w sweep.Program) sweep.Header {
	t.Helper()
	if w.Command != nil && w.SHA256 == "" {
		b, err := os.ReadFile(w.Command.Argv[0])
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		w.SHA256 = hex.EncodeToString(sum[:])
	}
	p := sweep.Point{Workload: w.Name, Procs: 1, Workers: 1, Cores: 1, Size: 1}
	return sweep.Header{
		Schema: sweep.StudySchema, Workloads: []sweep.Program{w}, Host: host.Describe(host.Options{}),
		Sweeps: []sweep.Sweep{{
			Workload: w.Name, Mode: sweep.Threads, Scaling: sweep.Strong, Size: 1, Points: []sweep.Point{p},
		}},
		Rule:     sweep.Rule{MinRuns: 1, MaxRuns: 1},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)},
	}
}

// made writes a study.
func made(t *testing.T, h sweep.Header) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "study")
	j, err := sweep.CreateStudy(dir, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// goPackage is a main package that makes the canary whenever it is run, in a module of its own.
func goPackage(t *testing.T, canary string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pkg")
	for name, text := range map[string]string{
		"go.mod":  "module evil\n\ngo 1.24\n",
		"main.go": fmt.Sprintf("package main\n\nimport \"os\"\n\nfunc main() { _ = os.WriteFile(%q, nil, 0o600) }\n", canary),
		"x_test.go": fmt.Sprintf("package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n"+
			"func BenchmarkX(*testing.B) { _ = os.WriteFile(%q, nil, 0o600) }\n", canary),
	} {
		err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var errNotAgreed = errors.New("not agreed")

// Nothing of a study that is not its user's is built or run before the user has agreed to all of it, whatever the study
// says of itself.
func TestForeignStudy(t *testing.T) {
	canary := filepath.Join(t.TempDir(), "canary")
	touch := []string{"/bin/sh", "-c", "touch " + canary}
	quiet := []string{"/bin/sh", "-c", "true"}
	pkg := goPackage(t, canary)
	command := func(c sweep.Command) sweep.Program { return sweep.Program{Name: "x", Command: &c} }
	bench := func(importPath string) sweep.Program {
		return sweep.Program{Name: "x", SHA256: "ab", Command: &sweep.Command{
			Argv: []string{"x.test"}, WorkDir: pkg,
			Benchmark: &sweep.Benchmark{Name: "BenchmarkX", Package: importPath, Folder: pkg},
		}}
	}
	for name, c := range map[string]struct {
		w     sweep.Program
		shows string // is among what the user is shown
	}{
		"words":       {command(sweep.Command{Argv: touch}), touch[2]},
		"prepare":     {command(sweep.Command{Argv: quiet, Prepare: touch}), touch[2]},
		"cleanup":     {command(sweep.Command{Argv: quiet, Cleanup: touch}), touch[2]},
		"environment": {command(sweep.Command{Argv: quiet, Env: []string{"LD_PRELOAD=/tmp/x.so"}}), "LD_PRELOAD"},
		"folder":      {command(sweep.Command{Argv: quiet, WorkDir: "/tmp"}), "/tmp"},
		"stdin":       {command(sweep.Command{Argv: quiet, Stdin: "/etc/passwd"}), "/etc/passwd"},
		"traced":      {command(sweep.Command{Argv: quiet, TracedArgs: touch}), touch[2]},
		"the name of a command of the tool": {
			sweep.Program{Name: "sh-true", Command: &sweep.Command{Argv: touch, SameOutput: true}}, touch[2],
		},
		"package":      {sweep.Program{Name: "x", SHA256: "ab", Package: pkg}, pkg},
		"package too":  {sweep.Program{Name: "count", SHA256: "ab", Package: pkg, Argv: []string{"/own"}}, pkg},
		"benchmark":    {bench("evil"), "evil"},
		"a flag of go": {bench("-toolexec=touch " + canary), "-toolexec"},
	} {
		h := foreign(t, c.w)
		h.Seal = strings.Repeat("ab", 32)
		for _, force := range []bool{false, true} {
			shown := ""
			_, err := Resume(t.Context(), catalog(t), made(t, h), Continuation{
				Force: force, State: t.TempDir(),
				Agree: func(f Foreign) error {
					for _, p := range f.Programs {
						shown += fmt.Sprintf("%+v %+v", p, p.Command)
						if p.Benchmark() != nil {
							shown += fmt.Sprintf("%+v", *p.Benchmark())
						}
					}
					return errNotAgreed
				},
			})
			if !errors.Is(err, errNotAgreed) || !strings.Contains(shown, c.shows) {
				t.Errorf("%s, force %v: %v; shown %q, want %q in it", name, force, err, shown, c.shows)
			}
		}
		if _, err := os.Stat(canary); err == nil {
			t.Fatalf("%s: something was run", name)
		}
	}
}

// A study of another machine, or of a program that has changed, is refused before anybody is asked; what a package was
// built to is compared before it is run, even where the user has agreed to build it.
func TestComparedBeforeRun(t *testing.T) {
	canary := filepath.Join(t.TempDir(), "canary")
	pkg := goPackage(t, canary)
	touch := sweep.Program{Name: "x", Command: &sweep.Command{Argv: []string{"/bin/sh", "-c", "touch " + canary}}}
	agree := func(Foreign) error { return nil }
	never := func(Foreign) error { return errNotAgreed }
	moved := foreign(t, sweep.Program{Name: "x", SHA256: "ab", Package: pkg})
	moved.Host.BootID = "another"
	changed := foreign(t, touch)
	changed.Workloads[0].SHA256 = "ab"
	for name, c := range map[string]struct {
		h    sweep.Header
		r    Continuation
		want string
	}{
		"another boot":    {moved, Continuation{Agree: never}, "the boot was"},
		"another program": {changed, Continuation{Agree: never}, "the program of x was"},
		"another build": {
			foreign(t, sweep.Program{Name: "x", SHA256: "ab", Package: pkg}), Continuation{Agree: agree}, "the program of x was",
		},
		"another build of what is named again": {
			foreign(t, sweep.Program{Name: "x", SHA256: "ab", Package: "/elsewhere"}),
			Continuation{Agree: never, Again: Again{Folders: []string{pkg}}},
			"the program of x was",
		},
		"a relative path": {
			foreign(t, sweep.Program{Name: "x", SHA256: "ab", Package: "./pkg"}), Continuation{Agree: agree}, "no absolute path",
		},
		"a flag": {
			foreign(t, sweep.Program{Name: "x", SHA256: "ab", Command: &sweep.Command{
				Argv: []string{"x.test"}, WorkDir: pkg,
				Benchmark: &sweep.Benchmark{Name: "BenchmarkX", Package: "-toolexec=touch " + canary, Folder: pkg},
			}}),
			Continuation{Agree: agree},
			"is not the import path",
		},
	} {
		c.r.State = t.TempDir()
		_, err := Resume(t.Context(), catalog(t), made(t, c.h), c.r)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if _, err := os.Stat(canary); err == nil {
			t.Fatalf("%s: something was run", name)
		}
	}
}

// What runs is what was read and shown: a study that is exchanged while its user reads what it would run, runs nothing
// of the new one, and is written over.
func TestExchanged(t *testing.T) {
	canary, log := filepath.Join(t.TempDir(), "canary"), filepath.Join(t.TempDir(), "log")
	h := foreign(t, sweep.Program{Name: "x", Command: &sweep.Command{Argv: []string{"/bin/sh", "-c", "echo run >>" + log}}})
	dir := made(t, h)
	other := foreign(t, sweep.Program{Name: "x", Command: &sweep.Command{
		Argv: []string{"/bin/sh", "-c", "touch " + canary}, Prepare: []string{"/bin/sh", "-c", "touch " + canary},
	}})
	state := t.TempDir()
	exchanged := false
	s, err := Resume(t.Context(), catalog(t), dir, Continuation{State: state, Agree: func(Foreign) error {
		exchanged = true
		b, err := os.ReadFile(filepath.Join(made(t, other), "study.json"))
		return errors.Join(err, os.WriteFile(filepath.Join(dir, "study.json"), b, 0o644))
	}})
	if err != nil || !exchanged {
		t.Fatal(exchanged, err)
	}
	ending, err := s.Measure(t.Context(), Hooks{})
	if err := errors.Join(err, sweep.Failures(ending.Results), s.Close()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(canary); err == nil {
		t.Error("the command of the other study was run")
	}
	if b, err := os.ReadFile(log); err != nil || string(b) != "run\n" {
		t.Errorf("the runs wrote %q: %v", b, err)
	}
	after, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	if c := after.Header.Workloads[0].Command; len(c.Prepare) > 0 || !key.Holds(&after.Header) {
		t.Errorf("the study has %q, %q, and is sealed: %v", c.Argv, c.Prepare, key.Holds(&after.Header))
	}
}

// What the user names again, has made or has agreed to once is run without a question; a change of it is asked for.
func TestChosen(t *testing.T) {
	state, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	words := []string{"/bin/sh", "-c", "echo $0 >>" + log, "word"}
	h := foreign(t, sweep.Program{Name: "x", Command: &sweep.Command{Argv: words}})
	dir := made(t, h)
	asked := 0
	resume := func(dir string, again sweep.Command) error {
		s, err := Resume(t.Context(), catalog(t), dir, Continuation{
			State: state, Again: Again{Command: again}, Agree: func(Foreign) error { asked++; return nil },
		})
		if err != nil {
			return err
		}
		ending, err := s.Measure(t.Context(), Hooks{})
		return errors.Join(err, sweep.Failures(ending.Results), s.Close())
	}
	for i, c := range []struct {
		dir   string
		again sweep.Command
		asked int
	}{
		{dir, sweep.Command{}, 1},                               // once
		{dir, sweep.Command{}, 0},                               // it bears a seal now
		{made(t, h), sweep.Command{Argv: words}, 0},             // named again
		{made(t, h), sweep.Command{Argv: words[:3]}, 0},         // refused: not that of the study
		{made(t, h), sweep.Command{Prepare: []string{"no"}}, 0}, // refused: it has none
	} {
		asked = 0
		err := resume(c.dir, c.again)
		if asked != c.asked || (err != nil) != (i >= 3) {
			t.Errorf("%d: asked %d times, want %d: %v", i, asked, c.asked, err)
		}
		if _, request := errors.AsType[*RequestError](err); err != nil && !request {
			t.Errorf("%d: %v is not a mistake in the request", i, err)
		}
	}
	if b, err := os.ReadFile(log); err != nil || string(b) != "word\nword\n" {
		t.Errorf("the runs wrote %q, want one line for each study: %v", b, err)
	}

	// The words are the user's; a variable beside them, or the folder that they would be run in, is not.
	for name, change := range map[string]func(h *sweep.Header){
		"variable": func(h *sweep.Header) { h.Workloads[0].Command.Env = []string{"PATH=/tmp"} },
		"folder":   func(h *sweep.Header) { h.Folder = os.TempDir() },
	} {
		other := h
		other.Workloads = slices.Clone(h.Workloads)
		c := *h.Workloads[0].Command
		other.Workloads[0].Command = &c
		change(&other)
		asked = 0
		if err := resume(made(t, other), sweep.Command{Argv: words}); err != nil || asked != 1 {
			t.Errorf("%s: asked %d times: %v", name, asked, err)
		}
	}
}

// A study that this user makes bears a seal, is continued from wherever that is asked for, and runs where it ran.
func TestOwnStudyElsewhere(t *testing.T) {
	state, home := t.TempDir(), t.TempDir()
	t.Chdir(home)
	s, err := New(catalog(t), Request{
		Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 2, MaxRuns: 2},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, State: state,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := sweep.Command{
		Argv: []string{"/bin/sh", "-c", "echo run >>log"}, Prepare: []string{"/bin/sh", "-c", "echo before >>log"},
	}
	dir := filepath.Join(t.TempDir(), "study")
	if err := errors.Join(s.AddCommand("x", c), s.Create(dir), s.Close()); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	s, err = Resume(t.Context(), catalog(t), dir, Continuation{State: state})
	if err != nil {
		t.Fatal(err)
	}
	if key, err := seal.Open(state); err != nil || !key.Holds(&s.Header) {
		t.Errorf("the study bears no seal any more: %v", err)
	}
	var ending capture.Ending
	if ending, err = s.Measure(t.Context(), Hooks{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sweep.Failures(ending.Results), s.Close()); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(home, "log")); err != nil || string(b) != "before\nrun\nbefore\nrun\n" {
		t.Errorf("the runs wrote %q there: %v", b, err)
	}
}
