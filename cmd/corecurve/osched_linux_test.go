package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report"
	"github.com/corecurve/corecurve/report/document"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// explained reads a study and what explains it; ok is false where the kernel does not let switches be recorded. All of
// it must add up.
func explained(ts *testscript.TestScript, dir string) (s *sweep.Study, e map[sweep.Run]study.Explained, ok bool) {
	s, err := sweep.ReadStudy(ts.MkAbs(dir))
	ts.Check(err)
	if level, err := osched.Probe(); level != osched.Switches {
		ts.Logf("the OS scheduler is recorded at level %q only: %v", level, err)
		return s, nil, false
	}
	e = study.Explain(s.Results, study.Reading{}, captures.Dir(s.Dir).Open)
	for run, x := range e {
		if x.Ledger == nil || x.Timeline == nil || x.Use == nil {
			ts.Fatalf("%s is not explained: %+v", run.Dir(), x.Warnings)
		}
		ts.Check(ledger.Validate(x.Ledger))
		ts.Check(timeline.Validate(x.Timeline))
	}
	return s, e, true
}

// tooNoisy is the share of a run's CPUs from which on what others took is as good an explanation as any.
const tooNoisy = 0.3

// finding STUDY MODE CAUSE TITLE VERDICT: the first finding of the curve of that mode has that cause and matches the
// title, though other programs may have disturbed the runs somewhat.
func cmdFinding(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: finding study mode cause title verdict")
	}
	s, e, ok := explained(ts, args[0])
	if !ok {
		return
	}
	for i := range s.Results {
		if t := s.Results[i].Noise.CPUs; t != nil && float64(t.Sum()) > tooNoisy*float64(t.Had) {
			ts.Logf("not asserted: others took %v of the %v of a run", t.Sum(), t.Had)
			return
		}
		s.Results[i].Noise = sweep.Noise{}
	}
	d := report.Build(study.Analyze(study.Input{Header: s.Header, Results: s.Results, Explained: e})).Document
	i := slices.IndexFunc(d.Findings, func(f document.Finding) bool { return string(f.Mode) == args[1] })
	if i < 0 || d.Findings[i].Cause.String() != args[2] || !regexp.MustCompile(args[3]).MatchString(d.Findings[i].Title) {
		ts.Fatalf("the findings are %+v; want one of %s with %q first", d.Findings, args[2], args[3])
	}
	for _, c := range d.Curves {
		if string(c.Mode) == args[1] && c.Workload != sweep.SpinWorkload && c.Verdict.Bound != args[4] {
			ts.Fatalf("the verdict is %q, want %q", c.Verdict.Bound, args[4])
		}
	}
}

// lost reports whether the kernel has dropped records of a run, as it does where the tool cannot take them out in time:
// then it is not known what threads did.
func lost(x study.Explained) bool {
	return slices.ContainsFunc(slices.Concat(x.Warnings, x.Ledger.Warnings), func(w warning.Warning) bool {
		return w.Kind == warning.ThreadsLost || w.Kind == warning.LedgerGap
	})
}

// waits STUDY WORKERS CAUSE NAME: in the traced runs of that many workers of one process more time went to waits of
// that cause and name than to all others that threads of the run waited for, whatever other programs did; and few waits
// are not known, as those are that end before the tool, which may have to wait for a core, can look.
func cmdWaits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: waits study workers cause name")
	}
	_, e, ok := explained(ts, args[0])
	if !ok {
		return
	}
	for run, x := range e {
		p := run.Point
		if p.Workload == sweep.SpinWorkload || p.Procs > 1 || strconv.Itoa(p.Workers) != args[1] {
			continue
		}
		if lost(x) {
			ts.Logf("%s: not asserted: records are lost", run.Dir())
			continue
		}
		var named, all, unknown ledger.CoreTime
		for _, r := range x.Ledger.Rows {
			if strings.HasPrefix(r.Cause.String(), "block.") {
				all += r.Time
			}
			for _, s := range r.Stacks {
				if r.Cause.String() == args[2] && len(s.Waiting) > 0 && strings.Contains(s.Waiting[0].Func, args[3]) {
					named += s.Time
				}
			}
		}
		unknown = x.Ledger.Of(cause.Unknown)
		if 2*named < all || 5*unknown > all {
			ts.Fatalf("%s: %v of %v that it waited went to %s, %v is not known:\n%+v",
				run.Dir(), named, all, args[3], unknown, x.Ledger.Rows)
		}
	}
}

// workers STUDY: the workers of every traced run of the study's programs are told apart.
func cmdWorkers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: workers study")
	}
	_, e, _ := explained(ts, args[0])
	for run, x := range e {
		if got, want := len(x.Ledger.Workers), run.Point.Parallelism(); got != want {
			ts.Fatalf("%s: %d workers are told apart, want %d: %+v", run.Dir(), got, want, x.Ledger.Warnings)
		}
	}
}

// busy STUDY TOLERANCE: the mean number of busy cores of every traced run is that of the kernel's accounting, which may
// leave out what the hypervisor took of a core while a thread had it.
func cmdBusy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: busy study tolerance")
	}
	tolerance, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	s, e, _ := explained(ts, args[0])
	for i := range s.Results {
		r := &s.Results[i]
		x, ok := e[r.Run]
		if !ok {
			continue
		}
		if lost(x) {
			ts.Logf("%s: not asserted: records are lost", r.Dir())
			continue
		}
		want := float64(r.CPU()) / float64(r.Total)
		most := want + r.Noise.Steal.Duration().Seconds()/r.Total.Duration().Seconds()
		if x.Use.Mean < want*(1-tolerance) || x.Use.Mean > most*(1+tolerance) || x.Ledger.Level != ledger.Cores {
			ts.Fatalf("%s: %.4f cores busy at level %q, want %.4f to %.4f", r.Dir(), x.Use.Mean, x.Ledger.Level, want, most)
		}
	}
}
