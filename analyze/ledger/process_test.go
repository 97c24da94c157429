package ledger

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A run of 10 s on two cores, whose work is from 1 s to 9 s: 16 core-seconds. Two Ps of the traced process were busy
// for one second, three quarters of it its own code, and idle for 15.
func TestUntraced(t *testing.T) {
	parent := map[cause.Cause]int64{cause.User: 3, cause.GCDedicated: 1, cause.BlockSyscall: 12}
	process := func(role sweep.Role, rank int, own, children float64) sweep.Process {
		p := sweep.Process{Role: role, Rank: rank, User: sweep.Seconds((own + children) * second)}
		if children > 0 {
			p.Own, p.Children = sweep.Seconds(own*second), sweep.Seconds(children*second)
		}
		return p
	}
	worker := func(rank int, own, children float64) sweep.Process { return process(sweep.Worker, rank, own, children) }
	outside := func(m map[cause.Cause]int64) map[cause.Cause]int64 {
		m[cause.Startup], m[cause.Teardown] = 2, 2
		return m
	}
	for _, tt := range []struct {
		name      string
		processes []sweep.Process
		procs     []*Ledger
		on        *OnCores
		want      map[cause.Cause]int64
	}{
		{
			// The programs that it started had 8 s. Its own 4 stay as they are; it waits in the other 4.
			name: "a parent that waits", processes: []sweep.Process{worker(0, 4, 8)},
			procs: []*Ledger{ofPs(0, parent)},
			want:  map[cause.Cause]int64{cause.User: 3, cause.GCDedicated: 1, cause.BlockSyscall: 4, cause.Untraced: 8},
		},
		{
			// By the records they had 6, and for 2 s none of them had a core though it was ready.
			name: "the same with records", processes: []sweep.Process{worker(0, 4, 8)},
			procs: []*Ledger{ofPs(0, parent)},
			on: &OnCores{
				Busy: 10 * second, Preempted: 2 * second, Idle: 4 * second,
				Untraced: []Stack{{Time: 6 * second}},
			},
			want: map[cause.Cause]int64{
				cause.User: 3, cause.GCDedicated: 1, cause.BlockSyscall: 4, cause.Preempted: 2, cause.Untraced: 6,
			},
		},
		{
			// Process 1 left no trace: it had 5 s, and what the cores did not do else nobody knows.
			name: "copies of which one has a trace", processes: []sweep.Process{worker(0, 4, 0), worker(1, 5, 0)},
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 4, cause.Mutex: 4})},
			want:  map[cause.Cause]int64{cause.User: 4, cause.Mutex: 4, cause.Untraced: 5, cause.Unknown: 3},
		},
		{
			name: "the same with records", processes: []sweep.Process{worker(0, 4, 0), worker(1, 5, 0)},
			procs: []*Ledger{ofPs(0, map[cause.Cause]int64{cause.User: 4, cause.Mutex: 4})},
			on:    &OnCores{Busy: 9 * second, Idle: 7 * second, Untraced: []Stack{{Time: 5 * second}}},
			want:  map[cause.Cause]int64{cause.User: 4, cause.Mutex: 4, cause.Untraced: 5, cause.Unknown: 3},
		},
		{
			// A script did next to nothing; a program that it started wrote the trace, and another one had 6 s.
			name: "a script", processes: []sweep.Process{worker(0, 0.001, 10)},
			procs: []*Ledger{ofPs(0, parent)},
			want: map[cause.Cause]int64{
				cause.User: 3, cause.GCDedicated: 1, cause.BlockSyscall: 5, cause.Untraced: 6,
			},
		},
		{
			// Threads without a P had 6 s in process 0: they are none of the garbage collection of process 1.
			name: "each process by itself", processes: []sweep.Process{worker(0, 8, 0), worker(1, 4, 0)},
			procs: []*Ledger{
				ofPs(0, map[cause.Cause]int64{cause.User: 2, cause.Net: 6}),
				ofPs(1, map[cause.Cause]int64{cause.GCDedicated: 4, cause.Net: 4}),
			},
			want: map[cause.Cause]int64{cause.User: 8, cause.GCDedicated: 4, cause.Net: 4},
		},
		{
			name: "the same with records", processes: []sweep.Process{worker(0, 8, 0), worker(1, 4, 0)},
			procs: []*Ledger{
				ofPs(0, map[cause.Cause]int64{cause.User: 2, cause.Net: 6}),
				ofPs(1, map[cause.Cause]int64{cause.GCDedicated: 4, cause.Net: 4}),
			},
			on: &OnCores{
				Busy: 12 * second, Idle: 3 * second, Preempted: second,
				Each: []CoreTime{8 * second, 4 * second},
			},
			want: map[cause.Cause]int64{cause.User: 8, cause.GCDedicated: 4, cause.Net: 3, cause.Preempted: 1},
		},
		{
			// The processes of a coordinator have traces, and a service is no part of the run.
			name: "a coordinator and a service", processes: []sweep.Process{
				process(sweep.Coordinator, -1, 1, 7), worker(0, 7, 0), process(sweep.Service, -1, 9, 0),
			},
			procs: []*Ledger{
				ofPs(-1, map[cause.Cause]int64{cause.Dispatch: 1, cause.ChanRecv: 15}),
				ofPs(0, map[cause.Cause]int64{cause.User: 7, cause.Net: 9}),
			},
			want: map[cause.Cause]int64{cause.User: 7, cause.Net: 8, cause.Dispatch: 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := result(2, 0)
			res.Processes = tt.processes
			l := OfRun(res, tt.procs, tt.on)
			if err := Validate(l); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(outside(tt.want), seconds(l)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever processes and records tell, the rows add up to cores × total, and none is negative.
func TestUntracedAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	upTo := func(n int64) CoreTime { return CoreTime(rng.Int64N(n * second)) }
	for range 2000 {
		res := result(1+rng.IntN(4), 0)
		res.Processes = nil
		var procs []*Ledger
		for rank := range 1 + rng.IntN(3) {
			p := sweep.Process{Role: sweep.Worker, Rank: rank, User: sweep.Seconds(upTo(20)), Children: sweep.Seconds(upTo(20))}
			p.Own = sweep.Seconds(upTo(20))
			res.Processes = append(res.Processes, p)
			if rng.IntN(3) > 0 {
				l := ofPs(rank, map[cause.Cause]int64{
					cause.User: rng.Int64N(9), cause.Mutex: rng.Int64N(9), cause.Preempted: rng.Int64N(3),
				})
				procs = append(procs, l)
			}
		}
		var on *OnCores
		if rng.IntN(2) > 0 {
			on = &OnCores{Busy: upTo(30), Preempted: upTo(9), Idle: upTo(30)}
			for range rng.IntN(4) {
				on.Each = append(on.Each, upTo(9))
			}
			for range rng.IntN(3) {
				on.Untraced = append(on.Untraced, Stack{Time: upTo(20)})
			}
		}
		l := OfRun(res, procs, on)
		if err := Validate(l); err != nil {
			t.Fatalf("%v\n%+v\n%+v", err, res.Processes, on)
		}
		if want := CoreTime(res.Point.Cores) * CoreTime(10*time.Second); l.Total != want {
			t.Fatalf("total %d, want %d", l.Total, want)
		}
	}
}
