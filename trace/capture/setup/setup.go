// Package setup makes a study ready to be measured, and has it measured.
//
// A new study takes these steps:
//
//  1. [New] describes the machine and the request in a header.
//  2. [Study.AddNamed], [Study.AddCommand], [Study.AddVariants] and [Study.AddBenchmarks] find or build programs and
//     lay out their sweeps.
//  3. [Study.Create] adds the sweep of the ceiling, if a count is swept, and makes the directory.
//  4. [Study.Measure] makes the runs.
//
// [Resume] replaces the first three for a study that exists: it finds the programs again, refuses if the machine or a
// program is another one, and asks before it runs what is not known to be the user's choice.
package setup

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/corecurve/corecurve/trace/capture"
	"github.com/corecurve/corecurve/trace/folder"
	"github.com/corecurve/corecurve/trace/host"
	"github.com/corecurve/corecurve/trace/seal"
	"github.com/corecurve/corecurve/trace/secret"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A RequestError says that what was asked for makes no sense or does not exist, whatever the machine.
type RequestError struct{ Err error }

func (e *RequestError) Error() string { return e.Err.Error() }
func (e *RequestError) Unwrap() error { return e.Err }

func requestf(format string, args ...any) error { return &RequestError{fmt.Errorf(format, args...)} }

// A Request is what a new study shall be.
type Request struct {
	Axes     sweep.Axes
	Rule     sweep.Rule
	Settings sweep.Settings
	Seed     uint64   // of the order of the runs
	Hostname bool     // record the name of the host
	Tool     string   // version of the program that makes the study
	Argv     []string // its command line; the home directory is recorded as ~
	// KeepSecrets stores the command line as it is, instead of *** where it looks like a secret.
	KeepSecrets bool
	State       string // folder of the user's state, which holds the key of seals; empty: none is known
	// Library is that of Go with which programs are built.
	Library capture.GoLibrary
	// Against is the revision or folder of which the base variant of all packages is built; empty: nothing is compared.
	Against string
	// Revision is what the user calls the state of what is measured; empty: what version control says of it is enough.
	Revision string
}

// A Catalog is what workloads can be named from: those of the tool itself, and the commands that come with it.
type Catalog struct {
	Own      capture.Program
	Commands []Shipped
}

// A Shipped is a command that comes with the tool.
type Shipped struct {
	capture.Info
	// Install puts its files in place, where they are not there yet, and returns the command.
	Install func() (argv []string, err error)
}

// A Study is one to be measured.
type Study struct {
	Header  sweep.Header
	Journal *sweep.Journal // nil before Create
	Done    []sweep.Result // of the runs before a Resume
	Ceiling []sweep.Point  // whose cores the sweep of the ceiling has beside those of the workloads

	catalog     Catalog
	axes        sweep.Axes
	state       string // as Request.State
	keepSecrets bool   // as Request.KeepSecrets
	programs    map[sweep.Key]capture.Program
	builder     *builder
	revision    string                        // as Request.Revision
	against     *contest                      // nil: no package is compared
	label       string                        // in the name of the directory; empty: the first workload's
	expected    map[sweep.Point]time.Duration // of a run, where it is known beforehand
	unkeyed     error                         // why it bears no seal
	asked       bool                          // its user was asked what it runs, and told why
	over        *capture.Ending               // of a study that was resumed and has no run left to make; nil: it has
}

func newStudy(c Catalog) (*Study, error) {
	b, err := newBuilder()
	return &Study{
		catalog: c, builder: b, programs: map[sweep.Key]capture.Program{{Workload: sweep.SpinWorkload}: c.Own},
		expected: map[sweep.Point]time.Duration{},
	}, err
}

// New begins a study that has no workload yet. The caller must close it.
func New(c Catalog, r Request) (*Study, error) {
	s, err := newStudy(c)
	if err != nil {
		return nil, err
	}
	h := host.Describe(host.Options{Name: r.Hostname})
	h.Level = capture.Level()
	s.axes, s.state, s.keepSecrets, s.revision = r.Axes, r.State, r.KeepSecrets, r.Revision
	s.builder.library = r.Library
	if r.Against != "" {
		s.against, s.builder.flags = &contest{study: s, ref: r.Against}, equalFlags()
	}
	s.Header = sweep.Header{
		Schema: sweep.StudySchema, CreatedAt: timestamp(), Command: host.TildeAll(r.Argv), Tool: r.Tool,
		Go:   runtime.Version(),
		Seed: r.Seed, Rule: r.Rule, Settings: r.Settings, Host: h,
	}
	if !r.KeepSecrets {
		var hider secret.Hider
		s.Header.Command = hider.Words(s.Header.Command)
		s.Header.Hidden = hider.Places
	}
	return s, nil
}

func timestamp() string { return time.Now().UTC().Format(time.RFC3339) }

// Close closes the journal and removes the programs that were built, and the working tree of which some were.
func (s *Study) Close() error {
	var err error
	if s.against != nil {
		err = s.against.close()
	}
	err = errors.Join(err, s.builder.temp.Remove())
	if s.Journal != nil {
		err = errors.Join(s.Journal.Close(), err)
	}
	return err
}

// psWarning is of benchmarks, which have as many Ps as workers.
const psWarning = "at points with more workers than cores a benchmark has GOMAXPROCS = workers, " +
	"as with go test -cpu: its Ps take turns on the cores"

// settle adds the sweep of the machine's ceiling, after the last workload, if there is a curve to hold against it.
func (s *Study) settle() {
	points := sweep.Points(s.Header.Sweeps)
	for _, p := range points {
		if s.Header.Benchmarks() && p.Workers > p.Cores {
			s.Header.Warnings = append(s.Header.Warnings, psWarning)
			break
		}
	}
	if !sweep.Swept(s.Header.Sweeps) && len(s.Ceiling) == 0 {
		return
	}
	spin, _ := s.catalog.Own.Find(sweep.SpinWorkload)
	s.Header.Sweeps = append(s.Header.Sweeps, sweep.CeilingSweep(slices.Concat(points, s.Ceiling), spin.PerWorker))
}

// Plan returns what is known of the study if it is not made: its outlook, and the runs that its rule requires, in the
// order in which they would be made.
func (s *Study) Plan() (capture.Outlook, sweep.Plan) {
	s.settle()
	return s.task(Hooks{}).Plan()
}

// Try does a task of each workload that was built here, and returns an error if no run of it could succeed because
// its results cannot be encoded.
func (s *Study) Try(ctx context.Context) error {
	for _, w := range s.Header.Workloads {
		i := slices.IndexFunc(s.Header.Sweeps, func(x sweep.Sweep) bool {
			return x.Workload == w.Name && x.Variant == w.Variant
		})
		if w.Package == "" || i < 0 {
			continue
		}
		if err := s.programs[w.Key()].Try(ctx, s.Header.Sweeps[i].Points[0]); err != nil {
			return &RequestError{err}
		}
	}
	return nil
}

// Create adds the sweep of the machine's ceiling, if a count is swept, and makes the directory, which must not exist or
// be empty. Without dir it is named for the workload and the time.
func (s *Study) Create(dir string) (err error) {
	s.settle()
	if dir == "" {
		label := s.label
		if label == "" {
			label = s.Header.Workloads[0].Name
		}
		dir = fmt.Sprintf("corecurve-%s-%s", label, time.Now().UTC().Format("20060102T150405Z"))
	}
	// A study that cannot be sealed is made all the same; to go on with it, its user is asked.
	if err := s.seal(seal.Open(s.state)); err != nil {
		return err
	}
	s.Journal, err = sweep.CreateStudy(dir, s.Header)
	return err
}

// Discard removes what Create made, if no run is recorded there.
func (s *Study) Discard() error { return s.Journal.Discard() }

// Hooks are called while a study is measured. Any may be nil, except that Converged must not where the rule allows more
// runs than it requires.
type Hooks struct {
	Converged func([]sweep.Result) (ok bool, why string) // whether the results are good enough
	Progress  func(capture.Progress)                     // before each run
	Outlook   func(capture.Outlook) error                // what is known of the runs to come; an error ends the study
}

func (s *Study) task(h Hooks) capture.Task {
	return capture.Task{
		Sweeps: s.Header.Sweeps, Seed: s.Header.Seed, Rule: s.Header.Rule,
		Warmup: s.Header.Settings.Warmup, Traced: s.Header.Settings.Traced, Expected: s.expected,
		Converged: h.Converged, Progress: h.Progress, Outlook: h.Outlook,
	}
}

// Over reports whether a study that was resumed has no run left to make.
func (s *Study) Over() bool { return s.over != nil }

// Measure makes the runs until the results are good enough, or the rule ends them. It records in the header how the
// study ended.
func (s *Study) Measure(ctx context.Context, h Hooks) (capture.Ending, error) {
	if s.over != nil {
		if s.Header.Stopped == s.over.Why {
			return *s.over, nil
		}
		s.Header.Stopped = s.over.Why // it was killed, or interrupted, after the last run
		return *s.over, s.Journal.WriteHeader(s.Header)
	}
	runner, err := capture.New(s.Journal, s.Header.Host, s.Header.Settings, s.programs)
	if err != nil {
		return capture.Ending{Results: s.Done}, err
	}
	late, done := capture.Graced(ctx)
	defer done()
	ending, err := runner.Measure(ctx, s.task(h), s.Done)
	closing, cancel := context.WithTimeout(late, 10*time.Second)
	defer cancel()
	s.Header.Warnings = append(s.Header.Warnings, runner.Close(closing)...)
	if err == nil || ctx.Err() != nil {
		s.Header.Stopped = ending.Why
	}
	if _, gone := errors.AsType[*folder.GoneError](err); gone { // and the header with it
		return ending, err
	}
	return ending, errors.Join(err, s.Journal.WriteHeader(s.Header))
}
