// Package revision tells which commit of a git repository a folder is at.
//
// It asks the git command, as the user has it, and leaves the repository as it is: no lock, no refreshed index, no
// hook, no monitor of the file system, no pager, no prompt and no network. What is asked belongs to a folder that the
// user has named to be built, whose code runs anyway; a repository is not protected from its own configuration.
//
// Rejected: what the go command stamps into programs (-buildvcs), which makes programs of equal sources differ, and
// reading .git without git: worktrees, packed refs, alternates and the index have formats of their own.
package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// patience is how long git may take in all. Of a large repository it looks at every file.
const patience = 10 * time.Second

// Of returns the commit that folder is at, and whether what is built there has changes that the commit lacks: to files
// that are tracked, and new source files, below the folder's module, or below its repository if there is none. It
// returns nil where nothing is known: outside a repository, in one without commits, in a folder that no commit holds,
// without the git command, or if that takes too long.
func Of(ctx context.Context, folder string) *sweep.Revision {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	g := git{ctx: ctx, folder: Root(folder)}
	// Where no commit holds the folder, the repository is that of something around it.
	g.ask("rev-parse", "--verify", "--quiet", "HEAD:./")
	commit := g.ask("log", "-1", "--no-show-signature", "--format=%H%x00%ct%x00%s", "HEAD")
	if _, top := module(g.folder); !top { // no module: all of the repository
		g.folder = strings.TrimSuffix(g.ask("rev-parse", "--show-toplevel"), "\n")
	}
	changed := g.ask("status", "--porcelain", "-z", "--untracked-files=no", "--", ".")
	added := g.ask(slices.Concat([]string{"ls-files", "--others", "--exclude-standard", "-z", "--"}, sources())...)
	parts := strings.SplitN(strings.TrimSuffix(commit, "\n"), "\x00", 3)
	if g.err != nil || len(parts) != 3 {
		return nil
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return nil
	}
	return &sweep.Revision{
		Commit: parts[0], Time: time.Unix(seconds, 0).UTC().Format(time.RFC3339), Subject: line(parts[2]),
		Changed: changed != "" || added != "",
	}
}

// sources are the patterns of files that the go command builds.
func sources() []string {
	return []string{
		"*.go", "*.s", "*.c", "*.cc", "*.cpp", "*.cxx", "*.h", "*.hh", "*.hpp", "*.m", "*.syso",
		"go.mod", "go.sum", "go.work", "go.work.sum",
	}
}

// Root returns the folder of the module that folder lies in; folder itself if it is in none.
func Root(folder string) string {
	root, _ := module(folder)
	return root
}

func module(folder string) (root string, ok bool) {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && info.Mode().IsRegular() {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return folder, false
		}
	}
}

// line returns the subject of a commit as one line of limited length, without what is not to be printed.
func line(subject string) string {
	text := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(subject, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}), " ")
	if r := []rune(text); len(r) > limits.SubjectChars {
		return string(r[:limits.SubjectChars-1]) + "…"
	}
	return text
}

// A git asks the git command in a folder. After a question of ask that has failed, ask asks nothing more.
type git struct {
	ctx    context.Context
	folder string
	err    error
	stderr limits.Tail // of the last question
}

// ask returns what git prints; nothing if it, or what was asked before, has failed.
func (g *git) ask(args ...string) (out string) {
	if g.err == nil {
		out, g.err = g.run(args...)
	}
	return out
}

// run returns what git prints; nothing with an error.
func (g *git) run(args ...string) (string, error) {
	cmd := exec.Command("git", slices.Concat([]string{
		"-C", g.folder, "--no-pager", "-c", "core.fsmonitor=false",
		"-c", "core.hooksPath=" + os.DevNull,
	}, args)...)
	cmd.Env = environ(os.Environ())
	stdout := limits.Buffer{Most: limits.ListBytes}
	g.stderr = limits.Tail{}
	cmd.Stdout, cmd.Stderr = &stdout, &g.stderr
	switch err := errors.Join(supervise.Run(g.ctx, cmd), stdout.Err()); {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("the git command is not on the PATH")
	case err != nil && g.said() != "":
		return "", fmt.Errorf("git: %s", g.said())
	case err != nil:
		return "", err
	}
	return string(stdout.Bytes()), nil
}

// said is what git wrote to standard error.
func (g *git) said() string { return strings.TrimSpace(g.stderr.String()) }

// environ returns the environment of git: that of the user, without what names another repository than that of the
// folder, as git sets it for its hooks.
func environ(env []string) []string {
	local := []string{
		"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
		"GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
	}
	out := slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		key, _, _ := strings.Cut(kv, "=")
		return slices.Contains(local, key)
	})
	return append(out, "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
}
