package ledger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// One worker on thread 0 of a program with two Ps is in system calls from 20 to 60, with its P held, and from 70 to
// 110, where its P is retaken at 80. The OS says of thread 0 (on a core +, ready r, blocked b):
//
//	0–20 +  20–30 +  30–45 r  45–60 b  60–70 +  70–90 +  90–100 r  100–110 b  110–120 +
//
// P held: 10 of the call are on a core, 15 wait for one, 15 for the call. P lost, 80 to 110: 10 on a core, 10 waiting
// for one, 10 for the call. So the worker has user 40, syscall 10 + 10 + 10, preempted 15 + 10, blocked 15 + 10. While
// the P is lost one idle P is charged to the wait, in the same three parts.
func TestReadyInsideSyscall(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, gotrace.Runnable)
	s.region(0, 1, "worker 0", gotrace.RegionBegin)
	s.syscall(20, 1, "main.read")
	s.add(back(60, 0, gotrace.Running))
	s.syscall(70, 1, "main.read")
	s.retake(80, 0)
	s.add(back(110, none, gotrace.Runnable))
	s.run(110, 1, 0, gotrace.Runnable)
	s.end(120, 1)
	b := &Builder{OnCPU: func(thread int64, from, to clock.Time) (on, ready time.Duration) {
		if thread != 0 {
			t.Errorf("asked for thread %d", thread)
		}
		overlap := func(a, z clock.Time) time.Duration {
			return max(min(to, z*1000).Sub(max(from, a*1000)), 0)
		}
		return overlap(0, 30) + overlap(60, 90) + overlap(110, 120), overlap(30, 45) + overlap(90, 100)
	}}
	l := s.finish(t, b)
	us := time.Microsecond
	want := map[cause.Cause]time.Duration{
		cause.User: 40 * us, cause.Syscall: 30 * us, cause.Preempted: 25 * us, cause.BlockSyscall: 25 * us,
	}
	if len(l.Workers) != 1 {
		t.Fatalf("%d workers", len(l.Workers))
	}
	if d := cmp.Diff(want, l.Workers[0].ByCause); d != "" {
		t.Error(d)
	}
	for c, d := range want {
		if got := l.Of(c); time.Duration(got) != d {
			t.Errorf("Ps: %s: %v, want %v", c, time.Duration(got), d)
		}
	}
}

// back ends the system call of goroutine 1.
func back(t, p int64, to gotrace.State) gotrace.Event {
	return gotrace.Event{
		Kind: gotrace.GoTransition, Time: clock.Time(t), G: none, P: p, M: 0, Subject: 1, From: gotrace.Syscall, To: to,
	}
}
