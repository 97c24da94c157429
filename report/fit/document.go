package fit

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/words"
)

// Schema is the schema of the JSON.
const Schema = "corecurve/fit/1"

// A Document is a fit as JSON: nothing is rounded.
type Document struct {
	Schema  string `json:"schema"`
	File    string `json:"file"`
	Name    string `json:"name"` // of the benchmark or command; empty: the file holds but one
	Axis    string `json:"axis"` // what n counts
	Unit    string `json:"unit"` // of the throughput; empty: not known
	Scaling string `json:"scaling"`
	// Weights of the residuals: relative to the throughput and the launches' scatter, or equal.
	Weights string `json:"weights"`

	Base       *PointDoc `json:"base"` // n = 1
	BaseReason string    `json:"base_reason,omitempty"`

	Points    []PointDoc     `json:"points"`
	Models    []ModelDoc     `json:"models"`
	Best      *law.Name      `json:"best"`
	BestWhy   string         `json:"best_why"`
	KarpFlatt []KarpFlattDoc `json:"karp_flatt"`
	// a straight line through them: a cross-check of alpha and beta
	KarpFlattLine *law.CrossCheck `json:"karp_flatt_line"`
	LineReason    string          `json:"karp_flatt_line_reason,omitempty"`
	Superlinear   []float64       `json:"superlinear"` // counts that do more work per worker than n = 1
	Warnings      []string        `json:"warnings"`
}

// A PointDoc is what was measured at n.
type PointDoc struct {
	N              float64         `json:"n"`
	Throughput     float64         `json:"throughput"` // of the median launch
	Range          *curve.Interval `json:"throughput_interval"`
	RangeReason    string          `json:"throughput_interval_reason,omitempty"`
	Runs           int             `json:"runs"`
	Fitted         bool            `json:"fitted"`
	Speedup        schema.Number   `json:"speedup"`
	SpeedupReason  string          `json:"speedup_reason,omitempty"`
	Efficiency     schema.Number   `json:"efficiency"`
	EffReason      string          `json:"efficiency_reason,omitempty"`
	Interval       *curve.Interval `json:"interval"` // of the speedup
	IntervalReason string          `json:"interval_reason,omitempty"`
}

// A ModelDoc is a fitted law.
type ModelDoc struct {
	Name        law.Name            `json:"name"`
	Params      map[string]ParamDoc `json:"params"`
	Method      law.Method          `json:"interval_method"`
	Level       float64             `json:"interval_level"`
	RSE         schema.Number       `json:"rse"`
	RSEReason   string              `json:"rse_reason,omitempty"`
	AICc        schema.Number       `json:"aicc"`
	AICcReason  string              `json:"aicc_reason,omitempty"`
	Peak        *law.Peak           `json:"peak"`
	PeakReason  string              `json:"peak_reason,omitempty"`
	Asymptote   schema.Number       `json:"asymptote"`
	LimitReason string              `json:"asymptote_reason,omitempty"`
	Lack        *law.LackOfFit      `json:"lack_of_fit"`
	LackReason  string              `json:"lack_of_fit_reason,omitempty"`
	Words       []string            `json:"words"`
}

// A ParamDoc is a parameter with its interval.
type ParamDoc struct {
	schema.Estimate
	OneSided bool `json:"one_sided"` // the value lies on a bound
}

// A KarpFlattDoc is the fraction of Karp and Flatt at n.
type KarpFlattDoc struct {
	N float64 `json:"n"`
	E float64 `json:"e"`
}

// unless is why if there is no v.
func unless[T any](v *T, why string) string {
	if v != nil {
		return ""
	}
	return why
}

// Document is f as it is written.
func (f *Fit) Document() Document {
	r := f.Result
	d := Document{
		Schema: Schema, File: f.Series.File, Name: f.Series.Name, Axis: f.Series.Axis, Unit: f.unit(),
		Scaling: f.scaling(), Weights: "relative",
		Points: []PointDoc{}, Models: []ModelDoc{}, BestWhy: words.LawChoice(r.Choice), KarpFlatt: []KarpFlattDoc{},
		Superlinear: []float64{}, Warnings: []string{},
	}
	if f.opt.Equal {
		d.Weights = "equal"
	}
	for i, p := range r.Points {
		d.Points = append(d.Points, f.point(i, p))
		if words.Finite(p.KarpFlatt) {
			d.KarpFlatt = append(d.KarpFlatt, KarpFlattDoc{p.N, p.KarpFlatt})
		}
	}
	if r.Base >= 0 {
		base := d.Points[r.Base]
		d.Base = &base
	}
	d.BaseReason = unless(d.Base, noBase)
	for i := range r.Models {
		d.Models = append(d.Models, ModelOf(&r.Models[i]))
	}
	if r.Best != law.None {
		d.Best = &r.Best
	}
	d.KarpFlattLine = r.Check
	d.LineReason = unless(d.KarpFlattLine, "there are fewer than two fractions")
	d.Superlinear = append(d.Superlinear, r.Super...)
	d.Warnings = words.PlainAll(f.warnings())
	return d
}

const noBase = "n = 1 was not measured"

func (f *Fit) point(i int, p law.Point) PointDoc {
	out := PointDoc{
		N: p.N, Throughput: p.Throughput, Range: p.Range, Runs: p.Runs, Fitted: p.Fitted,
		Interval: p.Interval,
	}
	out.RangeReason = unless(out.Range, "one launch")
	out.Speedup, out.SpeedupReason = schema.NumberOf(p.Speedup, noBase)
	out.Efficiency, out.EffReason = schema.NumberOf(p.Efficiency, noBase)
	switch {
	case p.Interval != nil:
	case f.Result.Base < 0:
		out.IntervalReason = noBase
	case i == f.Result.Base:
		out.IntervalReason = "this is the base"
	default:
		out.IntervalReason = "one launch here or at the base"
	}
	return out
}

// ModelOf is m as JSON.
func ModelOf(m *law.Model) ModelDoc {
	out := ModelDoc{
		Name: m.Name, Params: map[string]ParamDoc{}, Method: m.Method, Level: curve.Level,
		Words: words.Law(m),
	}
	if m.Method == law.NoMethod {
		out.Level = 0
	}
	for _, p := range m.Params {
		out.Params[p.Name] = ParamDoc{schema.EstimateOf(p), p.OneSided}
	}
	out.RSE, out.RSEReason = schema.NumberOf(m.RSE, "there are as many parameters as counts")
	out.AICc, out.AICcReason = schema.NumberOf(m.AICc, "there are fewer than two counts more than parameters")
	out.Peak = m.Peak
	out.PeakReason = unless(out.Peak, "the data show no peak")
	why := "the throughput grows without a limit"
	switch {
	case m.Param("beta").Value > 0:
		why = "beta is not 0: the throughput falls in the end"
	case m.Name != law.Gustafson && !m.Contended() && m.Param("alpha").High != 0:
		why = "the data do not tell alpha from 0"
	}
	out.Asymptote, out.LimitReason = schema.NumberOf(m.Limit, why)
	out.Lack = m.Lack
	out.LackReason = unless(out.Lack, "there are no repeats that differ, or no count more than parameters")
	return out
}

// WriteJSON writes one fit as a document, and several as one document on each line.
func WriteJSON(w io.Writer, fits []*Fit) error {
	enc := json.NewEncoder(w)
	if len(fits) == 1 {
		enc.SetIndent("", "  ")
	}
	for _, f := range fits {
		if err := enc.Encode(f.Document()); err != nil {
			return fmt.Errorf("%s: JSON: %w", f.Series.Title(), err)
		}
	}
	return nil
}
