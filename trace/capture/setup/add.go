package setup

import (
	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/shell"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A found is a workload of a program that was found or built.
type found struct {
	program capture.Program
	info    capture.Info
	folder  string              // of its package, if it was built here
	variant string              // empty: the study compares none
	shown   func(string) string // a path as it is recorded; nil: with ~ for the home directory
}

// add adds a workload and its sweeps. Those of several variants are laid out for the last, and are the same for all:
// the work must be.
func (s *Study) add(of ...found) error {
	for i := range of {
		if err := s.enter(&of[i]); err != nil {
			return err
		}
	}
	last := &of[len(of)-1]
	info := last.info
	axes, subject := s.axes, sweep.Subject{Workload: info.Name, Size: info.Size, PerWorker: info.PerWorker}
	var t told
	if c := last.program.Command; c == nil || c.Benchmark != nil {
		subject.Scale = own(info)
	} else {
		t = toldOf(c)
		axes, subject.Scale = t.axes(axes), t.scale
	}
	sweeps, err := axes.Sweeps(subject, len(s.Header.Host.CPUs))
	if err != nil {
		return &RequestError{err}
	}
	for _, p := range sweep.Points(sweeps) {
		if info.Shared != "" && p.Procs > 1 {
			return requestf("%s runs in one process only: %s", info.Name, info.Shared)
		}
	}
	for i := range of {
		for _, w := range sweeps {
			s.Header.Sweeps = append(s.Header.Sweeps, w.For(of[i].variant))
		}
	}
	s.Header.Warnings = append(s.Header.Warnings, t.warn(sweeps)...)
	return nil
}

// enter adds what is known of a workload to the header, and its program to those of the study.
func (s *Study) enter(f *found) error {
	name := f.info.Name
	key := sweep.Key{Workload: name, Variant: f.variant}
	if _, twice := s.programs[key]; name == sweep.SpinWorkload {
		return requestf("workload %q has the name of the loop that every study measures its machine by: "+
			"give it another (--name)", name)
	} else if twice {
		return requestf("workload %q is given twice", name)
	}
	shown := f.shown
	if shown == nil {
		shown = host.Tilde
	}
	desc := f.program.Describe(f.info, shown)
	desc.Variant = f.variant
	if c := desc.Command; c != nil && c.Benchmark == nil && !s.keepSecrets {
		f.program.Secrets = hideSecrets(c)
	}
	if desc.Doc == "" && desc.Command != nil {
		desc.Doc = limits.Shorten(shell.Quote(desc.Command.Argv...))
	}
	s.programs[key] = f.program
	if f.variant != baseVariant {
		desc.Revision = labelled(desc.Revision, s.revision)
	}
	if f.folder != "" { // the binary is gone after the study, so the folder is recorded
		desc.Package, desc.Argv = shown(f.folder), nil
	}
	s.Header.Workloads = append(s.Header.Workloads, desc)
	return nil
}

// labelled returns what is known of a revision, with the label that the user gives the study; nil if there is neither.
func labelled(r *sweep.Revision, label string) *sweep.Revision {
	if label == "" {
		return r
	}
	out := sweep.Revision{}
	if r != nil {
		out = *r
	}
	out.Label = label
	return &out
}

// own is the scaling that a workload has of itself.
func own(info capture.Info) func(sweep.Mode) (sweep.Scaling, sweep.Basis) {
	return func(m sweep.Mode) (sweep.Scaling, sweep.Basis) {
		if info.Weak && m != sweep.Cores { // in mode cores the workers are fixed, and so is the work
			return sweep.Weak, sweep.OfWorkload
		}
		return sweep.Strong, sweep.OfWorkload
	}
}
