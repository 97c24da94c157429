package simulate

import (
	"testing"
	"time"

	"github.com/corecurve/corecurve/analyze/program"
)

// Goroutines are looked at every 10 ms, from 1.25 on. A turn that begins at 0 is seen then and ends at 11.25; one that
// begins at 9 is seen at 11.25.
func TestTurn(t *testing.T) {
	m := &machine{cfg: Config{Costs: Costs{Quantum: 10 * ms}}}
	turns := map[time.Duration]time.Duration{0: 11250, 9 * ms: 21250, 11 * ms: 21250, 25 * ms: 41250}
	for begun, want := range turns {
		m.now = int64(begun)
		if got := time.Duration(m.turn()); got != want*time.Microsecond {
			t.Errorf("a turn from %v on ends at %v, want %v", begun, got, want)
		}
	}
}

// Two goroutines that hand a value to and fro for 60 ms have one turn, which ends after 11.25: then a third one runs
// for 1, and is away for 100.
func TestTurnGoesOn(t *testing.T) {
	p := &made{}
	main := p.goroutine(none)
	there, back := p.object(0), p.object(0)
	third, other := p.goroutine(main), p.goroutine(main)
	p.run(third, ms)
	p.do(third, program.Outside, 0, int64(100*ms))
	for range 43 {
		p.run(main, 700*time.Microsecond)
		p.do(main, program.Send, there, 0)
		p.do(other, program.Recv, there, 0)
		p.run(other, 700*time.Microsecond)
		p.do(other, program.Send, back, 0)
		p.do(main, program.Recv, back, 0)
	}
	got := New(&p.Program).Run(Config{Ps: 1, Costs: Costs{Quantum: 10 * ms}})
	if got.Time != 112_250*time.Microsecond || got.Forced > 0 {
		t.Errorf("%+v, want 112.25ms", got)
	}
}
