package setup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/revision"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Names of the variants of a package that is compared with another state of itself.
const (
	baseVariant = "base"
	newVariant  = "new"
)

// equalFlags are those of the go command that make equal programs of equal sources, wherever these lie: programs hold
// no paths then.
func equalFlags() []string { return []string{"-trimpath"} }

// A contest is the comparison of packages with another state of themselves.
type contest struct {
	study  *Study
	ref    string   // revision or folder, as the user names it
	origin *origin  // nil: no package is compared yet
	lacks  []string // what is left out, and why
}

// An origin is where the base variant of packages is built from.
type origin struct {
	variant  sweep.Variant
	from, to string         // root of the user's sources, and of those of the base, which are the same but for their state
	tree     *revision.Tree // that to is the root of; nil: it is the user's
}

// at returns where the base has what lies at path in the user's sources.
func (o *origin) at(path string) (string, bool) {
	rel, err := filepath.Rel(o.from, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.Join(o.to, rel), true
}

// shown returns a path of the base as it is recorded: where the user has it, for the tree of a revision lasts no longer
// than the study.
func (o *origin) shown(path string) string {
	if o.tree != nil {
		path = o.tree.Home(path)
	}
	return host.Tilde(path)
}

// named is what a user knows the base by.
func (o *origin) named() string {
	v := o.variant
	if v.Kind == sweep.OfRevision {
		return fmt.Sprintf("%s (%s, %.12s)", baseVariant, v.Ref, v.Revision)
	}
	return fmt.Sprintf("%s (%s)", baseVariant, v.Folder)
}

// close removes the tree that was made for the base.
func (c *contest) close() error {
	if c.origin == nil || c.origin.tree == nil {
		return nil
	}
	return c.origin.tree.Remove()
}

// originOf returns where the base variant of the package at path is built from. The first package decides of what
// repository or module that is.
func (c *contest) originOf(ctx context.Context, path string) (*origin, error) {
	if c.origin == nil {
		o, err := c.seek(ctx, path)
		if err != nil {
			return nil, err
		}
		c.origin = o
		fresh := sweep.Variant{Name: newVariant, Kind: sweep.OfFolder, Folder: host.Tilde(o.from)}
		if r := c.study.builder.revisionOf(ctx, path); r != nil {
			fresh.Revision, fresh.Changed = r.Commit, r.Changed
		}
		c.study.Header.Variants = []sweep.Variant{o.variant, fresh}
	}
	if _, ok := c.origin.at(path); !ok {
		return nil, requestf("--against %s: %s does not lie in %s, as the first package does: compare the packages of one "+
			"repository or module at a time", c.ref, shell.Quote(path), shell.Quote(c.origin.from))
	}
	return c.origin, nil
}

// seek finds out what --against names: a folder, or a revision of the repository that path lies in.
func (c *contest) seek(ctx context.Context, path string) (*origin, error) {
	ref := c.ref
	isPath := strings.HasPrefix(ref, ".") && !strings.HasPrefix(ref, "..@") || filepath.IsAbs(ref)
	if isPath {
		if !isFolder(ref) {
			return nil, requestf("--against %s: there is no such folder", shell.Quote(ref))
		}
		return c.beside(ctx, path, ref)
	}
	commit, err := revision.Resolve(ctx, path, ref)
	_, missing := errors.AsType[*revision.NotFoundError](err)
	switch {
	case isFolder(ref) && err == nil:
		return nil, requestf("--against %s is both a revision and a folder: say %s for the folder, or %.12s for the revision",
			ref, shell.Quote("."+string(filepath.Separator)+ref), commit)
	case isFolder(ref) && missing:
		return c.beside(ctx, path, ref)
	case missing:
		return nil, requestf("--against %s: %w", limits.Quote(ref), err)
	case err != nil:
		return nil, err
	}
	return c.checkout(ctx, revision.Top(ctx, path), ref, commit)
}

// checkout makes a working tree of the commit that ref names in the repository at top.
func (c *contest) checkout(ctx context.Context, top, ref, commit string) (*origin, error) {
	tree, err := revision.Checkout(ctx, top, commit, c.study.builder.temp.Path)
	if err != nil {
		return nil, err
	}
	for _, name := range tree.Lacks {
		c.lack("%s: the submodule %s is not cloned here at the commit that it records, and is left empty", baseVariant, name)
	}
	return &origin{from: top, to: tree.Path, tree: tree, variant: sweep.Variant{
		Name: baseVariant, Kind: sweep.OfRevision, Ref: ref, Revision: commit, Folder: host.Tilde(top),
	}}, nil
}

// beside returns the sources that the folder ref, or what it lies in, holds in the place of those of the package at
// path: those at the same path below the root of another clone, or of another module.
func (c *contest) beside(ctx context.Context, path, ref string) (*origin, error) {
	folder, err := filepath.Abs(ref)
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	if err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(rel) {
		return nil, requestf("--against %s: it is the working tree itself: name another checkout, or a revision",
			shell.Quote(ref))
	}
	o := &origin{variant: sweep.Variant{Name: baseVariant, Kind: sweep.OfFolder, Ref: host.Tilde(ref)}}
	for _, roots := range [][2]string{
		{revision.Top(ctx, path), revision.Top(ctx, folder)}, {revision.Root(path), revision.Root(folder)},
	} {
		o.from, o.to = roots[0], roots[1]
		if at, ok := o.at(path); o.from != "" && o.to != "" && o.from != o.to && ok && isFolder(at) {
			o.variant.Folder = host.Tilde(o.to)
			if r := c.study.builder.revisionOf(ctx, at); r != nil {
				o.variant.Revision, o.variant.Changed = r.Commit, r.Changed
			}
			return o, nil
		}
	}
	rel, err := filepath.Rel(o.from, path)
	if err != nil {
		return nil, err
	}
	return nil, requestf("--against %s: there is no %s in %s, where the package would be", shell.Quote(ref),
		shell.Quote(rel), shell.Quote(o.to))
}

// lack notes what is left out of a comparison.
func (c *contest) lack(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if c.origin != nil && c.origin.tree != nil { // which its user has never seen
		text = strings.ReplaceAll(text, c.origin.tree.Path, c.origin.tree.Top)
	}
	c.lacks = append(c.lacks, text)
	if text = limits.Shorten(text); !slices.Contains(c.study.Header.Warnings, text) { // or it was noted before a resume
		c.study.Header.Warnings = append(c.study.Header.Warnings, text)
	}
}

// Comparable returns an error if something was to be compared, and nothing of it is left.
func (s *Study) Comparable() error {
	if s.against == nil || len(s.Header.Workloads) > 0 || len(s.against.lacks) == 0 {
		return nil
	}
	return fmt.Errorf("nothing is left to compare:\n%s", strings.Join(s.against.lacks, "\n"))
}

// sided returns what build makes of each side. ok is false, and why is noted, where one does not build; new comes last.
func sided[V any](
	ctx context.Context, c *contest, names [2]string, build func(side int) (V, error),
) (v [2]V, ok bool, err error) {
	ok = true
	for side := range v {
		if v[side], err = build(side); err == nil {
			continue
		}
		if ctx.Err() != nil {
			return v, false, context.Cause(ctx)
		}
		ok = false
		c.lack("%s: %v", names[side], err)
	}
	return v, ok, nil
}

// addBoth adds the workloads of the main package at path in both variants: that of the name, or without one all.
func (c *contest) addBoth(ctx context.Context, path, name string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	o, err := c.originOf(ctx, path)
	if err != nil {
		return err
	}
	at, _ := o.at(path)
	folders, names := [2]string{at, path}, [2]string{o.named(), newVariant}
	programs, ok, err := sided(ctx, c, names, func(side int) (p capture.Program, err error) {
		if !isFolder(folders[side]) {
			return p, fmt.Errorf("there is no folder %s", shell.Quote(folders[side]))
		}
		if side == 0 {
			err = o.provide(ctx, path)
		}
		if err == nil {
			p, err = c.study.builder.build(ctx, folders[side])
		}
		p.Revision = c.study.builder.revisionOf(ctx, folders[side])
		return p, err
	})
	if err != nil || !ok {
		return err
	}
	all := namesOf(programs[1])
	for _, other := range namesOf(programs[0]) {
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	if name != "" {
		if !slices.Contains(all, name) {
			return requestf("%s has no workload %q%s", shell.Quote(path), name, suggestion(name, all))
		}
		all = []string{name}
	}
	for _, name := range all {
		pair, both := c.pair(programs, names, name)
		if !both {
			continue
		}
		pair[0].folder, pair[0].shown, pair[1].folder = at, o.shown, path
		if err := c.study.add(pair[:]...); err != nil {
			return err
		}
	}
	return nil
}

// pair returns the workload of that name in both variants; false, and why is noted, if one lacks it.
func (c *contest) pair(programs [2]capture.Program, names [2]string, name string) (pair [2]found, both bool) {
	both = true
	for side, variant := range []string{baseVariant, newVariant} {
		info, ok := programs[side].Find(name)
		if !ok {
			c.lack("%s has no workload %s, which is left out", names[side], name)
			both = false
		}
		pair[side] = found{program: programs[side], info: info, variant: variant}
	}
	return pair, both
}

// addBothBenchmarks is as AddBenchmarks, of both variants. They are calibrated once, on the base.
func (c *contest) addBothBenchmarks(ctx context.Context, pkg capture.GoPackage, pattern string, d time.Duration) error {
	path, err := filepath.EvalSymlinks(pkg.Dir)
	if err != nil {
		return err
	}
	o, err := c.originOf(ctx, path)
	if err != nil {
		return err
	}
	pkg.Dir = path
	names := [2]string{o.named(), newVariant}
	suites, ok, err := sided(ctx, c, names, func(side int) (u suite, err error) {
		u = suite{study: c.study, pkg: pkg}
		if side == 0 {
			if u.pkg, err = o.tests(ctx, path); err != nil {
				return u, err
			}
		}
		err = u.build(ctx)
		return u, err
	})
	if err != nil || !ok {
		return err
	}
	known, err := suites[0].calibrate(ctx, pattern, d)
	if err != nil {
		return fmt.Errorf("%s: %w", names[0], err)
	}
	return c.addPairs(ctx, suites, pattern, known)
}

// addPairs adds the benchmarks that both variants of a package have, by the calibration of the base.
func (c *contest) addPairs(ctx context.Context, suites [2]suite, pattern string, known *calibration) error {
	o, pkg := c.origin, suites[1].pkg
	names := [2]string{o.named(), newVariant}
	// Only running them shows which benchmarks there are, with those that they have in them.
	fresh, warnings, err := pkg.TryBenchmarks(ctx, suites[1].exe, pattern, time.Nanosecond, 1)
	if err != nil {
		return fmt.Errorf("%s: %w", newVariant, err)
	}
	c.study.Header.Warnings = append(c.study.Header.Warnings, warnings...)
	has := func(trials []capture.BenchmarkTrial, name string) bool {
		return slices.ContainsFunc(trials, func(t capture.BenchmarkTrial) bool { return t.Name == name })
	}
	for _, t := range fresh {
		if !has(known.trials, t.Name) {
			c.lack("%s has no %s of %s, which is left out", names[0], t.Name, pkg.ImportPath)
		}
	}
	for _, t := range known.trials {
		if !has(fresh, t.Name) {
			c.lack("%s has no %s of %s, which is left out", names[1], t.Name, pkg.ImportPath)
			continue
		}
		name := suites[1].nameOf(t.Name)
		var pair [2]found
		for side, variant := range []string{baseVariant, newVariant} {
			if pair[side], err = suites[side].find(ctx, name, t.Name, known.size(t)); err != nil {
				return err
			}
			pair[side].variant = variant
		}
		pair[0].shown = o.shown
		if err := c.study.add(pair[:]...); err != nil {
			return err
		}
		suites[1].expect(name, t.PerOp)
	}
	return nil
}

// tests returns the package of the base that has the place of that at path.
func (o *origin) tests(ctx context.Context, path string) (p capture.GoPackage, err error) {
	at, _ := o.at(path)
	if !isFolder(at) {
		return p, fmt.Errorf("there is no folder %s", shell.Quote(at))
	}
	if err := o.provide(ctx, path); err != nil {
		return p, err
	}
	all, err := capture.GoPackages(ctx, at, ".")
	if err != nil {
		return p, err
	}
	if len(all) == 0 {
		return p, fmt.Errorf("%s: no tests, and so no benchmarks", shell.Quote(at))
	}
	return all[0], nil
}

// provide puts in place what a build of the package at path needs besides what the commit of the base holds.
func (o *origin) provide(ctx context.Context, path string) error {
	if o.tree == nil {
		return nil
	}
	return provide(ctx, o.tree, path)
}
