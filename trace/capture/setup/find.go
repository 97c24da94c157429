package setup

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// AddNamed adds the workloads that name stands for: one of the catalog, with ./FOLDER all of a package, with
// ./FOLDER:NAME one of them.
func (s *Study) AddNamed(ctx context.Context, name string) error {
	if strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return s.addPackage(ctx, name)
	}
	if s.against != nil {
		return requestf("--against compares two builds of a package, and %s comes with corecurve: name a package (./FOLDER)",
			limits.Quote(name))
	}
	if info, ok := s.catalog.Own.Find(name); ok && name != sweep.SpinWorkload {
		if s.builder.library == capture.SyncEvents {
			folder, err := ownFolder(ctx, name)
			if err != nil {
				return err
			}
			return s.addPackage(ctx, folder+":"+name)
		}
		if err := s.catalog.Own.Sum(); err != nil {
			return err
		}
		return s.add(found{program: s.catalog.Own, info: info})
	}
	program, ok, err := s.catalog.shipped(name)
	if err != nil {
		return err
	}
	if !ok {
		names := namesOf(s.catalog.Own)
		for _, c := range s.catalog.Commands {
			names = append(names, c.Name)
		}
		return requestf("unknown workload %q%s", name, suggestion(name, names))
	}
	if s.builder.library == capture.SyncEvents {
		return requestf("%s is a command, which is run as it is: sync events are for Go packages", name)
	}
	return s.add(found{program: program, info: program.Workloads[0]})
}

// ownPackage is the main package of the workloads that are linked into the tool.
const ownPackage = "github.com/corecurve/corecurve/examples/all"

// ownFolder returns the folder of the source of a workload of the tool itself, which has no sync events.
func ownFolder(ctx context.Context, name string) (string, error) {
	folder, err := capture.FolderOf(ctx, ownPackage)
	if err != nil {
		return "", requestf("%s is a part of corecurve, which is built without sync events, and its source (%s) is not found "+
			"here: run it in a checkout of corecurve, or without --sync-events", name, ownPackage)
	}
	return folder, nil
}

// shipped returns the command of that name, installed.
func (c Catalog) shipped(name string) (program capture.Program, ok bool, err error) {
	i := slices.IndexFunc(c.Commands, func(s Shipped) bool { return s.Name == name })
	if i < 0 {
		return program, false, nil
	}
	argv, err := c.Commands[i].Install()
	if err != nil {
		return program, true, err
	}
	program, err = capture.External(name, sweep.Command{Argv: argv, SameOutput: true})
	if err == nil {
		info := c.Commands[i]
		program.Workloads[0].Doc, program.Workloads[0].Size, program.Workloads[0].Unit = info.Doc, info.Size, info.Unit
	}
	return program, true, err
}

// again returns the command of the tool that w is. If w is not just what the tool would run by that name today, it is
// none.
func (c Catalog) again(w *sweep.Program) (program capture.Program, own bool, err error) {
	program, ok, err := c.shipped(w.Name)
	if err != nil || !ok {
		return program, false, err
	}
	today := program.Describe(program.Workloads[0], host.Tilde)
	return program, reflect.DeepEqual(today.Command, w.Command), nil
}

// addPackage adds workloads of the main package in a folder.
func (s *Study) addPackage(ctx context.Context, arg string) error {
	folder, name := cutName(arg)
	path, err := packageFolder(folder)
	if err != nil {
		return err
	}
	if s.against != nil {
		return s.against.addBoth(ctx, path, name)
	}
	program, err := s.builder.build(ctx, path)
	if err != nil {
		return err
	}
	infos := program.Workloads
	if name != "" {
		info, ok := program.Find(name)
		if !ok {
			return requestf("%s has no workload %q%s", folder, name, suggestion(name, namesOf(program)))
		}
		infos = []capture.Info{info}
	}
	program.Revision = s.builder.revisionOf(ctx, path)
	for _, info := range infos {
		if err := s.add(found{program: program, info: info, folder: path}); err != nil {
			return err
		}
	}
	return nil
}

func namesOf(p capture.Program) (names []string) {
	for _, w := range p.Workloads {
		if w.Name != sweep.SpinWorkload {
			names = append(names, w.Name)
		}
	}
	return names
}

// Nearest returns the one of names that name may have been meant for; empty: none is near.
func Nearest(name string, names []string) string {
	best, near := "", max(2, len(name)/2)
	for _, n := range names {
		if d := levenshtein.ComputeDistance(name, n); d <= near {
			best, near = n, d-1
		}
	}
	return best
}

// suggestion names the nearest of names, if one is near.
func suggestion(name string, names []string) string {
	best := Nearest(name, names)
	if best == "" {
		return `: "corecurve list" names them, and a folder begins with ./`
	}
	return fmt.Sprintf(": did you mean %q?", best)
}
