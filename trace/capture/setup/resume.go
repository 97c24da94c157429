package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Resume opens the study in dir to go on with it. It fails if the machine or a program has changed, so that new results
// would not be comparable; with force it records what changed instead. The caller must close the study.
func Resume(ctx context.Context, c Catalog, dir string, force bool) (*Study, error) {
	old, journal, err := sweep.ContinueStudy(dir, []string{"corecurve", "run", "--resume", host.Tilde(dir)})
	if err != nil {
		return nil, err
	}
	s, err := newStudy(c)
	if err != nil {
		return nil, errors.Join(err, journal.Close())
	}
	s.Journal, s.Header, s.Done = journal, old.Header, slices.Concat(old.Results, old.Replaced)
	if err := s.reopen(ctx, old, force); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Study) reopen(ctx context.Context, old *sweep.Study, force bool) (err error) {
	for _, w := range s.Header.Workloads {
		if s.programs[w.Name], err = s.findAgain(ctx, w); err != nil {
			return err
		}
	}
	different := s.differences(host.Describe(host.Options{Name: s.Header.Host.Name != ""}))
	if len(different) > 0 && !force {
		return fmt.Errorf("%s cannot be continued: %s (--force continues, and marks it)",
			old.Dir, strings.Join(different, "; "))
	}
	s.Header.Resumes = append(s.Header.Resumes, sweep.Resume{
		At: now(), FirstRun: len(s.Done), Forced: len(different) > 0, Different: different,
	})
	s.Header.Stopped = ""
	return s.Journal.WriteHeader(s.Header)
}

// findAgain returns the program of a workload of the study, built again where that is needed.
func (s *Study) findAgain(ctx context.Context, w sweep.Program) (program capture.Program, err error) {
	program = s.catalog.Own
	switch {
	case w.Package != "":
		program, err = s.build(ctx, host.Untilde(w.Package))
	case w.Benchmark() != nil:
		b := w.Benchmark()
		pkg := capture.GoPackage{
			ImportPath: b.Package, Dir: host.Untilde(w.Command.WorkDir), Folder: host.Untilde(b.Folder),
		}
		exe, err := s.buildTests(ctx, pkg)
		if err != nil {
			return program, err
		}
		return pkg.BenchmarkProgram(exe, w.Name, b.Name, 1)
	case w.Command != nil:
		if _, _, err := s.catalog.shipped(w.Name); err != nil { // installs its file again, if it is one of ours
			return program, err
		}
		c := *w.Command
		c.Argv, c.WorkDir = slices.Clone(c.Argv), host.Untilde(c.WorkDir)
		for i, a := range c.Argv {
			c.Argv[i] = host.Untilde(a)
		}
		program, err = capture.External(w.Name, c)
	}
	if err != nil {
		return program, err
	}
	if _, ok := program.Find(w.Name); !ok {
		return program, fmt.Errorf("there is no workload %q any more", w.Name)
	}
	return program, nil
}

// differences lists what makes the results of the study and new ones incomparable.
func (s *Study) differences(now sweep.Host) []string {
	var out []string
	differ := func(what, then, now string) {
		if then != now {
			out = append(out, fmt.Sprintf("%s was %q and is %q", what, then, now))
		}
	}
	then := s.Header.Host
	differ("the CPU", then.CPUModel, now.CPUModel)
	differ("the set of CPUs", fmt.Sprint(then.CPUs), fmt.Sprint(now.CPUs))
	differ("the CPU quota in cores", fmt.Sprint(then.QuotaCores), fmt.Sprint(now.QuotaCores))
	differ("the kernel", then.Kernel, now.Kernel)
	differ("the boot", then.BootID, now.BootID)
	for _, w := range s.Header.Workloads {
		if sum := s.programs[w.Name].SHA256; sum != w.SHA256 {
			out = append(out, fmt.Sprintf("the program of %s was %.12s… and is %.12s…", w.Name, w.SHA256, sum))
		}
	}
	return out
}
