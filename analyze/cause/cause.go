// Package cause lists what a core-second can go to. The identifiers are public: findings, gates, colours and files use
// them.
package cause

import "fmt"

// A Cause is where core time, or worker time, goes. It is a small number, so that accounts can be arrays; in JSON it is
// its identifier.
type Cause uint8

// The causes, in the order of reports. A ledger can have those up to Unknown.
const (
	User         Cause = iota // the program's own code
	GCDedicated               // a background worker of the garbage collector, on a P of its own
	GCIdle                    // the same on a P with nothing else to do
	GCAssist                  // a goroutine that must help to mark before it may allocate
	GCSweep                   // a goroutine that sweeps
	GCSTW                     // the world is stopped: Ps that stand still, and the one that works
	Syscall                   // a system call that holds its P
	Runtime                   // goroutines of the Go runtime
	Tracer                    // the goroutine that reads the trace, and corecurve itself on the cores of the run
	SchedLatency              // a goroutine was ready, a P was idle, and they had not met yet
	Mutex
	RWMutex
	ChanSend
	ChanRecv
	Select
	Join // waiting for others to finish (WaitGroup); laid on running workers it is load imbalance
	Cond
	Sleep
	Net
	BlockSyscall // a system call that lost its P
	IO
	Futex     // a lock outside Go
	Serial    // too few goroutines: one part runs alone
	Idle      // nothing to run: no goroutine ran or was ready, and what was waited for was to bring hardly any work
	Startup   // until the process was ready
	Teardown  // after the last work
	Dispatch  // handing tasks to processes and results back
	Untraced  // processes of the run that left no trace had the core
	Preempted // the OS gave the core to something else
	Unknown

	WorkInflation // of speedup stacks: the same work takes more CPU time than at the base
	NotExplained  // of speedup stacks: what tracing and the differences between runs leave over, of either sign

	// Count is the number of causes that a ledger can have.
	Count = int(Unknown) + 1
)

// All returns the causes that a ledger can have, in the order of reports.
func All() []Cause {
	all := make([]Cause, Count)
	for i := range all {
		all[i] = Cause(i)
	}
	return all
}

// String returns the identifier of c.
func (c Cause) String() string { return c.Entry().ID }

// MarshalText writes the identifier of c.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads an identifier.
func (c *Cause) UnmarshalText(id []byte) error {
	for i, e := range table {
		if e.ID == string(id) {
			*c = Cause(i)
			return nil
		}
	}
	return fmt.Errorf("cause %q is not known", id)
}
