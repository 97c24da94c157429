package study

import (
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/cores"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/osledger"
	"github.com/corecurve/corecurve/analyze/recording"
	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/captures"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/osched"
	"github.com/corecurve/corecurve/trace/sweep"
)

// threadLanes is the number of threads that get a lane of their own: a build has thousands of threads.
const threadLanes = 64

// A switches is what the records of the OS scheduler say of a run.
type switches struct {
	records  *captures.Switches
	result   *sweep.Result
	threads  *threads.Threads
	warnings []warning.Warning
}

// readSwitches reads the records of a run; it returns nil if there are none.
func readSwitches(r *sweep.Result, run *captures.Run) *switches {
	if run.Switches == nil {
		return nil
	}
	s := &switches{records: run.Switches, result: r}
	b := threads.Builder{
		Level: s.records.Level, MaxLanes: threadLanes, From: clock.Time(r.Start), To: clock.Time(r.Start + r.Total),
	}
	if err := s.records.Each(func(rec *osched.Record) error { return add(&b, rec) }); err != nil {
		s.warnings = append(s.warnings, damage(sweep.OSched, s.records.Path, err))
	}
	s.threads = b.Finish()
	return s
}

// add adds a record. It returns an error once there are too many threads, at the same record in each pass.
func add(b *threads.Builder, rec *osched.Record) error {
	if b.Add(rec); b.Started() > limits.Threads {
		return limits.More("", "threads: nothing is read after that", limits.Threads)
	}
	return nil
}

// processes returns the numbers of the processes that belong to the measured work.
func (s *switches) processes() []int32 {
	var out []int32
	for _, p := range s.result.Processes {
		if p.Role != sweep.Service {
			out = append(out, int32(p.PID))
		}
	}
	return out
}

// traces returns, by recorded process, the number of the ledger whose trace it wrote, or −1: by the threads that traces
// name, since a command may leave writing it to a program that it starts. ranks are those of the ledgers.
func (s *switches) traces(ledgers []*ledger.Ledger, ranks []int) []int {
	of := map[int32][]int{} // processes by thread number, which may have been given twice
	for i := range s.threads.Threads {
		th := &s.threads.Threads[i]
		of[th.TID] = append(of[th.TID], th.Process)
	}
	out := slices.Repeat([]int{-1}, len(s.threads.Processes))
	for i, l := range ledgers {
		found := false
		for _, id := range l.Threads() {
			for _, p := range of[int32(id)] {
				out[p], found = i, true
			}
		}
		for _, p := range s.result.Processes {
			for k := range s.threads.Processes {
				if !found && p.Rank == ranks[i] && p.Role != sweep.Service && int(s.threads.Processes[k].PID) == p.PID {
					out[k] = i
				}
			}
		}
	}
	return out
}

// account accounts for the cores between from and to, in a second pass over the records. It looks for the given number
// of workers. traces are the numbers of the Go traces of processes; nil: there are none.
func (s *switches) account(
	from, to clock.Time, workers int, traces []int,
) (*osledger.Builder, ledger.OnCores, *cores.Use) {
	b := &osledger.Builder{
		Threads: s.threads, Choice: osledger.Choose(s.threads, s.processes(), workers),
		From: from, To: to, Cores: s.result.Point.Cores, Traces: traces,
	}
	if s.records.Level != osched.Switches {
		return b, ledger.OnCores{}, nil
	}
	again := threads.Builder{
		Level: s.records.Level, MaxLanes: 1, MaxSlices: 2, Watch: b.Change,
		From: clock.Time(s.result.Start), To: clock.Time(s.result.Start + s.result.Total),
	}
	if len(b.Choice.Workers) > 0 {
		again.Works = func(thread int) bool { return slices.Contains(b.Choice.Workers, thread) }
	}
	// The first pass has warned of damage.
	_ = s.records.Each(func(rec *osched.Record) error { return add(&again, rec) })
	s.threads.ShowCores(again.Finish())
	on, use := b.Finish()
	return b, on, use
}

// cut makes the analyses of Go traces count only the running time that had a core. It returns false, and changes
// nothing, unless the records hold every switch.
func (s *switches) cut(opt *recording.Options) bool {
	if s == nil || s.records.Level != osched.Switches || len(s.warnings) > 0 ||
		len(s.threads.Threads) == 0 || len(s.threads.Gaps) > 0 {
		return false
	}
	t := s.threads
	opt.OnCPU = func(thread int64, from, to clock.Time) (on, ready time.Duration) {
		return t.OnCPU(int32(thread), from, to)
	}
	if t.Exact() {
		opt.Slices = func(thread int64, from, to clock.Time, f func(from, to clock.Time)) {
			t.Slices(int32(thread), from, to, f)
		}
	}
	return true
}

// explain analyses the records alone, which is all there is of a program that leaves no Go trace. It returns the ranks
// of the processes on the timeline.
func (s *switches) explain(x *Explained) map[int]int {
	r := s.result
	from, to := clock.Time(r.Start), clock.Time(r.Start+r.Total)
	b, _, use := s.account(from, to, r.Point.Parallelism(), nil)
	switch {
	case s.records.Level == osched.Switches:
		x.Use, x.Ledger = use, b.Ledger()
	case len(s.threads.Threads) > 0:
		x.Ledger = b.Sampled()
	default:
		x.Ledger = b.Totals(time.Duration(r.CPU()))
	}
	x.Warnings = append(x.Warnings, s.warnings...)
	if len(s.threads.Threads) == 0 {
		if s.records.Level.Cannot() != "" {
			x.Warnings = append(x.Warnings, warning.Warning{
				Kind: warning.RecordsLevel, Subject: warning.Subject{Name: string(s.records.Level)},
			})
		}
		return nil
	}
	x.Timeline = osledger.Timeline(s.threads, b.Choice)
	return b.Choice.Ranks(s.threads)
}
