package ledger

import (
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// CoreTime is time summed over cores, or Ps: core-seconds, in nanoseconds. It is a type of its own so that it is not taken for time.
type CoreTime int64

// Seconds is t in core-seconds.
func (t CoreTime) Seconds() float64 { return time.Duration(t).Seconds() }

// A Level says what the ledger accounts for.
type Level string

// Levels of a ledger.
const (
	Ps    Level = "P"    // Ps of Go's scheduler, which are cores only where there are enough of those
	Cores Level = "core" // cores: Ps cut by the records of the OS scheduler, or no more Ps than cores
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

	parts []part // one per process
}

// WorkerTime is where the time of one worker went. It is partitioned exactly: the causes add up to Wall.
//
// Before the worker's region its time is startup, and serial while a region "before" or "after" runs. After the region it is block.join as long
// as others, of whatever process, are still inside theirs, which is load imbalance, and then teardown. A worker
// that is ready while the garbage collector has the P that it lacks is in gc.dedicated, and in gc.stw while that has stopped the world.
type WorkerTime struct {
	Rank    int // of the process
	ID      int // of the worker in its process
	Wall    time.Duration
	ByCause map[cause.Cause]time.Duration // only those that occur
	Parked  time.Duration                 // part of gc.assist: it waited, on no core, for others to mark
}

// A part is what is kept of a process so that ledgers can be put together.
type part struct {
	rank       int
	start, end clock.Time
	ps         CoreTime           // ∫ number of Ps dt
	serial     []interval         // when a serial part ran
	quiet      []interval         // when no P had a goroutine, for long
	done       clock.Time         // when the last of its workers left its region; 0: it has none
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
	// Waiting is where the time went: for busy causes the running code (by stack samples), for blocking causes where the goroutine waited.
	Waiting []gotrace.Frame // innermost first; empty: not known
	// Blamed is what the goroutine that ended the wait was doing meanwhile; empty for causes that are not waits.
	Blamed []gotrace.Frame
	// Owners are the processes and workers whose time it is, in proportion to theirs (see Divided).
	Owners []Owner
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
