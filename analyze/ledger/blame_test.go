package ledger

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Goroutine 2 waits from 0 to 160 for goroutine 3, which main makes at 100 only: until then main is to blame for the
// wait, on its way to making it. From 100 to 120 no P has 3, which is ready; one P is idle for another reason than the
// wait then.
func TestBlameOfCreator(t *testing.T) {
	s := &script{}
	s.procs(0, 2)
	s.run(0, 1, 0, unknown)
	s.run(0, 2, 1, unknown)
	s.block(0, 2, gotrace.SyncWait, "sync.(*Mutex).Lock", "main.get")
	s.create(100, 1, 3, "main.late")
	s.run(120, 3, 1, runnable)
	s.block(120, 1, gotrace.SyncWait, "sync.(*WaitGroup).Wait", "main.main")
	s.wake(160, 3, 2, "main.put")
	s.run(160, 2, 0, runnable)
	s.block(200, 2, gotrace.Forever, "main.get")
	s.block(200, 3, gotrace.Forever, "main.put")
	var got []line
	for _, l := range lines(s.finish(t, &Builder{To: 200_000})) {
		if l.Cause == cause.Mutex {
			got = append(got, l)
		}
	}
	want := []line{
		{cause.Mutex, "sync.(*Mutex).Lock", "main.spawn", 100},
		{cause.Mutex, "sync.(*Mutex).Lock", "main.put", 40},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
