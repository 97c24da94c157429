package setup

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// The run gets its secrets, and no file of the study has them, not even where an error quotes a word. To go on with it
// they must be given again.
func TestSecrets(t *testing.T) {
	temp := t.TempDir()
	state, dir, log := filepath.Join(temp, "state"), filepath.Join(temp, "study"), filepath.Join(temp, "log")
	const secret = "hunter2-of-ada"
	script := `echo "$1 $TOKEN" >>` + log + `; echo "wrong password $1" >&2; echo "kept: nothing" >"$2"; exit 1`
	given := sweep.Command{
		Argv:    []string{"/bin/sh", "-c", script, "sh", "--password=" + secret, "/dev/null", "a***b"},
		Env:     []string{"TOKEN=" + secret},
		Prepare: []string{"/no/such/program", "--api-key", secret},
		Cleanup: []string{"/bin/false", "https://me:" + secret + "@host/"},
	}
	argv := append([]string{"corecurve", "run", "--env", given.Env[0], "--"}, given.Argv...)
	create := func(dir string, keep bool, c sweep.Command) {
		t.Helper()
		s, err := New(catalog(t), Request{
			Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
			Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute), Traced: 1},
			State:    state, Argv: argv, KeepSecrets: keep,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.AddCommand("x", c), s.Create(dir)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Measure(t.Context(), Hooks{}); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	create(dir, false, given)
	works := given
	works.Prepare = nil
	create(dir+"2", false, works)
	for _, d := range []string{dir, dir + "2"} {
		if files := holding(t, d, secret); len(files) > 1 || len(files) == 1 && filepath.Base(files[0]) != "stderr" {
			t.Errorf("files of the study have the secret: %v", files)
		}
		if h := holding(t, d, "--password=***"); len(h) == 0 {
			t.Errorf("%s: the word is not shown as hidden", d)
		}
	}
	if b, err := os.ReadFile(log); err != nil || !strings.HasPrefix(string(b), "--password="+secret+" "+secret+"\n") {
		t.Errorf("the runs got %q: %v", b, err)
	}
	if err := os.Truncate(filepath.Join(dir, "runs.jsonl"), 0); err != nil { // so that there is something left to do
		t.Fatal(err)
	}
	s, err := sweep.ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Header.Workloads[0].Command; s.Header.Hidden != 2 || c.Hidden != 4 {
		t.Errorf("%d places of the command line and %d of the command are hidden, want 2 and 4", s.Header.Hidden, c.Hidden)
	}

	other := given
	other.Env = []string{"TOKEN=another"} // what is hidden may be any
	wrong := given
	wrong.Argv = append(given.Argv[:4:4], "--passwort="+secret, "/dev/null", "a***b")
	pasted, partly := *s.Header.Workloads[0].Command, given // what was said to type, and not all of it was filled in
	partly.Cleanup = []string{given.Cleanup[0], "https://me:***@host/"}
	const still = "*** is not what the study hides, but stands for it: put what is hidden there in its place in "
	for name, c := range map[string]struct {
		again sweep.Command
		want  string // in the error; empty: none
	}{
		"pasted": {pasted, still + "word 5 of the command behind --, '--password=***', word 7 of the command behind --, 'a***b', " +
			"word 3 of --prepare, '***', word 2 of --cleanup, 'https://me:***@host/', word 1 of --env, 'TOKEN=***'"},
		"partly":        {partly, still + "word 7 of the command behind --, 'a***b', word 2 of --cleanup, 'https://me:***@host/'"},
		"nothing":       {sweep.Command{}, "the study hides 4 words that look like secrets: name the command again, with"},
		"not all":       {sweep.Command{Argv: given.Argv}, "secrets (not named again: --prepare, --cleanup, --env): name"},
		"all":           {given, ""},
		"another value": {other, ""},
		"another word":  {wrong, "is not that of the study"},
	} {
		s, err := Resume(t.Context(), catalog(t), dir, Continuation{State: state, Again: Again{Command: c.again}})
		if err == nil {
			if got := s.programs[sweep.Key{Workload: "x"}].Command.Env; got[0] != c.again.Env[0] {
				t.Errorf("%s: the run gets %q", name, got)
			}
			err = s.Close()
		} else if !strings.Contains(err.Error(), c.want) || c.want == "" || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %q and no secret", name, err, c.want)
			continue
		}
		if (err == nil) != (c.want == "") && c.want == "" {
			t.Errorf("%s: %v", name, err)
		}
	}

	kept := filepath.Join(temp, "kept")
	create(kept, true, works)
	if len(holding(t, kept, "TOKEN="+secret)) == 0 {
		t.Error("--keep-secrets has not kept them")
	}
}

// holding are the files below dir that hold the text.
func holding(t *testing.T, dir, text string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What is refused is not quoted with its secrets: logs keep what the terminal shows.
func TestSecretsRefused(t *testing.T) {
	s, err := New(catalog(t), Request{State: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	err = s.AddCommand("x", sweep.Command{Argv: []string{"true"}, Env: []string{"=API_TOKEN=hunter2"}})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v, want one without the secret", err)
	}
}
