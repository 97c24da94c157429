package prediction

import (
	"math"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
)

// leastGain is the gain, or loss, below which a change is only counted.
const leastGain = 0.005

// changed is what single changes give, those that gain most first on each number of cores.
func (p *Prediction) changed(all []predict.Change) page.Block {
	var items []string
	little := 0
	for i := range all {
		if x := &all[i]; math.Abs(x.Gain) < leastGain {
			little++
		} else {
			items = append(items, words.Changed(x, p.at(x.Stack)))
		}
	}
	if little > 0 {
		items = append(items, words.LittleGain(little, leastGain))
	}
	return page.Listed("What single changes would give:", items)
}

// A ChangeDoc is what a single change gives.
type ChangeDoc struct {
	Kind          string         `json:"kind"` // without_lock, faster_function, without_collector or more_workers
	Cores         int            `json:"cores"`
	Speedup       schema.Number  `json:"speedup"`
	SpeedupReason string         `json:"speedup_reason,omitempty"`
	Gain          schema.Number  `json:"gain"` // over the speedup without it, as a share
	Lock          []schema.Frame `json:"lock,omitempty"`
	Func          string         `json:"func,omitempty"`
	Workers       int            `json:"workers,omitempty"`
}

func (p *Prediction) changeDocs(all []predict.Change) []ChangeDoc {
	out := []ChangeDoc{}
	for _, x := range all {
		d := ChangeDoc{Cores: x.Cores, Func: x.Func, Workers: x.Workers}
		d.Speedup, d.SpeedupReason = schema.NumberOf(x.Speedup, "the replay comes to a stop")
		d.Gain, _ = schema.NumberOf(x.Gain, "")
		switch x.Kind {
		case predict.WithoutLock:
			d.Kind, d.Lock = "without_lock", schema.Frames(p.Curve.Symbols.Stack(x.Stack))
		case predict.FasterFunction:
			d.Kind = "faster_function"
		case predict.WithoutCollector:
			d.Kind = "without_collector"
		case predict.MoreWorkers:
			d.Kind = "more_workers"
		}
		out = append(out, d)
	}
	return out
}
