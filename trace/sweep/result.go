package sweep

import "fmt"

// RunSchema is the schema of one line of runs.jsonl.
const RunSchema = "corecurve/run/1"

// A Status says how a run ended.
type Status string

// Only runs that are OK count as measurements; all others are kept and counted as failed.
const (
	OK       Status = "ok"
	Failed   Status = "failed"   // the program reported an error, panicked, or exited with a status other than 0
	TimedOut Status = "timeout"  // the run exceeded its time limit and was ended
	Killed   Status = "killed"   // a signal that corecurve did not send ended the program
	Mismatch Status = "mismatch" // the results differ from those of an earlier run of the same workload and size
	// Interrupted: corecurve, or the whole machine, stood still for a while, or a process of corecurve's was ended, so
	// that neither the times nor the failure of the run are the program's. Such a run is kept, but it is as if it was not
	// made: another of the same name follows.
	Interrupted Status = "interrupted"
)

// A Result is what is known of one finished run: one line of runs.jsonl.
//
// Total is what a user waits for: from just before the first process is started to the last result received. Work is
// from the moment the workload's own code may begin (all processes are ready; its serial part, if it has one, or its
// workers are released) to the moment the last of it is done.
type Result struct {
	Schema string `json:"schema"`
	Run
	// Replaces is the block whose run of this point this one stands for; nil: it is none that was repeated.
	Replaces   *int   `json:"replaces_rep,omitempty"`
	Status     Status `json:"status"`
	Error      string `json:"error,omitempty"`
	StderrTail string `json:"stderr_tail,omitempty"`

	StartedAt string `json:"started_at"` // UTC, RFC 3339, for people
	// CLOCK_MONOTONIC at the start of total: the axis that traces share
	Start    Seconds `json:"start_monotonic_s"`
	Offset   int64   `json:"unix_minus_monotonic_ns,omitempty"` // the clock of spans minus that of traces; 0: not known
	Total    Seconds `json:"total_s"`
	Work     Seconds `json:"work_s"`
	Startup  Seconds `json:"startup_s"`  // from the start of total to the start of work
	Teardown Seconds `json:"teardown_s"` // from the end of work to the end of total
	// from the end of total to the end of the last process (includes flushing of traces)
	Exit Seconds `json:"exit_s"`

	// From wait4, over all processes of the run except its service.
	User Seconds `json:"user_s"`
	Sys  Seconds `json:"sys_s"`
	// Tool is the CPU time that corecurve itself used on the run's cores during its total; 0: none, or not known.
	Tool                Seconds `json:"tool_cpu_s,omitempty"`
	VoluntarySwitches   int64   `json:"voluntary_switches"`
	InvoluntarySwitches int64   `json:"involuntary_switches"`
	MaxRSS              int64   `json:"max_rss_bytes"` // of the largest process; 0: not known
	// TreeRSS is the largest sum over the processes of a command at one instant, sampled; 0: not known.
	TreeRSS int64 `json:"tree_rss_bytes,omitempty"`
	// most threads of a command at one instant, sampled; 0: not known
	MaxThreads int `json:"max_threads,omitempty"`

	ExitCode int    `json:"exit_code"`
	Signal   string `json:"signal,omitempty"`
	Stdout   int64  `json:"stdout_bytes"` // bytes printed; what is kept is bounded
	Stderr   int64  `json:"stderr_bytes"`
	// OutputLost is why what it printed could not be kept; empty: it was, as far as it is bounded.
	OutputLost string    `json:"output_lost,omitempty"`
	Digest     string    `json:"digest,omitempty"` // over all results in task order
	Tasks      int       `json:"tasks"`
	Processes  []Process `json:"processes"`
	// Metrics are what a Go benchmark printed, by unit ("ns/op", "B/op", "allocs/op"), and "ops/s", over all its
	// copies.
	Metrics  map[string]float64 `json:"metrics,omitempty"`
	Noise    Noise              `json:"noise"`
	Captures []Capture          `json:"captures,omitempty"`
	Warnings []string           `json:"warnings,omitempty"`
}

// CPU returns the processor time of the run, user and system.
func (r *Result) CPU() Seconds { return r.User + r.Sys }

// A Role says what a process of a run does.
type Role string

// A run of one process has one worker process. A run of several has a coordinator, which starts the worker processes
// and hands out the tasks. A service (a server that the workload talks to) is outside the measured work.
const (
	Worker      Role = "worker"
	Coordinator Role = "coordinator"
	Service     Role = "service"
)

// A Process is one process of a run, as it reported itself. Its times count from the start of the run's total.
type Process struct {
	Role     Role    `json:"role"`
	Rank     int     `json:"rank"`
	PID      int     `json:"pid"`
	Launched Seconds `json:"launched_s"` // just before it was started
	Entered  Seconds `json:"entered_s"`  // its main function was reached
	Ready    Seconds `json:"ready_s"`    // it could take work
	Done     Seconds `json:"done_s"`     // when its last task was done
	User     Seconds `json:"user_s"`     // until Done; of a command with the processes that it started and waited for
	Sys      Seconds `json:"sys_s"`
	Own      Seconds `json:"own_cpu_s,omitempty"`      // without those; 0 if Children is 0 as well
	Children Seconds `json:"children_cpu_s,omitempty"` // of those alone
	RunQueue Seconds `json:"run_queue_s"`              // time its threads were ready and had no core
	MaxRSS   int64   `json:"max_rss_bytes"`
	Tasks    int     `json:"tasks"`
}

// CPU returns the processor time of p alone, and of the processes that it started and waited for.
func (p *Process) CPU() (own, children Seconds) {
	if p.Children == 0 {
		return p.User + p.Sys, 0
	}
	return p.Own, p.Children
}

// Noise is what happened on the machine besides the run while it ran.
type Noise struct {
	Others    Seconds  `json:"others_cpu_s"`       // CPU time that other programs took of the whole machine
	Share     float64  `json:"others_share"`       // Others divided by the CPU time that the machine had
	Steal     Seconds  `json:"steal_s"`            // CPU time that the hypervisor took of the whole machine
	CPUs      *Taken   `json:"run_cpus,omitempty"` // of the CPUs that the run might use; nil: not known
	RunQueue  Seconds  `json:"run_queue_s"`        // time threads of the run were ready and had no core
	Throttled Seconds  `json:"throttled_s"`        // time held back by a CPU quota
	Noisy     bool     `json:"noisy"`              // some of it is beyond a fixed limit; figures say more
	Reasons   []string `json:"reasons,omitempty"`
}

// Taken is what was taken from a run of the CPUs that it might use, in core-seconds, from its start to the end of its
// first process.
type Taken struct {
	Had        Seconds `json:"had_core_s"`        // the CPUs, times the time that passed
	Others     Seconds `json:"others_core_s"`     // other programs took, neither the run nor corecurve
	Hypervisor Seconds `json:"hypervisor_core_s"` // the hypervisor took
	// Resolution is how far the sum of Others and Hypervisor may be off on either side: the kernel shows whole ticks.
	Resolution Seconds `json:"resolution_core_s"`
}

// Add adds what was taken from another run.
func (t *Taken) Add(of *Taken) {
	t.Had += of.Had
	t.Others += of.Others
	t.Hypervisor += of.Hypervisor
	t.Resolution += of.Resolution
}

// Sum returns what others and the hypervisor took together.
func (t *Taken) Sum() Seconds { return t.Others + t.Hypervisor }

// A Capture is a file that a traced run left, with its path relative to the study directory.
type Capture struct {
	Kind CaptureKind `json:"kind"`
	Rank int         `json:"rank"` // of the process; -1: of the whole run
	Role Role        `json:"role,omitempty"`
	Path string      `json:"path"`
}

// A CaptureKind says what a capture file holds.
type CaptureKind string

// The kinds of capture files.
const (
	GoTrace    CaptureKind = "gotrace"    // Go execution trace
	CPUProfile CaptureKind = "cpuprofile" // pprof
	Spans      CaptureKind = "spans"      // OTLP JSON lines
	OSched     CaptureKind = "osched"     // switches of OS threads (package osched)
)

// Failures returns an error that counts the failed runs and names the first of them; nil if all succeeded.
func Failures(results []Result) error {
	n, first := 0, ""
	for i := range results {
		if r := &results[i]; r.Status != OK {
			if n++; n == 1 {
				first = fmt.Sprintf("%s: %s: %s", r.Dir(), r.Status, r.Error)
			}
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d runs failed: %s", n, len(results), first)
}
