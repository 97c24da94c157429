package revision

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

func TestMain(m *testing.M) {
	if supervise.Asked() {
		os.Exit(supervise.Main())
	}
	os.Exit(m.Run())
}

// A repo is a git repository for a test.
type repo struct {
	t   *testing.T
	dir string
}

// newRepo makes an empty repository, with a configuration of its own alone.
func newRepo(t *testing.T) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git command here")
	}
	for _, key := range []string{"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"} {
		t.Setenv(key, os.DevNull)
	}
	for _, key := range []string{"GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"} {
		t.Setenv(key, "2026-01-02T03:04:05+01:00")
	}
	r := &repo{t, t.TempDir()}
	r.git("init", "-q")
	r.git("config", "user.name", "Ada")
	r.git("config", "user.email", "ada@example.org")
	return r
}

func (r *repo) git(args ...string) string {
	r.t.Helper()
	out, err := exec.Command("git", append([]string{"-C", r.dir}, args...)...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repo) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) commit(subject string) {
	r.git("add", "-A")
	r.git("commit", "-q", "-m", subject)
}

// all is one SHA-256 of all that lies in the repository.
func (r *repo) all() string {
	r.t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(sum, "%s %x\n", path, sha256.Sum256(b))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func TestOf(t *testing.T) {
	r := newRepo(t)
	at := func(folder string) *sweep.Revision { return Of(t.Context(), filepath.Join(r.dir, folder)) }
	if got := at("."); got != nil {
		t.Errorf("a repository without commits is at %+v", got)
	}
	r.write("a/go.mod", "module a\n")
	r.write("a/cmd/main.go", "package main\n")
	r.write("b/go.mod", "module b\n")
	r.write("b/data.txt", "1")
	r.write("plain/x.c", "")
	r.write(".gitignore", "made\n")
	r.commit("first:\tone \x1b[31m" + strings.Repeat("é", limits.SubjectChars))
	want := &sweep.Revision{
		Commit: r.git("rev-parse", "HEAD"), Time: "2026-01-02T02:04:05Z",
		Subject: "first: one [31m" + strings.Repeat("é", limits.SubjectChars-16) + "…",
	}
	check := func(what, folder string, changed bool) {
		t.Helper()
		want := *want
		want.Changed = changed
		before := r.all()
		if diff := cmp.Diff(&want, at(folder)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if r.all() != before {
			t.Errorf("%s: the repository was changed", what)
		}
	}
	check("a clean module", "a/cmd", false)
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(filepath.Join(r.dir, "a/cmd/main.go"), later, later); err != nil {
		t.Fatal(err)
	}
	check("a file with another time and the same text", "a/cmd", false)
	r.write("a/notes.txt", "")
	r.write("a/made/x.txt", "")
	check("new files that are no sources", "a/cmd", false)
	r.write("b/data.txt", "2")
	check("changes to another module", "a/cmd", false)
	check("changes to a file", "b", true)
	check("without a module, changes anywhere", "plain", true)
	r.write("a/cmd/new.go", "package main\n")
	check("a new source file", "a/cmd", true)

	r.write("made/x/main.go", "package main\n")
	r.write("made/x/go.mod", "module x\n")
	if got := at("made/x"); got != nil {
		t.Errorf("a module that no commit holds is at %+v", got)
	}
	if got := at("absent"); got != nil {
		t.Errorf("a folder that is not there is at %+v", got)
	}
	if got := Of(t.Context(), t.TempDir()); got != nil {
		t.Errorf("a folder outside repositories is at %+v", got)
	}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if got := Of(late, r.dir); got != nil {
		t.Errorf("after the end: %+v", got)
	}
}

// What the repository would have git run is not run, and what the environment says of another repository not believed.
func TestRunsNothing(t *testing.T) {
	r := newRepo(t)
	r.write("go.mod", "module a\n")
	r.commit("one")
	mark := filepath.Join(t.TempDir(), "ran")
	r.write(".git/hooks/post-index-change", "#!/bin/sh\ntouch "+mark+"\n")
	r.write(".git/evil", "#!/bin/sh\ntouch "+mark+"\ncat\n")
	for _, name := range []string{".git/hooks/post-index-change", ".git/evil"} {
		if err := os.Chmod(filepath.Join(r.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"core.fsmonitor", "core.pager", "pager.log", "gpg.program"} {
		r.git("config", key, filepath.Join(r.dir, ".git/evil"))
	}
	r.git("config", "log.showSignature", "true")
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "other"))
	if got := Of(t.Context(), r.dir); got == nil || got.Subject != "one" || got.Changed {
		t.Errorf("got %+v", got)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository was run")
	}
}

// Without the git command nothing is known.
func TestNoGit(t *testing.T) {
	r := newRepo(t)
	r.write("go.mod", "module a\n")
	r.commit("one")
	t.Setenv("PATH", t.TempDir())
	if got := Of(t.Context(), r.dir); got != nil {
		t.Errorf("got %+v", got)
	}
}
