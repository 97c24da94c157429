package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/pprof/profile"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/sweep"
)

// explain reads the traces of the runs of s that have some. A trace that is missing or damaged makes its run's explanation poorer, and a
// warning says so.
func explain(s *sweep.Study) map[sweep.Run]report.Explained {
	out := map[sweep.Run]report.Explained{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	turn := make(chan struct{}, 2) // runs read at once: what bounds the memory
	for i := range s.Results {
		r := &s.Results[i]
		if r.Kind != sweep.Traced || r.Status != sweep.OK {
			continue
		}
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			e := explainRun(s.Dir, r, gotrace.Options{})
			mu.Lock()
			defer mu.Unlock()
			out[r.Run] = e
		})
	}
	wg.Wait()
	return out
}

func explainRun(dir string, r *sweep.Result, o gotrace.Options) report.Explained {
	e := report.Explained{}
	e.Profiles, e.Warnings = profiles(dir, r)
	var procs []recording.Process
	var paths []string // of their traces
	for _, c := range r.Captures {
		if c.Kind != sweep.GoTrace {
			continue
		}
		reader, closeTrace, err := openTrace(filepath.Join(dir, c.Path), c.Path, o)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			e.Warnings = append(e.Warnings, warning.OfFile(warning.TraceMissing, c.Path, err))
		case err != nil:
			e.Warnings = append(e.Warnings, warning.OfFile(warning.TraceDamaged, c.Path, err))
		default:
			defer closeTrace()
			e.Warnings = append(e.Warnings, fallback(reader)...)
			procs = append(procs, recording.Process{Rank: c.Rank, Reader: reader})
			paths = append(paths, c.Path)
		}
	}
	sched, warnings := readSchedule(dir, r)
	e.Warnings = append(e.Warnings, warnings...)
	if len(procs) == 0 {
		if sched != nil {
			showPhases(dir, r, &e, sched.explain(&e))
		}
		return e
	}
	opt := recording.Options{
		From: clock.Time(r.Start), To: clock.Time(r.Start + r.Total),
		WorkFrom: clock.Time(r.Start + r.Startup), WorkTo: clock.Time(r.Start + r.Startup + r.Work),
		Cores: r.Point.Cores,
	}
	cuts := sched.cut(&opt)
	rec := recording.Read(procs, opt)
	for i, err := range rec.Damage {
		if err != nil {
			e.Warnings = append(e.Warnings, warning.OfFile(warning.TraceDamaged, paths[i], err))
		}
	}
	e.Timeline, e.Use, e.Path = rec.Timeline, rec.Use, critical.Merge(rec.Paths...)
	if cuts {
		_, on, use := sched.account(opt.WorkFrom, opt.WorkTo, 0)
		use.MaxPs = e.Use.MaxPs
		use.Warnings = append(use.Warnings, e.Use.Warnings...)
		e.Use, e.Ledger = use, ledger.OfRunOn(r, rec.Ledgers, &on)
	} else {
		e.Ledger = ledger.OfRun(r, rec.Ledgers)
	}
	ranks := map[int]int{}
	for _, p := range r.Processes {
		ranks[p.PID] = p.Rank
	}
	showPhases(dir, r, &e, ranks)
	if sched != nil {
		e.Warnings = append(append(e.Warnings, sched.warnings...), sched.threads.Warnings...)
	}
	showStartup(e.Timeline, r)
	e.Warnings = append(e.Warnings, e.Use.Warnings...)
	return e
}

// profiles reads the CPU profiles of the processes of a run.
func profiles(dir string, r *sweep.Result) (out []*profile.Profile, warnings []warning.Warning) {
	for _, c := range r.Captures {
		if c.Kind != sweep.CPUProfile {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, c.Path))
		if err != nil {
			warnings = append(warnings, warning.OfFile(warning.ProfileMissing, c.Path, err))
			continue
		}
		p, err := profile.ParseData(b)
		if err != nil {
			warnings = append(warnings, warning.OfFile(warning.ProfileUnreadable, c.Path, err))
			continue
		}
		out = append(out, p)
	}
	return out, warnings
}

// showStartup shows where the processes of a run were not yet, or no longer, at work.
func showStartup(t *timeline.Timeline, r *sweep.Result) {
	at := func(s sweep.Seconds) clock.Time { return clock.Time(r.Start + s) }
	for _, p := range r.Processes {
		if p.Role == sweep.Service {
			continue
		}
		t.Startup(p.Rank, at(p.Launched), at(max(p.Ready, r.Startup)))
		t.Startup(p.Rank, at(r.Startup+r.Work), at(r.Total))
	}
}
