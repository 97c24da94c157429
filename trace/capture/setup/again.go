package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/capture/supervise"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Again is what a user names again of a study to go on with. It must be what the study has.
type Again struct {
	Folders []string // of the packages, in the order of the study
	// Command is that of the study: Argv, Env, Prepare and Cleanup, of which those that are empty are not named again.
	Command sweep.Command
}

// A work is a workload of a study that is continued, and where its program comes from.
type work struct {
	header   *sweep.Program
	chosen   bool               // by this user: the tool's own, or named again
	folder   string             // of the main package to build; empty: none
	tests    *capture.GoPackage // whose tests to build; nil: none
	program  capture.Program    // without an SHA-256 as long as it must be built
	compared bool               // with the SHA-256 of the study
}

// shown returns what is run or built for w, as it is.
func (w *work) shown() sweep.Program {
	out := *w.header
	switch {
	case w.folder != "":
		out.Package, out.Command = w.folder, nil
	case w.tests != nil:
		out.Command = &sweep.Command{WorkDir: w.tests.Dir, Benchmark: &sweep.Benchmark{
			Name: w.header.Benchmark().Name, Package: w.tests.ImportPath, Folder: w.tests.Folder,
		}}
	default:
		c := *w.program.Command
		if h := w.header.Command; h.Hidden > 0 {
			c.Argv, c.Env, c.Prepare, c.Cleanup = append(c.Argv[:1:1], h.Argv[1:]...), h.Env, h.Prepare, h.Cleanup
		}
		out.Command = &c
	}
	return out
}

// find returns the workloads of the study, with their programs where nothing need be built. It runs nothing.
func (s *Study) find(ctx context.Context, again Again) ([]work, error) {
	folders, err := s.foldersAgain(again.Folders)
	if err != nil {
		return nil, err
	}
	tests, err := s.testsAgain(ctx, again.Folders)
	if err != nil {
		return nil, err
	}
	var works []work
	command := false // named again
	for i := range s.Header.Workloads {
		w := work{header: &s.Header.Workloads[i]}
		switch h := w.header; {
		case h.Package != "":
			w.folder, w.chosen = folders[h.Package], folders[h.Package] != ""
			if w.chosen {
				break
			}
			if w.folder = host.Untilde(h.Package); !filepath.IsAbs(w.folder) { // every study that was made has it so
				return nil, requestf("the package of %s has no absolute path (%q): name its folder again", h.Name, h.Package)
			}
		case h.Benchmark() != nil:
			w.tests, w.chosen = tests[h.Benchmark().Package], tests[h.Benchmark().Package] != nil
			if !w.chosen {
				w.tests = testsOf(h)
			}
		case h.Command == nil:
			w.program, w.chosen = s.catalog.Own, true
		default:
			var own bool
			if w.program, own, err = s.shippedAgain(h); err == nil && !own {
				w.program, w.chosen, err = s.commandAgain(h, again.Command)
				command = true
			}
			if err != nil {
				return nil, err
			}
			w.chosen = w.chosen || own
		}
		works = append(works, w)
	}
	if !command && named(again.Command) {
		return nil, requestf("the study runs no command that could be named again behind --")
	}
	return works, nil
}

// named reports whether anything of c is named again.
func named(c sweep.Command) bool { return len(c.Argv)+len(c.Env)+len(c.Prepare)+len(c.Cleanup) > 0 }

// keepFolders records where packages lie that were named again, for the next time, and what they were built from, which
// older studies do not say.
func (s *Study) keepFolders(works []work) {
	for i := range works {
		w := &works[i]
		if w.header.Sources == "" && w.header.SHA256 == w.program.SHA256 {
			w.header.Sources = w.program.Sources
		}
		switch {
		case !w.chosen:
		case w.folder != "":
			w.header.Package = host.Tilde(w.folder)
		case w.tests != nil:
			c, b := *w.header.Command, *w.header.Benchmark()
			c.WorkDir, b.Folder = host.Tilde(w.tests.Dir), host.Tilde(w.tests.Folder)
			c.Benchmark, w.header.Command = &b, &c
		}
	}
}

// foldersAgain returns the folders that were named again, by the packages of the study that are main packages.
func (s *Study) foldersAgain(args []string) (map[string]string, error) {
	var packages []string
	for _, w := range s.Header.Workloads {
		if w.Package != "" && !slices.Contains(packages, w.Package) {
			packages = append(packages, w.Package)
		}
	}
	if len(args) == 0 || len(packages) == 0 && s.Header.Benchmarks() {
		return nil, nil
	}
	if len(packages) == 0 {
		return nil, requestf("the study says what to run, and builds no package: %q cannot be named again", args)
	}
	var folders []string
	for _, arg := range args {
		folder, _ := cutName(arg)
		path, err := packageFolder(folder)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(folders, path) {
			folders = append(folders, path)
		}
	}
	if len(folders) != len(packages) {
		return nil, requestf("%d packages are named, and the study has %d: %s; name each once, in this order",
			len(folders), len(packages), strings.Join(packages, " "))
	}
	out := map[string]string{}
	for i, p := range packages {
		out[p] = folders[i]
	}
	return out, nil
}

// testsAgain returns the packages of benchmarks that were named again, by their import paths.
func (s *Study) testsAgain(ctx context.Context, args []string) (map[string]*capture.GoPackage, error) {
	if len(args) == 0 || !s.Header.Benchmarks() {
		return nil, nil
	}
	found, err := Packages(ctx, args)
	if err != nil {
		return nil, err
	}
	out := map[string]*capture.GoPackage{}
	for _, p := range found {
		out[p.ImportPath] = &p
	}
	return out, nil
}

func testsOf(w *sweep.Program) *capture.GoPackage {
	b := w.Benchmark()
	return &capture.GoPackage{
		ImportPath: b.Package, Dir: host.Untilde(w.Command.WorkDir), Folder: host.Untilde(b.Folder),
	}
}

// shippedAgain returns the command of the tool that w is. If w is not just what the tool would run by that name today,
// it is none.
func (s *Study) shippedAgain(w *sweep.Program) (program capture.Program, own bool, err error) {
	program, ok, err := s.catalog.shipped(w.Name)
	if err != nil || !ok {
		return program, false, err
	}
	today := program.Describe(program.Workloads[0], host.Tilde)
	return program, reflect.DeepEqual(today.Command, w.Command), nil
}

// commandAgain returns the command that w is, with its words as they are, and whether the user has named all that
// decides what it does.
func (s *Study) commandAgain(w *sweep.Program, again sweep.Command) (program capture.Program, all bool, err error) {
	c := *w.Command
	if len(c.Argv) == 0 {
		return program, false, fmt.Errorf("%s is a command without words", w.Name)
	}
	if all, err = wordsAgain(&c, again); err != nil {
		return program, false, err
	}
	secrets := secretsOf(c)
	here, err := os.Getwd()
	all = all && c.WorkDir == "" && c.Stdin == "" && len(c.TracedArgs) == 0 &&
		(s.Header.Folder == "" || err == nil && s.Header.Folder == host.Tilde(here))
	folder := host.Untilde(s.Header.Folder)
	if folder != "" {
		if st, err := os.Stat(folder); err != nil || !st.IsDir() {
			return program, false, requestf("the folder %s, in which the study was made, is not there", folder)
		}
	}
	if c.WorkDir = host.Untilde(c.WorkDir); c.WorkDir == "" {
		c.WorkDir = folder
	}
	program, err = capture.External(w.Name, c)
	program.Dir, program.Secrets = folder, secrets
	return program, all, err
}

// wordsAgain puts the words that are named again into c, whose words are those of the study, and reports whether there
// are no others.
func wordsAgain(c *sweep.Command, again sweep.Command) (all bool, err error) {
	if len(again.Argv) > 0 {
		again.Argv = slices.Clone(again.Argv)
		if again.Argv[0], err = capture.Executable(again.Argv[0]); err != nil {
			return false, err
		}
	}
	all = true
	var missing []string
	for _, l := range []struct {
		name         string
		words, again *[]string
		tilde, back  func(string) string
	}{
		{"the command behind --", &c.Argv, &again.Argv, host.Tilde, host.Untilde},
		{"--prepare", &c.Prepare, &again.Prepare, asIs, asIs},
		{"--cleanup", &c.Cleanup, &again.Cleanup, asIs, asIs},
		{"--env", &c.Env, &again.Env, asIs, asIs},
	} {
		if len(*l.again) == 0 {
			if c.Hidden > 0 && supervise.Uses(*l.words, secret.Mark) {
				missing = append(missing, fmt.Sprintf("%s %q", l.name, *l.words))
			}
			all = all && len(*l.words) == 0
			*l.words = apply(l.back, *l.words)
			continue
		}
		same := slices.Equal[[]string]
		if c.Hidden > 0 {
			same = func(then, now []string) bool { return slices.EqualFunc(then, now, secret.Matches) }
		}
		if then := *l.words; !same(then, apply(l.tilde, *l.again)) {
			return false, requestf("%s is not that of the study: it was %q", l.name, then)
		}
		*l.words = *l.again
	}
	if len(missing) > 0 {
		return false, requestf("the study hides %s, which must be given again to --resume: %s",
			places(c.Hidden), strings.Join(missing, ", "))
	}
	return all, nil
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

// cutName splits ./FOLDER:NAME.
func cutName(arg string) (folder, name string) {
	if i := strings.LastIndex(arg, ":"); i > strings.LastIndexAny(arg, `/\`) {
		return arg[:i], arg[i+1:]
	}
	return arg, ""
}

// packageFolder returns the absolute path of the folder of a package.
func packageFolder(folder string) (string, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	if st, err := os.Stat(path); err != nil || !st.IsDir() {
		return "", requestf("%s: not the folder of a Go package", folder)
	}
	return path, nil
}
