package prediction

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/internal/schema"
	"github.com/corecurve/corecurve/report/page"
	"github.com/corecurve/corecurve/report/view"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Study is what is predicted of the curves of a study, beside what was measured.
type Study struct {
	Dir    string
	Study  *study.Study
	Curves []Curve // those of the workloads, in the order of the study
}

// A Curve is one curve of a study and its prediction.
type Curve struct {
	*study.Curve
	Name   string // of workload and curve
	replay Prediction
}

// Of gathers the curves of a study that was analysed with predictions.
func Of(dir string, s *study.Study) *Study {
	out := &Study{Dir: dir, Study: s}
	several := map[string]bool{} // sizes
	for i := range s.Workloads {
		w := &s.Workloads[i]
		several[w.Program.Name] = len(w.Families) > 1
	}
	for c := range s.Curves() {
		if c.Prediction == nil {
			continue
		}
		name := c.Sweep.Workload + ", " + words.Curve(c.Sweep)
		if c.Sweep.Variant != "" {
			name = c.Sweep.Variant + ": " + name
		}
		if several[c.Sweep.Workload] {
			name += ", " + words.Size(c.Sweep, study.ProgramOf(s.Header, c.Sweep.Workload).Unit)
		}
		out.Curves = append(out.Curves, Curve{c, name, Prediction{Curve: c.Prediction.Curve}})
	}
	return out
}

// Known returns how many of the curves are predicted.
func (s *Study) Known() int {
	n := 0
	for _, c := range s.Curves {
		if c.Known() {
			n++
		}
	}
	return n
}

// Known reports whether c is predicted: a bound alone is no prediction, nor what misses what was measured.
func (c *Curve) Known() bool {
	p := c.Prediction
	return p.Unknown == nil && words.Unforetold(p.Points) == nil && !p.Misses()
}

// title is what comes of it in a sentence.
func (s *Study) title() string {
	if len(s.Curves) == 1 {
		return words.Printable(s.Curves[0].Sweep.Workload) + ", " + words.Foretold(s.Curves[0].Curve)
	}
	is := "are"
	if s.Known() == 1 {
		is = "is"
	}
	return fmt.Sprintf("%d of %d curves %s predicted", s.Known(), len(s.Curves), is)
}

// checks say how the prediction stands to what was measured.
func (c *Curve) checks() []string {
	var out []string
	for i := range c.Prediction.Checks {
		k := &c.Prediction.Checks[i]
		m := &c.Points[k.At]
		out = append(out, words.Checked(c.Sweep, m, k))
	}
	return out
}

// WriteText writes s for a terminal.
func (s *Study) WriteText(w io.Writer) error {
	pg := page.Page{Title: s.title() + ".", Lead: words.Printable(s.Dir) + ": " + words.Machine(s.Study.Header.Host)}
	for i := range s.Curves {
		c := &s.Curves[i]
		pg.Blocks = append(pg.Blocks, c.blocks(len(s.Curves) > 1)...)
	}
	return pg.WriteText(w)
}

// blocks are what is said of c; named: with its name, and what comes of it, on top.
func (c *Curve) blocks(named bool) []page.Block {
	first := page.Block{}
	if named {
		first.Head = words.Printable(c.Name)
		first.Text = []string{words.Upper(words.Foretold(c.Curve)) + "."}
	}
	p := c.Prediction
	if p.Unknown != nil {
		return []page.Block{first}
	}
	first.Text = append(first.Text, words.Replayed(c.Sweep, p))
	if !p.Misses() {
		first.Table = c.table()
	}
	out := []page.Block{first}
	out = append(out, page.Listed("Beside what was measured:", c.checks()))
	if p.Curve.Work > 0 && words.Finite(p.Curve.Most) {
		out = append(out, page.Listed("The longest chain:", c.replay.chain()))
	}
	if !p.Misses() {
		out = append(out, c.replay.changed(p.Changes))
	}
	return append(out, page.Listed("What goes on one after the other:", c.replay.limits()),
		page.Listed("Warnings:", c.replay.warnings()))
}

// counted is what the counts of a prediction are of, by the mode of the curve.
func counted(m sweep.Mode) sweep.Mode {
	if m == sweep.Procs {
		return m
	}
	return sweep.Cores
}

// table has a row for each number of cores.
func (c *Curve) table() *page.Table {
	t := &page.Table{Gap: 2, Head: []page.Head{
		{Name: words.Mode(counted(c.Sweep.Mode))},
		{Name: "predicted"},
		{Name: "from"},
		{Name: "to"},
		{Name: "measured"},
		{Name: "interval"},
		{Name: "error"},
	}}
	for i := range c.Prediction.Points {
		q := &c.Prediction.Points[i]
		measured, interval, off := words.Unknown, words.Unknown, words.Unknown
		if k := c.check(q.Cores); k != nil {
			m := &c.Points[k.At]
			measured, off = words.Times(m.Speedup), words.Off(k.Error)
			if m.Interval != nil {
				interval = words.RatioRange(m.Interval)
			}
		}
		t.Add(strconv.Itoa(q.Cores), speedup(q.Speedup), speedup(q.Low), speedup(q.High), measured, interval, off)
	}
	t.Notes = c.replay.notes(c.Prediction.Points)
	return t
}

// check is that of the prediction for n cores; nil: none was measured.
func (c *Curve) check(n int) *study.Check {
	for i := range c.Prediction.Checks {
		if k := &c.Prediction.Checks[i]; k.Cores == n {
			return k
		}
	}
	return nil
}

// Figure is the picture of c: what was measured with a core for each of the counts, and what is predicted with its
// band.
func (c *Curve) Figure(s *Study) chart.Figure {
	cpus := len(s.Study.Header.Host.CPUs)
	measured := c.Curve.Curve
	measured.Points = slices.DeleteFunc(slices.Clone(measured.Points), func(p curve.Point) bool {
		return p.N > max(p.Point.Cores, measured.Points[max(0, measured.Base)].N)
	})
	of := view.Curve{Curve: c.Curve}
	line := chart.Line{Name: "measured", Curve: &measured, Cores: cpus, Law: c.law(cpus)}
	if c.Known() {
		line.Missed = c.missed()
	}
	return chart.Speedup{
		Words: chart.Words{
			Title: words.Printable(c.Name) + ": " + words.ForetoldTitle(c.Curve),
			Subtitle: fmt.Sprintf("%s; %s; %s; %s", of.BaseText(), words.Measure(s.Study.Measure),
				words.Machine(s.Study.Header.Host), words.ReplayedIn(c.Sweep, c.Prediction)),
		},
		Lines: []chart.Line{line}, Axis: words.PredictedAxis(c.Sweep), Worthwhile: s.Study.Efficiency,
		Markers: []chart.Marker{{N: float64(cpus), Label: words.Plural(cpus, "core", "cores") + ": this machine"}},
	}
}

// missed are the counts where what is predicted lies outside the interval of what was measured.
func (c *Curve) missed() (at []float64) {
	for i := range c.Prediction.Checks {
		if k := &c.Prediction.Checks[i]; k.Known && !k.Within {
			at = append(at, float64(c.Points[k.At].N))
		}
	}
	return at
}

// law is the prediction of c, or what bounds it, as the line of a picture, dashed beyond what this machine could measure;
// nil: nothing is known. What the text does not predict is bounded by a replay at no cost, unless more was measured.
func (c *Curve) law(cpus int) *chart.Law {
	p := c.Prediction
	if p.Unknown != nil {
		return nil
	}
	name, points := "predicted", chart.Predicted{}
	withheld := p.Misses()
	for i := range p.Points {
		q := &p.Points[i]
		at := chart.PredictedPoint{N: float64(q.Cores), Speedup: q.Speedup, Low: q.Low, High: q.High}
		if q.Unknown != nil || withheld {
			name, at.Speedup, at.Low = "at most", q.High, q.High
		}
		if k := c.check(q.Cores); withheld && k != nil && c.Points[k.At].Speedup > q.High {
			return nil
		}
		if words.Finite(at.Speedup) {
			points.Points = append(points.Points, at)
		}
	}
	if len(points.Points) < 2 {
		return nil
	}
	return points.Law(name, float64(cpus))
}

// StudySchema is the schema of the JSON of a study.
const StudySchema = "corecurve/predictions/1"

// A StudyDoc is the predictions of a study as JSON: SI units, the unit in the key, nothing rounded.
type StudyDoc struct {
	Schema string     `json:"schema"`
	Study  string     `json:"study"`
	Curves []CurveDoc `json:"curves"`
}

// A CurveDoc is the prediction of a curve. Without one there is but the reason.
type CurveDoc struct {
	Workload string        `json:"workload"`
	Mode     sweep.Mode    `json:"mode"`
	Scaling  sweep.Scaling `json:"scaling"`
	Size     int64         `json:"size"`
	Series   string        `json:"series,omitempty"`
	ForecastDoc
}

// A ForecastDoc is the prediction of a curve: speedups over the base of the curve, of its measure.
type ForecastDoc struct {
	Finding    string          `json:"finding"`
	Reason     string          `json:"reason,omitempty"` // why nothing is predicted
	Replayed   string          `json:"replayed_run,omitempty"`
	Fixed      float64         `json:"fixed_share"` // of the base's time that is no work, and is taken to stay
	Most       schema.Number   `json:"at_most_speedup"`
	MostReason string          `json:"at_most_speedup_reason,omitempty"`
	Holds      *bool           `json:"agrees"` // with all that was measured for as many cores; null: noise hides it
	Predicted  []ComparedPoint `json:"predicted"`
	Changes    []ChangeDoc     `json:"changes"`
	Replay     *ReplayDoc      `json:"replay,omitempty"` // of the work, over one core; not in a report
}

// A ComparedPoint is the prediction for a number of cores, and what was measured there.
type ComparedPoint struct {
	PointDoc
	Measured schema.Number `json:"measured_speedup"`
	Error    schema.Number `json:"error"`           // of the prediction, as a share of what was measured
	Within   *bool         `json:"within_interval"` // null: there is no interval that says anything
}

// ForecastOf is the prediction of a curve as a report has it, without the replays that it rests on; nil: none was asked
// for.
func ForecastOf(c *study.Curve) *ForecastDoc {
	if c.Prediction == nil {
		return nil
	}
	of := Curve{c, "", Prediction{Curve: c.Prediction.Curve}}
	return of.forecast()
}

// forecast is the prediction of c as JSON has it, without its replays.
func (c *Curve) forecast() *ForecastDoc {
	p := c.Prediction
	d := &ForecastDoc{
		Finding: words.Plain(words.Upper(words.Foretold(c.Curve))), Predicted: []ComparedPoint{}, Changes: []ChangeDoc{},
	}
	if p.Unknown != nil {
		d.Holds = new(bool)
		d.Reason = schema.Reason(p.Unknown)
		d.MostReason = d.Reason
		return d
	}
	d.Replayed, d.Fixed = p.Run.Dir(), p.Fixed
	if holds := p.Holds(); !p.Open() {
		d.Holds = &holds
	}
	d.Most, d.MostReason = schema.NumberOf(p.Most, unbounded(p.Points))
	if p.Misses() {
		d.Reason = "the replay does not agree with what was measured"
		if p.Open() {
			d.Reason = "what was measured is too noisy to tell whether the replay agrees with it"
		}
		d.Most, d.MostReason = nil, d.Reason
	} else {
		d.Changes = c.replay.changeDocs(p.Changes)
	}
	for i := range p.Points {
		q := ComparedPoint{PointDoc: point(&p.Points[i])}
		if p.Misses() {
			q.Predicted = schema.Predicted{
				Cores: q.Cores, SpeedupReason: d.Reason, LowReason: d.Reason, HighReason: d.Reason,
			}
		}
		if k := c.check(q.Cores); k != nil {
			v, e := c.Points[k.At].Speedup, k.Error
			q.Measured, q.Error = &v, &e
			if k.Known {
				q.Within = &k.Within
			}
		}
		d.Predicted = append(d.Predicted, q)
	}
	return d
}

// WriteJSON writes the document.
func (s *Study) WriteJSON(w io.Writer) error {
	d := StudyDoc{Schema: StudySchema, Study: s.Dir, Curves: []CurveDoc{}}
	for i := range s.Curves {
		c := &s.Curves[i]
		w := &c.Sweep
		of := c.forecast()
		if c.Prediction.Unknown == nil {
			of.Replay = c.replay.replay()
		}
		d.Curves = append(d.Curves, CurveDoc{w.Workload, w.Mode, w.Scaling, w.Size, w.Series, *of})
	}
	if err := schema.Write(w, d); err != nil {
		return fmt.Errorf("prediction: %w", err)
	}
	return nil
}
