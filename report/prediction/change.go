package prediction

import (
	"math"

	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/gotrace"
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
	Low           schema.Number  `json:"low"`  // with the costs of scheduler and locks, and
	High          schema.Number  `json:"high"` // without, whichever is less and more
	Forced        int            `json:"forced_operations,omitempty"`
	Gain          schema.Number  `json:"gain"` // over the speedup without it, as a share
	Lock          []schema.Frame `json:"lock,omitempty"`
	Func          string         `json:"func,omitempty"`
	Caller        string         `json:"called_by,omitempty"` // func is faster where this one calls it
	Workers       int            `json:"workers,omitempty"`
}

func (p *Prediction) changeDocs(all []predict.Change) []ChangeDoc {
	out := []ChangeDoc{}
	for i := range all {
		out = append(out, ChangeOf(&all[i], p.Curve.Symbols.Stack(all[i].Stack)))
	}
	return out
}

// ChangeOf is x as JSON has it; lock is where its lock was first used.
func ChangeOf(x *predict.Change, lock []gotrace.Frame) ChangeDoc {
	d := ChangeDoc{Cores: x.Cores, Forced: x.Forced, Func: x.Func, Caller: x.Caller, Workers: x.Workers}
	d.Speedup, d.SpeedupReason = schema.NumberOf(x.Speedup, "the replay comes to a stop")
	d.Low, _ = schema.NumberOf(x.Low, "")
	d.High, _ = schema.NumberOf(x.High, "")
	d.Gain, _ = schema.NumberOf(x.Gain, "")
	switch x.Kind {
	case predict.WithoutLock:
		d.Kind, d.Lock = "without_lock", schema.Frames(lock)
	case predict.FasterFunction:
		d.Kind = "faster_function"
	case predict.WithoutCollector:
		d.Kind = "without_collector"
	case predict.MoreWorkers:
		d.Kind = "more_workers"
	}
	return d
}
