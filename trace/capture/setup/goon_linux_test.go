package setup

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/sweep"
)

// What to type to go on with a study is all of it, for a shell: the command where the study hides words, and --trust
// where it bears no seal, although it runs what does not come with the tool.
func TestGoOn(t *testing.T) {
	state := t.TempDir()
	command := func(c sweep.Command) func(*Study) error {
		return func(s *Study) error { return s.AddCommand("x", c) }
	}
	named := func(name string) func(*Study) error {
		return func(s *Study) error { return s.AddNamed(t.Context(), name) }
	}
	quiet := sweep.Command{Argv: []string{"/bin/sh", "-c", "true"}}
	hides := quiet
	hides.Env, hides.Prepare = []string{"TOKEN=hunter2-of-ada"}, []string{"/bin/sh", "-c", "it's"}
	for want, c := range map[string]struct {
		state string
		fill  func(*Study) error
	}{
		"corecurve run --resume 'a study' --yes":         {state, command(quiet)},
		"corecurve run --resume 'a study' --trust --yes": {"", command(quiet)},
		"corecurve run --resume 'a study' --yes --env 'TOKEN=***' --prepare '/bin/sh -c '\\''it'\\''\\'\\'''\\''s'\\''' " +
			"-- /bin/sh -c true (with what is hidden in the place of ***)": {state, command(hides)},
		"corecurve run --resume 'a study' --yes of its own":  {"", named("count")},
		"corecurve run --resume 'a study' --yes of the tool": {"", named("sh-true")},
	} {
		s, err := New(catalog(t), Request{
			Axes: sweep.Axes{Workers: []int{1}, Cores: []int{1}}, Rule: sweep.Rule{MinRuns: 1, MaxRuns: 1},
			Settings: sweep.Settings{Timeout: sweep.Seconds(time.Minute)}, State: c.state,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.fill(s), s.Create(filepath.Join(t.TempDir(), "study"))); err != nil {
			t.Fatal(err)
		}
		got, unsealed := s.GoOn("a study", "--yes"), s.Unsealed()
		switch name := s.Header.Workloads[0].Name; name {
		case "count":
			got += " of its own"
		case "sh-true":
			got += " of the tool"
		}
		if got != want || (unsealed != nil) != (got == "corecurve run --resume 'a study' --trust --yes") {
			t.Errorf("got  %s\nwant %s; unsealed: %v", got, want, unsealed)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
