package setup

import (
	"context"
	"fmt"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/revision"
	"github.com/corecurve/corecurve/trace/seal"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A passage is the way of a study from what was read to what may be run.
type passage struct {
	study     *Study
	dir       string
	tool      string
	force     bool
	works     []work
	different []string // what has changed
}

// reopen takes the study all the way, and records that it did.
func (p *passage) reopen(ctx context.Context, r Continuation) (err error) {
	s := p.study
	now := host.Describe(host.Options{Name: s.Header.Host.Name != ""})
	if err := p.differ(moved(s.Header.Host, now)); err != nil {
		return err
	}
	if p.works, err = (&search{study: s, dir: p.dir, again: r.Again}).find(ctx); err != nil {
		return err
	}
	if err := p.differ(p.changed()); err != nil {
		return err
	}
	key, unkeyed := seal.Open(r.State)
	if err := p.agree(key, unkeyed, r.Agree); err != nil {
		return err
	}
	if err := p.build(ctx); err != nil {
		return err
	}
	p.keepPlaces()
	if err := s.seal(key, unkeyed); err != nil {
		return err
	}
	s.Header.Resumes = append(s.Header.Resumes, sweep.Resume{
		At: timestamp(), FirstRun: len(s.Done), Forced: len(p.different) > 0, Different: p.different,
	})
	s.Header.Stopped = ""
	return s.Journal.WriteHeader(s.Header)
}

// differ notes what has changed, and refuses it unless it is forced.
func (p *passage) differ(what []string) error {
	p.different = append(p.different, what...)
	if len(what) == 0 || p.force {
		return nil
	}
	return fmt.Errorf("%s cannot be continued: %s (--force continues, and marks it)", p.dir, strings.Join(what, "; "))
}

// moved lists what of the machine makes the results of the study and new ones incomparable.
func moved(then, now sweep.Host) []string {
	var out []string
	differ := func(what, then, now string) {
		if then != now {
			out = append(out, fmt.Sprintf("%s was %q and is %q", what, then, now))
		}
	}
	differ("the CPU", then.CPUModel, now.CPUModel)
	differ("the set of CPUs", fmt.Sprint(then.CPUs), fmt.Sprint(now.CPUs))
	differ("the CPU quota in cores", fmt.Sprint(then.QuotaCores), fmt.Sprint(now.QuotaCores))
	differ("the kernel", then.Kernel, now.Kernel)
	differ("the boot", then.BootID, now.BootID)
	return out
}

// changed lists the programs that are known by now and are not those of the study.
func (p *passage) changed() []string {
	var out, own []string
	then := "" // the SHA-256 of the tool that made the study
	for i := range p.works {
		w := &p.works[i]
		if w.compared || w.program.SHA256 == "" {
			continue
		}
		w.compared = true
		switch {
		case w.header.SHA256 == w.program.SHA256 || sameSources(w):
		case w.header.Package == "" && w.header.Command == nil:
			own, then = append(own, w.header.Name), w.header.SHA256
		default:
			name := w.header.Name
			if w.header.Variant != "" {
				name += " (" + w.header.Variant + ")"
			}
			out = append(out, fmt.Sprintf("the program of %s was %.12s… and is %.12s…", name, w.header.SHA256,
				w.program.SHA256))
		}
	}
	if len(own) > 0 {
		out = append(out, fmt.Sprintf("it was made with another corecurve, of which %s is a part: %s (SHA-256 %.12s…), "+
			"and this is %s (SHA-256 %.12s…)", strings.Join(own, ", "), p.study.Header.Tool, then, p.tool, p.study.catalog.Own.SHA256))
	}
	return out
}

// sameSources reports whether the program of w was built from what the study's was, be it elsewhere.
func sameSources(w *work) bool {
	return w.header.Sources != "" && w.header.Sources == w.program.Sources
}

// agree asks the user about what is not known to be the user's choice.
func (p *passage) agree(key seal.Key, unkeyed error, ask func(Foreign) error) error {
	h := &p.study.Header
	f := Foreign{Study: p.dir, Different: p.different, Seals: unkeyed == nil}
	switch {
	case unkeyed != nil:
		f.Unsealed = fmt.Errorf("seals cannot be checked: %w", unkeyed)
	case h.Seal == "":
		f.Unsealed = errNoSeal
	case !key.Holds(h):
		f.Unsealed = errOtherSeal
	case !p.force:
		return nil
	}
	for i := range p.works {
		if w := &p.works[i]; !w.chosen {
			shown := w.shown()
			if v := variantOf(h, w.header.Variant); v != nil && v.Kind == sweep.OfRevision {
				shown.Commit = v.Revision
			}
			f.Programs = append(f.Programs, shown)
		}
	}
	if len(f.Programs) == 0 {
		return nil
	}
	p.study.asked = true
	return ask(f)
}

// build builds what must be built, compares it, and runs it to learn its workloads.
func (p *passage) build(ctx context.Context) (err error) {
	s := p.study
	for i := range p.works {
		w := &p.works[i]
		if err := p.originOf(ctx, w); err != nil {
			return err
		}
		switch {
		case w.folder != "":
			w.program, err = s.builder.compile(ctx, w.at(w.folder), w.library())
		case w.tests != nil:
			w.program, err = p.benchmark(ctx, w)
		}
		if err != nil {
			return err
		}
	}
	if err := p.differ(p.changed()); err != nil {
		return err
	}
	asked := map[string]capture.Program{} // by folder
	for i := range p.works {
		w := &p.works[i]
		if program, ok := asked[w.at(w.folder)]; ok {
			w.program = program
		} else if w.folder != "" {
			if err := w.program.Ask(ctx, w.at(w.folder)); err != nil {
				return err
			}
			asked[w.at(w.folder)] = w.program
		}
		if _, ok := w.program.Find(w.header.Name); !ok {
			return fmt.Errorf("there is no workload %q any more", w.header.Name)
		}
		s.programs[w.header.Key()] = w.program
	}
	return nil
}

// originOf makes the working tree again of which w is to be built, if it is of a revision, at the commit that the study
// has recorded.
func (p *passage) originOf(ctx context.Context, w *work) error {
	s := p.study
	v := variantOf(&s.Header, w.header.Variant)
	if v == nil || v.Kind == sweep.OfCommand {
		return nil
	}
	s.builder.flags = equalFlags()
	if v.Kind != sweep.OfRevision {
		return nil
	}
	folder := w.folder
	if w.tests != nil {
		folder = w.tests.Dir
	}
	if s.against == nil {
		top := host.Untilde(v.Folder)
		if w.chosen { // it may lie elsewhere now
			top = revision.Top(ctx, folder)
		}
		c := &contest{study: s}
		o, err := c.checkout(ctx, top, v.Ref, v.Revision)
		if err != nil {
			return err
		}
		c.origin, s.against = o, c
	}
	w.origin = s.against.origin
	return w.origin.provide(ctx, folder)
}

// at returns where the program of w is built of what lies at path.
func (w *work) at(path string) string {
	if w.origin == nil {
		return path
	}
	if at, ok := w.origin.at(path); ok {
		return at
	}
	return path
}

// benchmark builds the tests of a package and returns the benchmark of w.
func (p *passage) benchmark(ctx context.Context, w *work) (capture.Program, error) {
	tests := *w.tests
	tests.Dir, tests.Folder = w.at(tests.Dir), w.at(tests.Folder)
	exe, err := p.study.builder.buildTests(ctx, tests, w.library())
	if err != nil {
		return capture.Program{}, err
	}
	return tests.BenchmarkProgram(exe, w.header.Name, w.header.Benchmark().Name, 1)
}

// keepPlaces records where packages and commands lie that were named again, for the next time, and what packages were
// built from, which older studies do not say.
func (p *passage) keepPlaces() {
	for i := range p.works {
		w := &p.works[i]
		if w.header.Sources == "" && w.header.SHA256 == w.program.SHA256 {
			w.header.Sources = w.program.Sources
		}
		switch {
		case w.named:
			w.keepCommand(&p.study.Header)
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
