package predict

import (
	"math"
	"slices"
	"time"

	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
)

// reasons returns what keeps the predictions from being known: of the reasons for which the bounds of the path are not,
// those that a replay does not remove. It runs the collector and switches goroutines itself; and with the operations on
// locks and channels it knows who may take whose turn, as with the marks of workers that share out tasks.
//
// System calls of which it is not known whether they wait or compute matter as far as they do beside the longest
// chain, which no number of cores makes shorter.
func reasons(p *program.Program, model *simulate.Model, path *critical.Path, span time.Duration) *why {
	y := &why{rank: p.Rank}
	for i := range path.Unknown {
		w := &path.Unknown[i]
		switch w.Kind {
		case warning.PathTurns:
			if !p.Synced && y.high == nil {
				y.high = w
			}
		case warning.PathProcesses:
			y.high = w
		case warning.PathLocks, warning.PathChans, warning.PathLoosely:
			if !p.Synced && y.low == nil {
				y.low = w
			}
		case warning.PathCalls:
			if y.low == nil && float64(w.Figures.Time) > leastShare*float64(span) {
				y.low = w
			}
		}
	}
	if y.high == nil {
		y.high = spins(p)
	}
	if y.high == nil {
		y.high = unequal(p, model, path)
	}
	if y.high == nil && model.Crews() {
		y.high = y.low // the bound of the path is that of the recorded workers
	}
	return y
}

const (
	// muchLess is how many times as long as another one of some equal goroutines has run if they share out work in a
	// way that no operation tells, as by an atomic counter.
	muchLess = 100
	// leastShare is the share of the span from which on that matters.
	leastShare = 0.05
)

// unequal returns the warning that equal goroutines, which are no pool, ran for very different times though they ended
// together; nil if none did.
func unequal(p *program.Program, model *simulate.Model, path *critical.Path) *warning.Warning {
	var most int64
	for _, kin := range p.Kin() {
		if slices.ContainsFunc(kin, model.Pooled) {
			continue
		}
		short, long := int64(math.MaxInt64), int64(0)
		for _, g := range kin {
			ran := p.Goroutines[g].Ran()
			short, long = min(short, ran), max(long, ran)
		}
		if long > most && short*muchLess < long && p.Together(kin) {
			most = long
		}
	}
	if float64(most) <= leastShare*float64(path.Span) {
		return nil
	}
	w := warning.OfProcess(warning.PathUnequal, p.Rank)
	w.Figures = warning.Figures{Count: muchLess, Time: time.Duration(most), Against: path.Span}
	return &w
}

const (
	// each is the time on a core for which a CPU profile takes a sample, at the rate of runtime/pprof.
	each = 10 * time.Millisecond
	// disturbance is the share of running time without a core from which on it is worth a warning.
	disturbance = 0.15
)

// disturbed reports whether goroutines had Ps for much longer than, by CPU samples, cores, and returns both times. The
// number of samples scatters by no more than its square root.
func disturbed(s program.Samples) (on, ran time.Duration, busy bool) {
	want := s.Ran.Seconds() / each.Seconds()
	on = time.Duration(s.Count) * each
	return on, s.Ran, want-float64(s.Count) > max(disturbance*want, 3*math.Sqrt(want))
}
