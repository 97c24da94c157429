//go:build !linux

package proc

import "os/exec"

// dieWithParent does nothing: only Linux has a parent-death signal. The lifeline remains.
func dieWithParent(*exec.Cmd) {}

// onMainThread reports nothing: without a parent-death signal it does not matter which thread starts processes.
func onMainThread() bool { return false }
