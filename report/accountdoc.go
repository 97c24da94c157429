package report

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/trace"
	"github.com/corecurve/corecurve/trace/gotrace"
)

// mostStacks is the number of stacks of a cause that report.json holds; what the others have is given in one sum.
const mostStacks = 10

// A FrameDoc is a frame of a stack.
type FrameDoc struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// A LedgerDoc is a ledger as JSON holds it.
type LedgerDoc struct {
	Level       ledger.Level `json:"level"`
	CoreSeconds float64      `json:"core_seconds"`
	Causes      []CauseDoc   `json:"causes"`
	Warnings    []string     `json:"warnings,omitzero"`
}

// A CauseDoc is the core time of one cause.
type CauseDoc struct {
	Cause       cause.Cause `json:"cause"`
	CoreSeconds float64     `json:"core_seconds"`
	Stacks      []HeldDoc   `json:"stacks"` // largest first
	Omitted     *OmittedDoc `json:"omitted_stacks,omitempty"`
}

// A HeldDoc is the core time of one pair of stacks.
type HeldDoc struct {
	CoreSeconds float64    `json:"core_seconds"`
	Waiting     []FrameDoc `json:"waiting"`
	Blamed      []FrameDoc `json:"blamed"`
}

// An OmittedDoc sums up stacks that are not listed.
type OmittedDoc struct {
	Count       int     `json:"count"`
	CoreSeconds float64 `json:"core_seconds"`
}

// A ShareDoc is what a cause takes from a speedup.
type ShareDoc struct {
	Cause   cause.Cause `json:"cause"`
	Speedup float64     `json:"speedup"`
	Top     []FrameDoc  `json:"top,omitzero"`       // where most of it is
	Share   float64     `json:"top_share,omitzero"` // of the row
}

// A FindingDoc is a finding.
type FindingDoc struct {
	Workload      string      `json:"workload"`
	Mode          trace.Mode  `json:"mode"`
	Series        string      `json:"series"`
	N             int         `json:"n"`
	Cause         cause.Cause `json:"cause"`
	Share         float64     `json:"share"` // of the lost core time
	Title         string      `json:"title"`
	Evidence      []string    `json:"evidence"`
	Stack         []FrameDoc  `json:"stack"`
	AtMost        Number      `json:"at_most_speedup"`
	AtMostMissing string      `json:"at_most_speedup_reason,omitempty"`
}

func framesDoc(frames []gotrace.Frame) []FrameDoc {
	out := make([]FrameDoc, len(frames))
	for i, f := range frames {
		out[i] = FrameDoc{f.Func, f.File, f.Line}
	}
	return out
}

// NewLedgerDoc is l with at most so many stacks of each cause; nil if l is.
func NewLedgerDoc(l *ledger.Ledger, stacks int) *LedgerDoc {
	if l == nil {
		return nil
	}
	d := &LedgerDoc{Level: l.Level, CoreSeconds: l.Total.Seconds(), Causes: []CauseDoc{}, Warnings: l.Warnings}
	for _, row := range l.Rows {
		c := CauseDoc{Cause: row.Cause, CoreSeconds: row.Time.Seconds(), Stacks: []HeldDoc{}}
		for i, s := range row.Stacks {
			if i < stacks {
				c.Stacks = append(c.Stacks, HeldDoc{s.Time.Seconds(), framesDoc(s.Waiting), framesDoc(s.Blamed)})
				continue
			}
			if c.Omitted == nil {
				c.Omitted = &OmittedDoc{}
			}
			c.Omitted.Count++
			c.Omitted.CoreSeconds += s.Time.Seconds()
		}
		d.Causes = append(d.Causes, c)
	}
	return d
}

// stackDoc is s as report.json holds it: empty if there is none.
func stackDoc(s *stack.Stack) []ShareDoc {
	out := []ShareDoc{}
	if s == nil {
		return out
	}
	for _, row := range s.Rows {
		d := ShareDoc{Cause: row.Cause, Speedup: row.Speedup}
		if len(row.Top) > 0 {
			d.Top, d.Share = framesDoc(row.Top), row.Share
		}
		out = append(out, d)
	}
	return out
}

func findingDoc(f *found) FindingDoc {
	d := FindingDoc{
		Workload: f.Workload, Mode: f.Mode, Series: f.Series, N: f.N, Cause: f.Cause, Share: f.Share, Title: f.Title,
		Evidence: append([]string{}, f.Evidence...), Stack: framesDoc(f.Stack),
	}
	d.AtMost, d.AtMostMissing = number(f.AtMostSpeedup, "not known")
	return d
}

// A PathDoc is the work and the critical path of a traced run.
type PathDoc struct {
	Work              float64   `json:"work_s"`
	Span              float64   `json:"span_s"`
	Parallelism       Number    `json:"parallelism"`
	ParallelismReason string    `json:"parallelism_reason,omitempty"`
	Steps             []StepDoc `json:"critical_path"` // largest first
}

// A StepDoc is the part of a critical path that has one cause and stack.
type StepDoc struct {
	Cause    cause.Cause `json:"cause"`
	Duration float64     `json:"duration_s"`
	Stack    []FrameDoc  `json:"stack"`
}

func pathDoc(p *critical.Path) *PathDoc {
	d := &PathDoc{Work: p.Work.Seconds(), Span: p.Span.Seconds(), Steps: []StepDoc{}}
	d.Parallelism, d.ParallelismReason = number(p.Parallelism, "nothing ran")
	for _, s := range p.Steps[:min(len(p.Steps), mostStacks)] {
		d.Steps = append(d.Steps, StepDoc{s.Cause, s.Time.Seconds(), framesDoc(s.Stack)})
	}
	return d
}
