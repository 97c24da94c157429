package setup

import (
	"context"
	"errors"
	"slices"

	"github.com/corecurve/corecurve/trace/host"
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
	p := &passage{study: s, dir: old.Dir, tool: r.Tool, force: r.Force}
	if err := p.reopen(ctx, r); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
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
		if _, own, err := s.catalog.again(w); err != nil || !own {
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
			return resumption(&s.Header, dir, flags, &w, w.Command) +
				" (with what is hidden in the place of " + secret.Mark + ")"
		}
	}
	return resumption(&s.Header, dir, flags, nil, nil)
}
