package threads

import (
	"testing"

	"github.com/corecurve/corecurve/trace/clock"
	"github.com/corecurve/corecurve/trace/osched"
)

// BenchmarkBuilder is the cost of a record, of threads that take turns on two cores.
func BenchmarkBuilder(b *testing.B) {
	th := Builder{}
	r := osched.Record{Kind: osched.In, PID: 1}
	i := 0
	for b.Loop() {
		r.TID, r.CPU = int32(i/2%8)+1, int32(i/2%2)
		r.Kind = osched.In
		if i%2 == 1 {
			r.Kind = osched.Out
		}
		r.Time += 700
		th.Add(&r)
		i++
	}
}

// BenchmarkOnCPU is the cost of cutting one segment to the part that had a core, among a million slices.
func BenchmarkOnCPU(b *testing.B) {
	var th Builder
	for i := range int64(1_000_000) {
		th.Add(&osched.Record{Time: clock.Time(10 * i), Kind: osched.In, CPU: 0, PID: 1, TID: 1})
		th.Add(&osched.Record{Time: clock.Time(10*i + 7), Kind: osched.Preempt, CPU: 0, PID: 1, TID: 1})
	}
	t := th.Finish()
	at := clock.Time(0)
	for b.Loop() {
		at = (at + 7_654_321) % 10_000_000
		t.OnCPU(1, at, at+100)
	}
}
