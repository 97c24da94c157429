package comparison

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/corecurve/corecurve/analyze/compare"
	"github.com/corecurve/corecurve/analyze/curve"
	"github.com/corecurve/corecurve/analyze/verdict"
	"github.com/corecurve/corecurve/report/chart"
	"github.com/corecurve/corecurve/report/words"
	"github.com/corecurve/corecurve/trace/sweep"
)

// A Figure is a picture of a comparison, and what it says to those who do not see it.
type Figure struct {
	Name  string // of its file, without extension
	Chart chart.Figure
	Head  string // what it shows
	Alt   string
}

// Figures are the pictures: how many times as fast each point is, and the curves of both sides over one base. There are
// none without a point in common.
func (c *Comparison) Figures() []Figure {
	forest, err := c.Figure()
	if err != nil {
		return nil
	}
	s := c.sides()
	head := fmt.Sprintf("Speed of %s over that of %s", s.New, s.Base)
	out := []Figure{{Name: "change", Chart: forest, Head: head, Alt: head + ", point by point. " + words.Sentence(c.title())}}
	if f := c.curves(); f != nil {
		head := fmt.Sprintf("Speedup of both over %s at its smallest count", s.Base)
		out = append(out, Figure{Name: "curves", Chart: f, Head: head, Alt: head + "."})
	}
	return out
}

// Figure is the picture of all ratios: a row for each point with its speed over that of the base, its interval, and the
// smallest change that counts. Curves of times would hide changes of a few percent.
func (c *Comparison) Figure() (chart.Figure, error) {
	s := c.short()
	f := chart.Forest{
		Words:  chart.Words{Title: c.titleOf(s), Subtitle: c.subtitle()},
		Slower: s.New + " is slower", Faster: s.New + " is faster", MinEffect: max(0, c.Result.Options.MinEffect),
	}
	for _, pair := range c.Result.Pairs {
		if len(pair.Points) == 0 {
			continue
		}
		g := chart.ForestGroup{}
		if len(c.Result.Pairs) > 1 {
			g.Title = words.Key(pair.Key)
		}
		for i := range pair.Points {
			g.Rows = append(g.Rows, row(pair.Key, &pair.Points[i]))
		}
		f.Groups = append(f.Groups, g)
	}
	if len(f.Groups) == 0 {
		return nil, errors.New("nothing to draw: no pair of curves has a point in common")
	}
	if g := c.meanRows(); len(g.Rows) > 0 {
		f.Groups = append([]chart.ForestGroup{g}, f.Groups...)
	}
	return f, nil
}

// short are the names of the sides in pictures: of two studies as much of the end of their paths as tells them apart.
func (c *Comparison) short() words.Sides {
	if c.Sides != (words.Sides{}) {
		return c.sides()
	}
	base, fresh := labels(c.Base, c.New)
	return words.Sides{Base: base, New: fresh}
}

func (c *Comparison) subtitle() string {
	if c.Sides != (words.Sides{}) {
		return c.lead()
	}
	return fmt.Sprintf("base: %s; new: %s", c.Base, c.New)
}

// row is a point as the picture shows it.
func row(k compare.Key, p *compare.Point) chart.ForestRow {
	speed, iv := p.Speed()
	r := chart.ForestRow{Name: words.CountOf(k, p), Ratio: speed, Text: string(p.Verdict), Shown: p.Verdict.Shown()}
	if !words.Finite(speed) {
		return r
	}
	r.Text = words.SpeedOf(speed, iv)
	if iv != nil {
		r.Low, r.High, r.Range = iv.Low, iv.High, iv.Method == curve.MinMax
		r.Text += " (" + words.SpeedRange(speed, iv) + ")"
	}
	r.Text += ": " + string(p.Verdict)
	return r
}

// meanRows are the means that have a figure.
func (c *Comparison) meanRows() chart.ForestGroup {
	g := chart.ForestGroup{Title: "geometric mean"}
	for i := range c.Result.Means {
		m := &c.Result.Means[i]
		if m.Absence != "" {
			continue
		}
		speed, iv := m.Speed()
		k := compare.Key{Mode: m.Mode, Series: m.Series}
		g.Rows = append(g.Rows, chart.ForestRow{
			Name: words.CountOf(k, &compare.Point{N: m.N, Point: m.Point}), Ratio: speed, Low: iv.Low, High: iv.High, Mean: true,
			Text: fmt.Sprintf("%s (%s) of %d workloads", words.SpeedOf(speed, iv), words.SpeedRange(speed, iv), m.Workloads),
		})
	}
	return g
}

// curves is the picture of the speedups of both sides; nil if no base was measured at two counts.
func (c *Comparison) curves() chart.Figure {
	s := c.short()
	over := s.Base
	var panels []chart.Multiple
	for i := range c.Result.Pairs {
		pair := &c.Result.Pairs[i]
		if len(pair.Points) < 2 {
			continue
		}
		base, fresh := c.Result.Speedups(pair)
		if base == nil || base.Base < 0 {
			continue
		}
		panels = append(panels, chart.Multiple{Name: words.Key(pair.Key), Cores: idealCores(pair), Lines: []chart.Line{
			{Name: s.Base, Curve: base, Side: chart.BaseSide, Cores: pair.Base.Cores},
			{Name: s.New, Curve: fresh, Side: chart.NewSide, Cores: pair.New.Cores},
		}})
		over = fmt.Sprintf("%s at n = %s", s.Base, words.Count(pair.Base.Counts[0].N))
	}
	said := chart.Words{Title: c.titleOf(s), Subtitle: c.subtitle() + "; both over " + over}
	switch len(panels) {
	case 0:
		return nil
	case 1:
		p := panels[0]
		return chart.Speedup{
			Words: said, Lines: p.Lines, Cores: p.Cores, Over: over,
			Markers: coresMarker(p.Lines[0]),
		}
	}
	return chart.Multiples{Words: said, Panels: panels}
}

// idealCores is where the ideal of a pair stops rising; 0: nowhere, as its work waits rather than computes on either
// side.
func idealCores(p *compare.Pair) int {
	for _, c := range []*compare.Curve{&p.Base, &p.New} {
		for _, d := range c.Counts {
			if d.Curve != nil && d.Curve.Verdict.Bound == verdict.IO {
				return 0
			}
		}
	}
	return p.Base.Cores
}

// coresMarker marks the cores that there are.
func coresMarker(l chart.Line) []chart.Marker {
	if l.Cores == 0 || l.Curve.Sweep.Mode == sweep.Cores {
		return nil
	}
	return []chart.Marker{{N: float64(l.Cores), Label: words.Plural(l.Cores, "core", "cores")}}
}

// labels name two sides by as little of the end of their paths as tells them apart.
func labels(base, fresh string) (a, b string) {
	x, y := parts(base), parts(fresh)
	for n := 1; n <= max(len(x), len(y)); n++ {
		a, b = strings.Join(x[max(0, len(x)-n):], "/"), strings.Join(y[max(0, len(y)-n):], "/")
		if a != b {
			return a, b
		}
	}
	return "BASE", "NEW"
}

func parts(path string) []string { return strings.Split(filepath.ToSlash(filepath.Clean(path)), "/") }
