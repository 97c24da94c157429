package setup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// clone is a main package that tells of a workload as workload.Main does, and has a benchmark, in a module of its own
// in a new folder.
func clone(t *testing.T, more string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pkg")
	for name, text := range map[string]string{
		"go.mod": "module example.com/mine\n\ngo 1.24\n",
		"main.go": "package main\n\nimport \"fmt\"\n\n" +
			"func main() { fmt.Println(`[{\"name\":\"mine\",\"doc\":\"d\",\"size\":1}]`) }\n" + more,
		"x_test.go": "package main\n\nimport \"testing\"\n\nfunc BenchmarkX(b *testing.B) {\n\tfor b.Loop() {\n\t}\n}\n",
	} {
		err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A package is the same wherever its sources lie: a study of one goes on in another clone, for whoever names that, and
// from then on there.
func TestClones(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	first, second, changed := clone(t, ""), clone(t, ""), clone(t, "\nvar x int\n")
	request := Request{
		Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, State: t.TempDir(),
	}
	for name, fill := range map[string]func(*Study) error{
		"package": func(s *Study) error { return s.AddNamed(t.Context(), first) },
		"benchmarks": func(s *Study) error {
			packages, err := Packages(t.Context(), []string{first})
			if err != nil {
				return err
			}
			return s.AddBenchmarks(t.Context(), packages[0], ".", time.Millisecond)
		},
	} {
		s, err := New(catalog(t), request)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "study")
		if err := errors.Join(fill(s), s.Create(dir), s.Close()); err != nil {
			t.Fatal(err)
		}
		state := t.TempDir() // of a colleague
		resume := func(folders ...string) (string, error) {
			s, err := Resume(t.Context(), catalog(t), dir, Continuation{
				State: state, Again: Again{Folders: folders}, Agree: func(Foreign) error { return errNotAgreed },
			})
			if err != nil {
				return "", err
			}
			w := s.Header.Workloads[0]
			return fmt.Sprint(w.Package, w.Command, w.Benchmark()), s.Close()
		}
		if _, err := resume(); !errors.Is(err, errNotAgreed) {
			t.Errorf("%s, not named again: %v", name, err)
		}
		away := first + "-away"
		if err := os.Rename(first, away); err != nil {
			t.Fatal(err)
		}
		_, err = resume()
		if _, request := errors.AsType[*RequestError](err); !request || !strings.Contains(err.Error(),
			first+", the folder of its package, is not there: name its folder again: corecurve run --resume "+dir+" ./FOLDER") {
			t.Errorf("%s, whose folder is gone: %v", name, err)
		}
		if err := os.Rename(away, first); err != nil {
			t.Fatal(err)
		}
		if _, err := resume(changed); err == nil || !strings.Contains(err.Error(), "the program of ") {
			t.Errorf("%s, with a changed source: %v", name, err)
		}
		for _, folders := range [][]string{{second}, nil} {
			if where, err := resume(folders...); err != nil || !strings.Contains(where, second) {
				t.Errorf("%s, named again as %q: %v; it is at %s", name, folders, err, where)
			}
		}
	}
}

// A study whose folder has moved goes on where its user names all of its command again, and from then on there; until
// then it says what to do. One whose command needs no folder goes on anyway.
func TestMovedFolder(t *testing.T) {
	temp := t.TempDir()
	before, after, away := filepath.Join(temp, "before"), filepath.Join(temp, "after"), t.TempDir()
	state, dir := filepath.Join(temp, "state"), filepath.Join(temp, "study")
	exe, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.MkdirAll(filepath.Join(before, "in"), 0o755), os.WriteFile(filepath.Join(before, "sh"), exe, 0o755))
	if err != nil {
		t.Fatal(err)
	}
	create := func(c sweep.Command) {
		t.Helper()
		s, err := New(catalog(t), Request{
			Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
			Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, State: state,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.AddCommand("x", c), s.Create(dir), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	resume := func(state string, again sweep.Command) error {
		s, err := Resume(t.Context(), catalog(t), dir, Continuation{
			State: state, Again: Again{Command: again}, Agree: func(Foreign) error { return errNotAgreed },
		})
		if err != nil {
			return err
		}
		ending, err := s.Measure(t.Context(), Hooks{})
		return errors.Join(err, sweep.Failures(ending.Results), s.Close())
	}

	t.Chdir(before)
	given := sweep.Command{
		Argv: []string{"./sh", "-c", "echo run >>log"}, Prepare: []string{"/bin/sh", "-c", "echo before it >>log"},
	}
	create(given)
	if err := os.Rename(before, after); err != nil {
		t.Fatal(err)
	}
	t.Chdir(after)
	line := "corecurve run --resume " + dir + ` --prepare '/bin/sh -c '\''echo before it >>log'\''' -- ./sh -c 'echo run >>log'`
	for missing, again := range map[string]sweep.Command{
		"": {}, " (not named again: --prepare)": {Argv: given.Argv},
		" (not named again: the command behind --)": {Prepare: given.Prepare},
	} {
		err := resume(state, again)
		if _, request := errors.AsType[*RequestError](err); !request || !strings.HasSuffix(err.Error(), ": "+line) ||
			!strings.Contains(err.Error(), before+", in which the study was made, is not there"+missing+": name all of") {
			t.Errorf("%+v is named again: %v", again, err)
		}
	}
	if err := os.WriteFile(filepath.Join(away, "sh"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	other := given
	other.Argv = append([]string{filepath.Join(away, "sh")}, given.Argv[1:]...)
	if err := resume(state, other); err == nil || !strings.Contains(err.Error(), "the program of x was") {
		t.Errorf("another program of that name: %v", err)
	}
	stranger := t.TempDir() // who names everything is asked nothing
	if err := resume(stranger, given); err != nil {
		t.Error(err)
	}
	t.Chdir(away)
	if err := os.Truncate(filepath.Join(dir, "runs.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	if err := resume(stranger, sweep.Command{}); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(after, "log")); err != nil || string(b) != "before it\nrun\nbefore it\nrun\n" {
		t.Errorf("the runs wrote %q there: %v", b, err)
	}

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(after)
	create(sweep.Command{Argv: []string{"/bin/sh", "-c", "true"}, WorkDir: os.TempDir()})
	t.Chdir(away)
	if err := os.Rename(after, before); err != nil {
		t.Fatal(err)
	}
	if err := resume(state, sweep.Command{}); err != nil {
		t.Errorf("a command with a working directory of its own: %v", err)
	}
}

// Whoever names a command again, and not all of it, is told which parts are left.
func TestUnnamed(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	quiet := []string{"/bin/sh", "-c", "true"}
	all := sweep.Command{
		Argv: quiet, Env: []string{"K=V"}, Prepare: quiet, Cleanup: quiet, WorkDir: os.TempDir(), Stdin: "/dev/null",
	}
	h := foreign(t, sweep.Program{Name: "x", Command: &all})
	h.Folder = here
	for want, again := range map[string]sweep.Command{
		"": {},
		"--prepare --cleanup --env --cwd --stdin": {Argv: quiet},
		"--cleanup --stdin":                       {Argv: quiet, Env: all.Env, Prepare: quiet, WorkDir: all.WorkDir},
		"all":                                     all,
	} {
		got := "all"
		s, err := Resume(t.Context(), catalog(t), made(t, h), Continuation{
			State: t.TempDir(), Again: Again{Command: again}, Agree: func(f Foreign) error {
				got = strings.Join(f.Programs[0].Unnamed, " ")
				return errNotAgreed
			},
		})
		if s != nil {
			err = errors.Join(err, s.Close())
		}
		if err != nil && !errors.Is(err, errNotAgreed) {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%+v is named again: %q are left, want %q", again, got, want)
		}
	}
	for name, again := range map[string]sweep.Command{
		"--cwd": {Argv: quiet, WorkDir: "/"}, "--stdin": {Argv: quiet, Stdin: "/dev/zero"}, "--env": {Env: []string{"K=W"}},
	} {
		_, err := Resume(t.Context(), catalog(t), made(t, h), Continuation{State: t.TempDir(), Again: Again{Command: again}})
		if err == nil || !strings.HasPrefix(err.Error(), name+" is not that of the study, which is: ") {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

// The home directory is shown as ~ in every path of a command, and found again by whoever's home it is.
func TestHome(t *testing.T) {
	home, dir := t.TempDir(), filepath.Join(t.TempDir(), "study")
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "in"), []byte("input"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := New(catalog(t), Request{
		Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, State: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := sweep.Command{Argv: []string{"/bin/sh", "-c", "cat >out"}, WorkDir: home, Stdin: filepath.Join(home, "in")}
	if err := errors.Join(s.AddCommand("x", c), s.Create(dir), s.Close()); err != nil {
		t.Fatal(err)
	}
	if c := s.Header.Workloads[0].Command; c.Stdin != "~/in" || c.WorkDir != "~" {
		t.Errorf("stdin is stored as %q, the working directory as %q", c.Stdin, c.WorkDir)
	}
	s, err = Resume(t.Context(), catalog(t), dir, Continuation{
		State: t.TempDir(), Agree: func(Foreign) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	ending, err := s.Measure(t.Context(), Hooks{})
	if err := errors.Join(err, sweep.Failures(ending.Results), s.Close()); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(home, "out")); err != nil || string(b) != "input" {
		t.Errorf("the run got %q: %v", b, err)
	}
}
