package cause

import (
	"slices"
	"sync"
)

// A Group is what a person would call one cause. Findings and verdicts take the causes of a group together.
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
	Sleeping    Group = "sleep"
	Network     Group = "network"
	Files       Group = "io"
	SystemCalls Group = "syscall"
	Scheduling  Group = "ready" // ready to run, on no core
	Overhead    Group = "overhead"
	Dispatching Group = "dispatch"
	System      Group = "runtime" // the Go runtime and tracing
	Unexplained Group = "unknown"
)

// Of returns the causes of g that a ledger can have, in the order in which reports list them.
func Of(g Group) []Cause {
	return slices.DeleteFunc(All(), func(c Cause) bool { return c.Group() != g })
}

// A Colour is one of the palette that tells groups apart in every picture. Package chart has the shades.
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
)

// A Pattern tells areas apart that are the same grey.
type Pattern uint8

// The patterns.
const (
	Plain    Pattern = iota
	Rising           // hatched ////
	Falling          // hatched \\\\
	Edged            // with a dark edge
	Crossed          // hatched both ways
	Outlined         // rising, with a dark edge
	Framed           // falling, with a dark edge
	Level            // hatched ====
)

// An Entry is all that is known of a cause. Causes of a group share the hue of the state that a timeline shows them as, and differ by pattern.
type Entry struct {
	Cause   Cause
	Name    string // in pictures and tables
	Doing   string // what a worker does, or what takes its time: "waiting for a lock"
	Group   Group
	Busy    bool // a P, or a core, is in use
	Derived bool // a row of speedup stacks only: no ledger has it
	Colour  Colour
	Pattern Pattern
}

// table is the one table of causes, in the order in which reports list them. To add a cause is to add its constant, its line here, and the rule that
// finds it.
func table() []Entry {
	const busy, derived = true, true
	return []Entry{
		{User, "own code", "running its own code", Work, busy, false, Green, Plain},
		{GCDedicated, "GC workers", "in garbage collection", GC, busy, false, Black, Plain},
		{GCIdle, "GC on idle cores", "in garbage collection", GC, busy, false, Charcoal, Rising},
		{GCAssist, "GC assists", "in garbage collection", GC, busy, false, Black, Level},
		{GCSweep, "GC sweeping", "in garbage collection", GC, busy, false, Charcoal, Falling},
		{GCSTW, "GC stops the world", "in garbage collection", GC, false, false, Black, Crossed},
		{Syscall, "system calls", "in system calls", SystemCalls, busy, false, Green, Rising},
		{Runtime, "Go runtime", "in the Go runtime", System, busy, false, Green, Falling},
		{Tracer, "tracing", "recording the trace, which only traced runs do", System, busy, false, Grey, Level},
		{SchedLatency, "ready, not yet running", "ready, not yet running", Scheduling, false, false, Yellow, Edged},
		{Mutex, "mutex", "waiting for a lock", Lock, false, false, Vermillion, Rising},
		{RWMutex, "read-write mutex", "waiting for a lock", Lock, false, false, Vermillion, Falling},
		{ChanSend, "channel send", "waiting at channels", Channel, false, false, Purple, Rising},
		{ChanRecv, "channel receive", "waiting at channels", Channel, false, false, Purple, Falling},
		{Select, "select", "waiting at channels", Channel, false, false, Purple, Crossed},
		{Join, "waiting for others to finish", "waiting for others to finish", Imbalance, false, false, Vermillion, Plain},
		{Cond, "condition variable", "waiting for a condition", Condition, false, false, Vermillion, Level},
		{Sleep, "sleep", "sleeping", Sleeping, false, false, Sky, Plain},
		{Net, "network", "waiting for the network", Network, false, false, Sky, Rising},
		{BlockSyscall, "blocking system call", "in system calls", SystemCalls, false, false, Sky, Falling},
		{IO, "input and output", "waiting for input and output", Files, false, false, Sky, Crossed},
		{Futex, "lock outside Go", "waiting for a lock outside Go", OtherLock, false, false, Vermillion, Crossed},
		{Serial, "serial part", "idle while a serial part runs", SerialPart, false, false, Orange, Crossed},
		{Startup, "start-up", "starting and ending processes", Overhead, false, false, Grey, Plain},
		{Teardown, "teardown", "starting and ending processes", Overhead, false, false, Grey, Falling},
		{Dispatch, "dispatch", "handing tasks to processes and collecting results", Dispatching, busy, false, Grey, Rising},
		{Preempted, "ready, taken off its core", "ready, taken off their core", Scheduling, false, false, Yellow, Outlined},
		{Unknown, "not known", "not known", Unexplained, false, false, White, Outlined},
		{WorkInflation, "same work, more CPU time", "the same work taking longer on a core than at the base", Work, busy, derived, Green, Crossed},
		{NotExplained, "not explained", "not explained", Unexplained, false, derived, White, Framed},
	}
}

// entries is the table by cause.
var entries = sync.OnceValue(func() map[Cause]Entry {
	m := make(map[Cause]Entry)
	for _, e := range table() {
		m[e.Cause] = e
	}
	return m
})

// Entry is what is known of c; of a cause that this version does not know, its identifier.
func (c Cause) Entry() Entry {
	if e, ok := entries()[c]; ok {
		return e
	}
	return Entry{Cause: c, Name: string(c), Doing: string(c), Group: Unexplained, Pattern: Edged}
}

// Group is what c is taken together with.
func (c Cause) Group() Group { return c.Entry().Group }

// Busy reports whether time of c is spent on a P, or a core.
func (c Cause) Busy() bool { return c.Entry().Busy }

// All returns every cause that a ledger can have, in the order in which reports list them.
func All() []Cause {
	var all []Cause
	for _, e := range table() {
		if !e.Derived {
			all = append(all, e.Cause)
		}
	}
	return all
}

// Compare orders causes the way reports list them; those that this version does not know come last.
func Compare(a, b Cause) int { return rank(a) - rank(b) }

func rank(c Cause) int {
	t := table()
	if i := slices.IndexFunc(t, func(e Entry) bool { return e.Cause == c }); i >= 0 {
		return i
	}
	return len(t)
}
