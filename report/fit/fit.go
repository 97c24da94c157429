// Package fit reports the scaling laws of measurements that any tool made: as text, as JSON and as a picture.
package fit

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/corecurve/corecurve/analyze/law"
	"github.com/corecurve/corecurve/analyze/study"
	"github.com/corecurve/corecurve/analyze/warning"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/measurements"
)

// Options say how to fit.
type Options struct {
	Law       law.Name // law.None: the best of those that suit; law.Gustafson takes the measurements for weak scaling
	Cores     int      // counts beyond are not fitted; 0: all are
	Equal     bool     // weigh all residuals alike
	Seed      uint64   // of the resampling
	Resamples int      // 0: as many as all series together are worth
}

// A Fit is a series and the laws fitted to it.
type Fit struct {
	Series measurements.Series
	Result *law.Result
	opt    Options
	fewer  []warning.Warning
}

// All fits the laws to each of the series.
func All(series []measurements.Series, opt Options) []*Fit {
	points, launches := 0, 0
	for _, s := range series {
		points += len(s.Counts)
		for _, c := range s.Counts {
			launches += len(c.Values)
		}
	}
	var fewer []warning.Warning
	if opt.Resamples == 0 {
		e := study.EffortFor(points, launches)
		opt.Resamples, fewer = e.Laws, e.FewerOfLaws()
	}
	var out []*Fit
	for _, s := range series {
		f := New(s, opt)
		f.fewer = fewer
		out = append(out, f)
	}
	return out
}

// New fits the laws to a series. Under Gustafson's law the work grows with n: n times as much is done in a time at n.
func New(s measurements.Series, opt Options) *Fit {
	weak := opt.Law == law.Gustafson
	var counts []law.Count
	for _, c := range s.Counts {
		n := law.Count{N: c.N, Launches: c.Values}
		switch {
		case s.Kind == measurements.Throughput: // it is a rate as it stands
		case weak:
			n.Work = c.N
		default:
			n.Work = 1
		}
		counts = append(counts, n)
	}
	o := law.Options{
		Law: opt.Law, Weak: weak, Cores: float64(opt.Cores), Equal: opt.Equal, Seed: opt.Seed,
		Resamples: opt.Resamples,
	}
	f := &Fit{Series: s, Result: law.FitCounts(counts, o), opt: opt}
	if weak && s.Kind == measurements.Seconds {
		f.Result.Notes = append(f.Result.Notes, law.Note{Kind: law.TakenAsWeak, Law: law.Gustafson})
	}
	return f
}

// best is the model of the law that was named; nil if none was.
func (f *Fit) best() *law.Model {
	if f.Result.Best == law.None {
		return nil
	}
	return f.Result.Model(f.Result.Best)
}

func (f *Fit) scaling() string {
	if f.opt.Law == law.Gustafson {
		return "weak"
	}
	return "strong"
}

// unit is that of the throughput, empty if the file does not say.
func (f *Fit) unit() string {
	if f.scaling() == "weak" && f.Series.Kind == measurements.Seconds {
		return "base runs/s"
	}
	return f.Series.Unit
}

// warnings are those of reading and of fitting.
func (f *Fit) warnings() []string {
	return slices.Concat(f.Series.Warnings, words.LawNotes(f.Result.Notes), words.Warnings(f.fewer))
}

// finding is the result in a line.
func (f *Fit) finding() string {
	var parts []string
	if f.Result.Base >= 0 {
		top := f.Result.Points[f.Result.Base]
		for _, p := range f.Result.Points {
			if p.Speedup > top.Speedup {
				top = p
			}
		}
		if top.N == 1 {
			parts = append(parts, "no count is faster than n = 1")
		} else {
			parts = append(parts, fmt.Sprintf("%s× at n = %s", brief(top.Speedup), words.Count(top.N)))
		}
	}
	parts = append(parts, f.says())
	return f.Series.Title() + ": " + strings.Join(parts, "; ")
}

// says is what the law that was named says of the data, in a clause.
func (f *Fit) says() string {
	m := f.best()
	if m == nil {
		return "no law is named"
	}
	a, of := m.Param("alpha"), "work is serialised"
	if m.Name == law.Gustafson {
		of = "time is serial"
	}
	switch {
	case len(f.Result.Super) > 0:
		return "superlinear, which no law describes"
	case m.Doubtful():
		return "no law describes the data"
	case m.Peak != nil && m.Peak.Supported && m.Peak.Extrapolated:
		return "a peak is to be expected near n = " + near(m.Peak.N)
	case m.Peak != nil && m.Peak.Supported:
		return "the throughput peaks near n = " + near(m.Peak.N)
	case m.Hindered():
		return "workers hinder each other"
	case !m.SerialShare():
		return "further workers bring nothing that shows"
	case a.Value == 0 || a.Low <= 0:
		return fmt.Sprintf("at most %s%s%% of the %s", brief(100*a.High), words.NoBreak, of)
	default:
		return fmt.Sprintf("%s%s%% of the %s", brief(100*a.Value), words.NoBreak, of)
	}
}

// near writes the place of a peak, which is not known well.
func near(n float64) string {
	return strconv.FormatFloat(n, 'f', max(0, min(1, 2-int(math.Log10(n)))), 64)
}

// axis says what n counts.
func (f *Fit) axis() string {
	if f.Series.Axis == "n" {
		return "n"
	}
	return "n: " + f.Series.Axis
}

// figure writes v with four significant digits; "–" if it is not known.
func figure(v float64) string { return words.Figure(v, 4) }

// brief is for titles: three significant digits.
func brief(v float64) string { return words.Figure(v, 3) }
