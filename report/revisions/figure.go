package revisions

import (
	"fmt"
	"math"

	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/history"
	"github.com/corecurve/corecurve/analyze/noise"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
)

// A Figure is the picture of a series.
type Figure struct {
	Name string // of its series
	chart.Figure
}

// Figures are the pictures: one of each series, in their order.
func (r *Report) Figures() []Figure {
	var out []Figure
	for i := range r.History.Series {
		s := &r.History.Series[i]
		out = append(out, Figure{r.head(s), r.figure(s)})
	}
	return out
}

func (r *Report) figure(s *history.Series) chart.History {
	h := r.History
	f := chart.History{Words: chart.Words{
		Title: r.subject(s),
		Subtitle: fmt.Sprintf("%s; %s; %s by commit", r.head(s), words.Machine(h.Hosts[s.Host]),
			words.Plural(len(s.Entries), "study", "studies")),
	}}
	for i := range s.Entries {
		f.Studies = append(f.Studies, words.EntryName(h, &s.Entries[i]))
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Quantity == history.BaseTime {
			continue
		}
		p := chart.HistoryPanel{Head: words.Upper(words.HistoryLine(s, l.Quantity)), Times: l.Quantity == history.TopTime}
		for k := range s.Entries {
			p.Spots = append(p.Spots, spotOf(h, s, l, k))
		}
		p.Marks, p.Levels = marks(s, l), levels(s, l)
		if l.Quantity == history.Speedup {
			for k := range s.Entries {
				p.Ceiling = append(p.Ceiling, s.Entries[k].Ceiling)
			}
		}
		f.Panels = append(f.Panels, p)
	}
	return f
}

// spotOf is a study on a line.
func spotOf(h *history.History, s *history.Series, l *history.Line, k int) chart.HistorySpot {
	e := &s.Entries[k]
	spot := chart.HistorySpot{Value: l.Values[k], Low: math.NaN(), High: math.NaN()}
	f := e.Top(s)
	if f == nil || math.IsNaN(spot.Value) {
		return spot
	}
	iv, text := f.Range, words.Duration(spot.Value)
	if l.Quantity == history.Speedup {
		iv, text = f.Interval, words.Times(spot.Value)
	}
	if iv != nil && words.Finite(iv.Low) && words.Finite(iv.High) {
		spot.Low, spot.High, spot.Hollow = iv.Low, iv.High, iv.Method == curve.MinMax
	}
	spot.Title = words.Plain(fmt.Sprintf("%s: %s, %s", words.EntryName(h, e), text, words.Plural(f.Runs, "run", "runs")))
	return spot
}

// levels are the geometric means of a line between its changes; none without one that is shown.
func levels(s *history.Series, l *history.Line) []chart.HistoryLevel {
	if len(marks(s, l)) == 0 {
		return nil
	}
	var out []chart.HistoryLevel
	from := 0
	add := func(to int) {
		sum, n := 0.0, 0
		for _, v := range l.Values[from:to] {
			if !math.IsNaN(v) {
				sum, n = sum+math.Log(v), n+1
			}
		}
		out = append(out, chart.HistoryLevel{From: from, To: to, Value: math.Exp(sum / float64(n))})
		from = to
	}
	for i := range s.Changes {
		if c := &s.Changes[i]; c.Quantity == l.Quantity {
			add(c.At)
		}
	}
	add(len(l.Values))
	return out
}

// marks are the changes of a line of which anything is said.
func marks(s *history.Series, l *history.Line) []chart.HistoryMark {
	var out []chart.HistoryMark
	for _, c := range shown(s) {
		if c.Quantity != l.Quantity {
			continue
		}
		label := words.ChangeShort(c)
		if !ofProgram(c) {
			label = "machine: " + label
		}
		out = append(out, chart.HistoryMark{
			At: c.At, First: c.First, Last: c.Last, Label: words.Plain(label), Machine: !ofProgram(c), Better: c.Better(),
			Likely: c.Certainty == noise.Likely,
		})
	}
	return out
}
