package sweep

import (
	"cmp"
	"slices"
)

// StudySchema is the schema of study.json.
const StudySchema = "corecurve/study/1"

// A Header is the content of study.json: what the study is to measure and where. It is written before the first run.
type Header struct {
	Schema    string   `json:"schema"`
	CreatedAt string   `json:"created_at"` // UTC, RFC 3339
	Command   []string `json:"command"`    // command line, home directory shown as ~
	// Hidden is the number of places in Command that look like secrets and stand there as ***; 0: none, or they are kept.
	Hidden int `json:"hidden_words,omitempty"`
	// Folder is where a study with a command was made, home directory shown as ~: what comes before and after its runs is
	// started there, and itself where it has no working directory. Empty: not known, or not needed.
	Folder    string    `json:"cwd,omitempty"`
	Tool      string    `json:"tool"` // version of corecurve
	Go        string    `json:"go"`   // version of Go that built it
	Seed      uint64    `json:"seed"`
	Workloads []Program `json:"workloads"`
	// Variants are the programs that the study compares, the first of which is the base; nil: it compares none.
	Variants []Variant `json:"variants,omitempty"`
	Sweeps   []Sweep   `json:"sweeps"` // one curve each; the sweep of workload "spin" is the measured ceiling
	Rule     Rule      `json:"rule"`
	Settings Settings  `json:"settings"`
	Host     Host      `json:"host"`
	// Scheduler is what Go's scheduler takes on the host, measured before the first run; nil: not known.
	Scheduler *Scheduler `json:"scheduler,omitempty"`
	Warnings  []string   `json:"warnings,omitempty"`
	Resumes   []Resume   `json:"resumes,omitempty"` // segments after the first
	Stopped   string     `json:"stopped,omitempty"` // why the study ended, in words; empty while it runs
	Seal      string     `json:"seal,omitempty"`    // by which its user knows what it runs (package seal); empty: none
}

// SpinWorkload is the register-only loop whose sweep is the measured ceiling of every study.
const SpinWorkload = "spin"

// A Program is what a study runs.
type Program struct {
	Name string `json:"name"`
	// Variant is whose workload it is in a study that compares programs; empty: it compares none.
	Variant string   `json:"variant,omitempty"`
	Doc     string   `json:"doc"`
	Unit    string   `json:"unit,omitempty"` // unit of the size
	Argv    []string `json:"argv,omitempty"` // home directory shown as ~; empty for a package that was built
	SHA256  string   `json:"binary_sha256"`
	// Sources is one SHA-256 of what the program was built from, wherever that lies; empty: it was not built here, or not
	// known. Programs of the same sources are the same, although each holds the paths of its own.
	Sources string `json:"sources_sha256,omitempty"`
	// SyncEvents says that the program was built so that its traces tell what it does with its locks and channels.
	SyncEvents bool `json:"sync_events,omitempty"`
	// Package is the folder of the main package that was built, absolute with ~ for the home directory; empty for one
	// of corecurve's own workloads.
	Package string `json:"package,omitempty"`
	// Command is set if the workload is a command.
	Command *Command `json:"command,omitempty"`
	// Revision is what the program was built from, where that is known or the user says it. A study that is continued does
	// not compare it: programs of the same sources are the same, whatever the commit.
	Revision *Revision `json:"revision,omitempty"`
}

// A Revision is a state of a program's source, as version control knows it or its user calls it.
type Revision struct {
	Label  string `json:"label,omitempty"`        // as the user gave it; empty: not given
	Commit string `json:"commit,omitempty"`       // hash; empty: not known, and with it all that follows
	Time   string `json:"committed_at,omitempty"` // UTC, RFC 3339
	// Subject is the first line of the message of the commit, or its beginning.
	Subject string `json:"subject,omitempty"`
	Changed bool   `json:"changed,omitempty"` // what was built has changes that the commit lacks
}

// shortHash is how many digits of a commit's hash tell it from the others of most repositories.
const shortHash = 10

// Name returns what r is called: its label, or the beginning of the commit's hash.
func (r *Revision) Name() string {
	return cmp.Or(r.Label, r.Commit[:min(len(r.Commit), shortHash)])
}

// A Command is a program in any language as a workload. In Argv, Env and WorkDir the placeholders {workers}, {procs},
// {cores}, {size} and {rank} stand for the counts of the point. A run starts as many copies as the point has
// processes, unless Argv has {procs} and no {rank}: then it starts one, which starts the others itself.
type Command struct {
	Argv       []string `json:"argv"`
	Env        []string `json:"env,omitempty"`         // KEY=VALUE, added to the environment of the tool
	WorkDir    string   `json:"work_dir,omitempty"`    // empty: the tool's own
	Stdin      string   `json:"stdin,omitempty"`       // file; empty: no input
	OKExit     []int    `json:"ok_exit,omitempty"`     // exit statuses besides 0 that are no failure
	SameOutput bool     `json:"same_output,omitempty"` // stdout must be the same at all points of a size
	Prepare    []string `json:"prepare,omitempty"`     // argv of a command run before each run, outside the measurement
	Cleanup    []string `json:"cleanup,omitempty"`     // argv of a command run after each run, outside the measurement
	// TracedArgs are appended to Argv in traced runs; {dir} in them stands for the directory of the run.
	TracedArgs []string `json:"traced_args,omitempty"`
	// Hidden is the number of places in Argv, Env, Prepare and Cleanup that look like secrets and stand there as ***.
	Hidden int `json:"hidden_words,omitempty"`
	// Benchmark is set if the command is the test binary of a Go package that runs one benchmark; the times are those
	// it prints.
	Benchmark *Benchmark `json:"benchmark,omitempty"`
}

// A Benchmark is a benchmark of a Go package as a workload. Its size is in iterations.
type Benchmark struct {
	Name    string `json:"name"`        // as go test prints it, without the number of Ps: BenchmarkWrite/small
	Package string `json:"package"`     // import path
	Folder  string `json:"go_work_dir"` // where the go command builds the package, home directory shown as ~
}

// Benchmark returns the benchmark that p is; nil if it is none.
func (p *Program) Benchmark() *Benchmark {
	if p.Command == nil {
		return nil
	}
	return p.Command.Benchmark
}

// Benchmarks reports whether any of the workloads is a benchmark.
func (h *Header) Benchmarks() bool {
	return slices.ContainsFunc(h.Workloads, func(p Program) bool { return p.Benchmark() != nil })
}

// A Rule says when a study stops. It stops only between blocks.
type Rule struct {
	MinRuns   int     `json:"min_runs"` // blocks that are always made
	MaxRuns   int     `json:"max_runs"`
	HalfWidth float64 `json:"relative_half_width"` // stop when no point's interval is wider than this on either side
	Budget    Seconds `json:"budget_s"`            // 0: none; a block that would exceed it is not begun
}

// Settings are the flags that change what a run is.
type Settings struct {
	Chunk   int     `json:"chunk"` // 0: the workload's default
	Static  bool    `json:"static"`
	Timeout Seconds `json:"timeout_s"` // per run
	Warmup  int     `json:"warmup"`    // unrecorded runs of each workload's first point before the first block
	Traced  int     `json:"traced"`    // traced runs of every point
}

// A Resume is a later segment of a study.
type Resume struct {
	At        string   `json:"at"`
	FirstRun  int      `json:"first_run"` // number of finished runs before it
	Forced    bool     `json:"forced"`    // host or program differ
	Different []string `json:"different,omitempty"`
}

// A Host is the machine that a study ran on.
type Host struct {
	Name        string   `json:"name,omitempty"` // only on request
	OS          string   `json:"os"`
	Arch        string   `json:"arch"`
	Kernel      string   `json:"kernel"`
	BootID      string   `json:"boot_id,omitempty"`
	CPUModel    string   `json:"cpu_model"`
	CPUs        []CPU    `json:"cpus"`           // those of the affinity mask, in the order in which points take them
	Physical    int      `json:"physical_cores"` // distinct cores among CPUs
	Sockets     int      `json:"sockets"`
	SMT         bool     `json:"smt"` // some CPUs share a core
	Governor    string   `json:"governor,omitempty"`
	QuotaCores  float64  `json:"quota_cores,omitempty"` // cgroup CPU quota in cores; 0: none
	MemoryBytes int64    `json:"memory_bytes"`
	Level       string   `json:"capture_level"`    // what can be seen of a run here: "go trace"
	Limits      []string `json:"limits,omitempty"` // what cannot be done here, and what that costs
}

// A CPU is one logical processor.
type CPU struct {
	ID     int `json:"id"`
	Core   int `json:"core"`
	Socket int `json:"socket"`
}

// SchedulerMethod says how a Scheduler is measured.
const SchedulerMethod = "lower quartile of many, on one P and on two (trace/capture/latency)"

// A Scheduler is what Go's scheduler takes on a machine. 0: not measured.
type Scheduler struct {
	Method string  `json:"method"`
	Go     string  `json:"go"`       // version of Go whose scheduler it is
	Switch Seconds `json:"switch_s"` // to run the next goroutine on the same P
	Wake   Seconds `json:"wake_s"`   // until a P that was idle runs what was made ready
	Waker  Seconds `json:"waker_s"`  // that the P is kept which wakes another
	Steal  Seconds `json:"steal_s"`  // until what runs next on a busy P is taken by another
	// HandoverOne and HandoverTwo are to pass a value over a channel to a goroutine that waits for it, on one P and on
	// two.
	HandoverOne Seconds `json:"handover_one_p_s"`
	HandoverTwo Seconds `json:"handover_two_ps_s"`
}
