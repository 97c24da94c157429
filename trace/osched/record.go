package osched

import (
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
)

// A Kind says what happened.
type Kind uint8

// The kinds of records.
const (
	In      Kind = iota + 1 // a thread was put on a core
	Out                     // it left the core because it blocked
	Preempt                 // it left the core although it was ready
	Fork                    // it was created
	Exit                    // it ended; no Out follows
	Comm                    // its name changed
	Exec                    // its process started another program: it is on a core although no In says so
	Lost                    // records of a CPU were lost before this one
	Blocked                 // it was seen blocked
	Woken                   // it was seen ready, without a core: whatever it was blocked by is over
	Usage                   // its run and wait time so far
	End                     // the recording ended
)

// letters holds the letter of each Kind in a file.
const letters = "?iopfxcelwruz"

// NoCPU is the CPU of records that belong to none.
const NoCPU = -1

// A Record is one thing that happened to a thread, or to the recording.
type Record struct {
	Time   clock.Time
	Kind   Kind
	Reason Reason // Blocked: why
	CPU    int32  // or NoCPU
	// PID and TID are the process and thread. On the last switch of a thread that is just ending, the kernel has
	// already forgotten them: both are then 0, and the thread is the one on that CPU.
	PID, TID int32
	Parent   int32  // Fork: process that created it
	Creator  int32  // Fork: thread that created it
	Call     int32  // Blocked: number of the system call; -1: none
	Object   uint64 // Blocked: address of the futex or number of the file
	Count    uint64 // Lost: number of records; 0: unknown
	OnCPU    int64  // Usage: nanoseconds on a core so far
	Ready    int64  // Usage: nanoseconds ready without a core so far
	Name     string // Comm, Exec: the name; Blocked: what it waits on ("pipe", "socket", [GIL], [HeldLock]), if known
}

// GIL is the Name of waits for the lock of Python's interpreter.
const GIL = "python gil"

// A Level says how much of the scheduler's work is recorded.
type Level string

// The levels, best first.
const (
	Switches Level = "switches" // every switch, by perf events
	Sampled  Level = "sampled"  // run and wait time of each thread a hundred times a second, from /proc
	Totals   Level = "totals"   // sums over a whole run, from wait4
)

// Cannot returns what cannot be said at this level, as the end of the sentence "this recording cannot say …", or "" if
// nothing is missing.
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
	Start  clock.Time `json:"start_ns"` // on Clock; the times of the lines count from here
	CPUs   []int      `json:"cpus,omitempty"`
	Pages  int        `json:"ring_pages,omitempty"` // of each CPU's ring
	// How often threads are looked at, on average, unless the recording process then takes more than this share of one
	// core's time.
	Period int64   `json:"sample_period_ns,omitempty"`
	Share  float64 `json:"sample_core_share,omitempty"`

	Notes []string `json:"notes,omitempty"` // what is not as requested
}

// check returns an error that says what in h is beyond the limits.
func (h *Header) check() error {
	for _, err := range []error{
		limits.Value("start_ns", int64(h.Start), 0, limits.Clock),
		limits.Count("", "cpus", int64(len(h.CPUs)), limits.CPUs),
		limits.Value("ring_pages", int64(h.Pages), 0, limits.RingPages),
		limits.Value("sample_period_ns", h.Period, 0, limits.Time),
		limits.Count("", "notes", int64(len(h.Notes)), limits.Notes),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// schema is the schema of the files that this version writes.
const schema = "corecurve/osched/1"
