package setup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A naming finds the command of a study again, with the parts of it that its user names.
type naming struct {
	header  *sweep.Header // of the study
	dir     string        // of the study, as the user typed it
	w       *work
	again   sweep.Command
	command sweep.Command // as it is run
}

// find finds the command that w is.
func (n *naming) find() (err error) {
	n.command = *n.w.header.Command
	c := &n.command
	if len(c.Argv) == 0 {
		return fmt.Errorf("%s is a command without words", n.w.header.Name)
	}
	n.w.named = len(n.again.Argv) > 0
	if err := n.words(); err != nil {
		return err
	}
	if len(c.TracedArgs) > 0 {
		n.w.unnamed = append(n.w.unnamed, "the words that are added in traced runs")
	}
	secrets := secretsOf(*c)
	folder, err := n.folder()
	if err != nil {
		return err
	}
	if c.WorkDir == "" {
		c.WorkDir = folder
	}
	n.w.program, err = capture.External(n.w.header.Name, *c)
	if err != nil {
		return n.lost("its program cannot be found (%v)", err)
	}
	n.w.program.Dir, n.w.program.Secrets = folder, secrets
	n.w.chosen = len(n.w.unnamed) == 0
	return nil
}

// lost is the error of a command that can be found only where its user names it.
func (n *naming) lost(format string, args ...any) error {
	return requestf("%s: %s: name all of the command again, from the folder where it shall run: %s", n.w.header.Name,
		fmt.Sprintf(format, args...), n.goOn())
}

// goOn is what a user types to name all of the command again. What is not where it was is to be looked for in the
// folder in which the user does so, if that of the study is gone, and elsewhere if it is not.
func (n *naming) goOn() string {
	c := *n.w.header.Command
	then, note := host.Untilde(n.header.Folder), ""
	now := func(path string) string {
		whole := host.Untilde(path)
		if _, err := os.Stat(whole); err == nil || !filepath.IsAbs(whole) {
			return path
		}
		rel, err := filepath.Rel(then, whole)
		if err == nil && filepath.IsLocal(rel) && !isFolder(then) {
			return "." + string(filepath.Separator) + rel
		}
		note = " (with where it lies now in the place of FOLDER)"
		return filepath.Join("FOLDER", filepath.Base(whole))
	}
	c.Argv = append([]string{now(c.Argv[0])}, c.Argv[1:]...)
	c.WorkDir, c.Stdin = now(c.WorkDir), now(c.Stdin)
	return resumption(n.header, n.dir, nil, n.w.header, &c) + note
}

// missing says which of the parts are not named again, where others are.
func (n *naming) missing(parts []string) string {
	if !named(n.again) || len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf(" (not named again: %s)", strings.Join(parts, ", "))
}

// resumption is what a user types to go on with the study in dir; with c, to name again the command that w is, and all
// that the study compares with it.
func resumption(h *sweep.Header, dir string, flags []string, w *sweep.Program, c *sweep.Command) string {
	words := append([]string{"corecurve", "run", "--resume", dir}, flags...)
	if c == nil {
		return shell.Quote(words...)
	}
	for _, kv := range c.Env {
		words = append(words, "--env", kv)
	}
	for _, f := range []struct{ flag, value string }{
		{"--prepare", shell.Join(c.Prepare)},
		{"--cleanup", shell.Join(c.Cleanup)},
		{"--cwd", c.WorkDir},
		{"--stdin", c.Stdin},
	} {
		if f.value != "" {
			words = append(words, f.flag, f.value)
		}
	}
	if w.Variant == "" {
		return shell.Quote(append(append(words, "--"), c.Argv...)...)
	}
	for _, o := range h.Workloads {
		argv := c.Argv
		if o.Variant != w.Variant {
			argv = o.Command.Argv
		}
		words = append(words, "--variant", o.Variant+"="+shell.Join(argv))
	}
	return shell.Quote(words...)
}

// words puts the parts that are named again into the command, whose words are those of the study. It refuses other
// words, and a study that hides some which are not named.
func (n *naming) words() error {
	c, again := &n.command, n.again
	if n.w.named {
		again.Argv = slices.Clone(again.Argv)
		var err error
		if again.Argv[0], err = capture.Executable(again.Argv[0]); err != nil {
			return err
		}
	}
	var hidden []string // parts that hide words and are not named
	left := leftover{}
	behind := "the command behind --"
	if v := n.w.header.Variant; v != "" {
		behind = "--variant " + v
	}
	for _, p := range []part{
		{behind, &c.Argv, again.Argv, host.Tilde, host.Untilde, sameProgram},
		{"--prepare", &c.Prepare, again.Prepare, asIs, asIs, same},
		{"--cleanup", &c.Cleanup, again.Cleanup, asIs, asIs, same},
		{"--env", &c.Env, again.Env, asIs, asIs, same},
	} {
		switch then := *p.words; {
		case len(p.again) > 0:
			if !p.is(then, c.Hidden > 0) {
				return requestf("%s is not that of the study, which is: %s", p.name, shell.Quote(then...))
			}
			left.add(&p)
			*p.words = p.again
		case len(then) > 0:
			if c.Hidden > 0 && supervise.Uses(then, secret.Mark) {
				hidden = append(hidden, p.name)
			}
			n.w.unnamed = append(n.w.unnamed, p.name)
			*p.words = apply(p.back, then)
		}
	}
	switch {
	case len(hidden) > 0:
		return requestf("the study hides %s%s: name the command again, with what is hidden in the place of %s: %s",
			places(c.Hidden), n.missing(hidden), secret.Mark, n.goOn())
	case c.Hidden > 0 && left.here > left.marks-c.Hidden: // a word may have had asterisks of its own
		return requestf("%s is not what the study hides, but stands for it: put what is hidden there in its place in %s",
			secret.Mark, strings.Join(left.words, ", "))
	}
	for _, p := range []struct {
		name        string
		path, again *string
	}{{"--cwd", &c.WorkDir, &again.WorkDir}, {"--stdin", &c.Stdin, &again.Stdin}} {
		then := host.Untilde(*p.path)
		_, err := os.Stat(then)
		switch gone := then != "" && err != nil; {
		case *p.again == "" && gone:
			return n.lost("%s, its %s, is not there", shell.Quote(then), p.name)
		case *p.again == "" && then != "":
			n.w.unnamed = append(n.w.unnamed, p.name)
			*p.path = then
		case *p.again == then || gone:
			*p.path = *p.again
		default:
			return requestf("%s is not that of the study, which is: %s", p.name, shell.Quote(then))
		}
	}
	return nil
}

// A part is a list of words of a command that can be named again.
type part struct {
	name        string
	words       *[]string // of the study
	again       []string
	tilde, back func(string) string
	same        func(i int, then, now string) bool // whether word i of what is named is that of the study
}

// is reports whether what is named again is what the study has, which may hide some of it.
func (p *part) is(then []string, hides bool) bool {
	if len(then) != len(p.again) {
		return false
	}
	for i, w := range p.again {
		now := p.tilde(w)
		if !p.same(i, then[i], now) && (!hides || !secret.Matches(then[i], now)) {
			return false
		}
	}
	return true
}

// A leftover is what still has the mark of what is named again.
type leftover struct {
	marks int      // in the study
	here  int      // of them that are left
	words []string // that have those
}

// add looks at a part that is named again.
func (l *leftover) add(p *part) {
	for i, then := range *p.words {
		l.marks += secret.Marks(then)
		if n := secret.Left(then, p.tilde(p.again[i])); n > 0 {
			l.here += n
			l.words = append(l.words, fmt.Sprintf("word %d of %s, %s", i+1, p.name, limits.Shorten(shell.Quote(then))))
		}
	}
}

func same(_ int, then, now string) bool { return then == now }

// sameProgram is as same, and takes a program for the same that lies elsewhere now: its SHA-256 is compared besides.
func sameProgram(i int, then, now string) bool {
	return then == now || i == 0 && filepath.Base(then) == filepath.Base(now)
}

// folder returns the folder in which the command is run: that in which the study was made. If that is gone, it is where
// the user stands who names the command again. Not even a command that names no file runs elsewhere by itself: what
// make makes is decided by its folder.
func (n *naming) folder() (string, error) {
	c, folder := &n.command, host.Untilde(n.header.Folder)
	here, err := os.Getwd()
	switch {
	case folder == "" || err == nil && folder == here:
		return folder, nil
	case c.WorkDir != "" && len(c.Prepare)+len(c.Cleanup) == 0: // nothing is started there
		return "", nil
	case isFolder(folder):
		n.w.unnamed = append(n.w.unnamed, "the folder "+shell.Quote(folder)+", in which you are not")
		return folder, nil
	case err != nil || !n.w.named || len(n.w.unnamed) > 0:
		return "", n.lost("the folder %s, in which the study was made, is not there%s", shell.Quote(folder),
			n.missing(n.w.unnamed))
	}
	n.w.moved = true
	return here, nil
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// keepCommand records where what was named again lies now.
func (w *work) keepCommand(h *sweep.Header) {
	c, now := *w.header.Command, w.program.Command
	c.Argv = append([]string{host.Tilde(now.Argv[0])}, c.Argv[1:]...)
	if c.WorkDir != "" {
		c.WorkDir = host.Tilde(now.WorkDir)
	}
	c.Stdin = host.Tilde(now.Stdin)
	if w.header.Command = &c; w.moved {
		h.Folder = host.Tilde(w.program.Dir)
	}
}

// places counts what looks like a secret.
func places(n int) string {
	if n == 1 {
		return "1 word that looks like a secret"
	}
	return fmt.Sprintf("%d words that look like secrets", n)
}

// secretsOf returns the secrets of a command whose words are known again; nil if the study hides none.
func secretsOf(c sweep.Command) *secret.Hider {
	if c.Hidden == 0 {
		return nil
	}
	return hideSecrets(&c)
}

func asIs(s string) string { return s }

// apply returns f of each.
func apply(f func(string) string, list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}
