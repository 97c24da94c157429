package document

import (
	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/critical"
	"github.com/corecurve/corecurve/analyze/ledger"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/prediction"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// mostStacks is the number of stacks of a cause that report.json holds; what the others have is given in one sum.
const mostStacks = 10

// A Ledger is a ledger as report.json holds it.
type Ledger = schema.Ledger[Cause]

// A Cause is the core time of one cause.
type Cause struct {
	schema.Row
	Omitted *Omitted `json:"omitted_stacks,omitempty"`
}

// An Omitted sums up stacks that are not listed.
type Omitted struct {
	Count       int     `json:"count"`
	CoreSeconds float64 `json:"core_seconds"`
}

// A Share is what a cause takes from a speedup.
type Share struct {
	Cause   cause.Cause    `json:"cause"`
	Speedup float64        `json:"speedup"`
	Low     float64        `json:"low"` // of speedup: the range over the traced runs
	High    float64        `json:"high"`
	Top     []schema.Frame `json:"top,omitzero"`       // where most of it is
	Share   float64        `json:"top_share,omitzero"` // of the row
}

// A Finding is a finding.
type Finding struct {
	Workload   string         `json:"workload"`
	Mode       sweep.Mode     `json:"mode"`
	Scaling    sweep.Scaling  `json:"scaling"`
	Size       int64          `json:"size"` // of the curve
	Series     string         `json:"series"`
	N          int            `json:"n"`
	Cause      cause.Cause    `json:"cause"`
	Share      float64        `json:"share"` // of the lost core time
	Low        float64        `json:"low"`   // of share: the range over the traced runs
	High       float64        `json:"high"`
	Noise      float64        `json:"noise_share"`   // of the lost core time: the most that noise can explain of share
	Surplus    float64        `json:"surplus_share"` // what traced runs lose and timed ones do not, which share may be of
	TracedRuns int            `json:"traced_runs"`   // of the point or of the base, whichever has fewer
	Certainty  string         `json:"certainty"`     // sure or likely
	LossShown  bool           `json:"loss_shown"`    // the speedup's interval lies below all that can be reached
	Title      string         `json:"title"`
	Evidence   []string       `json:"evidence"`
	Stack      []schema.Frame `json:"stack"`
	// Replay is what a replay with a change against the cause gives, over the base of the curve: where it is there,
	// sentences have it in place of about_speedup.
	Replay        *Replay       `json:"replay,omitempty"`
	NoReplay      string        `json:"replay_reason,omitempty"` // why there is none
	About         schema.Number `json:"about_speedup"`           // by the time that the cause takes: without it, other losses unchanged
	AboutMissing  string        `json:"about_speedup_reason,omitempty"`
	AtMost        schema.Number `json:"at_most_speedup"` // without any loss that grows with the count
	AtMostMissing string        `json:"at_most_speedup_reason,omitempty"`
}

// A Replay is a replay with a change against the cause of a finding.
type Replay struct {
	prediction.ChangeDoc
	Unchanged float64 `json:"unchanged_speedup"` // that is predicted without the change
}

// A Path is the work and the critical path of a traced run.
type Path struct {
	Work              float64       `json:"work_s"`
	Span              float64       `json:"span_s"`
	Parallelism       schema.Number `json:"parallelism"`
	ParallelismReason string        `json:"parallelism_reason,omitempty"`
	ParallelismLeast  schema.Number `json:"parallelism_least,omitempty"` // absent if parallelism, the most, is null
	Steps             []schema.Step `json:"critical_path"`               // largest first
}

// ledgerDoc is l with at most so many stacks of each cause; nil if l is.
func ledgerDoc(l *ledger.Ledger, stacks int) *Ledger {
	if l == nil {
		return nil
	}
	d := schema.LedgerOf(l, func(r ledger.Row) Cause {
		row, others := schema.RowOf(r, stacks)
		if len(others) == 0 {
			return Cause{Row: row}
		}
		omitted := &Omitted{Count: len(others)}
		for _, s := range others {
			omitted.CoreSeconds += s.Time.Seconds()
		}
		return Cause{row, omitted}
	})
	d.Warnings = words.Warnings(l.Warnings)
	return d
}

// stackDoc is s as report.json holds it: empty if there is none.
func stackDoc(s *stack.Stack) []Share {
	out := []Share{}
	if s == nil {
		return out
	}
	for _, row := range s.Rows {
		d := Share{Cause: row.Cause, Speedup: row.Speedup}
		d.Low, _, d.High = row.Range()
		if len(row.Top) > 0 {
			d.Top, d.Share = schema.Frames(row.Top), row.Share
		}
		out = append(out, d)
	}
	return out
}

func findingDoc(f *study.Finding) Finding {
	d := Finding{
		Workload: f.Workload, Mode: f.Mode, Scaling: f.Scaling, Size: f.Size, Series: f.Series, N: f.N,
		Cause: f.Cause, Share: f.Share, Low: f.Low / f.Lost, High: f.High / f.Lost, Noise: f.Noise / f.Lost,
		Surplus: f.Surplus / f.Lost, TracedRuns: f.Runs,
		Certainty: string(f.Certainty), LossShown: f.LossShown(),
		Title:    words.Plain(words.FindingTitle(&f.Finding)),
		Evidence: words.PlainAll(words.FindingEvidence(&f.Finding)), Stack: schema.Frames(f.Stack),
	}
	if r := f.Replay; r != nil {
		d.Replay = &Replay{prediction.ChangeOf(&r.Change, r.Lock), r.Unchanged}
	}
	d.NoReplay = string(f.NoReplay)
	d.About, d.AboutMissing = schema.NumberOf(f.AboutSpeedup, words.NoFigure(f.Why))
	d.AtMost, d.AtMostMissing = schema.NumberOf(f.AtMostSpeedup, "not known")
	return d
}

func pathDoc(p *critical.Path) *Path {
	d := &Path{
		Work: p.Work.Seconds(), Span: p.Span.Seconds(),
		Steps: schema.Steps(p.Steps[:min(len(p.Steps), mostStacks)]),
	}
	d.Parallelism, d.ParallelismReason = schema.Parallelism(p)
	d.ParallelismLeast = schema.ParallelismLeast(p)
	return d
}
