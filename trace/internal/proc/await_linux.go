package proc

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Codes of a child's state in sigaction(2).
const (
	isStopped   = 5 // CLD_STOPPED
	isContinued = 6 // CLD_CONTINUED
)

// AwaitEnd returns when process pid, a child, has ended. It stays to be reaped. Whenever a signal has stopped it, or it
// has gone on, changed is called, with the signal or 0.
func AwaitEnd(pid int, changed func(by syscall.Signal)) {
	for {
		var info unix.Siginfo
		any := unix.WEXITED | unix.WSTOPPED | unix.WCONTINUED | unix.WNOWAIT
		switch err := unix.Waitid(unix.P_PID, pid, &info, any, nil); {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || info.Code != isStopped && info.Code != isContinued:
			return // an error here is one of the wait that reaps it as well
		}
		changed(stopSignal(&info))
		_ = unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG, nil) // not to be told again
	}
}

// stopSignal returns the signal that has stopped a child; 0: it has gone on. It is si_status of siginfo_t, behind three
// numbers, the id of the process and its user's, all of 32 bits; on machines of 64 bits there is a gap.
func stopSignal(info *unix.Siginfo) syscall.Signal {
	if info.Code != isStopped {
		return 0
	}
	at := uintptr(20)
	if unsafe.Sizeof(at) == 8 {
		at = 24
	}
	return syscall.Signal(*(*int32)(unsafe.Add(unsafe.Pointer(info), at)))
}

// WasStopped reports whether a signal has stopped process pid, a child that is alive and that nobody waits for, be it
// that it has gone on since.
func WasStopped(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WCONTINUED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && (info.Code == isStopped || info.Code == isContinued)
}
