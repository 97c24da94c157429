package main

import (
	"os"
	"runtime/pprof"
	"testing"
)

func TestZZProf(t *testing.T) {
	if os.Getenv("PROF") == "" {
		t.Skip()
	}
	f, _ := os.Create(os.Getenv("PROF"))
	pprof.StartCPUProfile(f)
	run([]string{"report", os.Getenv("DIR")}, os.Stdin, os.Stdout, os.Stderr)
	pprof.StopCPUProfile()
}
