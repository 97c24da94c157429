//go:build !linux

package capture

import (
	"os"
	"os/exec"
	"time"
)

// Outside Linux there is no core limit, no parent-death signal and no subreaper: the lifeline alone ends processes.

func confined(_ []int, start func() error) error { return start() }

func ownGroup(*exec.Cmd) {}

func outliveTool(*exec.Cmd) {}

const commandsSupported = false

func ownCPU() time.Duration { return 0 }

func processCPU(int) time.Duration { return 0 }

func endGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

func usage(state *os.ProcessState, r *resources) {
	r.user, r.sys = state.UserTime(), state.SystemTime()
}

func exitOf(state *os.ProcessState) (code int, signal string) { return state.ExitCode(), "" }
