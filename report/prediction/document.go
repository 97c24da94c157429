package prediction

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/predict"
	"github.com/corecurve/corecurve/analyze/program"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
)

// Schema is the schema of the JSON.
const Schema = "corecurve/prediction/1"

// A Document is a prediction as JSON: SI units, the unit in the key, nothing rounded.
type Document struct {
	Schema  string   `json:"schema"`
	Finding string   `json:"finding"`
	File    string   `json:"file"`
	Go      string   `json:"go"`
	Events  int64    `json:"events"`
	WhatIf  []string `json:"what_if"`
	ReplayDoc
}

// A ReplayDoc is what replays of a recording give: speedups of the work, over one core.
type ReplayDoc struct {
	Recorded   float64       `json:"recorded_s"`
	GOMAXPROCS int           `json:"gomaxprocs"`
	Synced     bool          `json:"sync_events"`
	Work       float64       `json:"work_s"`
	OneCore    float64       `json:"one_core_s"` // that the replay on one core takes, waits included
	Span       float64       `json:"span_s"`     // the longest chain: what unlimited cores take at no cost
	Most       schema.Number `json:"at_most_speedup"`
	MostReason string        `json:"at_most_speedup_reason,omitempty"`
	Predicted  []PointDoc    `json:"predicted"`
	Chain      []ChainDoc    `json:"chain"`
	Limits     []LimitDoc    `json:"limits"`
	Changes    []ChangeDoc   `json:"changes"` // by number of cores, and then by gain
	Costs      CostsDoc      `json:"costs"`
	Warnings   []string      `json:"warnings"`
}

// A PointDoc is the prediction for a number of cores.
type PointDoc struct {
	schema.Predicted
	Forced int `json:"forced_operations"`
}

// A ChainDoc is a part of the longest chain.
type ChainDoc struct {
	Cause    cause.Cause    `json:"cause"`
	Duration float64        `json:"duration_s"`
	Stack    []schema.Frame `json:"stack"`
	Lock     []schema.Frame `json:"lock,omitempty"` // where the lock that was held was first used
}

// A LimitDoc is something that goes on one after the other.
type LimitDoc struct {
	Kind     string         `json:"kind"` // lock, goroutine or, of several processes, coordinator
	AtMost   float64        `json:"at_most_speedup"`
	Duration float64        `json:"duration_s"`
	Func     string         `json:"func,omitempty"` // with which the goroutine starts
	Stack    []schema.Frame `json:"stack"`
}

// A CostsDoc is what the scheduler is taken to cost.
type CostsDoc struct {
	Switch  float64 `json:"switch_s"`
	Wake    float64 `json:"wake_s"`
	Waker   float64 `json:"waker_s"`
	Spin    float64 `json:"spin_s"`
	Steal   float64 `json:"steal_s"`
	Quantum float64 `json:"quantum_s"`
	// Calibrated says that the first three, and steal_s, were measured on the machine; else the recording shows the first
	// two, as far as it can.
	Calibrated bool `json:"calibrated"`
}

// WriteJSON writes the document.
func (p *Prediction) WriteJSON(w io.Writer) error {
	if err := schema.Write(w, p.Document()); err != nil {
		return fmt.Errorf("prediction: %w", err)
	}
	return nil
}

// Document is p as JSON has it.
func (p *Prediction) Document() *Document {
	return &Document{
		Schema: Schema, Finding: words.Plain(p.finding()), File: p.File, Go: p.Go, Events: p.Events,
		WhatIf: append([]string{}, p.WhatIf...), ReplayDoc: *p.replay(),
	}
}

// replay is the part of p that is of the replays.
func (p *Prediction) replay() *ReplayDoc {
	c := p.Curve
	d := &ReplayDoc{
		Changes:  p.changeDocs(c.Changes),
		Recorded: c.Recorded.Seconds(), GOMAXPROCS: c.Ps, Synced: c.Synced,
		Work: c.Work.Seconds(), OneCore: c.OneCore.Seconds(), Span: c.Span.Seconds(),
		Predicted: []PointDoc{}, Chain: []ChainDoc{}, Limits: []LimitDoc{},
		Costs: CostsDoc{
			c.Costs.Switch.Seconds(), c.Costs.Wake.Seconds(), c.Costs.Waker.Seconds(), c.Costs.Spin.Seconds(),
			c.Costs.Steal.Seconds(), c.Costs.Quantum.Seconds(), c.Calibrated,
		},
		Warnings: append([]string{}, words.PlainAll(p.warnings())...),
	}
	for i := range c.Predictions {
		d.Predicted = append(d.Predicted, point(&c.Predictions[i]))
	}
	d.Most, d.MostReason = schema.NumberOf(c.Most, unbounded(c.Predictions))
	for _, s := range c.Chain {
		of := ChainDoc{Cause: s.Cause, Duration: s.Time.Seconds(), Stack: schema.Frames(c.Symbols.Stack(s.Stack))}
		if s.Object != program.None {
			of.Lock = schema.Frames(c.Symbols.Stack(c.Objects[s.Object].Stack))
		}
		d.Chain = append(d.Chain, of)
	}
	for _, l := range c.Limits {
		kind := "goroutine"
		switch l.Kind {
		case predict.ByLock:
			kind = "lock"
		case predict.ByCoordinator:
			kind = "coordinator"
		}
		d.Limits = append(d.Limits, LimitDoc{
			kind, l.AtMost, l.Time.Seconds(), l.Name, schema.Frames(c.Symbols.Stack(l.Stack)),
		})
	}
	return d
}

func point(q *predict.Prediction) PointDoc {
	out := PointDoc{Predicted: schema.Predicted{Cores: q.Cores}, Forced: q.Forced}
	out.Speedup, out.SpeedupReason = schema.NumberOf(q.Speedup, because(q.Unknown))
	out.Low, out.LowReason = schema.NumberOf(q.Low, because(q.NoLow))
	out.High, out.HighReason = schema.NumberOf(q.High, because(q.NoHigh))
	return out
}

// because is a reason in words.
func because(w *warning.Warning) string {
	if w == nil {
		return "not known"
	}
	return schema.Reason(w)
}

// unbounded says why no bound of predictions is known.
func unbounded(points []predict.Prediction) string {
	if w := words.Unforetold(points); w != nil {
		return because(w)
	}
	return "it depends on the order in which goroutines take turns"
}

func sortSteps(s []step) {
	slices.SortStableFunc(s, func(a, b step) int { return cmp.Compare(b.time, a.time) })
}
