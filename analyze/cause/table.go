package cause

import "slices"

// A Group is what a person would call one cause. Findings and verdicts take its causes together.
type Group string

// The groups.
const (
	Work        Group = "work"       // the program's own code
	GC          Group = "gc"         // all that the garbage collector does
	Lock        Group = "lock"       // locks of Go
	OtherLock   Group = "other-lock" // locks outside Go
	Channel     Group = "channel"    // both ends of channels
	Imbalance   Group = "join"       // waiting for others to finish
	Condition   Group = "condition"
	SerialPart  Group = "serial"
	Idling      Group = "idle" // nothing to run, which is no loss
	Sleeping    Group = "sleep"
	Network     Group = "network"
	Files       Group = "io"
	SystemCalls Group = "syscall"
	Scheduling  Group = "ready" // ready to run, on no core
	Overhead    Group = "overhead"
	Dispatching Group = "dispatch"
	System      Group = "runtime"  // the Go runtime and tracing
	OtherCode   Group = "untraced" // processes without a trace
	Unexplained Group = "unknown"
)

// Of returns the causes of g that a ledger can have, in the order of reports.
func Of(g Group) []Cause {
	return slices.DeleteFunc(All(), func(c Cause) bool { return c.Group() != g })
}

// A Colour tells groups apart in every picture. Package chart has the shades.
type Colour uint8

// The colours.
const (
	White Colour = iota
	Green
	Black
	Charcoal
	Vermillion
	Purple
	Sky
	Yellow
	Orange
	Grey
	Silver
	Slate
)

// A Pattern tells areas of the same colour apart.
type Pattern uint8

// The patterns.
const (
	Plain    Pattern = iota
	Rising           // hatched ////
	Falling          // hatched \\\\
	Edged            // with a dark edge
	Crossed          // hatched both ways
	Outlined         // rising, with a dark edge
	Level            // hatched ====
	Dotted           // with dots and a dark edge
)

// An Entry describes a cause. Causes of a group share the hue of their state on timelines, and differ by pattern.
type Entry struct {
	ID      string // public
	Name    string // in pictures and tables
	Doing   string // what a worker does, or what takes its time, as in "waiting for a lock"
	Group   Group
	Busy    bool // on a P, or a core
	Colour  Colour
	Pattern Pattern
}

// table describes the causes, by number. To add a cause, add its constant, its line here, and the rule that finds it.
var table = [...]Entry{
	User:          {"user", "own code", "running its own code", Work, true, Green, Plain},
	GCDedicated:   {"gc.dedicated", "GC workers", "in garbage collection", GC, true, Black, Plain},
	GCIdle:        {"gc.idle", "GC on idle cores", "in garbage collection", GC, true, Charcoal, Rising},
	GCAssist:      {"gc.assist", "GC assists", "in garbage collection", GC, true, Black, Level},
	GCSweep:       {"gc.sweep", "GC sweeping", "in garbage collection", GC, true, Charcoal, Falling},
	GCSTW:         {"gc.stw", "GC stops the world", "in garbage collection", GC, false, Black, Crossed},
	Syscall:       {"syscall", "system calls", "in system calls", SystemCalls, true, Green, Rising},
	Runtime:       {"runtime", "Go runtime", "in the Go runtime", System, true, Green, Falling},
	Tracer:        {"tracer", "tracing", "recording the trace, which only traced runs do", System, true, Grey, Level},
	SchedLatency:  {"sched.latency", "ready, not yet running", "ready, not yet running", Scheduling, false, Yellow, Edged},
	Mutex:         {"block.mutex", "mutex", "waiting for a lock", Lock, false, Vermillion, Rising},
	RWMutex:       {"block.rwmutex", "read-write mutex", "waiting for a lock", Lock, false, Vermillion, Falling},
	ChanSend:      {"block.chan.send", "channel send", "waiting at channels", Channel, false, Purple, Rising},
	ChanRecv:      {"block.chan.recv", "channel receive", "waiting at channels", Channel, false, Purple, Falling},
	Select:        {"block.select", "select", "waiting at channels", Channel, false, Purple, Crossed},
	Join:          {"block.join", "waiting for others to finish", "waiting for others to finish", Imbalance, false, Vermillion, Plain},
	Cond:          {"block.cond", "condition variable", "waiting for a condition", Condition, false, Vermillion, Level},
	Sleep:         {"block.sleep", "sleep", "sleeping", Sleeping, false, Sky, Edged},
	Net:           {"block.net", "network", "waiting for the network", Network, false, Sky, Rising},
	BlockSyscall:  {"block.syscall", "blocking system call", "in system calls", SystemCalls, false, Sky, Falling},
	IO:            {"block.io", "input and output", "waiting for input and output", Files, false, Sky, Crossed},
	Futex:         {"block.futex", "lock outside Go", "waiting for a lock outside Go", OtherLock, false, Vermillion, Crossed},
	Serial:        {"serial", "serial part", "idle while a serial part runs", SerialPart, false, Orange, Crossed},
	Idle:          {"idle", "nothing to run", "idle, with nothing to run", Idling, false, White, Edged},
	Startup:       {"startup", "start-up", "starting and ending processes and their workers", Overhead, false, Grey, Plain},
	Teardown:      {"teardown", "teardown", "starting and ending processes and their workers", Overhead, false, Silver, Falling},
	Dispatch:      {"dispatch", "dispatch", "handing tasks to processes and collecting results", Dispatching, true, Slate, Rising},
	Untraced:      {"untraced", "processes without a trace", "in processes that left no trace", OtherCode, true, Green, Level},
	Preempted:     {"os.preempted", "ready, taken off its core", "ready, taken off their core", Scheduling, false, Yellow, Outlined},
	Unknown:       {"unknown", "not known", "not known", Unexplained, false, White, Outlined},
	WorkInflation: {"work.inflation", "same work, more CPU time", "the same work taking longer on a core than at the base", Work, true, Green, Crossed},
	NotExplained:  {"not.explained", "not explained", "not explained", Unexplained, false, White, Dotted},
}

// Entry returns the description of c.
func (c Cause) Entry() Entry { return table[c] }

// Group returns the group of c.
func (c Cause) Group() Group { return table[c].Group }

// Busy reports whether time of c is spent on a P, or a core.
func (c Cause) Busy() bool { return table[c].Busy }

// Derived reports whether only speedup stacks have c.
func (c Cause) Derived() bool { return int(c) >= Count }
