package document

import (
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/overview"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// An Overview is the workloads of a study beside each other.
type Overview struct {
	Title     string `json:"title"`
	Workloads []Row  `json:"workloads"` // by lost core time, the largest first
	Most      *Most  `json:"most_lost"`
	MostWhy   string `json:"most_lost_reason,omitempty"`
	Means     []Mean `json:"means"` // of those that are alike
}

// A Row is one workload, with the point of its best curve that this is judged by.
type Row struct {
	Workload string           `json:"workload"`
	Shown    verdict.RiseKind `json:"shown"` // empty: no base was measured
	Idle     bool             `json:"cannot_follow,omitempty"`
	Mode     sweep.Mode       `json:"mode"`
	Series   string           `json:"series"`
	Scaling  sweep.Scaling    `json:"scaling"`
	Size     int64            `json:"size"`
	N        int              `json:"n"` // 0: no point is judged

	Lost       schema.Number `json:"lost_core_s"`
	LostReason string        `json:"lost_core_s_reason,omitempty"`
	Low        schema.Number `json:"lost_core_s_low"` // by the interval of the speedup
	LowReason  string        `json:"lost_core_s_low_reason,omitempty"`
	High       schema.Number `json:"lost_core_s_high"`
	HighReason string        `json:"lost_core_s_high_reason,omitempty"`
}

// A Most is the workload that loses most.
type Most struct {
	Workload  string             `json:"workload"`
	Certainty overview.Certainty `json:"certainty"`
	Share     float64            `json:"share"` // of what a run of each workload loses
}

// A Mean is the geometric mean of the speedups of workloads that are alike.
type Mean struct {
	Mode          sweep.Mode      `json:"mode"`
	Series        string          `json:"series"`
	Scaling       sweep.Scaling   `json:"scaling"`
	Unit          string          `json:"unit"`
	Procs         int             `json:"procs"`
	Workers       int             `json:"workers"`
	Cores         int             `json:"cores"`
	OverProcs     int             `json:"over_procs"`
	OverWorkers   int             `json:"over_workers"`
	OverCores     int             `json:"over_cores"`
	Workloads     []string        `json:"workloads"`
	Speedup       schema.Number   `json:"speedup"`
	SpeedupReason string          `json:"speedup_reason,omitempty"`
	Interval      *curve.Interval `json:"interval"`
	Text          string          `json:"text"`
}

// overviewDoc is the overview of s as report.json holds it; nil of one workload.
func overviewDoc(s *study.Study) *Overview {
	o := s.Overview
	if o == nil {
		return nil
	}
	d := &Overview{Title: words.Plain(words.Faster(o)), Workloads: []Row{}, Means: []Mean{}}
	for i := range o.Rows {
		d.Workloads = append(d.Workloads, rowDoc(s, &o.Rows[i]))
	}
	if o.Most.Certainty == overview.Untold {
		d.MostWhy = "no workload is shown to lose core time"
	} else {
		d.Most = &Most{o.Rows[0].Headline.Workload, o.Most.Certainty, o.Most.Share}
	}
	for i := range o.Means {
		m := &o.Means[i]
		doc := Mean{
			Mode: m.Mode, Series: m.Series, Scaling: m.Scaling, Unit: m.Unit, Procs: m.At.Procs, Workers: m.At.Workers, Cores: m.At.Cores,
			OverProcs: m.Base.Procs, OverWorkers: m.Base.Workers, OverCores: m.Base.Cores, Workloads: []string{}, Interval: m.Interval,
			Text: words.Plain(words.MeanGain(m, len(o.Rows))),
		}
		for _, w := range m.Workloads {
			doc.Workloads = append(doc.Workloads, s.Workloads[w].Program.Name)
		}
		doc.Speedup, doc.SpeedupReason = schema.NumberOf(m.Speedup, "some are too noisy to tell")
		d.Means = append(d.Means, doc)
	}
	return d
}

// rowDoc is a workload of an overview as report.json holds it.
func rowDoc(s *study.Study, r *overview.Row) Row {
	w := &s.Workloads[r.Workload]
	d := Row{Workload: w.Program.Name, Shown: r.Kind(), Idle: r.Idle}
	if r.Curve >= 0 {
		sw := w.Curves[r.Curve].Sweep
		d.Mode, d.Series, d.Scaling, d.Size = sw.Mode, sw.Series, sw.Scaling, sw.Size
		if r.At >= 0 {
			d.N = w.Curves[r.Curve].Points[r.At].N
		}
	}
	const why = "no point beside the base was measured"
	d.Lost, d.LostReason = schema.NumberOf(r.Lost.Value, why)
	d.Low, d.LowReason = schema.NumberOf(r.Lost.Low, why)
	d.High, d.HighReason = schema.NumberOf(r.Lost.High, why)
	return d
}
