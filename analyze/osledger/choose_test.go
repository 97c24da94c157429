package osledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/threads"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// A tree is a process tree: what each thread ran, and what it was blocked by, in milliseconds.
type tree struct{ t threads.Threads }

func (x *tree) process(parent int) int {
	n := len(x.t.Processes)
	x.t.Processes = append(x.t.Processes, threads.Process{PID: int32(n + 1), Parent: parent})
	return n
}

func (x *tree) thread(process int, on int64, waits ...threads.Wait) {
	th := threads.Thread{Process: process, OnCPU: time.Duration(on) * time.Millisecond, Waits: waits}
	for _, w := range waits {
		th.Blocked += w.Time
	}
	x.t.Processes[process].OnCPU += th.OnCPU
	x.t.Threads = append(x.t.Threads, th)
}

func waits(r osched.Reason, on string, ms int64) threads.Wait {
	return threads.Wait{Reason: r, On: on, Time: time.Duration(ms) * time.Millisecond}
}

// The first thread runs alone from 0 to 40, as long as each of the two that it starts then, and 10 beside them. It is
// no worker.
func TestSerialPartIsNoWork(t *testing.T) {
	sw := func(at int64, k osched.Kind, cpu, tid int32) osched.Record {
		return osched.Record{Time: clock.Time(at), Kind: k, CPU: cpu, PID: 1, TID: tid, Parent: 1, Creator: 1}
	}
	records := []osched.Record{
		{Time: 0, Kind: osched.Exec, CPU: 0, PID: 1, TID: 1, Name: "x"},
		sw(40, osched.Fork, 0, 2), sw(40, osched.Fork, 0, 3), sw(40, osched.In, 1, 2), sw(40, osched.In, 2, 3),
		sw(50, osched.Out, 0, 1), sw(80, osched.Exit, 1, 2), sw(80, osched.Exit, 2, 3), sw(80, osched.In, 0, 1),
		sw(90, osched.Exit, 0, 1),
		{Time: 90, Kind: osched.End, CPU: osched.NoCPU},
	}
	var b threads.Builder
	for i := range records {
		b.Add(&records[i])
	}
	if d := cmp.Diff([]int{1, 2}, Choose(b.Finish(), []int32{1}, 2).Workers); d != "" {
		t.Error(d)
	}
}

// Two workers of a run of a second. Whoever only waits for others is none, whatever it waits with; threads that hardly
// run are, if all that they do is to wait for themselves.
func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(*tree)
		want []int // threads; nil if they cannot be told apart
	}{
		{"a parent that reads what its children send", func(x *tree) {
			parent := x.process(-1)
			x.thread(parent, 60, waits(osched.Reading, "pipe", 900))
			x.thread(parent, 5, waits(osched.Futex, "", 900)) // its helper
			x.thread(x.process(parent), 800)
			x.thread(x.process(parent), 750)
		}, []int{2, 3}},
		{"over a pair of sockets", func(x *tree) {
			parent := x.process(-1)
			x.thread(parent, 60, waits(osched.Reading, "socket", 900))
			x.thread(x.process(parent), 800)
			x.thread(x.process(parent), 90) // much less to do, but not nothing
		}, []int{1, 2}},
		{"of which nothing was sampled", func(x *tree) {
			parent := x.process(-1)
			x.thread(parent, 60)
			x.thread(x.process(parent), 800)
			x.thread(x.process(parent), 800)
		}, []int{1, 2}},
		{"children that wait for servers", func(x *tree) {
			parent := x.process(-1)
			x.thread(parent, 4, waits(osched.Reading, "socket", 990))
			x.thread(x.process(parent), 10, waits(osched.Reading, "socket", 900))
			x.thread(x.process(parent), 10, waits(osched.Reading, "socket", 900))
		}, []int{1, 2}},
		{"a shell that waits, and a child that waits for its own", func(x *tree) {
			shell := x.process(-1)
			x.thread(shell, 1, waits(osched.Child, "", 990))
			xargs := x.process(shell)
			x.thread(xargs, 1, waits(osched.Child, "", 980))
			x.thread(x.process(xargs), 900)
			x.thread(x.process(xargs), 900)
		}, []int{2, 3}},
		{"threads that wait for a server, and the one that started an interpreter", func(x *tree) {
			p := x.process(-1)
			x.thread(p, 60, waits(osched.Futex, "", 900))
			x.thread(p, 10, waits(osched.Reading, "socket", 900))
			x.thread(p, 10, waits(osched.Reading, "socket", 900))
			x.thread(x.process(p), 2, waits(osched.Reading, "pipe", 900)) // tidies up when the others have gone
		}, []int{1, 2}},
		{"threads that sleep", func(x *tree) {
			p := x.process(-1)
			x.thread(p, 20, waits(osched.Futex, "", 900))
			x.thread(p, 1, waits(osched.Sleeping, "", 900))
			x.thread(p, 1, waits(osched.Sleeping, "", 900))
		}, []int{1, 2}},
		{"two ends of a pipe", func(x *tree) {
			p := x.process(-1)
			x.thread(p, 1, waits(osched.Futex, "", 990))
			x.thread(p, 400, waits(osched.Reading, "pipe", 590))
			x.thread(p, 400, waits(osched.Reading, "pipe", 590))
		}, []int{1, 2}},
		{"many short jobs", func(x *tree) {
			parent := x.process(-1)
			x.thread(parent, 5, waits(osched.Child, "", 990))
			for range 8 {
				x.thread(x.process(parent), 200)
			}
		}, nil},
	} {
		var x tree
		tt.make(&x)
		c := Choose(&x.t, []int32{1}, 2)
		if d := cmp.Diff(tt.want, c.Workers); d != "" || (tt.want == nil) != (c.Why.Kind != "") {
			t.Errorf("%s: %v, %q: %s", tt.name, c.Workers, c.Why.Kind, d)
		}
	}
}
