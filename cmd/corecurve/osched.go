package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/osledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// threadLanes is how many threads get lanes of their own: those of a build come and go by the thousand.
const threadLanes = 64

// errEnough ends the reading of a file.
var errEnough = errors.New("enough")

// A schedule is what the OS scheduler's records say of a run.
type schedule struct {
	path, name string
	level      osched.Level
	result     *sweep.Result
	threads    *threads.Threads
	warnings   []warning.Warning
}

// readSchedule reads the records of r; it is nil if there are none.
func readSchedule(dir string, r *sweep.Result) (s *schedule, warnings []warning.Warning) {
	for _, c := range r.Captures {
		if c.Kind != sweep.OSched {
			continue
		}
		s := &schedule{path: filepath.Join(dir, c.Path), name: c.Path, result: r}
		h, err := s.each(func(*osched.Record) error { return errEnough })
		if err != nil && !errors.Is(err, errEnough) {
			kind := warning.RecordsDamaged
			if errors.Is(err, fs.ErrNotExist) {
				kind = warning.RecordsMissing
			}
			return nil, []warning.Warning{warning.OfFile(kind, c.Path, err)}
		}
		s.level = h.Level
		b := threads.Builder{Level: s.level, MaxLanes: threadLanes}
		if _, err := s.each(func(rec *osched.Record) error { b.Add(rec); return nil }); err != nil {
			s.warnings = append(s.warnings, warning.OfFile(warning.RecordsDamaged, c.Path, err))
		}
		s.threads = b.Finish()
		return s, nil
	}
	return nil, nil
}

func (s *schedule) each(f func(*osched.Record) error) (osched.Header, error) {
	file, err := os.Open(s.path)
	if err != nil {
		return osched.Header{}, err
	}
	defer func() { _ = file.Close() }()
	return osched.Each(s.name, file, f)
}

// processes are the numbers of the processes that belong to the measured work.
func (s *schedule) processes() []int32 {
	var out []int32
	for _, p := range s.result.Processes {
		if p.Role != sweep.Service {
			out = append(out, int32(p.PID))
		}
	}
	return out
}

// account accounts for the cores from from to to in a second pass. Of workers there are as many as wanted.
func (s *schedule) account(from, to clock.Time, workers int) (*osledger.Builder, ledger.OnCores, *cores.Use) {
	b := &osledger.Builder{
		Threads: s.threads, Choice: osledger.Choose(s.threads, s.processes(), workers),
		From: from, To: to, Cores: s.result.Point.Cores,
	}
	if s.level != osched.Switches {
		return b, ledger.OnCores{}, nil
	}
	again := threads.Builder{Level: s.level, MaxLanes: 1, MaxSlices: 2, Watch: b.Change}
	// What is damaged was said after the first pass.
	_, _ = s.each(func(rec *osched.Record) error { again.Add(rec); return nil })
	again.Finish()
	on, use := b.Finish()
	return b, on, use
}

// cut makes the analyses of Go traces cut running time to what had a core. It reports whether the records allow that: they must be of every
// switch, and none be lost.
func (s *schedule) cut(opt *recording.Options) bool {
	if s == nil || s.level != osched.Switches || len(s.threads.Threads) == 0 || len(s.threads.Gaps) > 0 || len(s.warnings) > 0 {
		return false
	}
	t := s.threads
	opt.OnCPU = func(thread int64, from, to clock.Time) time.Duration { return t.OnCPU(int32(thread), from, to) }
	if t.Exact() {
		opt.Slices = func(thread int64, from, to clock.Time, f func(from, to clock.Time)) {
			t.Slices(int32(thread), from, to, f)
		}
	}
	return true
}

// explain says what the records alone tell of the run: all that there is of programs that leave no Go trace. It returns the ranks of
// the processes on the timeline.
func (s *schedule) explain(e *report.Explained) map[int]int {
	r := s.result
	from, to := clock.Time(r.Start), clock.Time(r.Start+r.Total)
	b, _, use := s.account(from, to, r.Point.Parallelism())
	switch {
	case s.level == osched.Switches:
		e.Use, e.Ledger = use, b.Ledger()
	case len(s.threads.Threads) > 0:
		e.Ledger = b.Sampled()
	default:
		e.Ledger = b.Totals(time.Duration(r.CPU()))
	}
	e.Warnings = append(e.Warnings, s.warnings...)
	if len(s.threads.Threads) == 0 {
		if s.level.Cannot() != "" {
			e.Warnings = append(e.Warnings, warning.Warning{Kind: warning.RecordsLevel, Subject: warning.Subject{Name: string(s.level)}})
		}
		return nil
	}
	e.Timeline = osledger.Timeline(s.threads, b.Choice)
	return b.Choice.Ranks(s.threads)
}
