package report

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostStacks is the number of stacks of a cause that report.json holds; what the others have is given in one sum.
const mostStacks = 10

// A LedgerDoc is a ledger as report.json holds it.
type LedgerDoc = schema.Ledger[CauseDoc]

// A CauseDoc is the core time of one cause.
type CauseDoc struct {
	schema.Row
	Omitted *OmittedDoc `json:"omitted_stacks,omitempty"`
}

// An OmittedDoc sums up stacks that are not listed.
type OmittedDoc struct {
	Count       int     `json:"count"`
	CoreSeconds float64 `json:"core_seconds"`
}

// A ShareDoc is what a cause takes from a speedup.
type ShareDoc struct {
	Cause   cause.Cause    `json:"cause"`
	Speedup float64        `json:"speedup"`
	Top     []schema.Frame `json:"top,omitzero"`       // where most of it is
	Share   float64        `json:"top_share,omitzero"` // of the row
}

// A FindingDoc is a finding.
type FindingDoc struct {
	Workload      string         `json:"workload"`
	Mode          sweep.Mode     `json:"mode"`
	Series        string         `json:"series"`
	N             int            `json:"n"`
	Cause         cause.Cause    `json:"cause"`
	Share         float64        `json:"share"` // of the lost core time
	Title         string         `json:"title"`
	Evidence      []string       `json:"evidence"`
	Stack         []schema.Frame `json:"stack"`
	AtMost        schema.Number  `json:"at_most_speedup"`
	AtMostMissing string         `json:"at_most_speedup_reason,omitempty"`
}

// ledgerDoc is l with at most so many stacks of each cause; nil if l is.
func ledgerDoc(l *ledger.Ledger, stacks int) *LedgerDoc {
	if l == nil {
		return nil
	}
	d := schema.LedgerOf(l, func(r ledger.Row) CauseDoc {
		row, others := schema.RowOf(r, stacks)
		if len(others) == 0 {
			return CauseDoc{Row: row}
		}
		omitted := &OmittedDoc{Count: len(others)}
		for _, s := range others {
			omitted.CoreSeconds += s.Time.Seconds()
		}
		return CauseDoc{row, omitted}
	})
	d.Warnings = words.Warnings(l.Warnings)
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
			d.Top, d.Share = schema.Frames(row.Top), row.Share
		}
		out = append(out, d)
	}
	return out
}

func findingDoc(f *found) FindingDoc {
	d := FindingDoc{
		Workload: f.Workload, Mode: f.Mode, Series: f.Series, N: f.N, Cause: f.Cause, Share: f.Share, Title: words.Plain(words.FindingTitle(&f.Finding)),
		Evidence: words.PlainAll(words.FindingEvidence(&f.Finding)), Stack: schema.Frames(f.Stack),
	}
	d.AtMost, d.AtMostMissing = schema.NumberOf(f.AtMostSpeedup, "not known")
	return d
}

// A PathDoc is the work and the critical path of a traced run.
type PathDoc struct {
	Work              float64       `json:"work_s"`
	Span              float64       `json:"span_s"`
	Parallelism       schema.Number `json:"parallelism"`
	ParallelismReason string        `json:"parallelism_reason,omitempty"`
	Steps             []schema.Step `json:"critical_path"` // largest first
}

func pathDoc(p *critical.Path) *PathDoc {
	d := &PathDoc{Work: p.Work.Seconds(), Span: p.Span.Seconds(), Steps: schema.Steps(p.Steps[:min(len(p.Steps), mostStacks)])}
	d.Parallelism, d.ParallelismReason = schema.NumberOf(p.Parallelism, "nothing ran")
	return d
}
