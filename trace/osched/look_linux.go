package osched

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/clock"
)

const (
	// pythonAgain is how long after the first look for a Python runtime a process without one is looked at again, because
	// libraries may be loaded late; the time doubles with every look.
	pythonAgain = 500 * time.Millisecond
	// kindHolds is how long the kind of an open file is taken to be the same: a program may use its number for another.
	kindHolds = time.Second
	// mostKinds bounds what is remembered of a process.
	mostKinds = 256
)

// A looker finds out why threads are blocked.
type looker struct {
	files    files
	programs map[int32]*program // by PID
	elves    elves
	looks    int64 // that found a thread blocked
	denied   error // the kernel's first refusal
}

func newLooker() *looker {
	return &looker{files: newFiles(), programs: map[int32]*program{}, elves: elves{}}
}

// A program is what is known of the program that a process runs.
type program struct {
	python pythonRuntime
	again  clock.Time // when it is worth looking for python
	pause  clock.Time
	kinds  map[uint64]fileKind
}

// A fileKind is what kind of file an open file of a process was at a time.
type fileKind struct {
	kind string
	at   clock.Time
}

// A sight is what a look at a thread shows.
type sight uint8

const (
	nothing sight = iota // it has ended, or the kernel does not say
	active               // on a core, or ready for one
	blocked
)

// look looks at a thread and, if it is blocked, returns the record that says why.
func (l *looker) look(pid, tid int32, now clock.Time) (Record, sight) {
	text, err := l.files.read(fileKey{tid: tid, file: syscallFile})
	if err != nil {
		l.refused(err)
		return Record{}, nothing
	}
	if len(text) > 0 && text[0] == 'r' { // "running"
		return Record{}, active
	}
	call, args, ok := parseSyscall(text)
	if !ok {
		return Record{}, nothing
	}
	l.looks++
	r := Record{
		Time: now, Kind: Blocked, CPU: NoCPU, PID: pid, TID: tid,
		Call: int32(call), Reason: classify(runtime.GOARCH, call),
	}
	switch r.Reason {
	case Futex:
		if call < 449 || call == 455 { // the first argument of futex_waitv is a list
			r.Object = args[0]
		}
		if l.holdsGIL(pid, r.Object, now) {
			r.Name = GIL
		} else if call < 449 {
			r.Name = futexFor(args, func(tid uint64) bool { return isThread(pid, tid) })
		}
	case Reading, Writing, Syncing, FileLock:
		r.Object = args[0]
		r.Name = l.kind(pid, args[0], now)
	}
	return r, blocked
}

func (l *looker) program(pid int32) *program {
	p := l.programs[pid]
	if p == nil {
		p = &program{pause: clock.Time(pythonAgain)}
		l.programs[pid] = p
	}
	return p
}

// forked says that parent has made process pid, which runs the same program in a copy of its memory.
func (l *looker) forked(pid, parent int32) {
	delete(l.programs, pid)
	if p := l.programs[parent]; p != nil {
		l.programs[pid] = &program{python: p.python, again: p.again, pause: p.pause}
	}
}

// ended says that process pid has ended, or has begun another program.
func (l *looker) ended(pid int32) { delete(l.programs, pid) }

// holdsGIL reports whether address lies inside the Python runtime of that process.
func (l *looker) holdsGIL(pid int32, address uint64, now clock.Time) bool {
	if address == 0 {
		return false
	}
	p := l.program(pid)
	if !p.python.found() && now >= p.again {
		p.python = l.elves.findPython(int(pid))
		p.again, p.pause = now+p.pause, 2*p.pause
	}
	return p.python.holds(address)
}

// isThread reports whether process pid has a thread of that number.
func isThread(pid int32, tid uint64) bool {
	_, err := os.Stat(tasks(int(pid)) + "/" + strconv.FormatUint(tid, 10))
	return err == nil
}

// kind returns the kind of file number fd of a process, or "".
func (l *looker) kind(pid int32, fd uint64, now clock.Time) string {
	p := l.program(pid)
	k, ok := p.kinds[fd]
	if ok && now-k.at < clock.Time(kindHolds) {
		return k.kind
	}
	if p.kinds == nil || len(p.kinds) >= mostKinds {
		p.kinds = map[uint64]fileKind{}
	}
	k = fileKind{kindOf(pid, fd), now}
	p.kinds[fd] = k
	return k.kind
}

func (l *looker) refused(err error) {
	if l.denied == nil && (errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES)) {
		l.denied = fmt.Errorf("/proc/TID/syscall: %w", err)
	}
}

// close closes its files and returns a note if it could never see why a thread was blocked.
func (l *looker) close() (notes []string) {
	l.files.close()
	if l.denied == nil {
		_, l.denied = os.Stat("/proc/self/syscall") // kernels without it have no such file
	}
	if l.denied != nil && l.looks == 0 {
		notes = append(notes, fmt.Sprintf("it is unknown why threads were blocked: %v", l.denied))
	}
	return notes
}

// The clocks of CPU time: of the calling thread, and of this process.
const (
	threadClock  = unix.CLOCK_THREAD_CPUTIME_ID
	processClock = unix.CLOCK_PROCESS_CPUTIME_ID
)

// cpuTime returns the CPU time by one of these clocks.
func cpuTime(which uintptr) time.Duration {
	var ts unix.Timespec
	// Raw, like the reading of files. It cannot fail: every kernel has these clocks.
	_, _, _ = unix.RawSyscall(unix.SYS_CLOCK_GETTIME, which, uintptr(unsafe.Pointer(&ts)), 0)
	return time.Duration(ts.Nano())
}
