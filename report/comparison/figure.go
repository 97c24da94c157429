package comparison

import (
	"errors"
	"fmt"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/trace/sweep"
)

// maxPairs is the number of pairs that one picture shows: more cannot be told apart.
const maxPairs = 4

// Figure is the picture: BASE grey and dashed, NEW in colour, both as speedups over BASE's smallest count, so that a
// program that became slower throughout lies lower throughout.
func (c *Comparison) Figure() (chart.Figure, error) {
	f := chart.Speedup{Words: chart.Words{
		Title:    c.title(),
		Subtitle: fmt.Sprintf("BASE %s, grey; NEW %s; both over the smallest count of BASE", c.Base, c.New),
	}}
	shown := 0
	for _, pair := range c.Result.Pairs {
		if len(pair.Points) == 0 || !whole(pair) {
			continue
		}
		if shown++; shown > maxPairs {
			continue
		}
		base, fresh := c.lines(pair)
		name := ""
		if len(c.Result.Pairs) > 1 {
			name = pair.Key.Workload + " "
			if pair.Key.Mode != "" {
				name += string(pair.Key.Mode) + " "
			}
		}
		f.Lines = append(f.Lines, chart.Line{Name: name + "BASE", Curve: base, Muted: true}, chart.Line{Name: name +
			"NEW", Curve: fresh})
		f.Cores = max(f.Cores, pair.Base.Cores, pair.New.Cores)
	}
	if shown == 0 {
		return nil, errors.New("nothing to draw: no pair of curves has whole counts")
	}
	f.Footnote = "Intervals of the ratios are in the table."
	if shown > maxPairs {
		f.Footnote += fmt.Sprintf(" %d more pairs of curves are not drawn.", shown-maxPairs)
	}
	return f, nil
}

// lines are the two curves of a pair.
func (c *Comparison) lines(pair compare.Pair) (base, fresh *curve.Curve) {
	s := sweep.Sweep{
		Workload: pair.Key.Workload, Mode: pair.Key.Mode, Scaling: pair.Key.Scaling,
		Series: pair.Key.Series, Size: pair.Key.Size,
	}
	base, fresh = &curve.Curve{Sweep: s, Measure: c.Measure}, &curve.Curve{Sweep: s, Measure: c.Measure}
	first := pair.Points[0]
	for _, p := range pair.Points {
		grow := 1.0 // as the work grows
		if pair.Key.Scaling == sweep.Weak {
			grow = p.N / first.N
		}
		of := func(side compare.Side) curve.Point {
			return curve.Point{
				N: int(p.N), Runs: side.Runs, Failed: side.Failed, Noisy: side.Noisy,
				Median: side.Median, Speedup: first.Base.Median / side.Median * grow,
			}
		}
		base.Points, fresh.Points = append(base.Points, of(p.Base)), append(fresh.Points, of(p.New))
	}
	return base, fresh
}
