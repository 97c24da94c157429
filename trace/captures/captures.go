// Package captures opens the files that a run left in its study. All of them are opened here, and nowhere else.
//
// [Dir.Open] returns the captures of one run: Go traces as readers, CPU profiles, and the records of the OS scheduler
// and the spans, which can be read any number of times. A file that is missing or cannot be read is a [Problem] beside
// the others: it makes the explanation poorer, and never loses a timing. [OpenFiles] opens traces from anywhere.
package captures

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/otlp"
	"github.com/corecurve/corecurve/trace/sweep"
)

// ownScope is the instrumentation of corecurve's own spans.
const ownScope = "github.com/corecurve/corecurve"

// A Dir is the folder of a study.
type Dir string

// A Problem is a capture file that is missing, or cannot be read, or not to its end.
type Problem struct {
	Kind sweep.CaptureKind
	Path string // relative to the study
	Err  error  // names the file
}

// Missing reports whether the file does not exist.
func (p *Problem) Missing() bool { return errors.Is(p.Err, fs.ErrNotExist) }

// A Run holds the captures of one run, opened. Its readers are at the beginning.
type Run struct {
	Traces   []Trace            // Go execution traces of its processes
	Profiles []*profile.Profile // CPU profiles of its processes
	Switches *Switches          // records of the OS scheduler; nil: there are none that can be read
	Spans    []SpanFile
	Problems []Problem // files that are missing, or damaged at the beginning
	// ProfileMemory is how much memory the profiles take, in bytes, and a bit more.
	ProfileMemory int64

	study *folder.Folder // nil: it cannot be opened
	close []func()
}

// A Trace is the Go execution trace of one process.
type Trace struct {
	Rank   int    // -1: the coordinator
	Path   string // relative to the study
	Size   int64  // bytes
	Reader *gotrace.Reader
}

// Open opens what r left. The caller must close the Run.
func (d Dir) Open(r *sweep.Result) *Run { return d.OpenWith(r, gotrace.Options{}) }

// OpenWith is [Dir.Open] with options for the readers of Go traces.
func (d Dir) OpenWith(r *sweep.Result, o gotrace.Options) *Run {
	run := &Run{}
	study, err := folder.Open(string(d))
	if err == nil {
		run.study = study
		run.close = append(run.close, func() { _ = study.Close() })
	}
	for _, c := range r.Captures {
		if c.Kind == sweep.GoTrace && o.Together < limits.Traces {
			o.Together++
		}
	}
	for _, c := range r.Captures {
		err := err
		if err == nil {
			err = run.open(c, r.Offset, o)
		}
		if err != nil {
			run.Problems = append(run.Problems, Problem{c.Kind, c.Path, err})
		}
	}
	return run
}

// open opens one capture; offset is that of its spans.
func (r *Run) open(c sweep.Capture, offset int64, o gotrace.Options) (err error) {
	switch c.Kind {
	case sweep.GoTrace:
		if len(r.Traces) == limits.Traces {
			return limits.More(c.Path, "traces of a run", limits.Traces)
		}
		var reader *gotrace.Reader
		var done func()
		if reader, done, err = openTrace(r.study, c.Path, o); err == nil {
			info, err := r.study.Stat(c.Path)
			if err != nil {
				done()
				return err
			}
			r.Traces = append(r.Traces, Trace{c.Rank, c.Path, info.Size(), reader})
			r.close = append(r.close, done)
		}
	case sweep.CPUProfile:
		err = r.openProfile(c.Path)
	case sweep.OSched:
		if r.Switches == nil {
			r.Switches, err = openSwitches(r.study, c.Path)
		}
	case sweep.Spans:
		r.Spans = append(r.Spans, SpanFile{study: r.study, Path: c.Path, Offset: offset})
	}
	return err
}

func openTrace(study *folder.Folder, name string, o gotrace.Options) (*gotrace.Reader, func(), error) {
	f, err := study.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return readTrace(f, name, o)
}

// Close closes all readers.
func (r *Run) Close() {
	for _, f := range r.close {
		f()
	}
}

// OpenTrace opens the Go execution trace at path, which may be a pipe. name is its name in errors; closeTrace closes
// it.
func OpenTrace(path, name string, o gotrace.Options) (r *gotrace.Reader, closeTrace func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return readTrace(f, name, o)
}

// readTrace reads a trace from f, which is closed with the reader, or if there is none.
func readTrace(f *os.File, name string, o gotrace.Options) (r *gotrace.Reader, closeTrace func(), err error) {
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = fmt.Errorf("%s: a folder, not a trace", name)
	case info.Mode().IsRegular():
		r, err = gotrace.Open(f, info.Size(), name, o)
	default: // a pipe can be read only once
		r, err = gotrace.OpenStream(f, name, o)
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return r, func() {
		r.Close()
		_ = f.Close()
	}, nil
}

// openProfile adds a profile, if those of the run may take so much memory.
func (r *Run) openProfile(name string) error {
	f, err := r.study.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	p, weight, err := parseProfile(name, f, limits.ProfileMemory-r.ProfileMemory)
	if err == nil {
		r.Profiles, r.ProfileMemory = append(r.Profiles, p), r.ProfileMemory+weight
	}
	return err
}

// Switches gives the records of the OS scheduler of one run.
type Switches struct {
	Path  string // relative to the study
	Level osched.Level

	study *folder.Folder
}

// errEnough ends the reading of a file after its header.
var errEnough = errors.New("enough")

func openSwitches(study *folder.Folder, name string) (*Switches, error) {
	s := &Switches{Path: name, study: study}
	h, err := s.each(func(*osched.Record) error { return errEnough })
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	s.Level = h.Level
	return s, nil
}

// Each calls f with every record, like [osched.Each]. Each call begins with the first record.
func (s *Switches) Each(f func(*osched.Record) error) error {
	_, err := s.each(f)
	return err
}

func (s *Switches) each(f func(*osched.Record) error) (osched.Header, error) {
	file, err := s.study.Open(s.Path)
	if err != nil {
		return osched.Header{}, err
	}
	defer func() { _ = file.Close() }()
	return osched.Each(s.Path, file, f)
}

// A SpanFile is a file of spans.
type SpanFile struct {
	Path string // relative to the study
	// Offset is the wall clock of spans minus the clock of the run, in nanoseconds; 0: unknown, so that the spans have
	// no place on the clock of the run.
	Offset int64

	study *folder.Folder
}

// A Span is a span that the run's program sent, on the clock of the run.
type Span struct {
	Name     string
	PID      int
	From, To clock.Time
}

// Each calls f with every span that the program itself sent. It leaves out those of corecurve, which say nothing that a
// timeline does not show.
func (s *SpanFile) Each(f func(Span)) error {
	if s.Offset == 0 {
		return nil
	}
	file, err := s.study.Open(s.Path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return otlp.Each(s.Path, file, func(x otlp.Span) error {
		if x.Scope != ownScope {
			f(Span{x.Name, x.PID, clock.Time(x.Start - s.Offset), clock.Time(x.End - s.Offset)})
		}
		return nil
	})
}
