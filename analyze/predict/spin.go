package predict

import (
	"time"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
)

const (
	// briefTurn is how long a goroutine that waits by spinning runs for at most before it yields again: it looks whether
	// what it waits for has come, and computes nothing.
	briefTurn = 20 * time.Microsecond
	// leastTurns is how many such turns there are in a row, at least.
	leastTurns = 3
)

// spins returns the warning that goroutines wait by spinning, yielding again and again until something is so, and for
// much of the work; nil: they do not. No operation tells for what, and how long they spin depends on who runs
// meanwhile.
func spins(p *program.Program) *warning.Warning {
	turns, took := 0, int64(0)
	for i := range p.Goroutines {
		n, t := p.Goroutines[i].Turns(briefTurn, leastTurns)
		turns, took = turns+n, took+t
	}
	yields := time.Duration(turns) * p.Latency.Switch
	spun, all := time.Duration(took)+yields, p.Work()+yields
	if turns == 0 || float64(spun) <= leastShare*float64(all) {
		return nil
	}
	w := warning.OfProcess(warning.PredictSpins, p.Rank)
	w.Figures = warning.Figures{Count: turns, Ratio: float64(spun) / float64(all)}
	return &w
}
