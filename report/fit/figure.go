package fit

import (
	"fmt"
	"strings"
	"sync"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// reach is how far beyond the fitted counts a law is drawn, as a multiple of the largest.
const reach = 2

// Figure is the picture of f: what was measured, the law that was named with its band, and efficiency.
func (f *Fit) Figure() chart.Figure {
	r, m := f.Result, f.best()
	out := chart.Fitted{
		Words: chart.Words{Title: f.finding(), Subtitle: f.subtitle(), Footnote: f.footnote()},
		Name:  "measured", Per: f.unit(), Axis: f.axis(), Cores: f.opt.Cores, Based: r.Base >= 0,
	}
	switch {
	case out.Based:
		out.Unit = r.Points[r.Base].Throughput
	case m != nil:
		out.Unit = m.Param("gamma").Value
	default: // the first count as if its workers did equal shares
		out.Unit = r.Points[0].Throughput / r.Points[0].N
	}
	for _, p := range r.Points {
		q := chart.FittedPoint{N: p.N, Speedup: p.Throughput / out.Unit, Runs: p.Runs}
		iv, unit := p.Interval, 1.0
		if !out.Based {
			iv, unit = p.Range, out.Unit
		}
		if iv != nil {
			q.Low, q.High, q.Method, q.Level = iv.Low/unit, iv.High/unit, iv.Method, iv.Level
		}
		out.Points = append(out.Points, q)
	}
	if m != nil {
		out.Law = LawOf(m, out.Unit, r.Last())
		if rival := f.rival(); rival != nil {
			out.Rival = LawOf(rival, out.Unit, r.Last())
			out.Rival.Name += " (rival)"
		}
		if p := m.Peak; p != nil && p.Supported {
			out.Markers = append(out.Markers, chart.Marker{N: p.N, Label: "peak by " + m.Name.Title() +
				" near " + near(p.N)})
		}
	}
	if f.opt.Cores > 0 {
		out.Markers = append(out.Markers, chart.Marker{N: float64(f.opt.Cores), Label: fmt.Sprintf("%d cores",
			f.opt.Cores)})
	}
	return out
}

// rival is the law that fits next best after the one that is named; nil if no other was fitted.
func (f *Fit) rival() *law.Model {
	var next *law.Model
	for i := range f.Result.Models {
		m := &f.Result.Models[i]
		if m.Name != f.Result.Best && words.Finite(m.AICc) && (next == nil || m.AICc < next.AICc) {
			next = m
		}
	}
	return next
}

// LawOf is m as a chart draws it: a curve of speedups over the unit, the throughput of the base, with its band; dashed
// beyond last, the largest count that it was fitted to.
func LawOf(m *law.Model, unit, last float64) *chart.Law {
	out := &chart.Law{
		Name: m.Name.Title(), At: func(n float64) float64 { return m.At(n) / unit }, DataTo: last,
		To: reach * last,
	}
	if m.Method != law.NoMethod {
		b := &band{of: m, known: map[float64][2]float64{}}
		out.Low = func(n float64) float64 { return b.at(n)[0] / unit }
		out.High = func(n float64) float64 { return b.at(n)[1] / unit }
	}
	return out
}

// A band is that of a law. It keeps what it was asked for: every drawing of a figure asks for the same, and a figure of
// it is the quantile of a thousand fits.
type band struct {
	of *law.Model

	mu    sync.Mutex
	known map[float64][2]float64
}

func (b *band) at(n float64) [2]float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.known[n]
	if !ok {
		v[0], v[1], _ = b.of.Band(n)
		b.known[n] = v
	}
	return v
}

// subtitle says what was measured, and the base.
func (f *Fit) subtitle() string {
	runs := 0
	for _, p := range f.Result.Points {
		runs += p.Runs
	}
	parts := []string{f.Series.File, fmt.Sprintf("%d counts, %d launches", len(f.Result.Points), runs)}
	if b := f.Result.Base; b >= 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("base: n = 1, %s %s", figure(f.Result.Points[b].Throughput),
			f.unit())))
	} else {
		parts = append(parts, "no base: n = 1 was not measured")
	}
	return strings.Join(append(parts, f.scaling()+" scaling"), "; ")
}

// footnote says which law it is.
func (f *Fit) footnote() string {
	m := f.best()
	if m == nil {
		return "Law: " + words.LawChoice(f.Result.Choice) + "."
	}
	var params []string
	for _, p := range m.Params {
		s := p.Name + " " + figure(p.Value)
		if words.Finite(p.Low) && words.Finite(p.High) {
			s += fmt.Sprintf(" (%s to %s)", figure(p.Low), figure(p.High))
		}
		params = append(params, s)
	}
	s := fmt.Sprintf("%s: %s. %s.", m.Name.Title(), strings.Join(params, ", "),
		words.Upper(words.LawChoice(f.Result.Choice)))
	switch m.Method {
	case law.Bootstrap:
		return s + fmt.Sprintf(" Shaded: its %.0f\u00a0%% band, from resampled launches.", 100*curve.Level)
	case law.Wald:
		return s + fmt.Sprintf(" Shaded: its %.0f\u00a0%% band, from the residuals.", 100*curve.Level)
	default:
		return s
	}
}
