package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/internal/scratch"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/shell"
)

// A NotFoundError says that a revision cannot be had from the repository of a folder, and why.
type NotFoundError struct{ Why string }

func (e *NotFoundError) Error() string { return e.Why }

// Top returns the root of the working tree that folder lies in; empty: it lies in none.
func Top(ctx context.Context, folder string) string {
	g := git{ctx: ctx, folder: folder}
	return strings.TrimSuffix(g.ask("rev-parse", "--show-toplevel"), "\n")
}

// Resolve returns the hash of the commit that ref names in the repository of folder. A name that stands for several is
// refused.
func Resolve(ctx context.Context, folder, ref string) (commit string, err error) {
	g := git{ctx: ctx, folder: folder}
	missing := func(format string, args ...any) (string, error) {
		return "", &NotFoundError{fmt.Sprintf(format, args...)}
	}
	if _, err := g.run("rev-parse", "--show-toplevel"); err != nil {
		return missing("%s is not in a git repository that can be read: %s", shell.Quote(folder), limits.Brief(err))
	}
	if _, err := g.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil && ctx.Err() == nil {
		if g.ask("rev-list", "--all", "--max-count=1") == "" {
			return missing("the repository of %s has no commit yet", shell.Quote(folder))
		}
		g.err = nil
	}
	out, err := g.run("rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	switch said := g.said(); {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case strings.Contains(said, "ambiguous"):
		return missing("it names more than one commit: %s", limits.Brief(errors.New(said)))
	case err == nil:
		return strings.TrimSpace(out), nil
	case strings.TrimSpace(g.ask("rev-parse", "--is-shallow-repository")) == "true":
		return missing("there is no such revision here, and the repository is a shallow clone: git fetch --unshallow gets " +
			"what it lacks")
	}
	return missing("there is no such revision in the repository of %s", shell.Quote(folder))
}

// Names returns the names of branches and tags in the repository of folder, in the order of git.
func Names(ctx context.Context, folder string) []string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	g := git{ctx: ctx, folder: folder}
	return strings.Fields(g.ask("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"))
}

// A Tree is a working tree of a commit beside that of the user, made for a while. It lies in a folder of its own, below
// the path that the user's has, so that what a build names outside of the repository (../lib) has a place there as
// well.
type Tree struct {
	Top    string // root of the user's working tree
	Commit string
	Path   string // root of the tree
	Lacks  []string

	root string // stands for the root of the file system
	made []made
}

// made is a working tree that git knows of.
type made struct{ repository, path string }

// within is the folder in a scratch folder that holds a tree.
const within = "tree"

// Checkout makes a working tree of the commit in the scratch folder temp, of the repository whose working tree is top.
// The repository knows it as a worktree without a branch until [Tree.Remove]; nothing else of it changes: no hook runs,
// and neither branches nor index nor configuration are written. What a process that was killed has left there of its
// own trees is removed before.
//
// Submodules have the content that the commit records, of their own clones in top. Lacks names those that are not
// cloned, or not at that commit; nothing is fetched.
//
// Rejected: git archive, and git checkout-index with an index of its own, which leave no repository in the tree: what a
// program or its tests ask of git would then be another thing on one side.
func Checkout(ctx context.Context, top, commit, temp string) (*Tree, error) {
	if !filepath.IsAbs(top) {
		return nil, fmt.Errorf("%s is no absolute path", shell.Quote(top))
	}
	top = filepath.Clean(top) // one with .. in it would lead out of the scratch folder
	root := filepath.Join(temp, within)
	t := &Tree{Top: top, Commit: commit, root: root, Path: filepath.Join(root, filepath.VolumeName(top)+top)}
	if err := t.add(ctx, top, commit, t.Path); err != nil {
		return nil, errors.Join(fmt.Errorf("a working tree of %.12s: %w", commit, err), t.Remove())
	}
	if err := t.submodules(ctx, top, t.Path, ""); err != nil {
		return nil, errors.Join(err, t.Remove())
	}
	return t, nil
}

// add has the repository of the working tree at top make one of the commit at path. The entry that the repository gets
// is made whole or not at all, whenever ctx ends: git that is killed meanwhile would leave a part, which no list has.
// The files, which may take long, come after it.
func (t *Tree) add(ctx context.Context, top, commit, path string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	g := git{ctx: whole, folder: top}
	g.forget()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	t.made = append(t.made, made{top, path}) // git may have begun before it fails
	alone := []string{"-c", "protocol.allow=never", "-c", "gc.auto=0", "-c", "maintenance.auto=false"}
	_, err := g.run(slices.Concat(alone,
		[]string{"worktree", "add", "--detach", "--force", "--no-checkout", "--", path, commit})...)
	if err != nil {
		return err
	}
	g = git{ctx: ctx, folder: path}
	_, err = g.run(slices.Concat(alone, []string{"-c", "submodule.recurse=false", "reset", "--quiet", "--hard"})...)
	return err
}

// forget removes what the repository knows of trees of processes that are gone: those in a scratch folder that is not
// there any more.
func (g *git) forget() {
	for field := range strings.SplitSeq(g.ask("worktree", "list", "--porcelain", "-z"), "\x00") {
		path, is := strings.CutPrefix(field, "worktree ")
		if !is || !ours(path) {
			continue
		}
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			_, _ = g.run("worktree", "remove", "--force", "--", path) // what cannot be removed harms nobody
		}
	}
	g.err = nil
}

// ours reports whether path is that of a tree in a scratch folder.
func ours(path string) bool {
	parts := strings.Split(filepath.ToSlash(path), "/")
	for i, p := range parts {
		if p == within && i > 0 && scratch.Is(parts[i-1]) {
			return true
		}
	}
	return false
}

// submodules fills the folders of the submodules of the tree at path, which stands for the working tree at top. in is
// how both are called from the roots.
func (t *Tree) submodules(ctx context.Context, top, path, in string) error {
	g := git{ctx: ctx, folder: path}
	for entry := range strings.SplitSeq(g.ask("ls-tree", "-r", "-z", "HEAD"), "\x00") {
		about, name, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(about)
		if len(fields) != 3 || fields[1] != "commit" || !filepath.IsLocal(name) {
			continue
		}
		from, to := filepath.Join(top, name), filepath.Join(path, name)
		if real := Top(ctx, from); real == "" || !same(real, from) { // not cloned: the repository around it
			t.Lacks = append(t.Lacks, filepath.Join(in, name))
			continue
		}
		if err := t.add(ctx, from, fields[2], to); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			t.Lacks = append(t.Lacks, filepath.Join(in, name))
			continue
		}
		if err := t.submodules(ctx, from, to, filepath.Join(in, name)); err != nil {
			return err
		}
	}
	return g.err
}

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// At returns where the tree has what lies at path, an absolute path, in the user's working tree.
func (t *Tree) At(path string) (at string, ok bool) { return moved(path, t.Top, t.Path) }

// Home returns where the user's working tree has what lies at path in the tree; path itself if that is elsewhere.
func (t *Tree) Home(path string) string {
	if home, ok := moved(path, t.Path, t.Top); ok {
		return home
	}
	return path
}

func moved(path, from, to string) (string, bool) {
	rel, err := filepath.Rel(from, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.Join(to, rel), true
}

// Lend makes what a build of the tree names at path, an absolute path outside of it, lead to what the user's has there.
func (t *Tree) Lend(path string) error {
	if _, inside := moved(path, t.Path, t.Top); inside {
		return nil
	}
	rel, err := filepath.Rel(t.root, path)
	if err != nil || !filepath.IsLocal(rel) { // not below what stands for the file system
		return nil
	}
	if _, err := os.Lstat(path); err == nil || !t.own(path) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.Symlink(string(filepath.Separator)+rel, path)
}

// own reports whether what is written at path, below what stands for the file system, lies there: a link on the way,
// one that was lent or that the commit holds, leads to the user's files.
func (t *Tree) own(path string) bool {
	for dir := filepath.Dir(path); len(dir) > len(t.root); dir = filepath.Dir(dir) {
		if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
			return false
		}
	}
	return true
}

// Bring copies files of the user's, given by their absolute paths, to where the tree would have them, if it has none
// there and no commit holds them: what git does not know of belongs to the working tree of the user alone.
func (t *Tree) Bring(ctx context.Context, paths ...string) error {
	for _, path := range paths {
		to, inside := t.At(path)
		g := git{ctx: ctx, folder: t.Top}
		if inside && g.ask("ls-files", "--", path) != "" {
			continue
		}
		if !inside {
			to = filepath.Join(t.root, path)
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) || !t.own(to) {
			continue
		}
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o700)
		}
		if err != nil {
			return err
		}
		f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(b)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes the tree, and has the repository forget it.
func (t *Tree) Remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var errs []error
	for _, m := range slices.Backward(t.made) {
		errs = append(errs, os.RemoveAll(m.path))
		g := git{ctx: ctx, folder: m.repository}
		for field := range strings.SplitSeq(g.ask("worktree", "list", "--porcelain", "-z"), "\x00") {
			if path, is := strings.CutPrefix(field, "worktree "); is && ours(path) && strings.HasSuffix(path, t.name(m)) {
				_, err := g.run("worktree", "remove", "--force", "--", path)
				errs = append(errs, err)
			}
		}
	}
	t.made = nil
	return errors.Join(append(errs, os.RemoveAll(t.root))...)
}

// name is how the path of a working tree ends, from its scratch folder on: git resolves links before it.
func (t *Tree) name(m made) string {
	rel, _ := filepath.Rel(filepath.Dir(filepath.Dir(t.root)), m.path) // both are absolute
	return string(filepath.Separator) + rel
}
