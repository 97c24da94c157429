package revisions

import (
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Schema is the schema of the JSON document.
const Schema = "corecurve/history/1"

// A Document is a history as JSON: SI units, nothing rounded.
type Document struct {
	Schema    string      `json:"schema"`
	Title     string      `json:"title"`
	Method    string      `json:"method"`
	Alpha     float64     `json:"alpha"` // over all lines together
	Tests     int         `json:"tests"` // the lines
	Needed    int         `json:"studies_needed"`
	MinEffect float64     `json:"min_effect"`
	Seed      uint64      `json:"seed"`
	Hosts     []HostDoc   `json:"hosts"`
	Studies   []StudyDoc  `json:"studies"`
	Series    []SeriesDoc `json:"series"`
	Failed    []Failed    `json:"not_read"` // or only in part
}

// A HostDoc is a machine.
type HostDoc struct {
	Name     string `json:"name,omitempty"`
	CPUModel string `json:"cpu_model"`
	CPUs     int    `json:"cpus"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

// A StudyDoc is a study.
type StudyDoc struct {
	Name      string `json:"name"`
	CreatedAt string `json:"created_at"`
	Kernel    string `json:"kernel"`
	Tool      string `json:"tool"`
}

// A SeriesDoc is the studies of one workload on one machine, under one mode, scaling and size.
type SeriesDoc struct {
	Host     int           `json:"host"` // index of hosts
	Workload string        `json:"workload"`
	Mode     sweep.Mode    `json:"mode"`
	Scaling  sweep.Scaling `json:"scaling"`
	Series   string        `json:"series,omitempty"`
	Size     int64         `json:"size,omitempty"`
	Measure  curve.Measure `json:"measure"`
	BaseN    int           `json:"base_n"`
	TopN     int           `json:"top_n"` // the largest count within the cores that most studies have; 0: none
	// Drift is the largest ratio of two studies of one program that follow each other.
	Drift       schema.Number `json:"drift"`
	DriftReason string        `json:"drift_reason,omitempty"`
	Entries     []EntryDoc    `json:"entries"` // by the time of the commit
	Changes     []ChangeDoc   `json:"changes"`
}

// An EntryDoc is a study in a series.
type EntryDoc struct {
	Study         int             `json:"study"` // index of studies
	Revision      *sweep.Revision `json:"revision"`
	Points        []PointDoc      `json:"points"`
	Ceiling       schema.Number   `json:"ceiling"` // speedup of the loop in registers at top_n
	CeilingReason string          `json:"ceiling_reason,omitempty"`
}

// A PointDoc is a count.
type PointDoc struct {
	N             int             `json:"n"`
	Runs          int             `json:"runs"`
	Median        schema.Number   `json:"median_s"` // of a benchmark that of an iteration
	MedianReason  string          `json:"median_s_reason,omitempty"`
	Range         *curve.Interval `json:"median_interval"`
	Speedup       schema.Number   `json:"speedup"`
	SpeedupReason string          `json:"speedup_reason,omitempty"`
	Interval      *curve.Interval `json:"interval"` // null: not known, or the base
}

// A ChangeDoc is a place where a line changes.
type ChangeDoc struct {
	Quantity      history.Quantity `json:"quantity"`
	N             int              `json:"n"`
	At            int              `json:"at"`    // index of entries: the first after it
	First         int              `json:"first"` // between which it lies, with 95 % confidence
	Last          int              `json:"last"`
	Before        int              `json:"studies_before"`
	After         int              `json:"studies_after"`
	Ratio         float64          `json:"ratio"`
	Interval      *curve.Interval  `json:"interval"`
	P             float64          `json:"p"`
	Certainty     noise.Certainty  `json:"certainty"` // hidden: drift or noise may explain it, and no text says it
	Origin        history.Origin   `json:"origin"`
	Machine       schema.Number    `json:"loop_ratio"` // of the loop in registers
	MachineReason string           `json:"loop_ratio_reason,omitempty"`
	MachineRange  *curve.Interval  `json:"loop_interval"`
	Differences   []DifferenceDoc  `json:"differences"`
	Text          string           `json:"text"` // empty of what is hidden
}

// A DifferenceDoc is what the studies before and after a change differ in beside the program.
type DifferenceDoc struct {
	Kind   compare.DifferenceKind `json:"kind"`
	Before string                 `json:"before"`
	After  string                 `json:"after"`
}

// Document is the report as it is written.
func (r *Report) Document() Document {
	h := r.History
	d := Document{
		Schema: Schema, Title: words.Plain(r.title()), Method: words.Plain(r.method()), Alpha: history.Alpha,
		Tests: h.Tests, Needed: h.Needed,
		MinEffect: history.MinEffect, Seed: r.Seed, Hosts: []HostDoc{}, Studies: []StudyDoc{}, Series: []SeriesDoc{},
		Failed: append([]Failed{}, r.Failed...),
	}
	for _, o := range h.Hosts {
		d.Hosts = append(d.Hosts, HostDoc{o.Name, o.CPUModel, len(o.CPUs), o.OS, o.Arch})
	}
	for _, s := range h.Studies {
		d.Studies = append(d.Studies, StudyDoc{s.Name, s.Header.CreatedAt, s.Header.Host.Kernel, s.Header.Tool})
	}
	for i := range h.Series {
		d.Series = append(d.Series, seriesDoc(h, &h.Series[i]))
	}
	return d
}

func seriesDoc(h *history.History, s *history.Series) SeriesDoc {
	k := s.Key
	out := SeriesDoc{
		Host: s.Host, Workload: k.Workload, Mode: k.Mode, Scaling: k.Scaling, Series: k.Series, Size: k.Size,
		Measure: s.Measure, BaseN: s.BaseN, TopN: s.TopN, Entries: []EntryDoc{}, Changes: []ChangeDoc{},
	}
	if out.Drift = &s.Drift; s.Drift == 0 {
		out.Drift, out.DriftReason = nil, "no two studies of one program follow each other"
	}
	for i := range s.Entries {
		e := &s.Entries[i]
		x := EntryDoc{Study: e.Study, Revision: e.Program.Revision, Points: []PointDoc{}}
		x.Ceiling, x.CeilingReason = schema.NumberOf(e.Ceiling, "the loop was not measured there")
		for _, f := range e.Figures {
			p := PointDoc{N: f.N, Runs: f.Runs, Range: f.Range, Interval: f.Interval}
			p.Median, p.MedianReason = schema.NumberOf(f.Median, "no run succeeded")
			p.Speedup, p.SpeedupReason = schema.NumberOf(f.Speedup, "no run succeeded, here or at the base")
			x.Points = append(x.Points, p)
		}
		out.Entries = append(out.Entries, x)
	}
	for i := range s.Changes {
		out.Changes = append(out.Changes, changeDoc(h, s, &s.Changes[i]))
	}
	return out
}

func changeDoc(h *history.History, s *history.Series, c *history.Change) ChangeDoc {
	out := ChangeDoc{
		Quantity: c.Quantity, N: c.N, At: c.At, First: c.First, Last: c.Last, Before: c.Before, After: c.After,
		Ratio: c.Ratio, Interval: c.Interval, P: c.P, Certainty: c.Certainty, Origin: c.Origin, MachineRange: c.MachineRange,
		Differences: []DifferenceDoc{},
	}
	if c.Shown() {
		out.Text = words.Plain(words.HistoryChanges(h, s, []*history.Change{c}))
	}
	out.Machine, out.MachineReason = schema.NumberOf(c.Machine, "the loop was not measured in two studies on either side")
	for _, d := range c.Differences {
		out.Differences = append(out.Differences, DifferenceDoc{d.Kind, d.Base, d.New})
	}
	return out
}

// WriteJSON writes the document.
func (r *Report) WriteJSON(w io.Writer) error {
	if err := schema.Write(w, r.Document()); err != nil {
		return fmt.Errorf("history: JSON: %w", err)
	}
	return nil
}
