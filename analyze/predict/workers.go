package predict

import (
	"slices"

	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/simulate"
	"github.com/corecurve/corecurve/analyze/warning"
)

// ofWorkers returns what a reader must know of the workers of a prediction.
func ofWorkers(p *program.Program, model *simulate.Model, r Request) []warning.Warning {
	var out []warning.Warning
	add := func(k warning.Kind, f warning.Figures) {
		w := warning.OfProcess(k, p.Rank)
		w.Figures = f
		out = append(out, w)
	}
	shared := 0
	for _, c := range p.Crews {
		if c.Guessed {
			shared += len(c.Workers)
		}
	}
	if shared > 0 {
		add(warning.PredictShared, warning.Figures{Count: shared})
	}
	if len(r.Cores) == 0 {
		return out
	}
	cores := slices.Max(r.Cores)
	workers := model.Workers()
	more := r.WorkersAsCores || r.Workers > workers
	switch {
	case workers == 0:
		if r.WorkersAsCores {
			add(warning.PredictNoPool, warning.Figures{})
		}
		return out
	case !r.WorkersAsCores && max(workers, r.Workers) < cores:
		add(warning.PredictWorkers, warning.Figures{Count: max(workers, r.Workers), Of: cores})
	}
	switch {
	case !more || workers > 1 || cores == 1:
	case p.Synced:
		add(warning.PredictMemory, warning.Figures{})
	case r.Unseen == nil:
		add(warning.PredictUnseen, warning.Figures{})
	}
	return out
}
