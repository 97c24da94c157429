// Package schema has the shapes that several JSON documents share: numbers that may be missing, stacks, accounts of
// core time, critical paths. All are in SI units with the unit in the key, and nothing is rounded.
//
// A document embeds a shape where it adds keys of its own, so that a key has one meaning and one place in every
// document.
package schema

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// A Number is nil, written null, if the value is not finite; the key with the suffix _reason then says why.
type Number = *float64

// NumberOf is v, or nil and why.
func NumberOf(v float64, why string) (n Number, reason string) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, why
	}
	return &v, ""
}

// An Estimate is a parameter of a law with its interval.
type Estimate struct {
	Value      float64 `json:"value"`
	Low        Number  `json:"low"`
	LowReason  string  `json:"low_reason,omitempty"`
	High       Number  `json:"high"`
	HighReason string  `json:"high_reason,omitempty"`
}

// EstimateOf is p as it was fitted.
func EstimateOf(p law.Param) Estimate {
	const why = "the counts are too few for an interval"
	e := Estimate{Value: p.Value}
	e.Low, e.LowReason = NumberOf(p.Low, why)
	e.High, e.HighReason = NumberOf(p.High, why)
	return e
}

// A Frame is a call of a stack.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// Frames is a stack, innermost first; it is never nil.
func Frames(stack []gotrace.Frame) []Frame {
	out := make([]Frame, len(stack))
	for i, f := range stack {
		out[i] = Frame(f)
	}
	return out
}

// A Ledger is an account of core time. Its rows are [Row] with what the document says of the stacks that it leaves out.
type Ledger[R any] struct {
	Level       ledger.Level `json:"level"`
	CoreSeconds float64      `json:"core_seconds"`
	Causes      []R          `json:"causes"`
	Warnings    []string     `json:"warnings,omitzero"`
}

// LedgerOf is l without its warnings, each row made by row.
func LedgerOf[R any](l *ledger.Ledger, row func(ledger.Row) R) *Ledger[R] {
	out := &Ledger[R]{Level: l.Level, CoreSeconds: l.Total.Seconds(), Causes: make([]R, len(l.Rows))}
	for i, r := range l.Rows {
		out.Causes[i] = row(r)
	}
	return out
}

// A Row is the core time of one cause.
type Row struct {
	Cause       cause.Cause `json:"cause"`
	CoreSeconds float64     `json:"core_seconds"`
	Stacks      []Held      `json:"stacks"` // largest first
}

// A Held is the core time of one pair of stacks.
type Held struct {
	CoreSeconds float64 `json:"core_seconds"`
	Waiting     []Frame `json:"waiting"`
	Blamed      []Frame `json:"blamed"`
	// Objects are what was waited for, if the program was built with sync events; the largest part first.
	Objects []Object `json:"objects,omitempty"`
}

// An Object is the channels, locks or the like of one kind and place that waits of a stack were for.
type Object struct {
	Kind      string  `json:"kind"`
	Capacity  *int    `json:"capacity,omitempty"` // of a channel; absent if there are several
	Made      []Frame `json:"made,omitempty"`
	FirstUsed []Frame `json:"first_used,omitempty"` // where the trace does not tell where it was made
	Several   bool    `json:"several"`              // of that kind and place
	Share     float64 `json:"share"`                // of the core time of the stack
}

func objects(all []ledger.Object) []Object {
	var out []Object
	for i := range all {
		o := &all[i]
		doc := Object{Kind: o.Thing.String(), Several: o.Number == ledger.Several, Share: o.Part}
		if o.Thing == gotrace.Channel && o.Capacity != ledger.Several {
			doc.Capacity = &o.Capacity
		}
		if o.Made {
			doc.Made = Frames(o.Origin)
		} else {
			doc.FirstUsed = Frames(o.Origin)
		}
		out = append(out, doc)
	}
	return out
}

// RowOf is r with at most so many of its stacks, and the others.
func RowOf(r ledger.Row, most int) (row Row, others []ledger.Stack) {
	row = Row{Cause: r.Cause, CoreSeconds: r.Time.Seconds(), Stacks: []Held{}}
	most = min(most, len(r.Stacks))
	for _, s := range r.Stacks[:most] {
		row.Stacks = append(row.Stacks, Held{s.Time.Seconds(), Frames(s.Waiting), Frames(s.Blamed), objects(s.Objects)})
	}
	return row, r.Stacks[most:]
}

// A Step is the part of a critical path that has one cause and stack.
type Step struct {
	Cause    cause.Cause `json:"cause"`
	Duration float64     `json:"duration_s"`
	Stack    []Frame     `json:"stack"`
}

// Steps are those of a critical path; they are never nil.
func Steps(path []critical.Step) []Step {
	out := make([]Step, len(path))
	for i, s := range path {
		out[i] = Step{s.Cause, s.Time.Seconds(), Frames(s.Stack)}
	}
	return out
}

// A Busy is the time with exactly so many cores busy.
type Busy struct {
	Busy     int     `json:"busy"`
	Duration float64 `json:"duration_s"`
}

// Profile is the time with 0, 1, 2 … cores busy; it is never nil.
func Profile(times []time.Duration) []Busy {
	out := make([]Busy, len(times))
	for i, t := range times {
		out[i] = Busy{i, t.Seconds()}
	}
	return out
}

// Write writes a document for people to read too: indented, and with <, > and & as they are.
func Write(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document)
}
