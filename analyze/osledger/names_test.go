package osledger

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/threads"
)

// A shell starts a filter and two copies of a compressor, of which one has two threads more and the other one with a
// name of its own; another program of the machine is none of the run's.
func TestNames(t *testing.T) {
	th := func(process int, pid, tid int32, name string) threads.Thread {
		return threads.Thread{Process: process, PID: pid, TID: tid, Name: name}
	}
	all := &threads.Threads{Threads: []threads.Thread{
		th(0, 10, 10, "sh"), th(1, 11, 11, "head"), th(2, 12, 12, "xz"), th(2, 12, 13, "xz"), th(3, 14, 14, "xz"),
		th(2, 12, 15, "xz"), th(3, 14, 16, "reader"), th(4, 20, 20, "head"),
	}}
	c := &Choice{Own: []bool{true, true, true, true, true, true, true, false}}
	want := map[int]string{
		0: "sh", 1: "head", 2: "xz 12", 3: "xz 12, thread 2", 4: "xz 14", 5: "xz 12, thread 3", 6: "xz 14, reader (thread 2)",
	}
	if diff := cmp.Diff(want, c.names(all)); diff != "" {
		t.Error(diff)
	}
}
