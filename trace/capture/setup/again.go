package setup

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Again is what a user names again of a study to go on with. It must be what the study has.
type Again struct {
	Folders []string // of the packages, in the order of the study
	// Command is that of the study: Argv, Env, Prepare, Cleanup, and the absolute paths WorkDir and Stdin, of which those
	// that are empty are not named again.
	Command sweep.Command
	// Variants are the words of the commands that the study compares, by variant; nil: they are not named again.
	Variants map[string][]string
}

// Any reports whether anything is named again.
func (a *Again) Any() bool { return len(a.Folders)+len(a.Variants) > 0 || named(a.Command) }

// of returns what is named again of the command that w is.
func (a *Again) of(w *sweep.Program) sweep.Command {
	c := a.Command
	if w.Variant != "" {
		c.Argv = a.Variants[w.Variant]
	}
	return c
}

// A work is a workload of a study that is continued, and where its program comes from.
type work struct {
	header   *sweep.Program
	chosen   bool               // by this user: the tool's own, or named again
	folder   string             // of the main package to build; empty: none
	tests    *capture.GoPackage // whose tests to build; nil: none
	program  capture.Program    // without an SHA-256 as long as it must be built
	compared bool               // with the SHA-256 of the study
	origin   *origin            // of a base variant that is a revision: made when it is built

	// Of a command:
	named   bool     // again, behind --
	unnamed []string // parts of it that are not
	moved   bool     // it runs where it is named again, and not where the study was made, which is gone
}

// library returns the library of Go with which the program of w was built, and is again.
func (w *work) library() capture.GoLibrary { return capture.GoLibrary(w.header.SyncEvents) }

// shown returns what is run or built for w, as it is.
func (w *work) shown() Stranger {
	out := Stranger{Program: *w.header, Folder: w.program.Dir}
	if w.named {
		out.Unnamed = w.unnamed
	}
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

// find returns the workloads of the study in dir, with their programs where nothing need be built. It runs nothing.
func (s *Study) find(ctx context.Context, dir string, again Again) ([]work, error) {
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
	if err := s.variantsAgain(&again); err != nil {
		return nil, err
	}
	for i := range s.Header.Workloads {
		w := work{header: &s.Header.Workloads[i]}
		switch h := w.header; {
		case h.Package != "":
			if w.folder = folders[h.Package]; w.folder != "" && s.movable(h) {
				w.chosen = true
				break
			}
			if w.folder = host.Untilde(h.Package); !filepath.IsAbs(w.folder) { // every study that was made has it so
				return nil, requestf("the package of %s has no absolute path (%s): name its folder again: %s",
					h.Name, shell.Quote(h.Package), s.resumption(dir, []string{"./FOLDER"}, nil, nil))
			}
			err = s.there(dir, h, w.folder)
		case h.Benchmark() != nil:
			w.tests, w.chosen = tests[h.Benchmark().Package], tests[h.Benchmark().Package] != nil && s.movable(h)
			if !w.chosen {
				w.tests = testsOf(h)
				err = s.there(dir, h, w.tests.Folder)
			}
		case h.Command == nil:
			err = s.catalog.Own.Sum()
			w.program, w.chosen = s.catalog.Own, true
		default:
			var own bool
			if w.program, own, err = s.shippedAgain(h); err == nil && !own {
				err, command = (&naming{study: s, dir: dir, w: &w, again: again.of(h)}).find(), true
			}
			w.chosen = w.chosen || own
		}
		if err != nil {
			return nil, err
		}
		works = append(works, w)
	}
	if !command && (named(again.Command) || len(again.Variants) > 0) {
		return nil, requestf("the study runs no command that could be named again behind --")
	}
	return works, nil
}

// named reports whether anything of c is named again.
func named(c sweep.Command) bool {
	return len(c.Argv)+len(c.Env)+len(c.Prepare)+len(c.Cleanup)+len(c.WorkDir)+len(c.Stdin) > 0
}

// keepPlaces records where packages and commands lie that were named again, for the next time, and what packages were
// built from, which older studies do not say.
func (s *Study) keepPlaces(works []work) {
	for i := range works {
		w := &works[i]
		if w.header.Sources == "" && w.header.SHA256 == w.program.SHA256 {
			w.header.Sources = w.program.Sources
		}
		switch {
		case w.named:
			w.keepCommand(&s.Header)
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
		if w.Package != "" && s.movable(&w) && !slices.Contains(packages, w.Package) {
			packages = append(packages, w.Package)
		}
	}
	if len(args) == 0 || len(packages) == 0 && s.Header.Benchmarks() {
		return nil, nil
	}
	if len(packages) == 0 {
		return nil, requestf("the study says what to run, and builds no package: %s cannot be named again",
			shell.Quote(args...))
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
			len(folders), len(packages), shell.Quote(packages...))
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
	if !slices.ContainsFunc(s.Header.Workloads, func(w sweep.Program) bool {
		return w.Benchmark() != nil && out[w.Benchmark().Package] != nil
	}) {
		return nil, requestf("the study has no benchmark of %s", shell.Quote(args...))
	}
	return out, nil
}

// variant returns the variant of the study that w is of; nil: it compares none.
func (s *Study) variant(w *sweep.Program) *sweep.Variant {
	for i := range s.Header.Variants {
		if v := &s.Header.Variants[i]; v.Name == w.Variant {
			return v
		}
	}
	return nil
}

// movable reports whether w is built where its package is named again: not if that is of another variant, which lies
// somewhere else.
func (s *Study) movable(w *sweep.Program) bool {
	v := s.variant(w)
	return v == nil || v.Kind == sweep.OfRevision || v.Name == newVariant
}

// variantsAgain refuses variants that are named again and are none of the study, and what names again a command of a study
// that has variants of it.
func (s *Study) variantsAgain(again *Again) error {
	for name := range again.Variants {
		if v := s.variant(&sweep.Program{Variant: name}); v == nil || v.Kind != sweep.OfCommand {
			return requestf("--variant %s: the study has no command of that name", limits.Quote(name))
		}
	}
	if len(again.Command.Argv) > 0 && s.Header.Compares() {
		return requestf("the study compares commands: name them again by --variant NAME='COMMAND ARG...', not behind --")
	}
	return nil
}

// there returns an error unless the folder of the package of a workload is there; of a revision, the repository.
func (s *Study) there(dir string, w *sweep.Program, folder string) error {
	name := w.Name
	if v := s.variant(w); v != nil && v.Kind == sweep.OfRevision {
		folder = host.Untilde(v.Folder)
	}
	if isFolder(folder) {
		return nil
	}
	return requestf("%s: %s, the folder of its package, is not there: name its folder again: %s",
		name, shell.Quote(folder), s.resumption(dir, []string{"./FOLDER"}, nil, nil))
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
	if !isFolder(path) {
		return "", requestf("%s: not the folder of a Go package", folder)
	}
	return path, nil
}
