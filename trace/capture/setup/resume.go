package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/revision"
	"github.com/corecurve/corecurve/trace/seal"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Continuation is what a user says of a study to go on with.
type Continuation struct {
	Force bool   // go on although the machine or a program has changed, and mark the study
	State string // folder of the user's state, which holds the key of seals; empty: none is known
	Tool  string // version of the program that goes on
	Again Again
	// Converged reports whether results are good enough, as that of Hooks does. Without it only a study that has as many
	// runs as its rule allows is known to be over.
	Converged func(*sweep.Header, []sweep.Result) (ok bool, why string)
	// Agree is asked before anything is built or run that is not known to be the user's choice. Its error ends the study.
	Agree func(Foreign) error
}

// Foreign is what a study runs that is not known to be its user's choice.
type Foreign struct {
	Study     string   // its directory
	Unsealed  error    // why it does not count as the user's own; nil: it does, and is continued by force
	Different []string // what has changed, of machine and programs
	Seals     bool     // agreed to, the study counts as the user's own from then on
	Programs  []Stranger
}

// A Stranger is what a study builds or runs, and its user has not chosen: a program with its words as they are.
type Stranger struct {
	sweep.Program
	Folder string // in which prepare and cleanup are started; empty: the tool's own
	Commit string // of which it is built; empty: of the files that lie there
	// Unnamed are the parts of a command that its user has not named again, although others were; nil: none was.
	Unnamed []string
}

// Reasons why a study does not count as its user's own.
var (
	errNoSeal    = errors.New("it bears no seal")
	errOtherSeal = errors.New("its seal is not yours, or what it runs has changed since")
)

// Resume opens the study in dir to go on with it. It fails if the machine or a program has changed, so that new results
// would not be comparable; with force it records what changed instead. The caller must close the study. One that has no
// run left to make is neither compared nor marked.
//
// A study is data, whoever made it. So nothing of it is built or run before these hold, in this order:
//
//  1. The machine is the same, or the user forces it.
//  2. The programs that its commands name have the SHA-256 that they had, or the user forces it.
//  3. What it builds and runs is the user's choice: a workload of the tool, a package or a command that the user names
//     again, or anything in a study that bears the user's seal (package seal) and is not forced. The user must agree
//     to anything else, seeing all of it.
//  4. A package that was built has the SHA-256 that it had, or the user forces it. Only then is it run.
func Resume(ctx context.Context, c Catalog, dir string, r Continuation) (*Study, error) {
	old, journal, err := sweep.ContinueStudy(dir, []string{"corecurve", "run", "--resume", host.Tilde(dir)})
	if err != nil {
		return nil, err
	}
	s, err := newStudy(c)
	if err != nil {
		return nil, errors.Join(err, journal.Close())
	}
	s.Journal, s.Header, s.Done = journal, old.Header, slices.Concat(old.Results, old.Replaced)
	if ending, over := s.task(Hooks{Converged: func(results []sweep.Result) (bool, string) {
		if r.Converged == nil {
			return false, ""
		}
		return r.Converged(&s.Header, results)
	}}).Over(s.Done); over {
		s.over = &ending
		return s, nil
	}
	if err := s.reopen(ctx, old, r); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Study) reopen(ctx context.Context, old *sweep.Study, r Continuation) (err error) {
	p := &passage{study: s, dir: old.Dir, tool: r.Tool, force: r.Force}
	if err := p.differ(s.moved(host.Describe(host.Options{Name: s.Header.Host.Name != ""}))); err != nil {
		return err
	}
	if p.works, err = s.find(ctx, old.Dir, r.Again); err != nil {
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
	s.keepPlaces(p.works)
	if err := s.seal(key, unkeyed); err != nil {
		return err
	}
	s.Header.Resumes = append(s.Header.Resumes, sweep.Resume{
		At: now(), FirstRun: len(s.Done), Forced: len(p.different) > 0, Different: p.different,
	})
	s.Header.Stopped = ""
	return s.Journal.WriteHeader(s.Header)
}

// seal has the study bear the seal of its user, unless there is a reason why no key can be used.
func (s *Study) seal(key seal.Key, unkeyed error) (err error) {
	if s.Header.Seal, s.unkeyed = "", unkeyed; unkeyed == nil {
		s.Header.Seal, err = key.Of(&s.Header)
	}
	return err
}

// Unsealed says why the study bears no seal, although it runs what its user must be known to have chosen; nil: it bears
// one, or runs nothing but what comes with the tool.
func (s *Study) Unsealed() error {
	if s.unkeyed == nil {
		return nil
	}
	for i := range s.Header.Workloads {
		w := &s.Header.Workloads[i]
		if w.Package == "" && w.Command == nil {
			continue
		}
		if _, own, err := s.shippedAgain(w); err != nil || !own {
			return s.unkeyed
		}
	}
	return nil
}

// Asked reports whether the user was shown what the study runs, with why that was asked.
func (s *Study) Asked() bool { return s.asked }

// GoOn returns what its user types to go on with the study in dir later, with more flags if any.
func (s *Study) GoOn(dir string, flags ...string) string {
	if s.Unsealed() != nil {
		flags = append([]string{"--trust"}, flags...)
	}
	for _, w := range s.Header.Workloads {
		if w.Command != nil && w.Command.Hidden > 0 {
			return s.resumption(dir, flags, &w, w.Command) + " (with what is hidden in the place of " + secret.Mark + ")"
		}
	}
	return s.resumption(dir, flags, nil, nil)
}

// A passage is the way of a study from what was read to what may be run.
type passage struct {
	study     *Study
	dir       string
	tool      string
	force     bool
	works     []work
	different []string // what has changed
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
func (s *Study) moved(now sweep.Host) []string {
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
			out = append(out, fmt.Sprintf("the program of %s was %.12s… and is %.12s…", name, w.header.SHA256, w.program.SHA256))
		}
	}
	if len(own) > 0 {
		out = append(out, fmt.Sprintf("it was made with another corecurve, of which %s is a part: %s (SHA-256 %.12s…), and this is "+
			"%s (SHA-256 %.12s…)", strings.Join(own, ", "), p.study.Header.Tool, then, p.tool, p.study.catalog.Own.SHA256))
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
			if v := p.study.variant(w.header); v != nil && v.Kind == sweep.OfRevision {
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
		if err := s.originAgain(ctx, w); err != nil {
			return err
		}
		switch {
		case w.folder != "":
			w.program, err = s.builder.compile(ctx, w.at(w.folder), w.library())
		case w.tests != nil:
			w.program, err = s.benchmarkAgain(ctx, w)
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

// originAgain makes the working tree again of which w is to be built, if it is of a revision, at the commit that the study
// has recorded.
func (s *Study) originAgain(ctx context.Context, w *work) error {
	v := s.variant(w.header)
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

// benchmarkAgain builds the tests of a package and returns the benchmark of w.
func (s *Study) benchmarkAgain(ctx context.Context, w *work) (capture.Program, error) {
	tests := *w.tests
	tests.Dir, tests.Folder = w.at(tests.Dir), w.at(tests.Folder)
	exe, err := s.builder.buildTests(ctx, tests, w.library())
	if err != nil {
		return capture.Program{}, err
	}
	return tests.BenchmarkProgram(exe, w.header.Name, w.header.Benchmark().Name, 1)
}
