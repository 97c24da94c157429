package setup

import (
	"context"
	"path/filepath"
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

// A search finds the programs of a study again, with what its user names again.
type search struct {
	study *Study
	dir   string // of the study, as the user typed it
	again Again
}

// find returns the workloads of the study, with their programs where nothing need be built. It runs nothing.
func (s *search) find(ctx context.Context) ([]work, error) {
	folders, err := s.folders()
	if err != nil {
		return nil, err
	}
	tests, err := s.tests(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.variants(); err != nil {
		return nil, err
	}
	var works []work
	command := false // named again
	header, again := &s.study.Header, &s.again
	for i := range header.Workloads {
		w := work{header: &header.Workloads[i]}
		switch h := w.header; {
		case h.Package != "":
			if w.folder = folders[h.Package]; w.folder != "" && movable(header, h) {
				w.chosen = true
				break
			}
			if w.folder = host.Untilde(h.Package); !filepath.IsAbs(w.folder) { // every study that was made has it so
				return nil, requestf("the package of %s has no absolute path (%s): name its folder again: %s",
					h.Name, shell.Quote(h.Package), s.elsewhere())
			}
			err = s.there(h, w.folder)
		case h.Benchmark() != nil:
			w.tests, w.chosen = tests[h.Benchmark().Package], tests[h.Benchmark().Package] != nil && movable(header, h)
			if !w.chosen {
				w.tests = testsOf(h)
				err = s.there(h, w.tests.Folder)
			}
		case h.Command == nil:
			catalog := &s.study.catalog
			err = catalog.Own.Sum()
			w.program, w.chosen = catalog.Own, true
		default:
			var own bool
			if w.program, own, err = s.study.catalog.again(h); err == nil && !own {
				n := naming{header: header, dir: s.dir, w: &w, again: again.of(h)}
				err, command = n.find(), true
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

// folders returns the folders that were named again, by the packages of the study that are main packages.
func (s *search) folders() (map[string]string, error) {
	header, args := &s.study.Header, s.again.Folders
	var packages []string
	for _, w := range header.Workloads {
		if w.Package != "" && movable(header, &w) && !slices.Contains(packages, w.Package) {
			packages = append(packages, w.Package)
		}
	}
	if len(args) == 0 || len(packages) == 0 && header.Benchmarks() {
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

// tests returns the packages of benchmarks that were named again, by their import paths.
func (s *search) tests(ctx context.Context) (map[string]*capture.GoPackage, error) {
	header, args := &s.study.Header, s.again.Folders
	if len(args) == 0 || !header.Benchmarks() {
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
	if !slices.ContainsFunc(header.Workloads, func(w sweep.Program) bool {
		return w.Benchmark() != nil && out[w.Benchmark().Package] != nil
	}) {
		return nil, requestf("the study has no benchmark of %s", shell.Quote(args...))
	}
	return out, nil
}

// variants refuses variants that are named again and are none of the study, and what names again a command of a study
// that has variants of it.
func (s *search) variants() error {
	for name := range s.again.Variants {
		if v := variantOf(&s.study.Header, name); v == nil || v.Kind != sweep.OfCommand {
			return requestf("--variant %s: the study has no command of that name", limits.Quote(name))
		}
	}
	if len(s.again.Command.Argv) > 0 && s.study.Header.Compares() {
		return requestf("the study compares commands: name them again by --variant NAME='COMMAND ARG...', not behind --")
	}
	return nil
}

// there returns an error unless the folder of the package of a workload is there; of a revision, the repository.
func (s *search) there(w *sweep.Program, folder string) error {
	if v := variantOf(&s.study.Header, w.Variant); v != nil && v.Kind == sweep.OfRevision {
		folder = host.Untilde(v.Folder)
	}
	if isFolder(folder) {
		return nil
	}
	return requestf("%s: %s, the folder of its package, is not there: name its folder again: %s",
		w.Name, shell.Quote(folder), s.elsewhere())
}

// elsewhere is what a user types to name again the folder of a package that lies somewhere else now.
func (s *search) elsewhere() string {
	return resumption(&s.study.Header, s.dir, []string{"./FOLDER"}, nil, nil)
}

// variantOf returns the variant of that name; nil: the study compares none, or not that.
func variantOf(h *sweep.Header, name string) *sweep.Variant {
	for i := range h.Variants {
		if v := &h.Variants[i]; v.Name == name {
			return v
		}
	}
	return nil
}

// movable reports whether w is built where its package is named again: not if that is of another variant, which lies
// somewhere else.
func movable(h *sweep.Header, w *sweep.Program) bool {
	v := variantOf(h, w.Variant)
	return v == nil || v.Kind == sweep.OfRevision || v.Name == newVariant
}

func testsOf(w *sweep.Program) *capture.GoPackage {
	b := w.Benchmark()
	return &capture.GoPackage{
		ImportPath: b.Package, Dir: host.Untilde(w.Command.WorkDir), Folder: host.Untilde(b.Folder),
	}
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
