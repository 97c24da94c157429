package revision

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/corecurve/corecurve/trace/internal/scratch"
)

// temp is a scratch folder for a test.
func temp(t *testing.T) string {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	f, err := scratch.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Remove() })
	return f.Path
}

// history is a repository with two commits, a hook that would leave a file, changes, a stash and a file that is not
// tracked.
func history(t *testing.T) (r *repo, first string) {
	t.Helper()
	r = newRepo(t)
	r.write("a.txt", "one")
	r.write("sub/b.txt", "one")
	r.git("add", ".")
	r.git("commit", "-qm", "one")
	first = strings.TrimSpace(r.git("rev-parse", "HEAD"))
	r.write("a.txt", "two")
	r.git("commit", "-qam", "two")
	r.write("sub/b.txt", "stashed")
	r.git("stash", "-q")
	r.write("a.txt", "changed")
	r.write("new.txt", "not tracked")
	hook := filepath.Join(r.dir, ".git", "hooks", "post-checkout")
	if err := errors.Join(os.MkdirAll(filepath.Dir(hook), 0o755),
		os.WriteFile(hook, []byte("#!/bin/sh\ntouch '"+r.dir+"/hooked'\n"), 0o755)); err != nil {
		t.Fatal(err)
	}
	return r, first
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A tree holds what the commit records, and the repository is afterwards what it was, to the byte.
func TestTreeLeavesTheRepository(t *testing.T) {
	dir := temp(t)
	r, first := history(t)
	before := r.all()
	commit, err := Resolve(t.Context(), filepath.Join(r.dir, "sub"), "HEAD~1")
	if err != nil || commit != first {
		t.Fatal(commit, err)
	}
	tree, err := Checkout(t.Context(), r.dir, commit, dir)
	if err != nil {
		t.Fatal(err)
	}
	at, ok := tree.At(filepath.Join(r.dir, "sub"))
	if got := text(t, filepath.Join(at, "b.txt")) + text(t, filepath.Join(tree.Path, "a.txt")); !ok || got != "oneone" {
		t.Errorf("the tree holds %q", got)
	}
	if home := tree.Home(at); home != filepath.Join(r.dir, "sub") {
		t.Errorf("%s is %s at home", at, home)
	}
	if rev := Of(t.Context(), tree.Path); rev == nil || rev.Commit != first || rev.Changed {
		t.Errorf("the tree is at %+v, want %s without changes", rev, first)
	}
	if _, ok := tree.At(filepath.Dir(r.dir)); ok {
		t.Error("what lies around the repository is in the tree")
	}
	if err := tree.Remove(); err != nil {
		t.Error(err)
	}
	if after := r.all(); after != before {
		t.Errorf("the repository was\n%s\nand is\n%s", before, after)
	}
	if rest, err := os.ReadDir(dir); err != nil || len(rest) > 0 {
		t.Errorf("in the scratch folder is left %v: %v", rest, err)
	}
}

// What a process that was killed has left in a repository goes with the next tree; a worktree of the user that is not
// there at the moment, and one of another process that lives, stay.
func TestTreeOfTheDead(t *testing.T) {
	dir := temp(t)
	r, first := history(t)
	gone, other := filepath.Join(t.TempDir(), "mine"), filepath.Join(filepath.Dir(dir), "corecurve.tmp-living", within, "x")
	dead := filepath.Join(filepath.Dir(dir), "corecurve.tmp-dead")
	for _, path := range []string{gone, other, filepath.Join(dead, within, "x")} {
		r.git("worktree", "add", "-q", "--detach", path, first)
	}
	if err := errors.Join(os.RemoveAll(gone), os.RemoveAll(dead)); err != nil {
		t.Fatal(err)
	}
	tree, err := Checkout(t.Context(), r.dir, first, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Remove(); err != nil {
		t.Error(err)
	}
	list := r.git("worktree", "list")
	if strings.Contains(list, "dead") || !strings.Contains(list, gone) || !strings.Contains(list, "tmp-living") ||
		strings.Count(list, "\n") != 2 {
		t.Errorf("left are\n%s", list)
	}
}

// A tree that cannot be made leaves nothing.
func TestTreeThatFails(t *testing.T) {
	dir := temp(t)
	r, first := history(t)
	before := r.all()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		commit string
	}{"no such commit": {t.Context(), strings.Repeat("0", 40)}, "interrupted": {ctx, first}} {
		if tree, err := Checkout(c.ctx, r.dir, c.commit, dir); err == nil {
			t.Errorf("%s: a tree at %s", name, tree.Path)
		}
		if after := r.all(); after != before {
			t.Errorf("%s: the repository was\n%s\nand is\n%s", name, before, after)
		}
	}
}

// An interrupt at any moment leaves nothing in the repository.
func TestTreeInterrupted(t *testing.T) {
	dir := temp(t)
	r, first := history(t)
	before := r.all()
	for ms := range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(3*ms)*time.Millisecond)
		tree, err := Checkout(ctx, r.dir, first, dir)
		cancel()
		if err == nil {
			err = tree.Remove()
		} else {
			err = nil
		}
		if after := r.all(); err != nil || after != before {
			t.Fatalf("after %d ms the repository was %s and is %s: %v", 3*ms, before, after, err)
		}
	}
}

// What is no revision is told from what names several, and from what a shallow clone lacks.
func TestResolve(t *testing.T) {
	r, first := history(t)
	r.git("branch", "twice", first)
	r.git("tag", "twice", "HEAD")
	shallow := &repo{t, filepath.Join(t.TempDir(), "shallow")}
	r.git("clone", "-q", "--depth", "1", "file://"+r.dir, shallow.dir)
	empty := newRepo(t)
	if names := strings.Join(Names(t.Context(), r.dir), " "); !strings.Contains(names, "twice") {
		t.Errorf("the names are %q", names)
	}
	for name, c := range map[string]struct{ dir, ref, want string }{
		"hash":              {r.dir, first[:10], ""},
		"branch":            {r.dir, "refs/heads/twice", ""},
		"none":              {r.dir, "v9", "there is no such revision in the repository of"},
		"a flag":            {r.dir, "--all", "there is no such revision"},
		"ambiguous":         {r.dir, "twice", "it names more than one commit"},
		"shallow":           {shallow.dir, first, "git fetch --unshallow"},
		"no commit":         {empty.dir, "HEAD", "has no commit yet"},
		"no repository":     {t.TempDir(), "HEAD", "is not in a git repository"},
		"a file, no commit": {r.dir, "HEAD:a.txt", "there is no such revision"},
	} {
		commit, err := Resolve(t.Context(), c.dir, c.ref)
		switch {
		case c.want == "" && (err != nil || commit != first):
			t.Errorf("%s: %q, %v", name, commit, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %q, %v, want %q", name, commit, err, c.want)
		}
		if _, ok := errors.AsType[*NotFoundError](err); err != nil && !ok {
			t.Errorf("%s: %v is not told as what is missing", name, err)
		}
	}
}

// A submodule has the content that the commit records, from the clone that the user has; without one it is named.
func TestTreeOfSubmodules(t *testing.T) {
	dir := temp(t)
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "protocol.file.allow")
	t.Setenv("GIT_CONFIG_VALUE_0", "always")
	lib := newRepo(t)
	lib.write("lib.txt", "one")
	lib.git("add", ".")
	lib.git("commit", "-qm", "one")
	r := newRepo(t)
	for _, name := range []string{"deps/lib", "deps/gone"} {
		r.git("submodule", "-q", "add", lib.dir, name)
	}
	r.git("commit", "-qm", "with submodules")
	lib.write("lib.txt", "two")
	lib.git("commit", "-qam", "two")
	r.git("-C", "deps/lib", "pull", "-q")
	r.git("commit", "-qam", "newer")
	r.git("submodule", "-q", "deinit", "-f", "deps/gone")
	inner := &repo{t, filepath.Join(r.dir, "deps", "lib")}
	before := r.all() + inner.git("status", "--porcelain") + inner.git("worktree", "list")
	commit, err := Resolve(t.Context(), r.dir, "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Checkout(t.Context(), r.dir, commit, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, filepath.Join(tree.Path, "deps", "lib", "lib.txt")); got != "one" {
		t.Errorf("the submodule holds %q", got)
	}
	if len(tree.Lacks) != 1 || tree.Lacks[0] != filepath.Join("deps", "gone") {
		t.Errorf("lacking are %q", tree.Lacks)
	}
	if err := tree.Remove(); err != nil {
		t.Error(err)
	}
	after := r.all() + inner.git("status", "--porcelain") + inner.git("worktree", "list")
	if after != before {
		t.Errorf("the repository was\n%s\nand is\n%s", before, after)
	}
}

// What a build of the tree names outside of the repository is what lies there.
func TestTreeLends(t *testing.T) {
	dir := temp(t)
	around := t.TempDir()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git command here")
	}
	r, first := history(t)
	top := filepath.Join(around, "repo")
	if err := errors.Join(os.Rename(r.dir, top), os.Mkdir(filepath.Join(around, "lib"), 0o755),
		os.WriteFile(filepath.Join(around, "lib", "x"), []byte("lib"), 0o644)); err != nil {
		t.Fatal(err)
	}
	tree, err := Checkout(t.Context(), top, first, dir)
	if err != nil {
		t.Fatal(err)
	}
	// A second name below what is lent makes nothing in the user's folder.
	for _, rel := range []string{"../lib", "sub", "../none", "../lib/sub/deep"} {
		if err := tree.Lend(filepath.Join(tree.Path, rel)); err != nil {
			t.Error(err)
		}
	}
	if got := text(t, filepath.Join(tree.Path, "../lib/x")); got != "lib" {
		t.Errorf("../lib/x holds %q", got)
	}
	if rest, err := os.ReadDir(filepath.Join(around, "lib")); err != nil || len(rest) != 1 {
		t.Errorf("the lent folder holds %v: %v", rest, err)
	}
	if err := errors.Join(tree.Remove(), os.Remove(filepath.Join(around, "lib", "x"))); err != nil {
		t.Errorf("the lent folder is not what it was: %v", err)
	}
}

// A root that would lead out of the scratch folder does not: what it names is neither written nor removed.
func TestTreeStaysInside(t *testing.T) {
	dir := temp(t)
	r, first := history(t)
	before := r.all()
	up := strings.Repeat("/..", strings.Count(dir, "/")+3)
	tree, err := Checkout(t.Context(), up+r.dir, first, dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(tree.Path, dir+string(filepath.Separator)) {
		t.Errorf("the tree lies at %s", tree.Path)
	}
	if err := tree.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := Checkout(t.Context(), "../../..", first, dir); err == nil {
		t.Error("a root that is no absolute path is taken")
	}
	if after := r.all(); after != before {
		t.Error("the repository has changed")
	}
}
