// Package cause names what a core-second can go to. The identifiers are public: findings, gates, colours and files use them.
package cause

// A Cause is where core time, or worker time, went.
type Cause string

// The causes, in the order in which reports list them.
const (
	User         Cause = "user"          // the program's own code
	GCDedicated  Cause = "gc.dedicated"  // a background worker of the garbage collector, on a P of its own
	GCIdle       Cause = "gc.idle"       // one on a P that had nothing else to do
	GCAssist     Cause = "gc.assist"     // a goroutine that must help to mark before it may allocate
	GCSweep      Cause = "gc.sweep"      // a goroutine that sweeps
	GCSTW        Cause = "gc.stw"        // the world is stopped: Ps that stand still, and the one that works
	Syscall      Cause = "syscall"       // a system call that holds its P
	Runtime      Cause = "runtime"       // goroutines of the Go runtime
	Tracer       Cause = "tracer"        // the goroutine that reads the trace
	SchedLatency Cause = "sched.latency" // a goroutine was ready, a P was idle, and they had not met yet
	Mutex        Cause = "block.mutex"
	RWMutex      Cause = "block.rwmutex"
	ChanSend     Cause = "block.chan.send"
	ChanRecv     Cause = "block.chan.recv"
	Select       Cause = "block.select"
	Join         Cause = "block.join" // waiting for others to finish: WaitGroup; on running workers it is load imbalance
	Cond         Cause = "block.cond"
	Sleep        Cause = "block.sleep"
	Net          Cause = "block.net"
	BlockSyscall Cause = "block.syscall" // a system call that lost its P
	IO           Cause = "block.io"
	Futex        Cause = "block.futex"  // a lock outside Go
	Serial       Cause = "serial"       // too few goroutines existed: one part runs alone
	Startup      Cause = "startup"      // until the process was ready
	Teardown     Cause = "teardown"     // after the last work
	Dispatch     Cause = "dispatch"     // handing tasks to processes and results back
	Preempted    Cause = "os.preempted" // the OS gave the core to somebody else
	Unknown      Cause = "unknown"

	WorkInflation Cause = "work.inflation" // the same work takes more CPU time than at the base
	NotExplained  Cause = "not.explained"  // what tracing, and the difference between runs, leave over; it may have either sign
)
