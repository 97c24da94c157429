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

// clone is a main package that tells of a workload as workload.Main does, and has a benchmark, in a module of its own in
// a new folder.
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
