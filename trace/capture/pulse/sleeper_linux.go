package pulse

import (
	"bytes"
	"errors"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A sleeper is a thread of this process that nobody wakes: it takes no signal, and what it waits for comes with the
// end. A signal that stops the process, like the freezer of a cgroup, wakes each of its threads, which then stops by
// itself. So where this one has used no CPU time, to the nanosecond, the process has not stood still for either.
type sleeper struct {
	tid  int
	stat int           // file descriptor of its /proc/self/task/TID/stat; -1: it cannot be read
	wake int           // file descriptor; what is closed with it ends the thread
	ran  time.Duration // CPU time when it was last looked at
}

// fallAsleep starts the thread. done is called when it has ended.
func fallAsleep(done func()) *sleeper {
	s := &sleeper{stat: -1, wake: -1}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		done()
		return s
	}
	s.wake = pipe[1]
	tid := make(chan int)
	go func() {
		defer done()
		defer func() { _ = unix.Close(pipe[0]) }()
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var all, before unix.Sigset_t
		for i := range all.Val {
			all.Val[i] = ^all.Val[i]
		}
		if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &before); err != nil {
			tid <- 0
			return
		}
		defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil) }() // it was possible before
		tid <- unix.Gettid()
		for {
			if _, err := unix.Read(pipe[0], make([]byte, 1)); !errors.Is(err, unix.EINTR) {
				return
			}
		}
	}()
	if s.tid = <-tid; s.tid != 0 {
		path := tasks + "/" + strconv.Itoa(s.tid) + "/stat"
		if fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
			s.stat = fd
		}
	}
	return s
}

// slept reports whether the thread has slept all the time since the last call; false: perhaps not. A thread that was
// woken and waits for a core has used none yet, so its state is looked at first.
func (s *sleeper) slept() bool {
	if s.stat < 0 {
		return false
	}
	var buf [256]byte // more than comes before the state
	if n, err := unix.Pread(s.stat, buf[:], 0); err != nil || stateIn(buf[:n]) != 'S' {
		return false
	}
	const ofThread, sched = 4, 2 // CPUCLOCK_PERTHREAD_MASK, CPUCLOCK_SCHED of the kernel's include/linux/posix-timers.h
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^s.tid<<3|ofThread|sched), &ts); err != nil {
		return false
	}
	was := s.ran
	s.ran = time.Duration(ts.Nano())
	return was > 0 && s.ran == was // a clock that has not seen it begin is too coarse
}

// end wakes the thread for the last time.
func (s *sleeper) end() {
	for _, fd := range []int{s.wake, s.stat} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
	s.stat, s.wake = -1, -1
}

// stateIn returns the state in /proc/PID/stat; 0: there is none. It follows the name, which is in brackets and may hold
// brackets.
func stateIn(stat []byte) byte {
	if at := bytes.LastIndexByte(stat, ')') + 2; at < len(stat) {
		return stat[at]
	}
	return 0
}
