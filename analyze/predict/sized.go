package predict

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// leastSized is the share of the work that goroutines do, at least, of which a program started as many as there were
// Ps, for that to be worth a warning.
const leastSized = 0.8

// sized returns the warning that a program started as many goroutines at one place as there were Ps, for most of the
// work, by one goroutine, and more cores are asked for than that; nil: it did not. A program that starts as many as
// there are cores looks like that. Workers that the marks of a workload tell are none of them: how many of those there
// are is known.
func sized(p *program.Program, r Request) *warning.Warning {
	if len(r.Cores) == 0 || p.Ps == 0 || slices.Max(r.Cores) <= p.Ps {
		return nil
	}
	marked := make(map[int32]bool)
	for _, c := range p.Crews {
		for _, w := range c.Workers {
			marked[w] = !c.Guessed
		}
	}
	type family struct {
		creator int32
		site    gotrace.StackID
	}
	took, most := make(map[family]int64), int64(0)
	for _, kin := range p.Kin() {
		if len(kin) != p.Ps || slices.ContainsFunc(kin, func(g int32) bool { return marked[g] }) {
			continue
		}
		of := family{p.Goroutines[kin[0]].Creator, p.Goroutines[kin[0]].Site}
		for _, g := range kin {
			took[of] += p.Goroutines[g].Ran()
		}
		most = max(most, took[of])
	}
	share := float64(most) / float64(p.Work())
	if share <= leastSized {
		return nil
	}
	w := warning.OfProcess(warning.PredictSized, p.Rank)
	w.Figures = warning.Figures{Count: p.Ps, Ratio: share}
	return &w
}
