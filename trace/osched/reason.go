package osched

// A Reason is what a blocked thread waits for, judged by the system call that it is in.
type Reason uint8

// The reasons.
const (
	NoReason Reason = iota
	Futex           // a lock, condition, semaphore, barrier or join: the address says which
	Sleeping        // a sleep that the program asked for
	Reading         // read, receive, accept: data from a file, pipe or socket
	Writing         // write, send, connect
	Polling         // poll, select, epoll: any of several files
	Syncing         // fsync and the like: data on its way to the disk
	Child           // wait4, waitid: the end of a child process
	FileLock        // flock, fcntl: a lock on a file
	Signal          // a signal
	Fault           // no system call: a page is not there yet, or the thread is stopped
	Other           // another system call
	numReasons
)

// reasonNames returns the names in files, by Reason.
func reasonNames() [numReasons]string {
	return [numReasons]string{
		"none", "futex", "sleep", "read", "write", "poll", "sync", "child", "filelock", "signal", "fault", "other",
	}
}

func (r Reason) String() string {
	if r >= numReasons {
		return "other"
	}
	return reasonNames()[r]
}

// reasonOf is the inverse of String. A name that a later version adds gives Other.
func reasonOf(name string) Reason {
	for r, n := range reasonNames() {
		if n == name {
			return Reason(r)
		}
	}
	return Other
}

// classify returns what a thread waits for in the system call of that number; -1 stands for none. arch is Go's name of
// the architecture. Numbers are those of include/uapi/asm-generic/unistd.h for arm64 and of
// arch/x86/entry/syscalls/syscall_64.tbl for amd64. On other architectures all calls are Other.
func classify(arch string, call int) Reason {
	if call < 0 {
		return Fault
	}
	switch call { // numbers from 424 on are those of all architectures
	case 449, 455: // futex_waitv, futex_wait
		return Futex
	case 441: // epoll_pwait2
		return Polling
	}
	switch arch {
	case "amd64":
		return classifyAMD64(call)
	case "arm64":
		return classifyARM64(call)
	}
	return Other
}

func classifyAMD64(call int) Reason {
	switch call {
	case 202: // futex
		return Futex
	case 35, 230: // nanosleep, clock_nanosleep
		return Sleeping
	case 0, 17, 19, 295, 327, 45, 47, 299, 43, 288, 217, 208, 243, 70:
		// read, pread64, readv, preadv, preadv2, recvfrom, recvmsg, recvmmsg, accept, accept4, getdents64,
		// io_getevents, mq_timedreceive, msgrcv
		return Reading
	case 1, 18, 20, 296, 328, 44, 46, 307, 42, 40, 242, 69, 275, 276, 326:
		// write, pwrite64, writev, pwritev, pwritev2, sendto, sendmsg, sendmmsg, connect, sendfile, mq_timedsend,
		// msgsnd, splice, tee, copy_file_range
		return Writing
	case 7, 23, 271, 270, 232, 281: // poll, select, ppoll, pselect6, epoll_wait, epoll_pwait
		return Polling
	case 74, 75, 26, 162, 277, 306: // fsync, fdatasync, msync, sync, sync_file_range, syncfs
		return Syncing
	case 61, 247: // wait4, waitid
		return Child
	case 72, 73: // fcntl, flock
		return FileLock
	case 34, 128, 130: // pause, rt_sigtimedwait, rt_sigsuspend
		return Signal
	}
	return Other
}

func classifyARM64(call int) Reason {
	switch call {
	case 98: // futex
		return Futex
	case 101, 115: // nanosleep, clock_nanosleep
		return Sleeping
	case 63, 67, 65, 69, 286, 207, 212, 243, 202, 242, 61, 4, 183, 188:
		// read, pread64, readv, preadv, preadv2, recvfrom, recvmsg, recvmmsg, accept, accept4, getdents64,
		// io_getevents, mq_timedreceive, msgrcv
		return Reading
	case 64, 68, 66, 70, 287, 206, 211, 269, 203, 71, 182, 189, 76, 77, 285:
		// write, pwrite64, writev, pwritev, pwritev2, sendto, sendmsg, sendmmsg, connect, sendfile, mq_timedsend,
		// msgsnd, splice, tee, copy_file_range
		return Writing
	case 73, 72, 22: // ppoll, pselect6, epoll_pwait
		return Polling
	case 82, 83, 227, 81, 84, 267: // fsync, fdatasync, msync, sync, sync_file_range, syncfs
		return Syncing
	case 260, 95: // wait4, waitid
		return Child
	case 25, 32: // fcntl, flock
		return FileLock
	case 137, 133: // rt_sigtimedwait, rt_sigsuspend
		return Signal
	}
	return Other
}
