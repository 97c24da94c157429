package capture

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/host"
)

// confined runs start, which forks, with cpus as the affinity mask of the calling thread (nil: unchanged). It must run
// on the forker.
func confined(cpus []int, start func() error) (err error) {
	if cpus == nil {
		return start()
	}
	restore, err := host.Confine(cpus)
	if err != nil {
		return err
	}
	return errors.Join(start(), restore())
}

// ownGroup makes cmd start its process in its own process group.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// outliveTool lets the process that cmd starts live on for a moment when the tool is killed: it cleans up and then
// exits.
func outliveTool(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = 0 }

// commandsSupported says that commands can be supervised here.
const commandsSupported = true

// ownCPU returns the CPU time that the tool itself has used.
func ownCPU() time.Duration {
	var ru unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &ru); err != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// processCPU returns the CPU time that process pid and its threads have used so far; 0 if it is gone. Any process has
// such a clock for others to read (clock_getcpuclockid(3)), to the nanosecond.
func processCPU(pid int) time.Duration {
	const sched = 2 // CPUCLOCK_SCHED of the kernel's include/linux/posix-timers.h
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|sched), &ts); err != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

// endGroup kills what is left of the process group of a run.
func endGroup(pid int) { _ = unix.Kill(-pid, unix.SIGKILL) }

// usage sets r to what a finished process and its children used.
func usage(state *os.ProcessState, r *resources) {
	ru, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return
	}
	r.user, r.sys = time.Duration(ru.Utime.Nano()), time.Duration(ru.Stime.Nano())
	r.voluntary, r.involuntary = ru.Nvcsw, ru.Nivcsw
}

// exitOf returns how a process ended.
func exitOf(state *os.ProcessState) (code int, signal string) {
	ws, ok := state.Sys().(syscall.WaitStatus)
	if ok && ws.Signaled() {
		return state.ExitCode(), unix.SignalName(ws.Signal())
	}
	return state.ExitCode(), ""
}
