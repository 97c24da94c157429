package threads

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/limits"
	"github.com/corecurve/corecurve/trace/limits/limitstest"
	"github.com/corecurve/corecurve/trace/osched"
)

// forked gives b n threads of process 1, which are ready.
func forked(b *Builder, n int32) {
	for i := range n {
		b.Add(&osched.Record{Time: clock.Time(i + 1), Kind: osched.Fork, PID: 1, TID: 10 + i, CPU: osched.NoCPU})
	}
}

// TestManyLosses: 2000 losses among 2000 threads change the state of each once, not at each loss.
func TestManyLosses(t *testing.T) {
	const n = 2000
	changes := 0
	b := &Builder{Watch: func(Change) { changes++ }}
	forked(b, n)
	for i := range n {
		b.Add(&osched.Record{Time: clock.Time(n + 1 + i), Kind: osched.Lost, CPU: 0, Count: 1})
	}
	got := b.Finish()
	if len(got.Gaps) != 1 || got.Gaps[0].Lost != n || changes > 4*n {
		t.Errorf("%d gaps, and %d changes of state of %d threads", len(got.Gaps), changes, n)
	}
	for i := range got.Threads {
		if th := &got.Threads[i]; th.Ready+th.Unknown != got.End.Sub(th.Start) {
			t.Fatalf("thread %d was ready for %v and unknown for %v of %v", th.TID, th.Ready, th.Unknown, got.End.Sub(th.Start))
		}
	}
}

// TestManyExecs: a program that begins another, 5000 times, does not look at the 5000 threads of others each time.
func TestManyExecs(t *testing.T) {
	const n = 5000
	b := &Builder{}
	forked(b, n)
	limitstest.Allocates(t, 20<<20, func() { // a look at each takes 200 MB
		for i := range n {
			b.Add(&osched.Record{Time: clock.Time(n + 1 + i), Kind: osched.Exec, PID: 7, TID: 7, CPU: osched.NoCPU, Name: "x"})
		}
	})
	b.Add(&osched.Record{Time: 3 * n, Kind: osched.Exec, PID: 1, TID: 10, CPU: osched.NoCPU, Name: "y"})
	ended := 0
	for _, th := range b.Finish().Threads {
		if th.PID == 1 && th.End == 3*n && th.TID != 10 {
			ended++
		}
	}
	if ended != n-1 {
		t.Errorf("%d threads ended, want %d", ended, n-1)
	}
}

// TestManyWaits: locks beyond those that a run may have are told apart by the reason of the wait, which is said; a wait
// that is sampled again costs no look at the others.
func TestManyWaits(t *testing.T) {
	b := &Builder{}
	b.Add(&osched.Record{Time: 1, Kind: osched.In, PID: 1, TID: 10, CPU: 0})
	b.Add(&osched.Record{Time: 2, Kind: osched.Out, PID: 1, TID: 10, CPU: 0})
	for i := range uint64(limits.Waits + 100) {
		b.Add(&osched.Record{Time: clock.Time(3 + i), Kind: osched.Blocked, PID: 1, TID: 10, CPU: osched.NoCPU, Reason: osched.Futex, Object: 1 + i})
	}
	got := b.Finish()
	if n := len(got.Threads[0].Waits); n != limits.Waits+1 {
		t.Errorf("%d waits", n)
	}
	for _, w := range got.Warnings {
		if w.Kind == warning.ThreadsWaits && w.Figures.Count == 100 && w.Figures.Of == limits.Waits {
			return
		}
	}
	t.Errorf("nothing is said: %+v", got.Warnings)
}
