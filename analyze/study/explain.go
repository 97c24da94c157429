package study

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/google/pprof/profile"
	"golang.org/x/sync/semaphore"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/timeline"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/each"
	"github.com/corecurve/corecurve/trace/gotrace"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Explained is what the captures of a traced run say of it.
type Explained struct {
	Timeline *timeline.Timeline // nil: could not be made; Warnings say why
	Use      *cores.Use         // nil: could not be made
	Ps       *cores.Use         // Ps that had a goroutine, with a core or without; nil: there is no Go trace
	Ledger   *ledger.Ledger     // of the run: its core time is cores × total; nil: could not be made
	Path     *critical.Path     // nil: could not be made
	Profiles []*profile.Profile // CPU profiles of its processes
	Program  *program.Program   // what its goroutines did; nil: it is not to be kept, or there is not one Go trace
	Programs []*program.Program // the same of each process of a run of several; nil: as Program
	Phases   []Phase            // by the spans that the program itself sent; none if it sent none
	Warnings []warning.Warning  // of the run and its captures; those of the analyses stand in them

	TraceBytes int64 // length of its Go traces
}

// A Reading is how captures are read.
type Reading struct {
	Memory int64 // in bytes, for runs that are read at the same time; 0: as much as it takes
	// Programs are the runs of which it is kept what their goroutines did, for replays, where their traces are no longer
	// than ProgramBytes (0: however long they are).
	Programs     map[sweep.Run]bool
	ProgramBytes int64
}

// Explain analyses the captures of the traced runs that succeeded: on each P a run at a time, as far as they need no
// more than the given memory together, and one in any case. open opens the captures
// of one run; the method Open of a [captures.Dir] does. A capture that is missing or damaged makes the explanation of
// its run poorer, and a warning says so.
//
// Of the runs of a point only the one that is shown keeps its timeline: that nearest to the median of the timed ones,
// or the next if it has none. So the memory for what is kept grows with the points, not with their runs. The result
// does not depend on how many runs are read at a time.
func Explain(results []sweep.Result, how Reading, open func(*sweep.Result) *captures.Run) map[sweep.Run]Explained {
	memory := how.Memory
	e := explainer{how: how, open: open, out: map[sweep.Run]Explained{}, shown: map[sweep.Point]shown{}}
	if memory <= 0 {
		memory = math.MaxInt64
	}
	room := semaphore.NewWeighted(memory)
	type job struct {
		run *sweep.Result
		k   int // number among those of its point, by nearness
	}
	var jobs []job
	for _, of := range group(results) {
		for k, r := range of.traced {
			jobs = append(jobs, job{r, k})
		}
	}
	each.Of(len(jobs), func(i int) {
		need := min(need(jobs[i].run), memory)
		_ = room.Acquire(context.Background(), need) // fails only with its context
		defer room.Release(need)
		e.explain(jobs[i].run, jobs[i].k)
	})
	if e.profiles > limits.StudyProfileMemory {
		dropProfiles(results, e.out)
	}
	return e.out
}

// need returns how much memory reading the captures of r takes, in bytes.
func need(r *sweep.Result) int64 {
	need := int64(limits.RecordingMemory)
	for _, c := range r.Captures {
		if c.Kind == sweep.GoTrace {
			need += limits.TraceMemory
		}
	}
	return need
}

// An explainer gathers what the runs of a study say.
type explainer struct {
	how  Reading
	open func(*sweep.Result) *captures.Run

	mu       sync.Mutex
	out      map[sweep.Run]Explained
	shown    map[sweep.Point]shown // so far
	profiles int64                 // bytes of memory
}

// shown is the run of a point that keeps its timeline, with its number among the traced ones.
type shown struct {
	run sweep.Run
	k   int
}

// explain analyses the captures of r, which is number k of the traced runs of its point by nearness.
func (e *explainer) explain(r *sweep.Result, k int) {
	x, profiles := e.read(r)
	e.keep(r.Run, k, x, profiles)
}

// keep notes what a run says, whose profiles take so much memory.
func (e *explainer) keep(r sweep.Run, k int, x Explained, profiles int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.profiles += profiles; e.profiles > limits.StudyProfileMemory {
		x.Profiles = nil
	}
	if x.Timeline != nil {
		switch other, ok := e.shown[r.Point]; {
		case ok && other.k < k:
			x.Timeline = nil
		case ok:
			y := e.out[other.run]
			y.Timeline = nil
			e.out[other.run] = y
			fallthrough
		default:
			e.shown[r.Point] = shown{r, k}
		}
	}
	e.out[r] = x
}

// dropProfiles leaves out all CPU profiles of a study that has too many: which of them came first is chance.
func dropProfiles(results []sweep.Result, of map[sweep.Run]Explained) {
	err := fmt.Errorf("left out: the profiles of the study would take %w of memory",
		limits.More("", "bytes", limits.StudyProfileMemory))
	for _, r := range results {
		x, ok := of[r.Run]
		at := slices.IndexFunc(r.Captures, func(c sweep.Capture) bool { return c.Kind == sweep.CPUProfile })
		if !ok || at < 0 {
			continue
		}
		x.Profiles = nil
		x.Warnings = append(x.Warnings, damage(sweep.CPUProfile, r.Captures[at].Path, err))
		of[r.Run] = x
	}
}

// read opens the captures of r and analyses them. It returns how much memory the profiles take.
func (e *explainer) read(r *sweep.Result) (x Explained, profiles int64) {
	run := e.open(r)
	defer run.Close()
	var length int64
	for _, t := range run.Traces {
		length += t.Size
	}
	most := e.how.ProgramBytes
	x = explain(r, run, e.how.Programs[r.Run] && (most == 0 || length <= most))
	x.TraceBytes = length
	return x, run.ProfileMemory
}

// explain analyses the captures of r.
func explain(r *sweep.Result, run *captures.Run, programs bool) Explained {
	x := explainCaptures(r, run, programs)
	if x.Ledger != nil {
		x.Ledger.BookTool(ledger.CoreTime(r.Tool))
	}
	return x
}

func explainCaptures(r *sweep.Result, run *captures.Run, programs bool) Explained {
	x := Explained{Profiles: run.Profiles}
	for i := range run.Problems {
		x.Warnings = append(x.Warnings, problem(&run.Problems[i]))
	}
	var procs []recording.Process
	var ranks []int
	for _, t := range run.Traces {
		x.Warnings = append(x.Warnings, Foreign(t.Reader)...)
		procs, ranks = append(procs, recording.Process{Rank: t.Rank, Reader: t.Reader}), append(ranks, t.Rank)
	}
	sched := readSwitches(r, run)
	if len(procs) == 0 {
		if sched != nil {
			x.showPhases(run, sched.explain(&x))
		}
		return x
	}
	opt := recording.Options{
		From: clock.Time(r.Start), To: clock.Time(r.Start + r.Total),
		WorkFrom: clock.Time(r.Start + r.Startup), WorkTo: clock.Time(r.Start + r.Startup + r.Work),
		Cores: r.Point.Cores, Programs: programs,
	}
	cuts := sched.cut(&opt)
	rec := recording.Read(procs, opt)
	for i, err := range rec.Damage {
		if err != nil {
			x.Warnings = append(x.Warnings, damage(sweep.GoTrace, run.Traces[i].Path, err))
		}
	}
	x.Timeline, x.Use, x.Ps, x.Path = rec.Timeline, rec.Use, rec.Use, critical.Merge(rec.Paths...)
	if cuts {
		_, on, use := sched.account(opt.WorkFrom, opt.WorkTo, 0, sched.traces(rec.Ledgers, ranks))
		use.MaxPs = x.Use.MaxPs
		use.Warnings = append(use.Warnings, x.Use.Warnings...)
		x.Use, x.Ledger = use, ledger.OfRun(r, rec.Ledgers, &on)
	} else {
		x.Ledger = ledger.OfRun(r, rec.Ledgers, nil)
	}
	if programs && len(rec.Programs) == 1 {
		x.Program = rec.Programs[0]
	} else if programs {
		x.Programs = rec.Programs
	}
	byPID := map[int]int{}
	for _, p := range r.Processes {
		byPID[p.PID] = p.Rank
	}
	x.showPhases(run, byPID)
	if sched != nil {
		x.Warnings = append(append(x.Warnings, sched.warnings...), sched.threads.Warnings...)
	}
	showStartup(x.Timeline, r)
	x.Warnings = append(x.Warnings, x.Use.Warnings...)
	return x
}

// Foreign returns a warning if a trace was read by another decoder than ours.
func Foreign(r *gotrace.Reader) []warning.Warning {
	if !r.Fallback() {
		return nil
	}
	return []warning.Warning{{
		Kind: warning.TraceForeign, Subject: warning.Subject{Name: r.Name()}, Text: r.GoVersion(),
	}}
}

// damage is the warning about a capture file that could be opened but not read to its end.
func damage(k sweep.CaptureKind, path string, err error) warning.Warning {
	return problem(&captures.Problem{Kind: k, Path: path, Err: err})
}

// problem is the warning about a capture file that is missing or damaged.
func problem(p *captures.Problem) warning.Warning {
	kinds := map[sweep.CaptureKind][2]warning.Kind{
		sweep.GoTrace:    {warning.TraceDamaged, warning.TraceMissing},
		sweep.CPUProfile: {warning.ProfileUnreadable, warning.ProfileMissing},
		sweep.OSched:     {warning.RecordsDamaged, warning.RecordsMissing},
		sweep.Spans:      {warning.SpansDamaged, warning.SpansMissing},
	}[p.Kind]
	if p.Missing() {
		return warning.OfFile(kinds[1], p.Path, p.Err)
	}
	return warning.OfFile(kinds[0], p.Path, p.Err)
}

// showStartup marks when the processes of a run were starting or ending.
func showStartup(t *timeline.Timeline, r *sweep.Result) {
	at := func(s sweep.Seconds) clock.Time { return clock.Time(r.Start + s) }
	for _, p := range r.Processes {
		if p.Role == sweep.Service {
			continue
		}
		t.Startup(p.Rank, at(p.Launched), at(max(p.Ready, r.Startup)))
		t.Startup(p.Rank, at(r.Startup+r.Work), at(r.Total))
		t.Ends(p.Rank, at(p.Launched), at(r.Total))
	}
}
