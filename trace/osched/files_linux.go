package osched

import (
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mostFiles bounds how many files of /proc are kept open. Beyond a quarter of what the process may open there are none.
const mostFiles = 2048

// A file is one of the files of a thread in /proc that are read again and again.
type file uint8

const (
	syscallFile   file = iota // the system call that the thread is in
	schedstatFile             // its run and wait time
	commFile                  // its name
	childrenFile              // the processes that it has started and that live
	numFiles
)

// A fileKey names a file of a thread. The process is needed for children alone: the kernel finds any thread's other
// files in /proc/TID too, in half the time.
type fileKey struct {
	pid, tid int32
	file     file
}

func (k fileKey) path() string {
	tid := strconv.Itoa(int(k.tid))
	switch k.file {
	case syscallFile:
		return "/proc/" + tid + "/syscall"
	case schedstatFile:
		return "/proc/" + tid + "/schedstat"
	case commFile:
		return "/proc/" + tid + "/comm"
	default:
		return "/proc/" + strconv.Itoa(int(k.pid)) + "/task/" + tid + "/children"
	}
}

// A files reads files of threads and keeps them open: reading an open file again takes a third of the time. The first
// come are kept until their threads end; what comes when there is no room is opened and closed for each read. (Closing
// the one that was read longest ago would close each just before its turn.) A thread that ends takes its file along: a
// new thread with its number is not read by mistake.
type files struct {
	room int
	open map[fileKey]int
	buf  []byte
}

func newFiles() files {
	f := files{room: mostFiles, open: map[fileKey]int{}, buf: make([]byte, 64<<10)}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		f.room = min(f.room, int(min(limit.Cur, 1<<20))/4)
	}
	return f
}

// read returns what the file holds now, until the next read. Whoever has ended has none: that is an error like any
// other.
func (f *files) read(k fileKey) ([]byte, error) {
	fd, kept := f.open[k]
	if !kept {
		var err error
		if fd, err = unix.Open(k.path(), unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
			return nil, err
		}
	}
	// Raw, since it takes a microsecond: an ordinary call would wake up Go's monitor thread.
	n, _, errno := unix.RawSyscall6(unix.SYS_PREAD64, uintptr(fd), uintptr(unsafe.Pointer(&f.buf[0])),
		uintptr(len(f.buf)), 0, 0, 0)
	switch {
	case errno != 0:
		delete(f.open, k)
		_ = unix.Close(fd)
		return nil, errno
	case !kept && len(f.open) < f.room:
		f.open[k] = fd
	case !kept:
		_ = unix.Close(fd)
	}
	return f.buf[:n], nil
}

// forget closes the files of a thread.
func (f *files) forget(pid, tid int32) {
	for k := range numFiles {
		key := fileKey{tid: tid, file: k}
		if k == childrenFile {
			key.pid = pid
		}
		if fd, ok := f.open[key]; ok {
			delete(f.open, key)
			_ = unix.Close(fd)
		}
	}
}

func (f *files) close() {
	for _, fd := range f.open {
		_ = unix.Close(fd)
	}
	clear(f.open)
}
