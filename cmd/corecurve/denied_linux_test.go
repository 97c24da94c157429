package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/corecurve/corecurve/trace/osched/oschedtest/refuse"
)

// denied COMMAND ARGS…: the command, for which, and for whose children, the kernel refuses perf events, as a
// container's filter does.
func denied() {
	fmt.Fprintln(os.Stderr, execDenied(os.Args[1:]))
	os.Exit(1)
}

func execDenied(argv []string) error {
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	if err := refuse.PerfEvents(); err != nil {
		return err
	}
	return syscall.Exec(path, argv, os.Environ())
}
