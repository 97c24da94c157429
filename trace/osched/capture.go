package osched

// Options are those of a [Recording].
type Options struct {
	// Pages is the size of the ring of each CPU, a power of two. 0: 128 (512 KiB with pages of 4 KiB), the most that an
	// ordinary user is granted for every CPU at the usual kernel.perf_event_mlock_kb of 516.
	Pages int
	// Highest is the best level to try. Empty: Switches.
	Highest Level
	// NoReasons leaves out why threads are blocked.
	NoReasons bool
}

// A Summary says how a recording went.
type Summary struct {
	Records int64 // records emitted
	Lost    int64 // records that the kernel dropped because a ring was full
	Gaps    int   // times that it did so
	Late    int64 // records that came after younger ones and were shifted to keep the order
	Wakes   int64 // times that rings were emptied before the end
	Notes   []string
}
