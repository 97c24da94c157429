package osched

// What a futex wait is for, where the arguments of the call tell; the Name of its record.
const (
	HeldLock  = "lock"   // another thread holds a lock
	ThreadEnd = "thread" // another thread of the process must end
)

// The operations of futex(2), without their flags.
const (
	futexWait       = 0
	futexLockPI     = 6
	futexWaitBitset = 9
	futexLockPI2    = 13
	futexPrivate    = 128 // no other process uses it
	futexRealtime   = 256 // a flag of the clock of the timeout
)

// futexFor returns what a thread waits for in futex with those arguments, or "" if they do not tell: a condition, a
// semaphore, a barrier, or a lock that is made of something else. member reports whether a number is that of a thread
// of the process.
//
// What tells is the value that the thread found before it went to sleep. A thread that joins another waits for the
// kernel to clear that one's number, and the kernel wakes without the private flag (clear_child_tid,
// set_tid_address(2)). A lock with waiters is 2 in the C library of GNU and in Rust (Drepper, "Futexes are tricky",
// 2011, mutex 2), and in musl the number of its holder with the highest bit set. A barrier of GNU counts its rounds in
// such a word too and so may once find a 2: a reader wants to see a lock more than once.
func futexFor(args [6]uint64, member func(tid uint64) bool) string {
	op, value, timeout := args[1]&^(futexPrivate|futexRealtime), args[2]&(1<<32-1), args[3]
	private := args[1]&futexPrivate != 0
	switch {
	case op == futexLockPI, op == futexLockPI2:
		return HeldLock
	case op != futexWait && op != futexWaitBitset:
		return ""
	case !private && value != 0 && member(value):
		return ThreadEnd
	case !private:
		return ""
	case value == 2 && timeout == 0 && args[1]&futexRealtime == 0:
		return HeldLock
	case op == futexWait && value>>31 == 1 && member(value&(1<<30-1)):
		return HeldLock
	}
	return ""
}
