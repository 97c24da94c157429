package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// CoreTime is time summed over cores, or Ps: core-seconds, in nanoseconds. A type of its own keeps it apart from time.
type CoreTime int64

// Seconds returns t in core-seconds.
func (t CoreTime) Seconds() float64 { return time.Duration(t).Seconds() }

// A Level says what a ledger accounts for.
type Level string

// The levels of a ledger.
const (
	Ps    Level = "P"    // Ps of Go's scheduler, which are cores only if there are enough of those
	Cores Level = "core" // cores: Ps cut by the OS scheduler's records, or no more Ps than cores
)

// A Ledger says where all core time of a window went. The rows add up to Total to the nanosecond; none is negative.
type Ledger struct {
	Level      Level
	Start, End clock.Time    // of the window
	Wall       time.Duration // length of the window
	Total      CoreTime      // ∫ number of Ps dt
	Rows       []Row         // one per cause that occurs, in the order of cause.All
	Workers    []WorkerTime  // ordered by rank and number; none if the program has no regions "worker k"
	Warnings   []warning.Warning
	// Descendants says that the programs which processes of the run started count as these do: they may be its workers.
	Descendants bool

	parts []part // one per process
}

// WorkerTime is where the time of one worker went, exactly: the causes add up to Wall.
//
// Its time is startup until its goroutine is there, and serial while a region "before" or "after" runs. Then it is what
// the goroutine does, before its region as inside it: ready without a P (sched.latency), waiting or running. After its
// region it is block.join while workers of any process are still in theirs, which is load imbalance, and then teardown.
// A worker that is ready while the garbage collector has the P it lacks is in gc.dedicated, or in gc.stw while that has
// stopped the world.
type WorkerTime struct {
	Rank    int // of the process
	ID      int // of the worker within its process
	Wall    time.Duration
	ByCause map[cause.Cause]time.Duration // only those that occur
	Parked  time.Duration                 // part of gc.assist: waiting, on no core, for others to mark
}

// A part is what is kept of a process so that ledgers can be merged.
type part struct {
	rank       int
	threads    []int64 // of the operating system, that the trace names
	start, end clock.Time
	ps         CoreTime           // ∫ number of Ps dt
	serial     []interval         // while a serial part ran
	quiet      []interval         // long ones in which no P had a goroutine
	done       clock.Time         // when its last worker left its region; 0 without workers
	waits      map[int][]interval // long waits and gaps by worker
}

// A Row is the core time of one cause.
type Row struct {
	Cause  cause.Cause
	Time   CoreTime
	Stacks []Stack // largest first; they add up to Time
}

// A Stack is the part of a row that belongs to one pair of stacks.
type Stack struct {
	Time CoreTime
	// Waiting is where the time went: for busy causes the running code (by samples), for blocking causes where the
	// goroutine waited.
	Waiting []gotrace.Frame // innermost first; empty if not known
	// Blamed is what the goroutine that ended the wait did meanwhile; empty for causes that are not waits.
	Blamed []gotrace.Frame
	// Owners are the processes and workers whose time it is, in proportion to their times (see Divided).
	Owners []Owner
	// Objects are what the time was waited for, the largest part first; not all of it need be known.
	Objects []Object
}

// Of returns the time of a cause.
func (l *Ledger) Of(c cause.Cause) CoreTime {
	for _, r := range l.Rows {
		if r.Cause == c {
			return r.Time
		}
	}
	return 0
}
