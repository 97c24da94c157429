package analysis

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/goroutines"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
)

// Schema is the schema of the JSON.
const Schema = "corecurve/analysis/1"

// A Document is the JSON of an analysis: SI units, the unit in the key, nothing rounded.
type Document struct {
	Schema            string             `json:"schema"`
	Finding           string             `json:"finding"`
	Part              string             `json:"part,omitempty"`
	Filter            string             `json:"goroutine_filter,omitempty"`
	Traces            []TraceDoc         `json:"traces"`
	Cores             CoresDoc           `json:"cores"`
	Ledger            *LedgerDoc         `json:"ledger"`
	LedgerReason      string             `json:"ledger_reason,omitempty"`
	Work              schema.Number      `json:"work_s"`
	WorkReason        string             `json:"work_s_reason,omitempty"`
	Span              schema.Number      `json:"span_s"`
	SpanReason        string             `json:"span_s_reason,omitempty"`
	SpanLeast         float64            `json:"span_least_s"`         // what of it surely is so on any number of cores
	OneCore           *RangeDoc          `json:"one_core_s,omitempty"` // what one core takes; absent if work_s is null
	SpanShorter       string             `json:"span_shorter_reason,omitempty"`
	Recorded          float64            `json:"recorded_s"`
	Quiet             float64            `json:"nothing_ran_s"` // of the time recorded
	Crowded           float64            `json:"no_p_free_s"`   // of it, goroutines were ready and had no P
	Parallelism       schema.Number      `json:"parallelism"`
	ParallelismReason string             `json:"parallelism_reason,omitempty"`
	ParallelismLeast  schema.Number      `json:"parallelism_least,omitempty"` // absent if parallelism, the most, is null
	Predicted         []schema.Predicted `json:"predicted"`
	CriticalPath      []schema.Step      `json:"critical_path"`
	Goroutines        []GroupDoc         `json:"goroutines"`
	Warnings          []string           `json:"warnings"`
}

// A TraceDoc is one file.
type TraceDoc struct {
	File     string  `json:"file"`
	Go       string  `json:"go"`
	Events   int64   `json:"events"`
	Bytes    int64   `json:"bytes"`
	Duration float64 `json:"duration_s"`
	Damaged  *Damage `json:"damaged"`
}

// A CoresDoc is the core use.
type CoresDoc struct {
	GOMAXPROCS int           `json:"gomaxprocs"` // the largest
	Least      int           `json:"gomaxprocs_min"`
	MeanPs     float64       `json:"gomaxprocs_mean"`
	Mean       schema.Number `json:"mean_busy_cores"`
	MeanReason string        `json:"mean_busy_cores_reason,omitempty"`
	Profile    []schema.Busy `json:"profile"`
}

// A LedgerDoc is the ledger.
type LedgerDoc = schema.Ledger[CauseDoc]

// A CauseDoc is one row of the ledger.
type CauseDoc struct {
	schema.Row
	Omitted float64 `json:"omitted_stacks_core_seconds"` // what those that were not asked for have
}

// A RangeDoc is a range.
type RangeDoc struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// A GroupDoc is the goroutines of one start function.
type GroupDoc struct {
	Func     string       `json:"func"`
	Runtime  bool         `json:"runtime,omitempty"` // they are not the program's
	Count    int          `json:"count"`
	Running  SpreadDoc    `json:"running"`
	Runnable SpreadDoc    `json:"runnable"`
	Blocked  []BlockedDoc `json:"blocked"`
}

// A SpreadDoc is how a time is spread over the goroutines that spent any.
type SpreadDoc struct {
	Count       int     `json:"count"`
	Total       float64 `json:"total_s"`
	Min         float64 `json:"min_s"`
	Median      float64 `json:"median_s"`
	Max         float64 `json:"max_s"`
	Approximate bool    `json:"median_approximate"`
}

// A BlockedDoc is the time blocked for one cause.
type BlockedDoc struct {
	Cause cause.Cause `json:"cause"`
	SpreadDoc
}

// WriteJSON writes the document.
func (a *Analysis) WriteJSON(w io.Writer) error {
	if err := schema.Write(w, a.Document()); err != nil {
		return fmt.Errorf("analysis: %w", err)
	}
	return nil
}

// Document is the analysis as JSON has it.
func (a *Analysis) Document() *Document {
	const noPath = "the critical path is not known"
	d := &Document{
		Schema: Schema, Finding: words.Plain(a.Finding()), Part: a.Part, Filter: a.Filter,
		Traces: []TraceDoc{}, Predicted: []schema.Predicted{}, CriticalPath: []schema.Step{}, Goroutines: []GroupDoc{},
		Cores:    CoresDoc{Profile: []schema.Busy{}, MeanReason: "no time passed"},
		Warnings: append([]string{}, a.warnings()...),
	}
	for _, t := range a.Traces {
		d.Traces = append(d.Traces, TraceDoc{t.File, t.Go, t.Events, t.Bytes, t.Duration.Seconds(), t.Damage})
	}
	if u := a.Use; u != nil {
		d.Cores.GOMAXPROCS, d.Cores.Least, d.Cores.MeanPs = u.MaxPs, u.MinPs, u.MeanPs
		if u.End > u.Start {
			d.Cores.Mean, d.Cores.MeanReason = schema.NumberOf(u.Mean, "not finite")
		}
		d.Cores.Profile = schema.Profile(u.Profile)
	}
	d.Ledger, d.LedgerReason = a.ledgerDoc()
	d.WorkReason, d.SpanReason, d.ParallelismReason = noPath, noPath, noPath
	if p := a.Path; p != nil {
		d.path(p)
	}
	d.predicted(a)
	if a.Goroutines != nil {
		for _, g := range a.Goroutines.Groups {
			d.Goroutines = append(d.Goroutines, groupDoc(g))
		}
	}
	return d
}

// path sets what is known of the critical path.
func (d *Document) path(p *critical.Path) {
	d.Work, d.WorkReason = schema.NumberOf(p.Work.Seconds(), "")
	d.Span, d.SpanReason = schema.NumberOf(p.Span.Seconds(), "")
	d.Parallelism, d.ParallelismReason = schema.Parallelism(p)
	d.ParallelismLeast = schema.ParallelismLeast(p)
	d.CriticalPath = schema.Steps(p.Steps)
	least, most := p.OneCore()
	d.SpanLeast, d.OneCore = p.Least.Seconds(), &RangeDoc{least.Seconds(), most.Seconds()}
	d.Recorded, d.Quiet, d.Crowded = p.Recorded.Seconds(), p.Quiet.Seconds(), p.Crowded.Seconds()
	if w := p.Shorter(); w != nil {
		d.SpanShorter = words.Plain(words.Statement(w))
	}
}

// predicted sets the bounds of the speedup.
func (d *Document) predicted(a *Analysis) {
	noLow, noHigh := "no goroutine ran", "no goroutine ran"
	if p := a.Path; p != nil && p.Work > 0 && p.Span > 0 {
		noLow, noHigh = schema.Reason(p.NoLow()), schema.Reason(p.NoHigh())
	}
	for _, b := range a.Predicted() {
		doc := schema.Predicted{Cores: b.Cores, SpeedupReason: "a trace alone gives bounds"}
		doc.Low, doc.LowReason = schema.NumberOf(b.Low, noLow)
		doc.High, doc.HighReason = schema.NumberOf(b.High, noHigh)
		d.Predicted = append(d.Predicted, doc)
	}
}

func (a *Analysis) ledgerDoc() (d *LedgerDoc, reason string) {
	if a.Ledger == nil {
		return nil, "there is no account of the core time"
	}
	return schema.LedgerOf(a.Ledger, func(r ledger.Row) CauseDoc {
		row, _ := schema.RowOf(r, cmp.Or(a.Top, len(r.Stacks)))
		rest := r.Time
		for _, s := range r.Stacks[:len(row.Stacks)] {
			rest -= s.Time
		}
		return CauseDoc{row, rest.Seconds()} // beside the other stacks, what was narrowed away
	}), ""
}

func groupDoc(g goroutines.Group) GroupDoc {
	d := GroupDoc{
		Func: g.Start, Runtime: g.Runtime, Count: g.Count,
		Running: spreadDoc(g.Running), Runnable: spreadDoc(g.Runnable),
		Blocked: []BlockedDoc{},
	}
	for _, b := range g.Blocked {
		d.Blocked = append(d.Blocked, BlockedDoc{b.Cause, spreadDoc(b.Spread)})
	}
	return d
}

func spreadDoc(s goroutines.Spread) SpreadDoc {
	sec := func(d time.Duration) float64 { return d.Seconds() }
	return SpreadDoc{s.Count, sec(s.Total), sec(s.Min), sec(s.Median), sec(s.Max), s.Approximate}
}
