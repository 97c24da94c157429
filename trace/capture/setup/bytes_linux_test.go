package setup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// Words, variables and folders that are not UTF-8 arrive as they were given, in the first runs and in those of a study
// that is continued.
func TestBytesArrive(t *testing.T) {
	const odd = "a\xff\xfe\x80ü"
	temp := t.TempDir()
	work, dir := filepath.Join(temp, "in\xff"), filepath.Join(temp, "study\xfe")
	if err := os.Mkdir(work, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, odd), []byte("stdin"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Request{
		State: filepath.Join(temp, "state"),
		Axes:  sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
		Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute), Traced: 1},
	}
	s, err := New(catalog(t), r)
	if err != nil {
		t.Fatal(err)
	}
	script := `printf '%s|%s|%s|' "$1" "$K" "$(cat)" >>all; ` +
		`[ -z "$CORECURVE_TRACE" ] || printf '%s' "$CORECURVE_TRACE" >traced`
	c := sweep.Command{
		Argv: []string{"sh", "-c", script, "sh", odd}, Env: []string{"K=" + odd},
		WorkDir: work, Stdin: filepath.Join(work, odd),
		Prepare: []string{"sh", "-c", `printf '%s|' "$1" >>"$2"`, "sh", "p" + odd, filepath.Join(work, "all")},
	}
	if err := errors.Join(s.AddCommand("odd", c), s.Create(dir)); err != nil {
		t.Fatal(err)
	}
	measure := func(s *Study) {
		t.Helper()
		ending, err := s.Measure(t.Context(), Hooks{})
		if err := errors.Join(err, sweep.Failures(ending.Results), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	measure(s)

	// A second segment makes one run more.
	old, j, err := sweep.ContinueStudy(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := old.Header.Workloads[0].Command.Argv[4]; got != odd {
		t.Errorf("the study keeps %q of %q", got, odd)
	}
	old.Header.Rule = sweep.Rule{MinRuns: 2, MaxRuns: 2}
	if err := errors.Join(j.WriteHeader(old.Header), j.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = Resume(t.Context(), catalog(t), dir, Continuation{State: r.State}); err != nil {
		t.Fatal(err)
	}
	measure(s)

	got, err := os.ReadFile(filepath.Join(work, "all"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("p"+odd+"|"+odd+"|"+odd+"|stdin|", 3) // two timed runs and a traced one
	if string(got) != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	traced, err := os.ReadFile(filepath.Join(work, "traced"))
	if err != nil || !strings.HasPrefix(string(traced), dir) {
		t.Errorf("the folder of a traced run is %q, want one in %q: %v", traced, dir, err)
	}
}
