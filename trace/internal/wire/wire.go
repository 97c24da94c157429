// Package wire is the protocol between corecurve and the processes of a run.
//
// The tool starts the first process of a run with a [Spec] in the environment, a lifeline (a pipe that reads end of
// file when the tool is gone, whereupon the process exits) and an output pipe. On the output pipe the process sends
// [Message] values as JSON lines: Done or Failure as soon as it can, then Spans (on traced runs), then End. A
// supervisor of commands whose Spec says so then waits for the next run, which it is handed over a socket.
package wire

import (
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/internal/shortage"
)

// Numbers of the pipes in the process: what it reports, and what a child is told.
const (
	OutputFD = 4
	InputFD  = 5
)

// SpecEnv is the environment variable that carries the Spec as JSON.
const SpecEnv = "CORECURVE_SPEC"

// ListEnv asks a program, when set to 1, to print its workloads as one JSON array of Info and exit.
const ListEnv = "CORECURVE_LIST"

// Job says what a started process does.
type Job string

// A run's root process is its only worker if procs is 1; otherwise it is the coordinator, which starts the children.
const (
	Root    Job = "root"
	Child   Job = "child"
	Service Job = "service"
	Trial   Job = "trial"   // does some tasks before a study: a Failure says that their results cannot be encoded
	Command Job = "command" // supervises the copies of a command
	Aside   Job = "aside"   // supervises a program beside the run, which its arguments name
)

// A Spec tells a process what to do.
type Spec struct {
	Job      Job    `json:"job"`
	Workload string `json:"workload"`
	Procs    int    `json:"procs"`
	Workers  int    `json:"workers"`
	Rank     int    `json:"rank"`
	Size     int64  `json:"size"`
	Chunk    int    `json:"chunk"`            // 0: the workload's default
	Static   bool   `json:"static,omitempty"` // split the list evenly before the start
	Service  string `json:"service,omitempty"`

	// Argv is that of a command, with its placeholders; the following fields belong to it.
	Argv       []string `json:"argv,omitempty"`
	Copies     int      `json:"copies,omitempty"`
	Cores      int      `json:"cores,omitempty"`
	CPUs       []int    `json:"cpus,omitempty"`   // of the copies
	Beside     []int    `json:"beside,omitempty"` // CPUs for the supervisor's own threads; none: those of the copies
	Again      bool     `json:"again,omitempty"`  // a next run may be handed to the supervisor
	Env        []string `json:"env,omitempty"`    // with placeholders
	WorkDir    string   `json:"work_dir,omitempty"`
	Stdin      string   `json:"stdin,omitempty"` // file; empty: no input
	OKExit     []int    `json:"ok_exit,omitempty"`
	SameOutput bool     `json:"same_output,omitempty"` // the digest is that of stdout
	Mark       string   `json:"mark,omitempty"`        // report the last line of each copy's stdout that holds this

	Traced bool `json:"traced,omitempty"`
	// Dir is absolute; process r writes p<r>.trace and p<r>.cpu.pb.gz there, a coordinator c.trace …
	Dir         string `json:"dir,omitempty"`
	Traceparent string `json:"traceparent,omitempty"` // W3C, of the run's span
	RunID       string `json:"run_id,omitempty"`
}

// Info describes a workload to the tool.
type Info struct {
	Name      string `json:"name"`
	Doc       string `json:"doc"`
	Size      int64  `json:"size"`
	PerWorker int64  `json:"per_worker,omitempty"`
	Unit      string `json:"unit,omitempty"`
	Weak      bool   `json:"weak,omitempty"`
	Chunk     int    `json:"chunk,omitempty"`
	Shared    string `json:"shared,omitempty"`
	Free      bool   `json:"free,omitempty"` // has the free form
	Service   bool   `json:"service,omitempty"`
	Tries     bool   `json:"tries,omitempty"` // its program knows the job Trial
}

// A Message is one JSON line from the root process (or service) to the tool; exactly one field is set.
type Message struct {
	Serving *string  `json:"serving,omitempty"` // a service is ready at this address
	Done    *Outcome `json:"done,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
	Spans   []Span   `json:"spans,omitempty"`
	End     *End     `json:"end,omitempty"`
}

// An Outcome is the measured result of a run.
type Outcome struct {
	Released  clock.Time `json:"released"` // work begins
	Finished  clock.Time `json:"finished"` // work ends
	Digest    string     `json:"digest"`   // SHA-256 over the encoded results in task order, hexadecimal
	Tasks     int        `json:"tasks"`
	Processes []Process  `json:"processes"`
	TreeRSS   int64      `json:"tree_rss,omitempty"` // largest sum over all processes at one instant, bytes; sampled
	Threads   int        `json:"threads,omitempty"`  // most threads at one instant; sampled
	CPUs      int        `json:"cpus,omitempty"`     // most CPUs in the affinity of a process; sampled
	Own       int64      `json:"own,omitempty"`      // nanoseconds that the supervisor of a command used meanwhile
	Stopped   bool       `json:"stopped,omitempty"`  // see Failure
}

// A Failure says why a run gave no result.
type Failure struct {
	Error string `json:"error"`
	Rank  int    `json:"rank"` // -1: the coordinator
	// Short is what corecurve itself lacks; empty: it is the program that has failed.
	Short shortage.Kind `json:"short,omitempty"`
	// Stopped: a signal stopped a process that this one has started, for a while or for good.
	Stopped bool `json:"stopped,omitempty"`
}

// A Process is one process's account of itself.
type Process struct {
	Role     string     `json:"role"` // worker, coordinator
	Rank     int        `json:"rank"`
	PID      int        `json:"pid"`
	Launched clock.Time `json:"launched"` // by its starter's clock; 0 for the root
	Entered  clock.Time `json:"entered"`
	Ready    clock.Time `json:"ready"`
	Done     clock.Time `json:"done"`
	User     int64      `json:"user"` // nanoseconds, from getrusage at Done
	Sys      int64      `json:"sys"`
	Own      int64      `json:"own,omitempty"`      // User and Sys without processes that it waited for
	Children int64      `json:"children,omitempty"` // user and system time of those
	RunQueue int64      `json:"run_queue"`          // from /proc/self/task/*/schedstat at Done
	MaxRSS   int64      `json:"max_rss"`            // VmHWM at Done, bytes
	Switches [2]int64   `json:"switches"`           // voluntary and involuntary; commands only
	Tasks    int        `json:"tasks"`
	Marked   *Line      `json:"marked,omitempty"` // commands only: see Spec.Mark
}

// A Line is a line of output and when it arrived.
type Line struct {
	At   clock.Time `json:"at"`
	Text string     `json:"text"`
}

// End ends the conversation: all capture files are complete.
type End struct {
	SpansStarted int           `json:"spans_started"`
	SpansEnded   int           `json:"spans_ended"`
	Errors       []string      `json:"errors,omitempty"` // captures that could not be made
	Short        shortage.Kind `json:"short,omitempty"`  // what they lacked; empty: nothing
	Left         int           `json:"left,omitempty"`   // processes that an aside left behind, which were ended
	Used         int64         `json:"used,omitempty"`   // nanoseconds that a supervisor and all it waited for have used so far
}

// A Span is an ended OpenTelemetry span.
type Span struct {
	TraceID  string            `json:"trace_id"` // hexadecimal
	SpanID   string            `json:"span_id"`
	ParentID string            `json:"parent_id,omitempty"`
	Name     string            `json:"name"`
	Start    int64             `json:"start"` // Unix nanoseconds
	End      int64             `json:"end"`
	Rank     int               `json:"rank"`
	PID      int               `json:"pid"`
	Ints     map[string]int64  `json:"ints,omitempty"`
	Strings  map[string]string `json:"strings,omitempty"`
	Error    string            `json:"error,omitempty"`
}
