package osched

import "github.com/corecurve/corecurve/trace/clock"

// A Kind is what a record says.
type Kind uint8

// The kinds of records.
const (
	In      Kind = iota + 1 // a thread was put on a core
	Out                     // it left the core because it blocked
	Preempt                 // it left the core although it was ready
	Fork                    // it was made
	Exit                    // it ended; no Out follows
	Comm                    // its name changed
	Exec                    // its process started another program: it is on a core, though no In says so
	Lost                    // records of a CPU were lost before this one
	Blocked                 // it was seen blocked
	Usage                   // its run and wait time so far
	End                     // the recording ended
)

// letters are the kinds in a file, by Kind.
const letters = "?iopfxcelwuz"

// NoCPU stands for no CPU.
const NoCPU = -1

// A Record is one thing that happened to a thread, or to the recording.
type Record struct {
	Time   clock.Time
	Kind   Kind
	Reason Reason // Blocked: by what
	CPU    int32  // NoCPU: not known
	// PID and TID are the process and thread. On the last switch of a thread that is just ending the kernel has forgotten them: they are
	// then 0 and the thread is the one on that CPU.
	PID, TID int32
	Parent   int32  // Fork: process that made it
	Creator  int32  // Fork: thread that made it
	Call     int32  // Blocked: number of the system call; -1: none
	Object   uint64 // Blocked: address of the futex or number of the file
	Count    uint64 // Lost: number of records; 0: not known
	OnCPU    int64  // Usage: nanoseconds on a core so far
	Ready    int64  // Usage: nanoseconds ready without a core so far
	Name     string // Comm, Exec: the name; Blocked: what it waits on ("pipe", "socket", [GIL]), where that is known
}

// GIL is the Name of waits on the lock of Python's interpreter.
const GIL = "python gil"

// A Level is how much of the scheduler's doing is recorded.
type Level string

// The levels, from the best down.
const (
	Switches Level = "switches" // every switch, by perf events
	Sampled  Level = "sampled"  // run and wait time of each thread a hundred times a second, from /proc
	Totals   Level = "totals"   // sums over a whole run, from wait4
)

// Cannot is what cannot be said at this level, as the end of the sentence "this recording cannot say …"; empty if nothing is missing.
func (l Level) Cannot() string {
	switch l {
	case Switches:
		return ""
	case Sampled:
		return "on which core a thread ran, in which order things happened within a hundredth of a second, " +
			"or what threads did that lived shorter than that"
	default:
		return "when and where any thread ran or waited: only how much processor time the whole run used"
	}
}

// A Header is the first line of a file.
type Header struct {
	Schema string     `json:"schema"`
	Level  Level      `json:"level"`
	Clock  string     `json:"clock"`
	Start  clock.Time `json:"start_ns"` // on the clock; the times of the lines count from here
	CPUs   []int      `json:"cpus,omitempty"`
	Pages  int        `json:"ring_pages,omitempty"` // of each CPU's ring
	Notes  []string   `json:"notes,omitempty"`      // what was not as asked for
}

// Schema is that of files written now.
const Schema = "corecurve/osched/1"
