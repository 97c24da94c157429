package proc

import (
	"os/exec"
	"syscall"
)

func dieWithParent(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// onMainThread reports whether the caller runs on the first thread of the process.
func onMainThread() bool { return syscall.Gettid() == syscall.Getpid() }
