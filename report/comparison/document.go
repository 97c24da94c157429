package comparison

import (
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/cause"
	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/analyze/stack"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// Schema is the schema of the JSON document.
const Schema = "corecurve/compare/1"

// A Document is a comparison as JSON: SI units, nothing rounded.
type Document struct {
	Schema      string        `json:"schema"`
	Base        string        `json:"base"`
	New         string        `json:"new"`
	Title       string        `json:"title"`
	Differences []string      `json:"differences"` // besides the program
	Measure     curve.Measure `json:"measure,omitempty"`
	MinEffect   float64       `json:"min_effect"`
	Alpha       float64       `json:"alpha"`
	Correction  string        `json:"correction"`
	Tests       int           `json:"tests"` // the family that p_adjusted is for
	// Test is that of p: rank-sum of two studies, signed-rank of one study whose blocks hold both sides.
	Test     string     `json:"test"`
	Seed     uint64     `json:"seed"`
	Curves   []CurveDoc `json:"curves"`
	Means    []MeanDoc  `json:"means"` // geometric, of at least three workloads that are alike
	Alone    []AloneDoc `json:"not_compared"`
	Profiles []string   `json:"profiles,omitempty"` // CPU profiles beside the report: of the base and of the new side
	Gate     *GateDoc   `json:"gate"`               // null: none was asked for
}

// A CurveDoc is a pair of curves.
type CurveDoc struct {
	Workload string        `json:"workload"`
	Mode     sweep.Mode    `json:"mode,omitempty"`
	Scaling  sweep.Scaling `json:"scaling,omitempty"`
	Series   string        `json:"series,omitempty"`
	Size     int64         `json:"size,omitempty"`
	Points   []PointDoc    `json:"points"`
	Law      law.Name      `json:"law"`
	LawWhy   string        `json:"law_reason"`
	Params   []ParamDoc    `json:"params"`
}

// A SideDoc is a point on one side.
type SideDoc struct {
	Runs         int           `json:"runs"`
	Failed       int           `json:"failed"`
	Noisy        int           `json:"noisy"`
	Median       schema.Number `json:"median_s"`
	MedianReason string        `json:"median_s_reason,omitempty"`
}

// A PointDoc is a point on both sides.
type PointDoc struct {
	N              float64          `json:"n"`
	Base           SideDoc          `json:"base"`
	New            SideDoc          `json:"new"`
	Ratio          schema.Number    `json:"ratio"` // of times, new over base
	RatioReason    string           `json:"ratio_reason,omitempty"`
	Interval       *curve.Interval  `json:"interval"`
	IntervalReason string           `json:"interval_reason,omitempty"`
	P              schema.Number    `json:"p"`
	PReason        string           `json:"p_reason,omitempty"`
	Adjusted       schema.Number    `json:"p_adjusted"`
	AdjustedReason string           `json:"p_adjusted_reason,omitempty"`
	Above          schema.Number    `json:"probability_slower"`
	AboveReason    string           `json:"probability_slower_reason,omitempty"`
	Verdict        compare.Verdict  `json:"verdict"`
	Pairs          int              `json:"pairs,omitempty"`    // blocks with a launch of both sides; sides that are not paired have none
	Alone          int              `json:"unpaired,omitempty"` // launches whose block has none of the other side: left out
	Speed          schema.Number    `json:"speed"`              // of the new side over that of the base
	SpeedReason    string           `json:"speed_reason,omitempty"`
	SpeedInterval  *curve.Interval  `json:"speed_interval"`
	Causes         []compare.Change `json:"causes"` // shares of one traced run; empty: one side has no ledger
	Time           *TimeDoc         `json:"time"`   // null: one side has no ledger
}

// A TimeDoc is what became of the time of the lanes of a point: seconds of one run at the median time.
type TimeDoc struct {
	Lanes       stack.Lanes    `json:"lanes"` // what the time is of: workers, or cores
	Base        float64        `json:"base_lane_s"`
	New         float64        `json:"new_lane_s"`
	Runs        int            `json:"traced_runs"` // of whichever side has fewer
	Causes      []CauseTimeDoc `json:"causes"`      // with Unexplained they add up to the difference
	Unexplained float64        `json:"not_explained_lane_s"`
	Places      []PlaceTimeDoc `json:"places"`
}

// A CauseTimeDoc is by how much a group of causes takes more time.
type CauseTimeDoc struct {
	Cause     cause.Cause     `json:"cause"` // the largest of the group
	Group     cause.Group     `json:"group"`
	By        float64         `json:"change_lane_s"`
	Low       float64         `json:"low_lane_s"` // range over the traced runs
	High      float64         `json:"high_lane_s"`
	Noise     float64         `json:"noise_lane_s"` // the most that noise can explain
	Certainty noise.Certainty `json:"certainty"`
	Place     string          `json:"place,omitempty"`
}

// A PlaceTimeDoc is by how much a function takes more time.
type PlaceTimeDoc struct {
	Place     string          `json:"place"`
	Cause     cause.Cause     `json:"cause"`
	By        float64         `json:"change_lane_s"`
	Certainty noise.Certainty `json:"certainty"`
}

// A MeanDoc is a geometric mean of ratios of speeds.
type MeanDoc struct {
	Mode        sweep.Mode      `json:"mode,omitempty"`
	Scaling     sweep.Scaling   `json:"scaling,omitempty"`
	Series      string          `json:"series,omitempty"`
	N           float64         `json:"n"`
	Workloads   int             `json:"workloads"`
	Speed       schema.Number   `json:"speed"`
	SpeedReason string          `json:"speed_reason,omitempty"`
	Interval    *curve.Interval `json:"speed_interval"`
}

// A ParamDoc is a parameter on both sides.
type ParamDoc struct {
	Name    string          `json:"name"`
	Base    schema.Estimate `json:"base"`
	New     schema.Estimate `json:"new"`
	Changed bool            `json:"changed"`
}

// An AloneDoc is what only one side has.
type AloneDoc struct {
	Side  string    `json:"side"`
	Curve string    `json:"curve"`
	N     []float64 `json:"n"` // null: the whole curve
	Why   string    `json:"why"`
}

// A GateDoc is the gate --fail-on.
type GateDoc struct {
	FailOn   float64  `json:"fail_on"`
	Holds    bool     `json:"holds"`
	Failed   []string `json:"failed"`
	Possible []string `json:"not_excluded"`
}

// Document is the comparison as it is written.
func (c *Comparison) Document() Document {
	r := c.Result
	d := Document{
		Schema: Schema, Base: c.Base, New: c.New, Title: words.Plain(c.title()),
		Differences: words.PlainAll(c.notes()), Measure: c.Measure,
		MinEffect: max(r.Options.MinEffect, 0), Alpha: compare.Alpha, Correction: "holm", Tests: r.Tests,
		Seed:   r.Options.Seed,
		Curves: []CurveDoc{}, Alone: []AloneDoc{}, Means: []MeanDoc{}, Test: "rank-sum", Profiles: c.Files,
	}
	if r.Options.Paired {
		d.Test = "signed-rank"
	}
	for i := range r.Means {
		d.Means = append(d.Means, c.meanDoc(&r.Means[i]))
	}
	for _, pair := range r.Pairs {
		d.Curves = append(d.Curves, c.curveDoc(pair))
	}
	for _, l := range r.Alone {
		side := "base"
		if l.New {
			side = "new"
		}
		d.Alone = append(d.Alone, AloneDoc{side, words.Key(l.Key), l.N, words.Lone(l)})
	}
	if c.FailOn > 0 {
		slow, possible := c.failed()
		d.Gate = &GateDoc{c.FailOn, len(slow) == 0 && c.compared(), words.PlainAll(slow), words.PlainAll(possible)}
	}
	return d
}

func (c *Comparison) curveDoc(pair compare.Pair) CurveDoc {
	k := pair.Key
	out := CurveDoc{
		Workload: k.Workload, Mode: k.Mode, Scaling: k.Scaling, Series: k.Series, Size: k.Size,
		Points: []PointDoc{}, Law: pair.Laws.Name, LawWhy: words.LawsCompared(pair.Laws, c.sides()), Params: []ParamDoc{},
	}
	for _, p := range pair.Points {
		out.Points = append(out.Points, point(p))
	}
	for _, p := range pair.Laws.Params {
		out.Params = append(out.Params, ParamDoc{
			p.Name, schema.EstimateOf(p.Base), schema.EstimateOf(p.New),
			p.Changed,
		})
	}
	return out
}

func point(p compare.Point) PointDoc {
	none, few := "no run succeeded on one side", "fewer than five launches on one side"
	if p.Alone > 0 && p.Pairs == 0 {
		none = "no block has a launch of both sides"
	}
	out := PointDoc{
		N: p.N, Base: sideDoc(p.Base), New: sideDoc(p.New), Interval: p.Interval, Verdict: p.Verdict,
		Causes: append([]compare.Change{}, p.Causes...),
	}
	out.Ratio, out.RatioReason = schema.NumberOf(p.Ratio, none)
	out.Above, out.AboveReason = schema.NumberOf(p.Above, none)
	speed, iv := p.Speed()
	out.Speed, out.SpeedReason = schema.NumberOf(speed, none)
	out.SpeedInterval, out.Pairs, out.Alone, out.Time = iv, p.Pairs, p.Alone, timeDoc(p.Shift)
	why := few
	if p.Verdict == compare.NotMeasured {
		why = none
	}
	out.P, out.PReason = schema.NumberOf(p.P, why)
	out.Adjusted, out.AdjustedReason = schema.NumberOf(p.Holm, why)
	if p.Interval == nil {
		out.IntervalReason = none
	}
	return out
}

// timeDoc is what became of the time; nil if it is not known.
func timeDoc(s *compare.Shift) *TimeDoc {
	if s == nil {
		return nil
	}
	out := &TimeDoc{
		Lanes: s.Lanes, Base: s.Base, New: s.New, Runs: s.Runs, Unexplained: s.Unexplained,
		Causes: []CauseTimeDoc{}, Places: []PlaceTimeDoc{},
	}
	for _, g := range s.Groups {
		out.Causes = append(out.Causes, CauseTimeDoc{
			g.Cause, g.Cause.Group(), g.By, g.Low, g.High, g.Noise, g.Certainty, words.Plain(words.Place(g.Stack)),
		})
	}
	for _, p := range s.Places {
		out.Places = append(out.Places, PlaceTimeDoc{words.Plain(words.Place(p.Stack)), p.Cause, p.By, p.Certainty})
	}
	return out
}

func (c *Comparison) meanDoc(m *compare.Mean) MeanDoc {
	out := MeanDoc{Mode: m.Mode, Scaling: m.Scaling, Series: m.Series, N: m.N, Workloads: m.Workloads}
	speed, iv := m.Speed()
	out.Interval = iv
	out.Speed, out.SpeedReason = schema.NumberOf(speed, words.Plain(words.MeanChange(m, c.sides())))
	return out
}

func sideDoc(s compare.Side) SideDoc {
	out := SideDoc{Runs: s.Runs, Failed: s.Failed, Noisy: s.Noisy}
	out.Median, out.MedianReason = schema.NumberOf(s.Median, "no run succeeded")
	return out
}

// WriteJSON writes the document.
func (c *Comparison) WriteJSON(w io.Writer) error {
	if err := schema.Write(w, c.Document()); err != nil {
		return fmt.Errorf("comparison: JSON: %w", err)
	}
	return nil
}
