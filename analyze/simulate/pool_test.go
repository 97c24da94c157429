package simulate

import (
	"testing"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// Nine items of 1 ms, which one of three workers took in the recording: the second waits for its first one in the end,
// at the place where the first one waited, and the third never ran. A goroutine that waits elsewhere is no worker. On
// three Ps they take 3 ms.
func TestIdleWorkers(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	items := p.object(9)
	busy, waits, unseen, other := p.goroutine(main), p.goroutine(main), p.goroutine(main), p.goroutine(main)
	for _, g := range []int32{busy, waits, unseen, other} {
		p.Goroutines[g].Over = false
	}
	for range 9 {
		p.do(main, program.Send, items, 0)
		p.do(busy, program.Recv, items, 0)
		p.run(busy, ms)
	}
	p.Pauses = append(p.Pauses, program.Pause{G: busy, By: main, Cause: cause.ChanRecv, Stack: 7})
	for i, g := range []int32{busy, waits, other} {
		p.open(g)
		p.Pauses[len(p.Pauses)-1].Stack = gotrace.StackID(7 + i/2)
	}
	x := New(&p.Program)
	for _, g := range []int32{busy, waits, unseen} {
		if !x.Pooled(g) || x.Pooled(other) {
			t.Errorf("goroutine %d: %t, and the other %t", g, x.Pooled(g), x.Pooled(other))
		}
	}
	if got := x.Run(Config{Ps: 3}); got.Time != 3*ms || got.Forced > 0 {
		t.Errorf("%+v, want 3ms", got)
	}
}
